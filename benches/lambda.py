#!/usr/bin/env python3
"""What the functions take on AWS Lambda, as far as one machine can say: starts, warm times, memory, cost.

    cargo xtask bench --aws [--repeat N] [--write docs/performance.md]

The release binaries, as `cargo xtask aws --build` builds them, run one at a time on one core of this machine
under the runtime API of `lambda_runtime.py`; S3, DynamoDB and KMS are the emulator of `tests/aws`, with the
templates deployed and the functions' own roles. Each job is opened by the deployed upload function and its file
uploaded as signed; only the queues are cut off, so that a bench hands out the events and holds the clock.

    cold    a process of its own each time: from its start to the first poll, and its first file
    warm    the same file under other UIDs, again and again in one process
    calls   of one warm file, as the emulator recorded them by the credentials of the function
    cost    of a million files by `prices.toml`, at the memory that the template gives
"""

import argparse
import collections
import datetime
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "aws"))

import clients  # noqa: E402
import deploy  # noqa: E402
import pipeline  # noqa: E402
import run as scenarios  # noqa: E402
from emulator import REGION, Emulator  # noqa: E402
from lambda_runtime import Function  # noqa: E402
from wiring import keys  # noqa: E402

MARKS = ("<!-- aws -->", "<!-- end of aws -->")


class Bench:
    """The deployment, the files, and functions to measure."""

    def __init__(self, deployment, arguments):
        self.deployment, self.arguments = deployment, arguments
        self.lambdas = deployment.emulator.client("lambda")
        self.sent = collections.Counter()
        self.log = arguments.work / "functions.log"
        self.log.write_bytes(b"")
        for mapping in self.lambdas.list_event_source_mappings()["EventSourceMappings"]:
            self.lambdas.delete_event_source_mapping(UUID=mapping["UUID"])

    def function(self, name, **variables):
        """A new process of a function, with its deployed environment and its role."""
        emulator = self.deployment.emulator
        configuration = self.lambdas.get_function_configuration(FunctionName=self.deployment.function(name))
        role = emulator.client("sts").assume_role(RoleArn=self.deployment.role_arn(name), RoleSessionName="bench")
        credentials = role["Credentials"]
        program = self.arguments.binaries / f"obscura-fn-{name}" / "bootstrap"
        started = Function(program, {
            "PATH": os.environ["PATH"], **configuration["Environment"]["Variables"], "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
            "AWS_LAMBDA_FUNCTION_NAME": self.deployment.function(name), "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]), **variables,
        }, max(os.sched_getaffinity(0)), self.log)
        started.access_key = credentials["AccessKeyId"]
        return started

    def upload(self, kind):
        """Opens a job with the next file of a kind, uploads it, and gives the event of its arrival."""
        files = sorted(self.arguments.work.glob(f"{kind}-*.dcm"))
        body = files[self.sent[kind] % len(files)].read_bytes()
        self.sent[kind] += 1
        job = pipeline.Job(self.deployment, [body])
        (opened,) = job.opened["files"]
        for part in opened.get("parts", []):
            piece = body[part["offset"]:part["offset"] + part["bytes"]]
            assert pipeline.send(self.deployment, part, piece) == 200
        if "upload" in opened:
            assert pipeline.send(self.deployment, opened["upload"], body) == 200
        job.states()
        self.job = job
        return arrival(self.deployment.buckets["intake"], job.key(opened["file"]), len(body))

    def deidentify(self, function, kind):
        measured = function.invoke(self.upload(kind))
        assert measured.answer == {"batchItemFailures": []}, measured.answer
        (file,) = self.job.states().values()
        assert file["state"] == "de-identified", file
        (file, _, _), = self.job.files
        self.released = self.job.key(file, "release", ".json")
        assert keys(self.deployment, "clean", self.released)
        return measured

    def analyse(self, function):
        measured = function.invoke(arrival(self.deployment.buckets["clean"], self.released, 1))
        assert measured.answer == {"batchItemFailures": []}, measured.answer
        (file,) = self.job.states().values()
        assert file["state"] == "analysed", file
        return measured

    def calls(self, function):
        """What a function called so far, by service and whether it reads."""
        trail = self.deployment.emulator.client("cloudtrail")
        events = trail.lookup_events(
            LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": function.access_key}])["Events"]
        assert len(events) < 50, "the emulator tells of 50 calls at most"
        return collections.Counter((event["EventSource"].split(".")[0], event["EventName"]) for event in events)

    def said(self):
        return self.log.stat().st_size


def arrival(bucket, key, size):
    """What the queue says of an object that was made."""
    record = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
              "eventTime": "2026-11-24T10:15:00.000Z",
              "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": size, "versionId": "v", "sequencer": "0"}}}
    return {"Records": [{"messageId": "m", "body": json.dumps({"Records": [record]}),
                         "attributes": {"ApproximateReceiveCount": "1"}}]}


