"""Deploying the templates on the emulator: what is changed for it, and what is set by API afterwards.

Whatever is changed here is not proven by these tests. It is listed in `ADJUSTMENTS`, and each of it is
asserted on the expanded template by tests/templates.
"""

import io
import json
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "templates"))

import flat  # noqa: E402
from emulator import ACCOUNT, REGION  # noqa: E402

STACK = "obscura-test"
CODE = "obscura-test-code"
FUNCTIONS = ("upload", "deidentify", "analyse", "sweep", "erase")

ADJUSTMENTS = """
what is different from AWS:
  parameters    Trail, detection and Network are off: the emulator has none of them
  alarms        those that calculate (metric math) are left out
  buckets       the refusal of other keys is left out (it does not know the condition); encryption,
                lifecycle and Object Lock are dropped from templates and set by API; policies name
                sessions of roles besides the roles
  keys, roles   conditions on KMS (service, context, tags of keys) are left out: it does not know them,
                and its S3 asks no key; what is meant for use through S3 is closed
  people        the condition on the second factor is taken off once it was shown to refuse
  tokens        the API trusts an issuer of the harness instead of the user pool
  queues        messages are hidden for 20 seconds instead of 90 minutes, so that retries can be seen
                (10 minutes where text is looked for, which takes its time)
  functions     AWS_ENDPOINT_URL, OBSCURA_S3_PATH_STYLE and the certificate are added; the layer of
                models is read where it was built, since there is no /opt
"""


def archive(files):
    """A zip of files by name, executable."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o755 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, content)
    return buffer.getvalue()


class Deployment:
    """A deployed stack: names of what was made, and the template it was made of."""

    def __init__(self, emulator, template):
        self.emulator = emulator
        self.template = template
        self.buckets = {
            kind: f"{STACK}-{kind}-{ACCOUNT}-{REGION}" for kind in ("access", "intake", "quarantine", "clean", "audit")
        }
        resources = emulator.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        self.physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
        self.outputs = {
            output["OutputKey"]: output["OutputValue"]
            for output in emulator.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        }

    def key_arn(self, kind):
        """The ARN of a key: Intake, Clean, Audit, Operations, Receipt."""
        return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{self.physical[f'Keys{kind}Key'].rsplit('/', 1)[-1]}"

    def role_arn(self, name):
        return f"arn:aws:iam::{ACCOUNT}:role/{STACK}-{name}"

    def queue_url(self, name):
        return self.emulator.client("sqs").get_queue_url(QueueName=f"{STACK}-{name}")["QueueUrl"]

    def function(self, name):
        return f"{STACK}-{name}"

    def lines(self, name):
        """Every log line of a function."""
        pages = self.emulator.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{STACK}-{name}")
        return [event["message"].rstrip() for page in pages for event in page["events"]]

    def said(self, name):
        """Those of its lines that are neither the platform's nor metrics."""
        return [line for line in self.lines(name)
                if not line.startswith(("START ", "END ", "REPORT ")) and '"_aws"' not in line]


