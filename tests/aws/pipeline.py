"""The pipeline itself, end to end, with the functions as they were built.

Each scenario is a function whose name says what holds. They run in this order in one deployment; the
last ones look over everything that all of them left behind.
"""

import base64
import hashlib
import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

import events
from clients import Api, User
from deploy import CODE, FUNCTIONS, STACK
from synthetic import Person, secondary_capture
from wiring import (
    an_administrator_manages_keys_and_cannot_use_them,
    keys,
    people_need_a_second_factor,
    refused,
    send,
    tampered,
    until,
    versions,
    what_is_released_is_under_the_clean_key,
)

ANN = User("ann", ["group-main"])
BEN = User("ben", ["group-other"])
ADMIN = User("admin", ["group-main", "obscura-admin"])
# Files larger than this come in parts of it.
PART = 64 << 20

SETTLED = {"analysed", "quarantined", "refused", "expired"}

# Everybody who was sent through, for the last look.
PEOPLE = []


def prepare(deployment):
    """Adds the groups, as `obscura aws group add` does."""
    kms, table = deployment.emulator.client("kms"), deployment.emulator.client("dynamodb")
    deployment.group_keys = {}
    for group in ("main", "other"):
        key = kms.create_key(Tags=[
            {"TagKey": "obscura:stack", "TagValue": STACK}, {"TagKey": "obscura:group", "TagValue": group},
        ])["KeyMetadata"]["Arn"]
        wrapped = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256", EncryptionContext={
            "obscura:stack": STACK, "obscura:group": group, "obscura:purpose": "pseudonym",
        })["CiphertextBlob"]
        table.put_item(TableName=f"{STACK}-groups", Item={
            "group": {"S": group}, "key_arn": {"S": key}, "secret": {"B": wrapped},
            "created": {"S": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())},
        })
        deployment.group_keys[group] = key


def asked(body, content_type="application/dicom"):
    """What is said of a file before it is uploaded. The name has to be dropped unread."""
    said = {"bytes": len(body), "type": content_type, "sha256": hashlib.sha256(body).hexdigest(), "name": "Quandtwerth.dcm"}
    if len(body) > PART:
        said["part_sha256"] = [hashlib.sha256(body[at:at + PART]).hexdigest() for at in range(0, len(body), PART)]
    return said


class Job:
    """An opened job: its id, and for each file its id, its bytes and how it is uploaded."""

    def __init__(self, deployment, bodies, user=ANN, content_type="application/dicom"):
        self.deployment, self.user = deployment, user
        answer = Api(deployment).post("/uploads", {"files": [asked(body, content_type) for body in bodies]}, user)
        assert answer.status in (200, 201), (answer.status, answer.body)
        opened = json.loads(answer.body)
        self.id = opened["job"]
        self.opened = opened
        self.files = [
            (file["file"], body, file.get("upload")) for file, body in zip(opened["files"], bodies, strict=True)
        ]

    @property
    def group(self):
        (group,) = (g.removeprefix("group-") for g in self.user.groups if g.startswith("group-"))
        return group

    def key(self, file, prefix="intake", end=""):
        return f"{prefix}/{self.group}/{self.id}/{file}{end}"

    def send(self):
        for _, body, upload in self.files:
            status = send(self.deployment, upload, body)
            assert status == 200, status
        return self

    def status(self, user=None):
        return Api(self.deployment).get(f"/uploads/{self.id}", user or self.user)

    def states(self):
        answer = self.status()
        assert answer.status == 200, (answer.status, answer.body)
        return {file["file"]: file for file in json.loads(answer.body)["files"]}

    def settled(self, seconds=120):
        """Waits until nothing of it is open, and gives the states."""
        def all_settled():
            """every file of the job is done with"""
            states = self.states()
            return states if all(file["state"] in SETTLED for file in states.values()) else None
        return until(all_settled, seconds)


def objects(number, person=None):
    """Some objects of one invented person."""
    person = person or Person(len(PEOPLE) + 1)
    PEOPLE.append(person)
    return [secondary_capture(person, n + 1) for n in range(number)]