def middle(values):
    return statistics.median(values)


def starts(bench, repeat):
    """Cold starts: (what, init ms, init MiB, first file ms, MiB after it)."""
    rows = []
    for what, kind, pixels in (
        ("CT slice, `Pixels` = `rules`", "ct", "rules"),
        ("CT slice, `Pixels` = `text`", "ct", "text"),
        ("ultrasound frame with text, `Pixels` = `rules`", "us", "rules"),
        ("ultrasound frame with text, `Pixels` = `text`", "us", "text"),
    ):
        found = []
        for _ in range(repeat):
            with bench.function("deidentify", OBSCURA_PIXELS=pixels) as function:
                first = bench.deidentify(function, kind)
                found.append((function.init * 1000, function.init_memory, first.seconds * 1000, first.memory))
        rows.append((what, *map(middle, zip(*found))))
        print("cold", rows[-1], flush=True)
    return rows


def warm(bench, repeat):
    """Warm files: {(kind, pixels): (s, processor s, MiB)}, and the same of analyse."""
    rows = {}
    for kind, pixels, times in (
        ("ct", "rules", repeat), ("ct", "text", repeat), ("us", "rules", repeat), ("us", "text", repeat),
        ("cine", "rules", 2), ("cine", "text", 1),
    ):
        with bench.function("deidentify", OBSCURA_PIXELS=pixels) as function:
            # A cine is its own warming up: what starts costs nothing beside it.
            if kind != "cine":
                bench.deidentify(function, kind)
            found = [bench.deidentify(function, kind) for _ in range(times)]
        rows[kind, pixels] = tuple(middle([getattr(one, name) for one in found])
                                   for name in ("seconds", "processor", "memory"))
        print("warm", kind, pixels, rows[kind, pixels], flush=True)
    with bench.function("deidentify", OBSCURA_PIXELS="rules") as function, bench.function("analyse") as second:
        found = []
        for _ in range(repeat):
            bench.deidentify(function, "ct")
            found.append(bench.analyse(second))
    rows["analyse", ""] = tuple(middle([getattr(one, name) for one in found[1:]])
                                for name in ("seconds", "processor", "memory"))
    return rows


def traffic(bench):
    """Calls of one warm file: {function: Counter}, and bytes of log lines."""
    made = {}
    with bench.function("deidentify", OBSCURA_PIXELS="rules") as function, bench.function("analyse") as second:
        before = {}
        for _ in range(2):
            said = bench.said()
            bench.deidentify(function, "ct")
            bench.analyse(second)
            for name, one in (("deidentify", function), ("analyse", second)):
                total = bench.calls(one)
                made[name], before[name] = total - before.get(name, collections.Counter()), total
            lines = bench.said() - said
    return made, lines


# What is paid for as a read; a list is paid for as a write.
READS = ("Get", "Head", "Query", "Scan", "BatchGet")


def dollars(prices, measured, made, lines, kind, pixels, architecture, memory):
    """Dollars for a million files, by what they are paid for."""
    assumed, million = prices["assumed"], 1e6
    price = prices["lambda"][f"{architecture}_gb_second"]
    gb_seconds = 0.0
    for name, seconds in (("deidentify", measured[kind, pixels][1]), ("analyse", measured["analyse", ""][1])):
        wait = made[name].total() * assumed["call_milliseconds"] / 1000
        gb_seconds += (seconds + wait) * memory[name] / 1024
    calls = made["deidentify"] + made["analyse"]
    by = collections.Counter()
    for (service, name), number in calls.items():
        by[service, "read" if name.startswith(READS) else "write"] += number
    # The file is put by its sender. Removing costs nothing.
    by["s3", "write"] -= calls["s3", "POST.s3"]
    writes, reads = by["s3", "write"] + 1, by["s3", "read"]
    return {
        "Lambda, time": gb_seconds * price * million,
        "Lambda, requests": (2 + 1 / assumed["files_of_a_job"]) * prices["lambda"]["million_requests"],
        "S3 requests": (writes * prices["s3"]["thousand_writes"] + reads * prices["s3"]["thousand_reads"]) * 1000,
        "DynamoDB": by["dynamodb", "write"] * prices["dynamodb"]["million_writes"]
        + by["dynamodb", "read"] * prices["dynamodb"]["million_reads"],
        "KMS": (by["kms", "write"] + by["kms", "read"]) * prices["kms"]["ten_thousand"] * 100,
        "SQS": 2 * assumed["queue_requests"] * prices["sqs"]["million"],
        "log lines": lines * million / 1e9 * prices["logs"]["gb"],
        "trail of S3 calls": (writes + reads) * 10 * prices["trail"]["hundred_thousand_data_events"],
    }


