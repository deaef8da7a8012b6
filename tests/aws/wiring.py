"""What the deployment itself promises, shown on the emulator with the probe in place of the functions.

Each scenario is a function whose name says what holds; `run.py` gives it a deployment.
"""

import base64
import hashlib
import json
import ssl
import time
import urllib.error
import urllib.request

from botocore.exceptions import ClientError

from clients import Api, User
from deploy import FUNCTIONS
from emulator import ACCOUNT
from nested import the_templates_deploy_as_stacks_within_a_stack


def until(what, seconds=20):
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"did not happen within {seconds} s: {what.__doc__ or what.__name__}")


def keys(deployment, bucket, prefix=""):
    s3 = deployment.emulator.client("s3")
    listed = s3.list_objects_v2(Bucket=deployment.buckets[bucket], Prefix=prefix)
    return [entry["Key"] for entry in listed.get("Contents", [])]


def versions(deployment, bucket, prefix=""):
    s3 = deployment.emulator.client("s3")
    listed = s3.list_object_versions(Bucket=deployment.buckets[bucket], Prefix=prefix)
    return listed.get("Versions", []) + listed.get("DeleteMarkers", [])


def asked(body, **more):
    return {"files": [{"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body), "type": "application/dicom", **more}]}


def signed(deployment, body, **more):
    answer = Api(deployment).post("/uploads", asked(body, **more), User("uploader", ["group-main"]))
    assert answer.status == 201, (answer.status, answer.body)
    return json.loads(answer.body)


def send(deployment, upload, body, headers=None, url=None):
    """Sends a signed upload; the status that came back."""
    # Always the length that is really sent: the announced one is what the signature holds it to.
    headers = {**upload["headers"], "content-length": str(len(body)), **(headers or {})}
    request = urllib.request.Request(url or upload["url"], data=body, method="PUT", headers=headers)
    context = ssl.create_default_context(cafile=deployment.emulator.certificate)
    try:
        with urllib.request.urlopen(request, context=context, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def invoke(deployment, function, event):
    answer = deployment.emulator.client("lambda").invoke(
        FunctionName=deployment.function(function), Payload=json.dumps(event).encode())
    body = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, body
    return body


def attempt(deployment, function, service, call, **arguments):
    """Whether a function's role may do something."""
    result = invoke(deployment, function, {"attempt": {"service": service, "call": call, "arguments": arguments}})
    if not result["allowed"]:
        assert result["code"] in ("AccessDenied", "AccessDeniedException", "403"), result
    return result["allowed"]


def the_functions_have_the_variables_of_the_contract(deployment):
    import contract

    emulators_own = {"OBSCURA_S3_PATH_STYLE"}
    for function in FUNCTIONS:
        names = set(invoke(deployment, function, {"environment": True})["names"])
        assert names - emulators_own == contract.COMMON | contract.VARIABLES[function], (function, names)


def an_upload_goes_through_and_its_original_is_gone_in_all_versions(deployment):
    body = b"an original" * 100
    upload = signed(deployment, body)
    assert send(deployment, upload, body) == 200
    stem = upload["key"].split("/", 1)[1]
    until(lambda: keys(deployment, "clean", f"result/{stem}"))
    assert keys(deployment, "clean", f"release/{stem}")
    assert keys(deployment, "clean", "dicom/main/")
    until(lambda: not versions(deployment, "intake", upload["key"]))


def what_is_released_is_under_the_clean_key(deployment):
    s3 = deployment.emulator.client("s3")
    for bucket, key in (("clean", "Clean"), ("audit", "Audit")):
        for name in keys(deployment, bucket):
            head = s3.head_object(Bucket=deployment.buckets[bucket], Key=name)
            assert head["ServerSideEncryption"] == "aws:kms", name
            assert head["SSEKMSKeyId"] == deployment.key_arn(key), name


def proof_is_locked(deployment):
    s3 = deployment.emulator.client("s3")
    administrator = deployment.emulator.administrator("s3")
    entry = versions(deployment, "audit")[0]
    bucket = deployment.buckets["audit"]
    lock = s3.get_object_retention(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])["Retention"]
    assert lock["Mode"] == "GOVERNANCE"
    for remove in (
        lambda: administrator.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"]),
        lambda: administrator.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"],
                                            BypassGovernanceRetention=True),
    ):
        try:
            remove()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied", error
        else:
            raise AssertionError("a locked entry was removed")


def tampered(deployment, body):
    """What differs from an announced upload of `body`: a name, what is sent, headers, and a change of the URL."""
    other = b"y" * 1000
    digest = base64.b64encode(hashlib.sha256(other).digest()).decode()
    return [
        ("other content", other, {}, None),
        ("other content with its checksum", other, {"x-amz-checksum-sha256": digest}, None),
        ("longer", body + b"x", {}, None),
        ("shorter", body[:-1], {}, None),
        ("other type", body, {"content-type": "text/html"}, None),
        ("no encryption", body, {"x-amz-server-side-encryption": "AES256"}, None),
        ("other key", body, {"x-amz-server-side-encryption-aws-kms-key-id": deployment.key_arn("Clean")}, None),
        ("another place", body, {}, lambda url: url.replace("/intake/main/", "/intake/other/", 1)),
        ("tampered", body, {}, lambda url: url[:-6] + "000000"),
    ]


def refused(deployment, upload, key, case):
    """Sends an upload with one difference, which has to be refused and leave nothing."""
    name, content, headers, change = case
    status = send(deployment, upload, content, headers, change(upload["url"]) if change else None)
    assert status in (400, 403, 411, 412), (name, status)
    assert not versions(deployment, "intake", key), name


def a_signed_upload_is_bound_to_what_was_announced(deployment):
    body = b"x" * 1000
    for case in tampered(deployment, body):
        upload = signed(deployment, body)
        refused(deployment, upload, upload["key"], case)


def a_signed_upload_expires(deployment):
    upload = signed(deployment, b"late", valid=1)
    time.sleep(2.5)
    assert send(deployment, upload, b"late") == 403


def a_signed_upload_writes_once(deployment):
    body = b"poison, so that it stays"
    upload = signed(deployment, body)
    assert send(deployment, upload, body) == 200
    assert send(deployment, upload, body) == 412


def an_administrator_puts_nothing_into_the_buckets_and_reads_no_original(deployment):
    administrator = deployment.emulator.administrator("s3")
    for bucket, key in (("intake", "Intake"), ("clean", "Clean"), ("audit", "Audit")):
        try:
            administrator.put_object(Bucket=deployment.buckets[bucket], Key=f"{bucket}/x", Body=b"x",
                            ServerSideEncryption="aws:kms", SSEKMSKeyId=deployment.key_arn(key))
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied", error
        else:
            raise AssertionError(f"an administrator put into {bucket}")
    body = b"poison, so that it stays"
    upload = signed(deployment, body)
    assert send(deployment, upload, body) == 200
    try:
        administrator.get_object(Bucket=deployment.buckets["intake"], Key=upload["key"])
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied", error
    else:
        raise AssertionError("an administrator read an original")


def a_put_without_our_encryption_is_refused(deployment):
    clean = deployment.buckets["clean"]
    assert not attempt(deployment, "deidentify", "s3", "put_object", Bucket=clean, Key="dicom/main/x", Body="x")
    assert not attempt(deployment, "deidentify", "s3", "put_object", Bucket=clean, Key="dicom/main/x", Body="x",
                       ServerSideEncryption="AES256")
    assert attempt(deployment, "deidentify", "s3", "put_object", Bucket=clean, Key="dicom/main/x", Body="x",
                   ServerSideEncryption="aws:kms", SSEKMSKeyId=deployment.key_arn("Clean"))


def functions_may_not_do_what_is_not_theirs(deployment):
    intake, quarantine, clean, audit = (deployment.buckets[b] for b in ("intake", "quarantine", "clean", "audit"))
    kms = {"ServerSideEncryption": "aws:kms"}
    denied = [
        ("upload", "s3", "get_object", dict(Bucket=intake, Key="intake/main/a/b")),
        ("upload", "s3", "list_objects_v2", dict(Bucket=intake)),
        ("upload", "s3", "get_object", dict(Bucket=clean, Key="dicom/main/x")),
        ("upload", "s3", "put_object", dict(Bucket=clean, Key="dicom/main/y", Body="x", **kms)),
        ("upload", "s3", "delete_object", dict(Bucket=intake, Key="intake/main/a/b")),
        ("analyse", "s3", "get_object", dict(Bucket=intake, Key="intake/main/a/b")),
        ("analyse", "s3", "get_object", dict(Bucket=quarantine, Key="quarantine/main/a/b")),
        ("analyse", "s3", "put_object", dict(Bucket=clean, Key="dicom/main/y", Body="x", **kms)),
        ("sweep", "s3", "get_object", dict(Bucket=intake, Key="intake/main/a/b")),
        ("sweep", "s3", "put_object", dict(Bucket=clean, Key="dicom/main/y", Body="x", **kms)),
        ("erase", "s3", "get_object", dict(Bucket=intake, Key="intake/main/a/b")),
        ("erase", "s3", "get_object", dict(Bucket=clean, Key="dicom/main/x")),
        ("deidentify", "s3", "put_object", dict(Bucket=intake, Key="intake/main/a/b", Body="x", **kms)),
        ("deidentify", "s3", "delete_object", dict(Bucket=audit, Key="audit/main/a/00000001.json")),
        ("sweep", "s3", "delete_object", dict(Bucket=audit, Key="audit/main/a/00000001.json")),
        ("erase", "s3", "delete_object", dict(Bucket=audit, Key="audit/main/a/00000001.json")),
        ("upload", "kms", "sign", dict(KeyId=deployment.key_arn("Receipt"), Message="x", SigningAlgorithm="ECDSA_SHA_256")),
        ("upload", "dynamodb", "scan", dict(TableName="obscura-test-jobs")),
        ("upload", "dynamodb", "put_item", dict(TableName="obscura-test-groups", Item={"group": {"S": "x"}})),
        ("deidentify", "sqs", "send_message", dict(QueueUrl=deployment.queue_url("intake"), MessageBody="x")),
        ("deidentify", "iam", "list_roles", {}),
        ("deidentify", "s3", "put_bucket_policy", dict(Bucket=intake, Policy="{}")),
    ]
    for function, service, call, arguments in denied:
        assert not attempt(deployment, function, service, call, **arguments), (function, call, arguments)
    assert attempt(deployment, "erase", "kms", "sign", KeyId=deployment.key_arn("Receipt"), Message="x",
                   SigningAlgorithm="ECDSA_SHA_256")


def an_administrator_manages_keys_and_cannot_use_them(deployment):
    kms = deployment.emulator.administrator("kms")
    for kind in ("Intake", "Clean", "Audit"):
        key = deployment.key_arn(kind)
        assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
        for use in (
            lambda: kms.encrypt(KeyId=key, Plaintext=b"x"),
            lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256"),
        ):
            try:
                use()
            except ClientError as error:
                assert error.response["Error"]["Code"] == "AccessDeniedException", error
            else:
                raise AssertionError(f"an administrator used the {kind} key")


def people_need_a_second_factor(deployment):
    sts = deployment.emulator.administrator("sts")
    for role in ("uploader", "compliance-reader", "security-reader"):
        try:
            sts.assume_role(RoleArn=deployment.role_arn(role), RoleSessionName="test")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied", error
        else:
            raise AssertionError(f"{role} was taken without a second factor")


def people_read_what_is_theirs(deployment):
    emulator = deployment.emulator
    # The emulator knows no second factor, so from here on the roles do without.
    for role in ("compliance-reader", "security-reader"):
        emulator.client("iam").update_assume_role_policy(
            RoleName=f"obscura-test-{role}", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}]}))
    compliance = emulator.client_as(deployment.role_arn("compliance-reader"), "s3")
    audit = keys(deployment, "audit")[0]
    assert compliance.get_object(Bucket=deployment.buckets["audit"], Key=audit)
    security = emulator.client_as(deployment.role_arn("security-reader"), "s3")
    for client, bucket, key in (
        (compliance, "intake", "intake/main/a/b"),
        (compliance, "quarantine", "quarantine/main/a/b"),
        (security, "intake", "intake/main/a/b"),
        (security, "clean", "dicom/main/x"),
        (security, "audit", audit),
    ):
        try:
            client.get_object(Bucket=deployment.buckets[bucket], Key=key)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied", (bucket, key, error)
        else:
            raise AssertionError(f"read {key} of {bucket}")