def functions_running(deployment, name):
    """The process ids of a function."""
    mark = f"AWS_LAMBDA_FUNCTION_NAME={STACK}-{name}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in environment and f"AWS_ENDPOINT_URL={deployment.emulator.endpoint}".encode() in environment:
            found.append(int(entry.name))
    return found


def kill(deployment, name):
    for process in functions_running(deployment, name):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


def dead_letters(deployment):
    sqs, total = deployment.emulator.client("sqs"), 0
    for queue in ("intake-dead-letters", "release-dead-letters"):
        attributes = sqs.get_queue_attributes(QueueUrl=deployment.queue_url(queue), AttributeNames=["ApproximateNumberOfMessages"])
        total += int(attributes["Attributes"]["ApproximateNumberOfMessages"])
    return total


def files_go_through_and_the_originals_are_gone_in_all_versions(deployment):
    bodies = objects(3)
    if deployment.files:
        bodies += [file.read_bytes() for file in sorted(deployment.files.rglob("*")) if file.is_file()][:20]
    job = Job(deployment, bodies).send()
    states = job.settled(300)
    for file, _, _ in job.files[:3]:
        assert states[file]["state"] == "analysed", states[file]
        assert keys(deployment, "clean", job.key(file, "release", ".json"))
        assert keys(deployment, "clean", job.key(file, "result", ".json"))
    for file, _, _ in job.files:
        assert not versions(deployment, "intake", job.key(file)), "an original is still there"
    assert len(keys(deployment, "clean", "dicom/main/")) >= 3
    assert len(keys(deployment, "clean", "jpeg/main/")) >= 3


def both_processors_make_the_same_of_the_same_files(deployment):
    """Under one key of a group: the same objects, byte for byte, by the same plans, and the same refusals.

    Pictures are as many and named alike; their bytes differ, since the JPEG encoder rounds otherwise with AVX2.
    Each processor is a way of its own: neither is refused what the other wrote.
    """
    bodies = objects(3)
    if deployment.files:
        bodies += [file.read_bytes() for file in sorted(deployment.files.rglob("*")) if file.is_file()]
    function, name = deployment.emulator.client("lambda"), deployment.function("deidentify")
    deployment.emulator.client("s3").put_object(Bucket=CODE, Key="same.zip", Body=deployment.same)
    made = []
    for archive in ("same", "deidentify"):
        function.update_function_code(FunctionName=name, S3Bucket=CODE, S3Key=f"{archive}.zip")
        kill(deployment, "deidentify")
        job = Job(deployment, bodies).send()
        states = job.settled(3600)
        made.append([what_came_of(deployment, job, file, states[file]) for file, _, _ in job.files])
    ends = Counter(end for end, *_ in made[0])
    objects_, pictures = (sum(len(one[place]) for one in made[0]) for place in (2, 3))
    print(f"           {len(bodies)} files: {dict(ends)}, {objects_} objects, {pictures} pictures")
    assert objects_ >= 3 and pictures >= 3, ends
    differ = [(number, one[0], other[0]) for number, (one, other) in enumerate(zip(*made, strict=True)) if one != other]
    assert not differ, (len(differ), differ[:10])


def what_came_of(deployment, job, file, state):
    """The state of a file with its reason; of what was released the record, the hashes of the objects, and the
    pictures' names but for what tells one way of working from another."""
    end = f"{state['state']} {state.get('reason', '')}".strip()
    if state["state"] != "analysed":
        return end, {}, [], []
    body = deployment.emulator.client("s3").get_object(
        Bucket=deployment.buckets["clean"], Key=job.key(file, "release", ".json"))["Body"].read()
    record = json.loads(body)
    hashes = [one["sha256"] for one in record["outputs"] if one["key"].startswith("dicom/")]
    assert hashes, "a record without an object"
    # It ends the names of what is released.
    way = record["input"][:16]
    pictures = [one["key"].replace(way, "") for one in record["outputs"] if one["key"].startswith("jpeg/")]
    return end, {name: record[name] for name in ("rules", "plan", "blanked", "kept", "warnings")}, hashes, pictures