def theirs(prices, kind):
    """Dollars for the calls of Rekognition and Comprehend Medical for a million frames."""
    characters = prices["assumed"]["ultrasound_characters"] if kind == "us" else 0
    medical = prices["comprehend_medical"]
    units = -(-characters // medical["unit_characters"])
    return {"DetectText": prices["rekognition"]["image"] * 1e6, "DetectPHI": units * medical["unit"] * 1e6}


def written(cold, measured, made, lines, prices, memory, repeat):
    out = ["| cold start of deidentify | init, ms | memory, MiB | first file, ms | memory, MiB |",
           "|---|---:|---:|---:|---:|"]
    out += [f"| {what} | {init:.0f} | {had:.0f} | {first:.0f} | {has:.0f} |" for what, init, had, first, has in cold]
    names = {"ct": "CT slice, 512 x 512 of 16 bit", "us": "ultrasound frame, 640 x 480, 16 lines of text",
             "cine": "cine of 100 MB, 128 frames of 1024 x 768", "analyse": "analyse, one release record"}
    out += ["", "| warm file | `Pixels` | seconds | of processor | peak memory, MiB |", "|---|---|---:|---:|---:|"]
    for (kind, pixels), (seconds, processor, peak) in measured.items():
        digits = 3 if seconds < 10 else 0
        out.append(f"| {names[kind]} | {f'`{pixels}`' if pixels else ''} | {seconds:.{digits}f} "
                   f"| {processor:.{digits}f} | {peak:.0f} |")
    out += ["", "| a million files | `Pixels` | x86_64 | arm64 | of that waiting | Rekognition and Comprehend Medical |",
            "|---|---|---:|---:|---:|---:|"]
    for kind in ("ct", "us"):
        for pixels in ("rules", "text"):
            costs = [dollars(prices, measured, made, lines, kind, pixels, chip, memory) for chip in ("x86_64", "arm64")]
            nowait = {**prices, "assumed": {**prices["assumed"], "call_milliseconds": 0}}
            free = dollars(nowait, measured, made, lines, kind, pixels, "arm64", memory)
            waits = costs[1]["Lambda, time"] - free["Lambda, time"]
            other = f"${sum(theirs(prices, kind).values()):,.0f}" if pixels == "text" else ""
            out.append(f"| {names[kind]} | `{pixels}` | ${sum(costs[0].values()):,.0f} | ${sum(costs[1].values()):,.0f} "
                       f"| ${waits:,.0f} | {other} |")
    parts = dollars(prices, measured, made, lines, "ct", "text", "arm64", memory)
    out += ["", "Of the CT slices with `text` on arm64: " + ", ".join(f"{k} ${v:,.2f}" for k, v in parts.items()) + "."]
    for name, calls in made.items():
        total = ", ".join(f"{number} {service} {call}" for (service, call), number in sorted(calls.items()))
        out += ["", f"Calls of {name} for one warm file: {total}."]
    out += ["", f"Median of {repeat} (the cine: one or two); one core, {platform.system()} {platform.machine()}, "
            f"{datetime.date.today().isoformat()}; `deidentify` with {memory['deidentify']} MB, `analyse` with "
            f"{memory['analyse']} MB."]
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--binaries", "--layer", "--work"):
        parser.add_argument(name, required=True, type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--write", type=Path, help="put the tables into this Markdown file, at its marks")
    arguments = parser.parse_args()
    prices = tomllib.loads((ROOT / "benches" / "prices.toml").read_text())
    # The emulator stays away from the core that the measured function has.
    own = sorted(os.sched_getaffinity(0))
    archives = scenarios.built(arguments.binaries, arguments.layer)
    models = {"OBSCURA_MODELS": str((arguments.layer / "models").resolve())}
    issuer = clients.Issuer()
    with tempfile.TemporaryDirectory(prefix="obscura-bench-") as folder:
        try:
            with Emulator(Path(folder), {"CLOUDTRAIL_RECORDING": "1"}) as emulator:
                deployment = deploy.deploy(emulator, archives, {"Pixels": "text"}, {"deidentify": models})
                if len(own) > 1:
                    os.sched_setaffinity(emulator.process.pid, set(own[:-1]))
                clients.trust(deployment, issuer)
                pipeline.prepare(deployment)
                bench = Bench(deployment, arguments)
                memory = {
                    name: bench.lambdas.get_function_configuration(FunctionName=deployment.function(name))["MemorySize"]
                    for name in ("deidentify", "analyse")
                }
                begun = time.monotonic()
                cold = starts(bench, arguments.repeat)
                made, lines = traffic(bench)
                measured = warm(bench, arguments.repeat)
                print(f"measured in {time.monotonic() - begun:.0f} s")
        finally:
            issuer.stop()
    tables = written(cold, measured, made, lines, prices, memory, arguments.repeat)
    print("\n" + tables)
    if arguments.write:
        text = arguments.write.read_text(encoding="utf-8")
        before, after = text.split(MARKS[0])[0], text.split(MARKS[1])[1]
        arguments.write.write_text(f"{before}{MARKS[0]}\n{tables}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