def adjusted(template, emulator, variables, flat_names=True, hidden_seconds=20):
    """The template as the emulator can take it."""
    template["Resources"] = {
        name: resource for name, resource in template["Resources"].items()
        if not (resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"])
    }
    for resource in template["Resources"].values():
        kind, properties = resource["Type"], resource.get("Properties", {})
        resource.pop("Metadata", None)
        if kind == "AWS::S3::Bucket" and flat_names:
            # In stacks, the queues and their policies are complete before the buckets begin.
            resource["DependsOn"] = ["QueuesIntakeQueuePolicy", "QueuesReleaseQueuePolicy"]
        if kind == "AWS::S3::BucketPolicy":
            document = properties["PolicyDocument"]
            document["Statement"] = [s for s in document["Statement"] if s.get("Sid") != "OurKeyOnly"]
            for statement in document["Statement"]:
                _sessions(statement.get("Condition", {}))
        if kind == "AWS::KMS::Key":
            for statement in properties["KeyPolicy"]["Statement"]:
                condition = statement.get("Condition", {})
                _sessions(condition)
                if "kms:ViaService" in condition.get("StringEquals", {}):
                    # What is meant for S3 is no right to call KMS; the emulator's S3 asks no key.
                    statement["Condition"] = {"StringEquals": {"aws:PrincipalArn": "nobody"}}
        if kind == "AWS::IAM::Role":
            for policy in properties["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    keys = [key for block in statement.get("Condition", {}).values() for key in block]
                    if any(key.startswith(("kms:", "aws:ResourceTag/obscura:")) for key in keys):
                        statement.pop("Condition")
        if kind == "AWS::SQS::Queue" and "VisibilityTimeout" in properties:
            properties["VisibilityTimeout"] = hidden_seconds
        if kind == "AWS::Lambda::Function":
            properties["Environment"]["Variables"].update(
                {"AWS_ENDPOINT_URL": emulator.endpoint, "OBSCURA_S3_PATH_STYLE": "true",
                 "SSL_CERT_FILE": str(emulator.certificate), "AWS_CA_BUNDLE": str(emulator.certificate),
                 **variables.get(_name(properties), {})}
            )
    return template


def _name(function):
    """A function's short name."""
    name = function["FunctionName"]
    return str(name.get("Fn::Sub", "") if isinstance(name, dict) else name).rsplit("-", 1)[-1]


def _sessions(condition):
    """AWS calls a session by its role's ARN in aws:PrincipalArn; the emulator by the session's."""
    for exact, like in (("ArnNotEquals", "ArnNotLike"), ("ArnEquals", "ArnLike")):
        if exact in condition:
            roles = condition.pop(exact)["aws:PrincipalArn"]
            roles = roles if isinstance(roles, list) else [roles]
            sessions = [
                {"Fn::Sub": role["Fn::Sub"].replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/*"}
                for role in roles
            ]
            condition[like] = {"aws:PrincipalArn": [*roles, *sessions]}


def deploy(emulator, archives, parameters=None, variables=None, hidden_seconds=20):
    """Deploys and waits. `archives` are the zips by function, and `models-layer`; `variables` are more
    of the environment, by function."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=CODE, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name, content in archives.items():
        s3.put_object(Bucket=CODE, Key=f"{name}.zip", Body=content)
    values = {
        "Name": STACK, "Architecture": "x86_64", "Trail": "no", "AuditLockMode": "GOVERNANCE", "AuditLockDays": 1,
        **(parameters or {}),
    }
    template = flat.expand(flat.flatten(values), CODE, REGION)
    original = json.loads(json.dumps(template))
    body = json.dumps(adjusted(template, emulator, variables or {}, hidden_seconds=hidden_seconds))
    s3.put_object(Bucket=CODE, Key="template.json", Body=body.encode())
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK, TemplateURL=f"{emulator.endpoint}/{CODE}/template.json",
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    for _ in range(600):
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            break
        time.sleep(0.2)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
        failed = [f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}" for e in events if "FAILED" in e["ResourceStatus"]]
        raise RuntimeError(f"{stack['StackStatus']}\n" + "\n".join(failed))
    deployment = Deployment(emulator, original)
    set_what_is_dropped(deployment)
    return deployment


def set_what_is_dropped(deployment):
    """What the emulator takes from a template without doing it, by API, from the template itself."""
    s3 = deployment.emulator.client("s3")
    for logical, resource in deployment.template["Resources"].items():
        if resource["Type"] != "AWS::S3::Bucket":
            continue
        properties = resource["Properties"]
        bucket = deployment.physical[logical]
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        default = dict(rule["ServerSideEncryptionByDefault"])
        if "KMSMasterKeyID" in default:
            default["KMSMasterKeyID"] = deployment.key_arn(default["KMSMasterKeyID"]["Fn::GetAtt"][0][4:-3])
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [
            {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": rule.get("BucketKeyEnabled", False)}
        ]})
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={
            "Rules": [_lifecycle(rule) for rule in properties["LifecycleConfiguration"]["Rules"]]
        })
        if properties.get("ObjectLockEnabled"):
            retention = properties["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention},
            })


def _lifecycle(rule):
    out = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": ""}}
    if "ExpirationInDays" in rule:
        out["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if "ExpiredObjectDeleteMarker" in rule:
        out["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if name in rule:
            out[name] = rule[name]
    return out
