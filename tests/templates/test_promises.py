"""What the templates promise, asserted on what they expand to.

The emulator that the end-to-end tests run on drops some of it in silence (encryption, lifecycle and
lock of buckets, the trail, metric filters), so this is where it is held.
"""

import json
import re
import unittest

import contract
import flat
from settings import EVERYTHING, SETTINGS

ACCOUNT, REGION = "123456789012", "eu-central-1"


def listed(value):
    return value if isinstance(value, list) else [value]


def text(value):
    """A value as text, with account and region put in and resources named."""
    if isinstance(value, dict) and len(value) == 1:
        (kind, inner), = value.items()
        if kind == "Ref":
            return {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws",
                    "AWS::URLSuffix": "amazonaws.com"}.get(inner, f"<{inner}>")
        if kind == "Fn::GetAtt":
            return f"<{'.'.join(inner)}>"
        if kind == "Fn::Sub" and isinstance(inner, str):
            return re.sub(r"\$\{([^}]+)\}", lambda m: text({"Ref": m.group(1)}), inner)
    return str(value)


class Expanded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = flat.expand(flat.flatten(EVERYTHING))
        cls.default = flat.expand(flat.flatten({}))

    def of(self, kind, template=None):
        resources = (template or self.template)["Resources"]
        return {name: resource for name, resource in resources.items() if resource["Type"] == kind}

    def named(self, end, template=None):
        found = [r for n, r in (template or self.template)["Resources"].items() if n.endswith(end)]
        self.assertEqual(len(found), 1, end)
        return found[0]["Properties"]

    def role_statements(self):
        """(role's short name, statement) of every role."""
        for resource in self.of("AWS::IAM::Role").values():
            role = resource["Properties"]["RoleName"].removeprefix("obscura-")
            for policy in resource["Properties"]["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield role, statement


class Functions(Expanded):
    def test_each_function_has_the_variables_of_the_contract_and_no_others(self):
        for function in contract.FUNCTIONS:
            with self.subTest(function=function):
                variables = self.named(f"{function.capitalize()}Function")["Environment"]["Variables"]
                self.assertEqual(set(variables), contract.COMMON | contract.VARIABLES[function])
                for name, value in variables.items():
                    self.assertNotIn(value, ("", None), name)

    def test_each_function_has_a_role_and_a_log_group_of_its_own(self):
        functions = self.of("AWS::Lambda::Function").values()
        self.assertEqual(len(functions), len(contract.FUNCTIONS))
        roles = {json.dumps(f["Properties"]["Role"]) for f in functions}
        groups = {json.dumps(f["Properties"]["LoggingConfig"]) for f in functions}
        self.assertEqual(len(roles), len(contract.FUNCTIONS))
        self.assertEqual(len(groups), len(contract.FUNCTIONS))

    def test_the_queue_waits_six_times_the_longest_run(self):
        longest = self.named("DeidentifyFunction")["Timeout"]
        self.assertGreaterEqual(self.named("IntakeQueue")["VisibilityTimeout"], 6 * longest)
        self.assertGreaterEqual(self.named("ReleaseQueue")["VisibilityTimeout"],
                                6 * self.named("AnalyseFunction")["Timeout"])

    def test_queues_take_no_more_at_once_than_is_reserved(self):
        for queue, function in (("Deidentify", "Deidentify"), ("Analyse", "Analyse")):
            mapping = self.named(f"{queue}FunctionQueue")
            reserved = self.named(f"{function}Function")["ReservedConcurrentExecutions"]
            self.assertLessEqual(mapping["ScalingConfig"]["MaximumConcurrency"], reserved)

    def test_the_sweep_runs_every_hour(self):
        rule = self.named("SweepFunctionHourly")
        self.assertEqual(rule["ScheduleExpression"], "rate(1 hour)")
        self.assertIn("DeadLetterConfig", rule["Targets"][0])

    def test_only_deidentify_has_the_models(self):
        with_layers = [n for n, f in self.of("AWS::Lambda::Function").items() if f["Properties"].get("Layers")]
        self.assertEqual(with_layers, ["FunctionsDeidentifyFunction"])


class LeastPrivilege(Expanded):
    def test_actions_are_named_one_by_one(self):
        for role, statement in self.role_statements():
            for action in listed(statement["Action"]):
                with self.subTest(role=role, sid=statement.get("Sid")):
                    self.assertRegex(action, r"^[a-z0-9-]+:[A-Za-z0-9]+$")
                    self.assertNotIn("NotAction", statement)

    def test_resources_are_named_unless_there_is_a_reason(self):
        for role, statement in self.role_statements():
            for resource in listed(statement["Resource"]):
                with self.subTest(role=role, sid=statement["Sid"]):
                    if text(resource) == "*":
                        self.assertIn(statement["Sid"], contract.NO_RESOURCE)
                    else:
                        # A wildcard only stands for objects of a bucket, keys of tenants and the like,
                        # behind the account.
                        self.assertRegex(text(resource), rf"^(<[\w.]+>|arn:aws:s3:::|arn:aws:[a-z0-9-]+:{REGION}:{ACCOUNT}:)")
                        self.assertNotRegex(text(resource), r"^arn:aws:s3:::\*")

    def test_wildcard_reasons_are_beside_the_role(self):
        for name, resource in self.of("AWS::IAM::Role").items():
            wide = any(
                text(r) == "*"
                for policy in resource["Properties"]["Policies"]
                for statement in policy["PolicyDocument"]["Statement"]
                for r in listed(statement["Resource"])
            )
            suppress = resource.get("Metadata", {}).get("obscura", {}).get("suppress", {})
            self.assertEqual(wide, "no_wildcard_resources" in suppress, name)

    def test_who_may_do_what_with_objects(self):
        found = {key: set() for key in contract.MAY}
        for role, statement in self.role_statements():
            for action in listed(statement["Action"]):
                action = action.removesuffix("Version") if action.startswith("s3:") else action
                for resource in listed(statement["Resource"]):
                    for bucket in ("intake", "quarantine", "clean", "audit"):
                        name = f"<Buckets{bucket.capitalize()}Bucket>/"
                        if (action, bucket) in found and name in text(resource):
                            found[(action, bucket)].add(role)
        self.assertEqual(found, contract.MAY)

    def test_no_person_reads_originals_refused_or_not(self):
        for role, statement in self.role_statements():
            if any(action.startswith("s3:GetObject") for action in listed(statement["Action"])):
                for resource in listed(statement["Resource"]):
                    self.assertFalse("IntakeBucket" in text(resource) and "reader" in role)
                    if "QuarantineBucket" in text(resource) and role != "deidentify":
                        self.assertEqual((role, text(resource)[-5:]), ("compliance-reader", ".json"))

    def test_keys_of_tenants_are_bound_to_the_stack_and_the_purpose(self):
        roles = set()
        for role, statement in self.role_statements():
            if statement["Sid"] == "SecretsOfGroups":
                roles.add(role)
                self.assertEqual(listed(statement["Action"]), ["kms:Decrypt"])
                self.assertEqual(statement["Condition"]["StringEquals"], {
                    "aws:ResourceTag/obscura:stack": "obscura",
                    "kms:EncryptionContext:obscura:stack": "obscura",
                    "kms:EncryptionContext:obscura:purpose": "pseudonym",
                })
        # What faces the network unwraps no secret.
        self.assertEqual(roles, set(contract.FUNCTIONS) - {"upload"})

    def test_the_upload_function_sees_keys_of_tenants_and_cannot_use_them(self):
        (seen,) = [(role, s) for role, s in self.role_statements() if s["Sid"] == "KeysOfGroups"]
        self.assertEqual((seen[0], listed(seen[1]["Action"])), ("upload", ["kms:DescribeKey"]))
        self.assertEqual(seen[1]["Condition"]["StringEquals"], {"aws:ResourceTag/obscura:stack": "obscura"})

    def test_only_erase_signs(self):
        signers = {r for r, s in self.role_statements() if "kms:Sign" in listed(s["Action"])}
        self.assertEqual(signers, {"erase"})

    def test_no_role_administers_anything(self):
        for role, statement in self.role_statements():
            for action in listed(statement["Action"]):
                self.assertNotRegex(action, r"^(iam|organizations|lambda):|:Put.*Policy$|^kms:(Put|Schedule|Disable)")


class Keys(Expanded):
    def test_each_kind_of_data_has_its_own_key(self):
        self.assertEqual(
            {name.removeprefix("Keys") for name in self.of("AWS::KMS::Key")},
            {"IntakeKey", "CleanKey", "AuditKey", "OperationsKey", "ReceiptKey"},
        )
        key = lambda bucket: text(self.named(bucket)["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
            "ServerSideEncryptionByDefault"]["KMSMasterKeyID"])
        self.assertEqual(key("IntakeBucket"), "<KeysIntakeKey.Arn>")
        self.assertEqual(key("QuarantineBucket"), "<KeysIntakeKey.Arn>")
        self.assertEqual(key("CleanBucket"), "<KeysCleanKey.Arn>")
        self.assertEqual(key("BucketsAuditBucket"), "<KeysAuditKey.Arn>")

    def users(self, key, actions):
        """Roles that a key's policy lets do one of some actions through S3."""
        found = set()
        for statement in self.named(key)["KeyPolicy"]["Statement"]:
            condition = statement.get("Condition", {})
            via = text(condition.get("StringEquals", {}).get("kms:ViaService", ""))
            if set(listed(statement["Action"])) & actions and via.startswith("s3."):
                for arn in listed(condition["ArnEquals"]["aws:PrincipalArn"]):
                    found.add(text(arn).rsplit("/obscura-", 1)[1])
        return found

    def test_who_may_use_which_key(self):
        self.assertEqual(self.users("IntakeKey", {"kms:GenerateDataKey"}), {"upload", "deidentify", "malware-scan"})
        self.assertEqual(self.users("CleanKey", {"kms:GenerateDataKey"}), {"deidentify", "analyse"})
        self.assertEqual(
            self.users("CleanKey", {"kms:Decrypt"}),
            {"deidentify", "analyse", "erase", "uploader", "compliance-reader"},
        )
        self.assertEqual(self.users("AuditKey", {"kms:GenerateDataKey"}), set(contract.FUNCTIONS))

    def test_services_that_need_the_key_may_use_it(self):
        """An alarm that cannot publish to its encrypted topic is silent; so for queues and log groups."""
        services = set()
        for statement in self.named("OperationsKey")["KeyPolicy"]["Statement"]:
            services |= set(map(text, listed(statement["Principal"].get("Service", []))))
        self.assertLessEqual(
            {"s3.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com", f"logs.{REGION}.amazonaws.com"},
            services,
        )


class Buckets(Expanded):
    def rules(self, bucket, template=None):
        return {rule["Id"]: rule for rule in self.named(bucket, template)["LifecycleConfiguration"]["Rules"]}

    def test_lifecycle_is_never_before_the_sweep(self):
        for name, parameters in SETTINGS.items():
            template = flat.expand(flat.flatten(parameters))
            variables = self.named("SweepFunction", template)["Environment"]["Variables"]
            for bucket in ("INTAKE", "QUARANTINE", "CLEAN"):
                hours = int(variables[f"OBSCURA_{bucket}_RETENTION_HOURS"])
                rule = self.rules(f"{bucket.capitalize()}Bucket", template)["expire"]
                with self.subTest(setting=name, bucket=bucket):
                    if rule["Status"] == "Enabled":
                        self.assertGreaterEqual(rule["ExpirationInDays"] * 24, hours)
                    else:
                        self.assertEqual(hours, 0)

    def test_old_versions_and_unfinished_uploads_go_too(self):
        for bucket in ("IntakeBucket", "QuarantineBucket", "CleanBucket"):
            rules = self.rules(bucket).values()
            self.assertTrue(any("NoncurrentVersionExpiration" in rule for rule in rules), bucket)
            self.assertTrue(any(rule.get("ExpiredObjectDeleteMarker") for rule in rules), bucket)
            self.assertTrue(any("AbortIncompleteMultipartUpload" in rule for rule in rules), bucket)

    def test_proof_is_locked_for_six_years_by_default(self):
        retention = self.named("BucketsAuditBucket", self.default)["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
        self.assertEqual(retention, {"Mode": "COMPLIANCE", "Days": 2192})
        self.assertNotIn("expire", self.rules("BucketsAuditBucket", self.default))

    def test_buckets_tell_the_right_queue(self):
        (intake,) = self.named("IntakeBucket")["NotificationConfiguration"]["QueueConfigurations"]
        self.assertEqual(text(intake["Queue"]), "<QueuesIntakeQueue.Arn>")
        (clean,) = self.named("CleanBucket")["NotificationConfiguration"]["QueueConfigurations"]
        self.assertEqual(text(clean["Queue"]), "<QueuesReleaseQueue.Arn>")
        self.assertEqual(
            {rule["Name"]: rule["Value"] for rule in clean["Filter"]["S3Key"]["Rules"]},
            {"prefix": "release/", "suffix": ".json"},
        )

    def test_names_composed_elsewhere_are_the_names(self):
        """Policies name buckets and queues before they exist; the names have to be the same."""
        buckets = {text(b["Properties"]["BucketName"]) for b in self.of("AWS::S3::Bucket").values()}
        queues = {text(q["Properties"]["QueueName"]) for q in self.of("AWS::SQS::Queue").values()}
        roles = {text(r["Properties"]["RoleName"]) for r in self.of("AWS::IAM::Role").values()}
        whole = text({"Fn::Sub": json.dumps(self.template)})
        for arn in set(re.findall(r"arn:aws:s3:::(obscura-[a-z]+-[\w-]+)", whole)):
            self.assertIn(arn, buckets)
        for name in set(re.findall(rf"arn:aws:sqs:{REGION}:{ACCOUNT}:([\w-]+)\"", whole)):
            self.assertIn(name, queues)
        for name in set(re.findall(rf"arn:aws:iam::{ACCOUNT}:role/(obscura-[\w-]+)", whole)):
            self.assertIn(name, roles)

    def test_uploads_are_the_upload_functions_alone(self):
        (only,) = [s for s in self.named("IntakeBucketPolicy")["PolicyDocument"]["Statement"]
                   if s["Sid"] == "UploadsOfTheUploadFunctionOnly"]
        roles = {text(arn).rsplit("/", 1)[1] for arn in only["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]}
        self.assertEqual(roles, {"obscura-upload", "obscura-malware-scan"})

    def test_networks_limit_uploads_only_where_they_are_named(self):
        sids = lambda t: {s["Sid"] for s in self.named("IntakeBucketPolicy", t)["PolicyDocument"]["Statement"]}
        self.assertIn("UploadsFromOurNetworksOnly", sids(self.template))
        self.assertNotIn("UploadsFromOurNetworksOnly", sids(self.default))


class Api(Expanded):
    def test_routes(self):
        keys = {route["Properties"]["RouteKey"] for route in self.of("AWS::ApiGatewayV2::Route").values()}
        self.assertEqual(keys, {"POST /uploads", "GET /uploads/{id}", "POST /erasures"})

    def test_without_an_origin_there_is_no_cors(self):
        self.assertNotIn("CorsConfiguration", self.named("ApiApi", self.default))
        self.assertNotIn("CorsConfiguration", self.named("IntakeBucket", self.default))
        self.assertEqual(self.named("ApiApi")["CorsConfiguration"]["AllowOrigins"], ["https://pacs.example.org"])

    def test_the_access_log_has_neither_path_nor_body(self):
        form = self.named("ApiStage")["AccessLogSettings"]["Format"]
        json.loads(form)
        for variable in ("$context.path", "$context.requestOverride", "$context.authorizer.claims.email",
                         "$context.authorizer.claims.cognito:username"):
            self.assertNotIn(variable, form)


class Accounts(Expanded):
    def test_the_trail_has_the_objects_of_all_buckets_with_data(self):
        selectors = self.named("AccountTrailTrail")["AdvancedEventSelectors"]
        prefixes = [text(p) for s in selectors for f in s["FieldSelectors"] for p in f.get("StartsWith", [])]
        for bucket in ("Intake", "Quarantine", "Clean", "Audit"):
            self.assertIn(f"arn:aws:s3:::<Buckets{bucket}Bucket>/", prefixes)

    def test_the_trail_has_who_calls_the_erase_function(self):
        selectors = self.named("AccountTrailTrail")["AdvancedEventSelectors"]
        functions = [text(p) for s in selectors for f in s["FieldSelectors"] if f["Field"] == "resources.ARN"
                     for p in f.get("Equals", [])]
        self.assertEqual(functions, [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:obscura-erase"])
        self.assertEqual(text(self.named("EraseFunction")["FunctionName"]), "obscura-erase")

    def test_detection_is_behind_parameters(self):
        kinds = ("AWS::GuardDuty::Detector", "AWS::GuardDuty::MalwareProtectionPlan", "AWS::Config::ConfigurationRecorder",
                 "AWS::Config::ConformancePack", "AWS::SecurityHub::Hub")
        for kind in kinds:
            self.assertEqual(len(self.of(kind)), 1, kind)
            self.assertEqual(len(self.of(kind, self.default)), 0, kind)
        self.assertFalse(self.of("AWS::EC2::VPC", self.default))
        for function in self.of("AWS::Lambda::Function", self.default).values():
            self.assertNotIn("VpcConfig", function["Properties"])
        for function in self.of("AWS::Lambda::Function").values():
            self.assertEqual(len(function["Properties"]["VpcConfig"]["SubnetIds"]), 2)

    def test_a_deployment_without_a_trail_has_no_alarms_on_it(self):
        template = flat.expand(flat.flatten(SETTINGS["without-trail"]))
        self.assertFalse(self.of("AWS::CloudTrail::Trail", template))
        self.assertFalse(self.of("AWS::Logs::MetricFilter", template))


class Limits(Expanded):
    """What AWS refuses, with the longest name that the templates take."""

    LONGEST = "obscura-a-long-name0"

    @classmethod
    def setUpClass(cls):
        cls.template = flat.expand(flat.flatten({**EVERYTHING, "Name": cls.LONGEST}))

    def size(self, document):
        def put_in(node):
            if isinstance(node, dict) and len(node) == 1 and next(iter(node)) in ("Ref", "Fn::GetAtt", "Fn::Sub"):
                return re.sub(r"<[^>]*>", "x" * 80, text(node))
            if isinstance(node, dict):
                return {key: put_in(value) for key, value in node.items()}
            return [put_in(item) for item in node] if isinstance(node, list) else node

        return len(json.dumps(put_in(document), separators=(",", ":")))

    def test_policies_fit(self):
        for name, resource in self.template["Resources"].items():
            kind, properties = resource["Type"], resource.get("Properties", {})
            with self.subTest(resource=name):
                if kind == "AWS::IAM::Role":
                    self.assertLess(self.size(properties["Policies"]), 10_240)
                if kind == "AWS::S3::BucketPolicy":
                    self.assertLess(self.size(properties["PolicyDocument"]), 20 * 1024)
                if kind == "AWS::KMS::Key":
                    self.assertLess(self.size(properties["KeyPolicy"]), 32 * 1024)
                if kind == "AWS::Lambda::Function":
                    self.assertLess(self.size(properties["Environment"]["Variables"]), 4096)

    def test_names_fit(self):
        for bucket in self.of("AWS::S3::Bucket").values():
            # The longest name of a region has 14 letters.
            name = text(bucket["Properties"]["BucketName"]).replace(REGION, "ap-southeast-1")
            self.assertLessEqual(len(name), 63, name)
        for role in self.of("AWS::IAM::Role").values():
            self.assertLessEqual(len(text(role["Properties"]["RoleName"])), 64)


if __name__ == "__main__":
    unittest.main()