def a_signed_upload_is_bound_to_what_was_announced(deployment):
    body = objects(1)[0]
    for case in tampered(deployment, body):
        job = Job(deployment, [body])
        (file, _, upload), = job.files
        refused(deployment, upload, job.key(file), case)
        assert job.states()[file]["state"] == "waiting", case[0]


def a_signed_upload_expires(deployment):
    function = deployment.emulator.client("lambda")
    name = deployment.function("upload")
    variables = function.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    function.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, "OBSCURA_UPLOAD_SECONDS": "1"}})
    kill(deployment, "upload")
    try:
        job = Job(deployment, objects(1))
        time.sleep(2.5)
        (_, body, upload), = job.files
        assert send(deployment, upload, body) == 403
    finally:
        function.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        kill(deployment, "upload")


def a_large_file_comes_in_parts(deployment):
    person = Person(len(PEOPLE) + 1)
    PEOPLE.append(person)
    body = secondary_capture(person, 1, size=8256)
    assert len(body) > PART
    job = Job(deployment, [body])
    (opened,) = job.opened["files"]
    assert len(opened["parts"]) == 2, opened
    for part in opened["parts"]:
        piece = body[part["offset"]:part["offset"] + part["bytes"]]
        assert send(deployment, part, piece[:-1]) in (400, 403), "a part that is too short was taken"
        assert send(deployment, part, piece) == 200
    # Asking how far it is puts the parts together.
    states = job.settled(600)
    assert {file["state"] for file in states.values()} == {"analysed"}, states
    assert not versions(deployment, "intake", job.key(opened["file"]))


def a_job_belongs_to_its_group(deployment):
    job = Job(deployment, objects(1))
    assert job.status(BEN).status == 404
    assert Api(deployment).post("/uploads", {"files": []}, ANN).status == 400


def what_is_no_image_is_set_aside_with_a_reason(deployment):
    job = Job(deployment, [bytes(range(251)) * 4, objects(1)[0]]).send()
    states = job.settled()
    (poison, _, _), (good, _, _) = job.files
    assert states[good]["state"] == "analysed", states[good]
    assert states[poison]["state"] == "quarantined", states[poison]
    assert states[poison]["reason"] in ("not-dicom", "not-supported"), states[poison]
    assert states[poison]["meaning"] and states[poison]["advice"], states[poison]
    assert keys(deployment, "quarantine", job.key(poison, "quarantine"))
    assert not versions(deployment, "intake", job.key(poison))
    assert not keys(deployment, "clean", job.key(poison, "release"))


def announce(deployment, job, times):
    """Delivers the event of each file of a job some more times."""
    sqs = deployment.emulator.client("sqs")
    for file, body, _ in job.files:
        for _ in range(times):
            sqs.send_message(QueueUrl=deployment.queue_url("intake"), MessageBody=json.dumps(event(deployment, job, file, body)))


def event(deployment, job, file, body):
    """What S3 says of an original."""
    return {"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-central-1", "eventName": "ObjectCreated:Put",
        "eventTime": "2026-11-24T10:15:00.000Z",
        "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": deployment.buckets["intake"],
               "arn": f"arn:aws:s3:::{deployment.buckets['intake']}"},
               "object": {"key": job.key(file), "size": len(body), "versionId": "x", "sequencer": "00"}},
    }]}


def queues_are_empty(deployment, seconds=60):
    """Waits until nobody works on anything."""
    sqs = deployment.emulator.client("sqs")

    def empty():
        """the queues are empty"""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        for queue in ("intake", "release"):
            found = sqs.get_queue_attributes(QueueUrl=deployment.queue_url(queue), AttributeNames=names)["Attributes"]
            if any(int(found[name]) for name in names):
                return False
        return True

    until(empty, seconds)


