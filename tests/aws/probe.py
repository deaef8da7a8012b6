"""A stand-in for the functions: a `bootstrap` that shows what the deployment lets each of them do.

It polls the runtime's API as every function does, and does of the real work only what proves the wiring:
signs an upload, moves an original through, answers. The scenarios of `wiring.py` run on it. The archive's
bootstrap has the interpreter's path put in front.
"""

import base64
import hashlib
import json
import os
import secrets
import traceback
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
NAME = os.environ["AWS_LAMBDA_FUNCTION_NAME"].rsplit("-", 1)[-1]
ENV = {name.removeprefix("OBSCURA_"): value for name, value in os.environ.items() if name.startswith("OBSCURA_")}


def client(service):
    return boto3.client(service, config=Config(
        s3={"addressing_style": "path"}, signature_version="s3v4" if service == "s3" else None))


def put(bucket, key, body, key_arn):
    client("s3").put_object(Bucket=bucket, Key=key, Body=body, ServerSideEncryption="aws:kms", SSEKMSKeyId=key_arn)


def upload(event):
    """POST /uploads of one file: its SHA-256, length and type; a signed request comes back."""
    groups = event["requestContext"]["authorizer"]["jwt"]["claims"].get("cognito:groups", "")
    tenants = [group for group in groups.strip("[]").replace(",", " ").split() if group.startswith("group-")]
    if len(tenants) != 1:
        return {"statusCode": 403, "body": "{}"}
    (asked,) = json.loads(event["body"])["files"]
    key = f"intake/{tenants[0].removeprefix('group-')}/{secrets.token_hex(16)}/{secrets.token_hex(16)}"
    digest = base64.b64encode(bytes.fromhex(asked["sha256"])).decode()
    url = client("s3").generate_presigned_url("put_object", ExpiresIn=asked.get("valid", 60), Params={
        "Bucket": ENV["INTAKE_BUCKET"], "Key": key, "ContentType": asked["type"], "ContentLength": asked["bytes"],
        "ChecksumSHA256": digest, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": ENV["INTAKE_KEY_ARN"],
        "IfNoneMatch": "*",
    })
    headers = {
        "content-type": asked["type"], "x-amz-checksum-sha256": digest, "if-none-match": "*",
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": ENV["INTAKE_KEY_ARN"],
    }
    return {"statusCode": 201, "body": json.dumps({"key": key, "url": url, "headers": headers})}


def deidentify(event):
    """Takes an original through and erases it; "poison" fails for ever."""
    s3, failed = client("s3"), []
    for record in event["Records"]:
        try:
            for inner in json.loads(record["body"]).get("Records", []):
                key = inner["s3"]["object"]["key"]
                _, group, job, file = key.split("/")
                body = s3.get_object(Bucket=ENV["INTAKE_BUCKET"], Key=key)["Body"].read()
                if body.startswith(b"poison"):
                    raise ValueError("poison")
                stem = f"{group}/P/S/R/I-{hashlib.sha256(body).hexdigest()[:16]}"
                put(ENV["CLEAN_BUCKET"], f"dicom/{stem}.dcm", b"clean", ENV["CLEAN_KEY_ARN"])
                put(ENV["CLEAN_BUCKET"], f"release/{group}/{job}/{file}.json", b"{}", ENV["CLEAN_KEY_ARN"])
                put(ENV["AUDIT_BUCKET"], f"audit/{group}/{job}/00000001.json", b"{}", ENV["AUDIT_KEY_ARN"])
                for version in s3.list_object_versions(Bucket=ENV["INTAKE_BUCKET"], Prefix=key).get("Versions", []):
                    s3.delete_object(Bucket=ENV["INTAKE_BUCKET"], Key=key, VersionId=version["VersionId"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                failed.append({"itemIdentifier": record["messageId"]})
        except ValueError:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def analyse(event):
    for record in event["Records"]:
        for inner in json.loads(record["body"]).get("Records", []):
            release = inner["s3"]["object"]["key"]
            client("s3").get_object(Bucket=ENV["CLEAN_BUCKET"], Key=release)
            put(ENV["CLEAN_BUCKET"], release.replace("release/", "result/", 1), b"{}", ENV["CLEAN_KEY_ARN"])
    return {"batchItemFailures": []}


def attempt(event):
    """Calls one action of a client and says how it went: what the role may do."""
    try:
        getattr(client(event["service"]), event["call"])(**event["arguments"])
        return {"allowed": True}
    except ClientError as error:
        return {"allowed": False, "code": error.response["Error"]["Code"], "message": str(error)}


def handle(event):
    if "attempt" in event:
        return attempt(event["attempt"])
    if "environment" in event:
        return {"names": sorted(name for name in os.environ if name.startswith("OBSCURA_"))}
    if NAME == "erase":
        groups = event["requestContext"]["authorizer"]["jwt"]["claims"].get("cognito:groups", "")
        return {"statusCode": 202 if "obscura-admin" in groups else 403, "body": "{}"}
    if NAME == "sweep":
        buckets = (ENV["INTAKE_BUCKET"], ENV["QUARANTINE_BUCKET"], ENV["CLEAN_BUCKET"])
        return {bucket: len(client("s3").list_object_versions(Bucket=bucket).get("Versions", [])) for bucket in buckets}
    return {"upload": upload, "deidentify": deidentify, "analyse": analyse}[NAME](event)


while True:
    with urllib.request.urlopen(f"{API}/next") as answer:
        request, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], json.load(answer)
    try:
        path, body = "response", handle(event)
    except Exception as error:  # the runtime wants to hear of everything
        traceback.print_exc()
        path, body = "error", {"errorType": type(error).__name__, "errorMessage": str(error)}
    urllib.request.urlopen(urllib.request.Request(f"{API}/{request}/{path}", json.dumps(body).encode()), timeout=10).close()
