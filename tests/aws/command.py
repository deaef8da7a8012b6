"""`obscura aws` against the deployment, as somebody who administers it runs it."""

import json
import os
import subprocess

import pipeline
from deploy import STACK
from emulator import REGION
from wiring import versions


def ask(deployment, program, *arguments, stdin="", **changed):
    """Runs the command as an administrator; a variable that is `None` is not set."""
    emulator = deployment.emulator
    emulator.administrator("sts")
    key, secret = emulator.administrators_keys
    variables = {
        "PATH": os.environ["PATH"], "HOME": str(emulator.folder), "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_EC2_METADATA_DISABLED": "true", "SSL_CERT_FILE": str(emulator.certificate), **changed,
    }
    environment = {name: value for name, value in variables.items() if value is not None}
    return subprocess.run([program, "aws", "--path-style", *arguments], env=environment, input=stdin,
                          capture_output=True, text=True, timeout=120)


def fails(ran, *words):
    assert ran.returncode != 0 and not ran.stdout, ran
    assert all(word in ran.stderr for word in words) and "panicked" not in ran.stderr, ran.stderr


def the_command_administers_the_deployment(deployment, program):
    def command(*arguments, **more):
        return ask(deployment, program, "--stack", STACK, *arguments, **more)

    # A group: made once, listed, and its key is the functions'.
    added = command("group", "add", "third")
    assert added.returncode == 0, added.stderr
    again = command("group", "add", "third")
    assert again.stdout == added.stdout
    group, _, key = added.stdout.split()
    listed = command("group", "list")
    assert group == "third" and added.stdout in listed.stdout, listed
    kms = deployment.emulator.client("kms")
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    uses = [s for s in policy["Statement"] if "kms:Decrypt" in s["Action"]]
    assert [s["Sid"] for s in uses] == ["FunctionsUnwrapTheSecret"], policy

    # An erasure is the function's; whoever asks could do none of it.
    job = pipeline.Job(deployment, pipeline.objects(1)).send()
    job.settled()
    erased = command("erase", "--group", "main", "--job", job.id)
    assert erased.returncode == 0, erased.stderr
    receipt = json.loads(erased.stdout)["receipt"]
    assert receipt["actor"] == "command:erase" and receipt["remaining"] == 0 and receipt["erased"]["clean"] >= 4, receipt
    assert not [v for bucket in ("intake", "clean", "quarantine") for v in versions(deployment, bucket) if job.id in v["Key"]]

    # By the original Patient ID, which is read from stdin and stands nowhere.
    person = pipeline.Person(len(pipeline.PEOPLE) + 1)
    job = pipeline.Job(deployment, pipeline.objects(2, person)).send()
    job.settled()
    by_id = command("erase", "--group", "main", "--patient-id-stdin", stdin=f"{person.identifier}\n")
    assert by_id.returncode == 0, by_id.stderr
    assert json.loads(by_id.stdout)["receipt"]["erased"]["rows"] == 2, by_id.stdout
    assert person.identifier not in by_id.stdout + by_id.stderr
    assert job.status().status == 404

    # What is wrong is said.
    fails(command("group", "list", AWS_ENDPOINT_URL="https://localhost:1"), "unreachable")
    fails(command("group", "list", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None), "no credentials were found")
    fails(command("group", "list", AWS_REGION=None), "no region is set")
    fails(ask(deployment, program, "--stack", "nothing", "group", "list"), "--stack", "ResourceNotFound")
    fails(ask(deployment, program, "--stack", "nothing", "erase", "--group", "main", "--job", job.id), "lambda:InvokeFunction")
    fails(command("erase", "--group", "nobody", "--patient-id-stdin", stdin="1\n"), "the group has no key")
    fails(command("erase", "--group", "main", "--patient-id-stdin"), "no Patient ID came from stdin")
    fails(command("shred", "nobody", "--confirm", "nobody"), "the group has no secret")
    fails(command("shred", "third", "--confirm", "main"), "nothing was shredded")

    # And the end of a group: once.
    assert "in 7 days" in command("shred", "third", "--confirm", "third", "--days", "7").stdout
    fails(command("shred", "third", "--confirm", "third"), "was destroyed")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