def a_poison_file_becomes_a_dead_letter_and_others_go_on(deployment):
    emulator = deployment.emulator
    sqs = emulator.client("sqs")
    url = deployment.queue_url("intake")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    body = b"poison " + b"z" * 100
    poison = signed(deployment, body)
    assert send(deployment, poison, body) == 200
    good = b"a good one"
    upload = signed(deployment, good)
    assert send(deployment, upload, good) == 200
    until(lambda: keys(deployment, "clean", f"result/{upload['key'].split('/', 1)[1]}"))
    dead = deployment.queue_url("intake-dead-letters")

    def arrived():
        """the poison file is a dead letter"""
        attributes = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])

    until(arrived, 60)
    assert versions(deployment, "intake", poison["key"]), "a dead letter's original is still there"


def the_api_wants_a_token_and_one_group(deployment):
    api = Api(deployment)
    body = asked(b"x")
    assert api.post("/uploads", body, None).status == 401
    assert api.post("/uploads", body, User("nobody", [])).status == 403
    assert api.post("/uploads", body, User("both", ["group-main", "group-other"])).status == 403
    assert api.post("/erasures", {}, User("uploader", ["group-main"])).status == 403
    assert api.post("/erasures", {}, User("admin", ["group-main", "obscura-admin"])).status == 202


def the_sweep_may_list_all_three_buckets(deployment):
    assert set(invoke(deployment, "sweep", {})) == {deployment.buckets[b] for b in ("intake", "quarantine", "clean")}


SCENARIOS = [
    the_functions_have_the_variables_of_the_contract,
    the_api_wants_a_token_and_one_group,
    an_upload_goes_through_and_its_original_is_gone_in_all_versions,
    what_is_released_is_under_the_clean_key,
    proof_is_locked,
    a_signed_upload_is_bound_to_what_was_announced,
    a_signed_upload_expires,
    a_signed_upload_writes_once,
    an_administrator_puts_nothing_into_the_buckets_and_reads_no_original,
    a_put_without_our_encryption_is_refused,
    functions_may_not_do_what_is_not_theirs,
    an_administrator_manages_keys_and_cannot_use_them,
    people_need_a_second_factor,
    people_read_what_is_theirs,
    the_sweep_may_list_all_three_buckets,
    a_poison_file_becomes_a_dead_letter_and_others_go_on,
    the_templates_deploy_as_stacks_within_a_stack,
]
