"""What the functions' code and the templates have agreed on: names, variables, who may do what."""

# Every function has these.
COMMON = {
    "OBSCURA_STACK", "OBSCURA_LOG",
    "OBSCURA_INTAKE_BUCKET", "OBSCURA_CLEAN_BUCKET", "OBSCURA_QUARANTINE_BUCKET", "OBSCURA_AUDIT_BUCKET",
    "OBSCURA_INTAKE_KEY_ARN", "OBSCURA_CLEAN_KEY_ARN", "OBSCURA_AUDIT_KEY_ARN",
    "OBSCURA_JOBS_TABLE", "OBSCURA_GROUPS_TABLE",
}

# And these besides.
VARIABLES = {
    "upload": {"OBSCURA_UPLOAD_SECONDS", "OBSCURA_MAX_FILE_BYTES", "OBSCURA_MAX_FILES",
               "OBSCURA_CLEAN_RETENTION_HOURS"},
    "deidentify": {"OBSCURA_PRESET", "OBSCURA_PIXELS", "OBSCURA_JPEG", "OBSCURA_MODELS", "OBSCURA_MAX_FILE_BYTES"},
    "analyse": set(),
    "sweep": {"OBSCURA_INTAKE_RETENTION_HOURS", "OBSCURA_CLEAN_RETENTION_HOURS", "OBSCURA_QUARANTINE_RETENTION_HOURS"},
    "erase": {"OBSCURA_RECEIPT_KEY_ARN"},
}

FUNCTIONS = sorted(VARIABLES)

# Which roles may do an action at all, on a bucket by its name (intake, quarantine, clean, audit).
MAY = {
    ("s3:GetObject", "intake"): {"deidentify", "malware-scan"},
    ("s3:GetObject", "quarantine"): {"compliance-reader", "deidentify"},
    ("s3:GetObject", "clean"): {"analyse", "compliance-reader", "deidentify", "erase", "uploader"},
    ("s3:GetObject", "audit"): {*VARIABLES, "compliance-reader"},
    ("s3:PutObject", "intake"): {"malware-scan", "upload"},
    ("s3:PutObject", "quarantine"): {"deidentify"},
    ("s3:PutObject", "clean"): {"analyse", "deidentify"},
    ("s3:PutObject", "audit"): set(VARIABLES),
    ("s3:DeleteObject", "intake"): {"deidentify", "erase", "sweep"},
    ("s3:DeleteObject", "quarantine"): {"deidentify", "erase", "sweep"},
    ("s3:DeleteObject", "clean"): {"analyse", "deidentify", "erase", "sweep"},
    ("s3:DeleteObject", "audit"): set(),
}

# Statements that name no resource, because the service has none to name; anything else is a fault.
NO_RESOURCE = {
    "Traces": "X-Ray has no resources",
    "NetworkInterfaces": "network interfaces are made by Lambda and cannot be named",
    "AlarmsAndTheTrail": "lists of alarms, metrics, dashboards, log groups, queues and events of the trail",
}

# CIS AWS Foundations Benchmark, section 4 (the numbers of 3.0 and later): the events each filter counts.
CIS = {
    "4.4": """DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy
        CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy
        AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy""",
    "4.5": "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging",
    "4.7": "DisableKey ScheduleKeyDeletion",
    "4.8": """PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication
        DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication""",
    "4.9": "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder",
    "4.10": """AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress
        RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup""",
    "4.11": """CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry
        ReplaceNetworkAclEntry ReplaceNetworkAclAssociation""",
    "4.12": """CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway
        DeleteInternetGateway DetachInternetGateway""",
    "4.13": """CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable
        DeleteRoute DisassociateRouteTable""",
    "4.14": """CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection
        DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc
        DisableVpcClassicLink EnableVpcClassicLink""",
    "4.15": """AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy
        DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy
        DisablePolicyType EnablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount
        RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit""",
}

# And those that are no lists of events: the filter as the benchmark writes it.
CIS_WHOLE = {
    "4.1": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "4.2": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    "4.3": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
           ' && $.eventType != "AwsServiceEvent" }',
    "4.6": '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
}

# Where the benchmark also asks for the service.
CIS_SOURCES = {
    "4.7": "kms.amazonaws.com", "4.8": "s3.amazonaws.com", "4.9": "config.amazonaws.com",
    "4.13": "ec2.amazonaws.com", "4.15": "organizations.amazonaws.com",
}

# Events that the filter counts beyond the benchmark.
CIS_MORE = {"4.15": {"CancelHandshake", "CreateOrganization", "EnableAllFeatures"}}
