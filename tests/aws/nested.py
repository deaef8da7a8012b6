"""The templates as CloudFormation sees them: stacks inside a stack, with parameters and outputs between.

The scenarios run on one flat template, since the flat one is what the checks see too. This deploys the
real ones beside it under another name, so that what goes from stack to stack is shown as well.
"""

import json
import time

import deploy
import flat
from emulator import REGION

NAME = "obscura-stacks"


def the_templates_deploy_as_stacks_within_a_stack(deployment):
    emulator = deployment.emulator
    code, s3 = "obscura-test-code", emulator.client("s3")
    root = flat.load(flat.ROOT / "template.yaml")
    for resource in root["Resources"].values():
        path = resource["Properties"]["TemplateURL"]
        child = flat.load(flat.ROOT / path)
        if "Transform" in child:
            child = flat.expand(child, code, REGION)
        body = json.dumps(deploy.adjusted(child, emulator, {}, flat_names=False))
        s3.put_object(Bucket=code, Key=path, Body=body.encode())
        resource["Properties"]["TemplateURL"] = f"{emulator.endpoint}/{code}/{path}"
    del root["Transform"]
    s3.put_object(Bucket=code, Key="root.json", Body=json.dumps(root).encode())
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=NAME, TemplateURL=f"{emulator.endpoint}/{code}/root.json",
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in {
            "Name": NAME, "Architecture": "x86_64", "Trail": "no", "AuditLockMode": "GOVERNANCE", "AuditLockDays": "1",
        }.items()],
    )
    stack = {"StackStatus": "CREATE_IN_PROGRESS"}
    while stack["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.2)
        stack = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        failed = [
            f"{e['StackName']} {e['LogicalResourceId']}: {e.get('ResourceStatusReason')}"
            for name in {s["StackName"] for s in cloudformation.list_stacks()["StackSummaries"]}
            for e in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
            if "FAILED" in e["ResourceStatus"]
        ]
        raise AssertionError("\n".join([stack["StackStatus"], *failed]))
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert set(outputs) == set(root["Outputs"])
    assert all(outputs.values()), outputs
    # One wire from end to end: the clean bucket tells the release queue of the same deployment.
    told = s3.get_bucket_notification_configuration(Bucket=outputs["CleanBucket"])["QueueConfigurations"]
    assert told[0]["QueueArn"].endswith(f":{NAME}-release"), told