def the_same_event_five_times_changes_nothing(deployment):
    job = Job(deployment, objects(1)).send()
    # Two of them while the first is worked on.
    announce(deployment, job, 2)
    states = job.settled()
    queues_are_empty(deployment)
    before = {bucket: len(versions(deployment, bucket)) for bucket in ("intake", "clean", "quarantine", "audit")}
    announce(deployment, job, 5)
    queues_are_empty(deployment)
    after = {bucket: len(versions(deployment, bucket)) for bucket in before}
    assert after == before, (before, after)
    assert job.states() == states
    assert dead_letters(deployment) == 0


def a_function_that_is_killed_in_the_middle_loses_nothing(deployment):
    job = Job(deployment, objects(5)).send()
    for _ in range(4):
        time.sleep(0.15)
        kill(deployment, "deidentify")
    states = job.settled(180)
    assert {file["state"] for file in states.values()} == {"analysed"}, states
    for file, _, _ in job.files:
        assert len(versions(deployment, "clean", job.key(file, "release"))) == 1


def a_key_that_is_switched_off_for_a_while_loses_nothing(deployment):
    job = Job(deployment, objects(2))
    kms = deployment.emulator.client("kms")
    kms.disable_key(KeyId=deployment.group_keys["main"])
    # Secrets are kept in memory for a while: new functions have to ask.
    kill(deployment, "deidentify")
    job.send()
    time.sleep(5)
    released = [file for file, _, _ in job.files if keys(deployment, "clean", job.key(file, "release"))]
    kms.enable_key(KeyId=deployment.group_keys["main"])
    assert not released, "something was released without the key"
    states = job.settled(180)
    assert {file["state"] for file in states.values()} == {"analysed"}, states


