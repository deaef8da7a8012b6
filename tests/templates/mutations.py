"""For each rule of infra/guard, a change to the templates that has to break it."""


def _of(template, kind):
    return [resource for resource in template["Resources"].values() if resource["Type"] == kind]


def _named(template, end):
    return [resource for name, resource in template["Resources"].items() if name.endswith(end)]


def _set(kind, *path, to):
    """Sets a property of the last resource of a kind; `to` None takes it away."""
    def change(template):
        place = _of(template, kind)[-1]
        for step in path[:-1]:
            place = place[step]
        if to is None:
            del place[path[-1]]
        else:
            place[path[-1]] = to
    return change


def _drop(kind):
    def change(template):
        template["Resources"] = {
            name: resource for name, resource in template["Resources"].items() if resource["Type"] != kind
        }
    return change


def _statement(end, sid, key, to, properties="PolicyDocument"):
    """Sets or takes away a part of one statement of the policy of a resource."""
    def change(template):
        resource = _named(template, end)[0]
        for statement in resource["Properties"][properties]["Statement"]:
            if statement.get("Sid") == sid:
                if to is None:
                    statement.pop(key, None)
                else:
                    statement[key] = to
    return change


def _without(end, sid, properties="PolicyDocument"):
    def change(template):
        document = _named(template, end)[0]["Properties"][properties]
        document["Statement"] = [s for s in document["Statement"] if s.get("Sid") != sid]
    return change


def _add(logical, resource):
    def change(template):
        template["Resources"][logical] = resource
    return change


P = "Properties"
MUTATIONS = {
    "keys_rotate": lambda t: _named(t, "IntakeKey")[0][P].update(EnableKeyRotation=False),
    "keys_are_retained": lambda t: _named(t, "IntakeKey")[0].update(DeletionPolicy="Delete"),
    "administrators_cannot_use_keys":
        lambda t: _named(t, "IntakeKey")[0][P]["KeyPolicy"]["Statement"][0]["Action"].append("kms:Decrypt"),
    "key_use_is_conditional": _statement("IntakeKey", "OriginalsThroughS3", "Condition", None, "KeyPolicy"),
    "key_policies_name_actions": _statement("IntakeKey", "OriginalsThroughS3", "Action", "kms:*", "KeyPolicy"),
    "buckets_are_there": _drop("AWS::S3::Bucket"),
    "buckets_use_our_keys": lambda t: _named(t, "CleanBucket")[0][P]["BucketEncryption"][
        "ServerSideEncryptionConfiguration"][0].update(BucketKeyEnabled=False),
    "buckets_are_encrypted": lambda t: _named(t, "AccessBucket")[0][P].pop("BucketEncryption"),
    "buckets_are_versioned": lambda t: _named(t, "CleanBucket")[0][P]["VersioningConfiguration"].update(
        Status="Suspended"),
    "buckets_are_not_public": lambda t: _named(t, "CleanBucket")[0][P]["PublicAccessBlockConfiguration"].update(
        BlockPublicPolicy=False),
    "buckets_are_ours": lambda t: _named(t, "CleanBucket")[0][P]["OwnershipControls"]["Rules"][0].update(
        ObjectOwnership="ObjectWriter"),
    "buckets_log_access": lambda t: _named(t, "CleanBucket")[0][P].pop("LoggingConfiguration"),
    "buckets_clean_up": lambda t: _named(t, "IntakeBucket")[0][P].pop("LifecycleConfiguration"),
    "buckets_are_retained": lambda t: _named(t, "AuditBucket")[0].pop("DeletionPolicy"),
    "buckets_take_tls_only": _without("IntakeBucketPolicy", "TlsOnly"),
    "buckets_deny_other_keys": _without("CleanBucketPolicy", "OurKeyOnly"),
    "bucket_policies_open_nothing": _statement("AccessBucketPolicy", "AccessLogs", "Principal", "*"),
    "proof_is_locked": lambda t: _named(t, "AuditBucket")[0][P].pop("ObjectLockConfiguration"),
    "no_bucket_has_an_open_origin": lambda t: _named(t, "IntakeBucket")[0][P].update(
        CorsConfiguration={"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"]}]}),
    "functions_are_there": _drop("AWS::Lambda::Function"),
    "functions_have_limits": _set("AWS::Lambda::Function", P, "ReservedConcurrentExecutions", to=None),
    "functions_run_what_we_build": _set("AWS::Lambda::Function", P, "Runtime", to="python3.13"),
    "functions_are_traced_and_encrypted": _set("AWS::Lambda::Function", P, "KmsKeyArn", to=None),
    "log_groups_are_encrypted_and_forget": _set("AWS::Logs::LogGroup", P, "RetentionInDays", to=None),
    "queues_retry_in_part": _set("AWS::Lambda::EventSourceMapping", P, "FunctionResponseTypes", to=[]),
    "queues_are_encrypted": _set("AWS::SQS::Queue", P, "KmsMasterKeyId", to=None),
    "working_queues_give_up_visibly": lambda t: _named(t, "IntakeQueue")[0][P].pop("RedrivePolicy"),
    "permissions_name_their_source": _set("AWS::Lambda::Permission", P, "SourceArn", to=None),
    "people_are_there": _drop("AWS::IAM::Role"),
    "people_need_a_second_factor": lambda t: _named(t, "ComplianceReaderRole")[0][P]["AssumeRolePolicyDocument"][
        "Statement"][0]["Condition"].pop("Bool"),
    "roles_are_our_own": _set("AWS::IAM::Role", P, "ManagedPolicyArns",
                              to=["arn:aws:iam::aws:policy/AdministratorAccess"]),
    "users_need_a_second_factor": _set("AWS::Cognito::UserPool", P, "MfaConfiguration", to="OPTIONAL"),
    "tokens_end": _set("AWS::Cognito::UserPoolClient", P, "ExplicitAuthFlows", to=["ALLOW_USER_PASSWORD_AUTH"]),
    "routes_need_a_token": _set("AWS::ApiGatewayV2::Route", P, "AuthorizationType", to="NONE"),
    "the_api_is_throttled_and_logged": _set("AWS::ApiGatewayV2::Stage", P, "AccessLogSettings", to=None),
    "the_api_has_no_open_origin": _set("AWS::ApiGatewayV2::Api", P, "CorsConfiguration", to={"AllowOrigins": ["*"]}),
    "tables_are_kept_and_encrypted": _set("AWS::DynamoDB::Table", P, "SSESpecification", to=None),
    "the_trail_sees_everything": _set("AWS::CloudTrail::Trail", P, "EnableLogFileValidation", to=False),
    "alarms_tell_somebody": _set("AWS::CloudWatch::Alarm", P, "AlarmActions", to=[]),
    "the_topic_is_encrypted": _set("AWS::SNS::Topic", P, "KmsMasterKeyId", to=None),
    "a_network_has_no_way_out": _add("WayOut", {"Type": "AWS::EC2::InternetGateway", "Properties": {}}),
}
