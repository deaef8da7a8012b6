"""The recorded events of events/, each at its function, and what has to come back.

`cargo xtask aws --events` hands the files as they are to `cargo lambda invoke`, with `cargo lambda watch` as
the platform and the emulator as the services. The scenarios of pipeline.py give the same events to the deployed
functions.
"""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from emulator import REGION, ROOT_KEYS, free_port

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "events"

# The buckets that the events name.
NAMED = {kind: f"obscura-{kind}-123456789012-eu-central-1" for kind in ("intake", "clean")}

# Function, and the answer: the numbers of the messages to deliver again, the status of an answer of the API, or
# nothing in particular. No original, release or job of the events is there: what names one finds it gone.
EXPECTED = {
    "intake-one": ("deidentify", []),
    "intake-batch": ("deidentify", []),
    "intake-two-records-in-a-message": ("deidentify", []),
    "intake-multipart": ("deidentify", []),
    "intake-again": ("deidentify", []),
    "intake-test-event": ("deidentify", []),
    "intake-encoded-key": ("deidentify", []),
    "intake-delete-marker": ("deidentify", []),
    "intake-other-bucket": ("deidentify", [0]),
    "release-one": ("analyse", []),
    "release-batch": ("analyse", []),
    "api-start-uploads": ("upload", 201),
    "api-start-multipart": ("upload", 201),
    "api-start-base64": ("upload", 201),
    "api-see-uploads": ("upload", 404),
    "api-no-group": ("upload", 403),
    "api-two-groups": ("upload", 403),
    "api-erase-job": ("erase", 200),
    "api-erase-without-right": ("erase", 403),
    "command-erase-job": ("erase", 200),
    "schedule": ("sweep", None),
    "malformed-body-is-no-json": ("deidentify", [0]),
    "malformed-record-without-key": ("deidentify", [0]),
    "malformed-key-of-another-form": ("deidentify", []),
    "malformed-no-records": ("deidentify", [0]),
    "malformed-one-of-three": ("deidentify", [1]),
    "malformed-command": ("erase", 400),
    "malformed-job": ("upload", 404),
    "malformed-request-negative": ("upload", 400),
    "malformed-request-is-no-json": ("upload", 400),
    "malformed-request-no-files": ("upload", 400),
}


def all_are_answered(invoke):
    """Every event through `invoke(function, file)`, which gives the answer as JSON."""
    there = {file.stem for file in EVENTS.glob("*.json")}
    assert there == set(EXPECTED), there ^ set(EXPECTED)
    wrong = []
    for name, (function, expected) in EXPECTED.items():
        file = EVENTS / f"{name}.json"
        answer = invoke(function, file)
        if isinstance(expected, list):
            messages = [message["messageId"] for message in json.loads(file.read_text(encoding="utf-8"))["Records"]]
            wanted = {"batchItemFailures": [{"itemIdentifier": messages[number]} for number in expected]}
        elif expected is not None:
            wanted, answer = expected, (answer or {}).get("statusCode")
        else:
            continue
        if answer != wanted:
            wrong.append((name, answer, wanted))
    assert not wrong, wrong
    print(f"           {len(EXPECTED)} events")


def by_cargo_lambda(deployment, folder):
    """The files as they are, by `cargo lambda invoke`."""
    s3 = deployment.emulator.client("s3")
    for name in NAMED.values():
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    variables = {}
    functions = deployment.emulator.client("lambda")
    for function in sorted({function for function, _ in EXPECTED.values()}):
        configuration = functions.get_function_configuration(FunctionName=deployment.function(function))
        variables.update(configuration["Environment"]["Variables"])
    variables.update({
        "OBSCURA_INTAKE_BUCKET": NAMED["intake"], "OBSCURA_CLEAN_BUCKET": NAMED["clean"], "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT_KEYS[0], "AWS_SECRET_ACCESS_KEY": ROOT_KEYS[1],
    })
    settings = folder / "functions.env"
    settings.write_text("".join(f"{name}={value}\n" for name, value in variables.items()), encoding="utf-8")
    port = free_port()
    log = folder / "watch.log"
    # It builds as the tests do, at the first event of a function. The process group ends as one.
    watch = subprocess.Popen(
        ["cargo", "lambda", "watch", "--ignore-changes", "--invoke-address", "127.0.0.1",
         "--invoke-port", str(port), "--env-file", str(settings)],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log.open("wb"), stderr=subprocess.STDOUT,
        start_new_session=True)
    try:
        _until_it_answers(port, watch, log)
        all_are_answered(lambda function, file: _invoke(port, function, file, log))
    finally:
        os.killpg(watch.pid, signal.SIGTERM)
        watch.wait()


def _until_it_answers(port, watch, log):
    for _ in range(300):
        if watch.poll() is not None:
            raise RuntimeError(f"cargo lambda watch ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("cargo lambda watch does not answer")


def _invoke(port, function, file, log):
    """One event, as a person at the terminal gives it. The first one at a function builds it."""
    told = subprocess.run(
        ["cargo", "lambda", "invoke", f"obscura-fn-{function}", "--invoke-address", "127.0.0.1", "--invoke-port", str(port),
         "--data-file", str(file), "--output-format", "json"],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3600)
    if told.returncode:
        raise AssertionError((file.stem, told.stderr[-500:], log.read_text(errors="replace")[-1500:]))
    return json.loads(told.stdout) if told.stdout.strip() else None