def a_bucket_that_cannot_be_written_for_a_while_loses_nothing(deployment):
    s3 = deployment.emulator.client("s3")
    clean = deployment.buckets["clean"]
    policy = s3.get_bucket_policy(Bucket=clean)["Policy"]
    closed = json.loads(policy)
    closed["Statement"].append({"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                                "Resource": f"arn:aws:s3:::{clean}/*"})
    job = Job(deployment, objects(2))
    s3.put_bucket_policy(Bucket=clean, Policy=json.dumps(closed))
    job.send()
    time.sleep(5)
    assert all(file["state"] not in SETTLED for file in job.states().values())
    s3.put_bucket_policy(Bucket=clean, Policy=policy)
    states = job.settled(180)
    assert {file["state"] for file in states.values()} == {"analysed"}, states
    for file, _, _ in job.files:
        assert not versions(deployment, "intake", job.key(file))


def many_files_at_once_all_come_through_and_the_counts_add_up(deployment):
    number = deployment.many
    # On AWS messages are hidden for longer than any file takes. So they are here: the emulator is one
    # process, and slow when everybody asks it at once.
    sqs, queues = deployment.emulator.client("sqs"), [deployment.queue_url(name) for name in ("intake", "release")]
    for queue in queues:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": str(max(180, deployment.hidden_seconds))})
    before = counted_by_metrics(deployment)
    jobs = [Job(deployment, objects(min(100, number - start))) for start in range(0, number, 100)]
    for job in jobs:
        job.send()
    counted = 0
    for job in jobs:
        states = job.settled(1800)
        assert {file["state"] for file in states.values()} == {"analysed"}, states
        counted += len(states)
        releases = keys(deployment, "clean", f"release/main/{job.id}/")
        assert len(releases) == len(states), (len(releases), len(states))
        assert not versions(deployment, "intake", f"intake/main/{job.id}/")
    assert counted == number
    assert dead_letters(deployment) == 0
    wanted = Counter(FilesReleased=number, AnalysesClosed=number)

    # What a function says arrives when its batch ends. Nothing is counted twice. Where the answer to the
    # write that decides a file is lost, nobody knows that it was first: the file is then one that was done
    # before, or was tried again.
    end = time.monotonic() + 60
    while True:
        grown = counted_by_metrics(deployment) - before
        again = grown.pop("FilesRetried", 0) + grown.pop("Repeated", 0)
        missing = wanted - grown
        if missing.total() == 0 or time.monotonic() > end:
            break
        time.sleep(1)
    print(f"           {number} files: {dict(grown)}, delivered again {again}")
    assert not grown - wanted, grown
    assert missing.total() <= again, (grown, again)
    for queue in queues:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": str(deployment.hidden_seconds)})


def counted_by_metrics(deployment):
    """What the functions' metrics add up to: files released, set aside, analysed, tried again."""
    total = Counter()
    for function in ("deidentify", "analyse"):
        for line in deployment.lines(function):
            total["Repeated"] += '"a file was done before"' in line or '"a release was looked at before"' in line
            if '"_aws"' in line and '"Function"' in line:
                values = json.loads(line)
                for name in ("FilesReleased", "FilesQuarantined", "AnalysesClosed", "FilesRetried"):
                    total[name] += values.get(name, 0)
    return total


def nothing_was_written_twice(deployment):
    s3 = deployment.emulator.client("s3")
    for bucket in ("clean", "quarantine", "audit"):
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=deployment.buckets[bucket])
        found = Counter(version["Key"] for page in pages for version in page.get("Versions", []))
        assert found or bucket == "quarantine", bucket
        twice = [key for key, number in found.items() if number > 1]
        assert not twice, (bucket, twice[:5])


def an_erasure_removes_everything_and_its_receipt_is_signed(deployment):
    job = Job(deployment, objects(2)).send()
    job.settled()
    assert Api(deployment).post("/erasures", {"job": job.id}, ANN).status == 403
    answer = Api(deployment).post("/erasures", {"job": job.id}, ADMIN)
    assert answer.status in (200, 201), (answer.status, answer.body)
    signed = json.loads(answer.body)
    message = json.dumps(signed["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert deployment.emulator.client("kms").verify(
        KeyId=deployment.key_arn("Receipt"), Message=message, Signature=base64.b64decode(signed["signature"]),
        SigningAlgorithm="ECDSA_SHA_256")["SignatureValid"]
    for bucket in ("intake", "quarantine", "clean"):
        assert not [v for v in versions(deployment, bucket) if job.id in v["Key"]], bucket
    assert job.status().status == 404


def a_job_that_is_erased_while_it_is_worked_on_leaves_nothing(deployment):
    job = Job(deployment, objects(12)).send()
    announce(deployment, job, 1)
    for _ in range(20):
        answer = Api(deployment).post("/erasures", {"job": job.id}, ADMIN)
        assert answer.status in (200, 503), (answer.status, answer.body)
        if answer.status == 200:
            break
        time.sleep(0.2)
    receipt = json.loads(answer.body)["receipt"]
    assert receipt["remaining"] == 0 and receipt["erased"]["rows"] == 12, receipt
    queues_are_empty(deployment, 120)
    # Those who were at work took back what they made.
    for bucket in ("intake", "quarantine", "clean"):
        assert not [v for v in versions(deployment, bucket) if job.id in v["Key"]], bucket
    assert job.status().status == 404
    rows = deployment.emulator.client("dynamodb").query(
        TableName=f"{STACK}-jobs", KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"main#{job.id}"}})
    assert rows["Count"] == 0, rows["Count"]


def everything_released_is_named_by_a_record(deployment):
    s3, bucket, named = deployment.emulator.client("s3"), deployment.buckets["clean"], set()
    present = {version["Key"] for version in versions(deployment, "clean")}
    for key in present:
        if key.startswith("release/"):
            record = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
            named.update(output["key"] for output in record["outputs"])
    made = {key for key in present if key.startswith(("dicom/", "jpeg/"))}
    assert made == named and made, (len(made - named), len(named - made))


def the_sweep_runs_and_tells_the_age_of_the_oldest_object(deployment):
    answer = deployment.emulator.client("lambda").invoke(
        FunctionName=deployment.function("sweep"), Payload=(Path(__file__).resolve().parents[2] / "events" / "schedule.json").read_bytes())
    assert "FunctionError" not in answer, answer["Payload"].read()
    lines = "\n".join(deployment.lines("sweep"))
    assert "OldestObjectSeconds" in lines, "no metric in the log"


def every_recorded_event_is_answered_as_it_has_to_be(deployment):
    functions = deployment.emulator.client("lambda")

    def invoke(function, file):
        """The event as it is, but for the names of the buckets."""
        event = file.read_text(encoding="utf-8")
        for kind, name in events.NAMED.items():
            event = event.replace(name, deployment.buckets[kind])
        answer = functions.invoke(FunctionName=deployment.function(function), Payload=event.encode())
        said = answer["Payload"].read()
        assert "FunctionError" not in answer, (file.stem, said)
        return json.loads(said)

    events.all_are_answered(invoke)


def every_chain_of_proof_is_whole(deployment):
    s3, bucket = deployment.emulator.client("s3"), deployment.buckets["audit"]
    chains = {}
    for key in all_keys(deployment, "audit"):
        if key.startswith("audit/"):
            chains.setdefault(key.rsplit("/", 1)[0], []).append(key)
    assert chains
    for chain, entries in chains.items():
        previous = None
        for number, key in enumerate(sorted(entries), 1):
            assert key.endswith(f"/{number:08d}.json"), (chain, key)
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            assert json.loads(body).get("previous") == previous, key
            previous = hashlib.sha256(body).hexdigest()


def all_keys(deployment, bucket):
    pages = deployment.emulator.client("s3").get_paginator("list_objects_v2").paginate(Bucket=deployment.buckets[bucket])
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def nothing_that_was_written_identifies_anybody(deployment):
    """Looks through every log line, row, message, key and object but refused originals."""
    s3 = deployment.emulator.client("s3")
    written = {}
    for function in FUNCTIONS:
        written[f"log of {function}"] = "\n".join(deployment.lines(function)).encode()
    written["emulator's log"] = deployment.emulator.log.read_bytes()
    for table in ("jobs", "groups"):
        for page in deployment.emulator.client("dynamodb").get_paginator("scan").paginate(TableName=f"{STACK}-{table}"):
            written[f"table {table}"] = repr(page["Items"]).encode()
    for bucket in ("intake", "quarantine", "clean", "audit"):
        for key in all_keys(deployment, bucket):
            written[f"key in {bucket}: {key}"] = key.encode()
            if bucket != "quarantine" or key.endswith(".json"):
                body = s3.get_object(Bucket=deployment.buckets[bucket], Key=key)["Body"].read()
                written[f"object in {bucket}: {key}"] = body
    sought = {text.encode().lower() for person in PEOPLE for text in person.identifiers()}
    assert sought and len(written) > 50
    found = [f"{place} ({len(text)} letters)" for place, body in written.items()
             for text in sought if text in body.lower()]
    assert not found, found[:10]


SCENARIOS = [
    files_go_through_and_the_originals_are_gone_in_all_versions,
    what_is_released_is_under_the_clean_key,
    a_signed_upload_is_bound_to_what_was_announced,
    a_signed_upload_expires,
    a_large_file_comes_in_parts,
    a_job_belongs_to_its_group,
    what_is_no_image_is_set_aside_with_a_reason,
    the_same_event_five_times_changes_nothing,
    a_function_that_is_killed_in_the_middle_loses_nothing,
    a_key_that_is_switched_off_for_a_while_loses_nothing,
    a_bucket_that_cannot_be_written_for_a_while_loses_nothing,
    many_files_at_once_all_come_through_and_the_counts_add_up,
    an_erasure_removes_everything_and_its_receipt_is_signed,
    a_job_that_is_erased_while_it_is_worked_on_leaves_nothing,
    the_sweep_runs_and_tells_the_age_of_the_oldest_object,
    every_recorded_event_is_answered_as_it_has_to_be,
    an_administrator_manages_keys_and_cannot_use_them,
    people_need_a_second_factor,
    everything_released_is_named_by_a_record,
    nothing_was_written_twice,
    every_chain_of_proof_is_whole,
    nothing_that_was_written_identifies_anybody,
]
