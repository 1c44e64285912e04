"""Sixty accounts with one fault each, and some without one, made by the API: planted.py URL.

Each is in no organization. What a trail needs is as in `tests/laws/planted/whole.json`, the account that has no fault. Prints
what was planted: for each account its credentials, and the checks that are to find its fault.
"""

import json
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3

URL = sys.argv[1]
REGION = "eu-west-1"
WHOLE = json.loads((pathlib.Path(__file__).parent.parent / "laws/planted/whole.json").read_text())
CLEAN = 4


def client(service, keys, region=REGION):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=URL,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
    )


def answers(operation):
    return [call.get("output") for call in WHOLE["calls"] if call["operation"] == operation]


class Account:
    """An account, its clients, and what its trail rests on."""

    def __init__(self, number):
        self.id = str(300000000000 + number)
        self.bucket, self.access = f"audit-logs-{number}", f"access-logs-{number}"
        caller = {"AccessKeyId": "AKIDCALLER", "SecretAccessKey": "secret"}
        role = f"arn:aws:iam::{self.id}:role/audit"
        sts = client("sts", caller, "us-east-1")
        keys = sts.assume_role(RoleArn=role, RoleSessionName="planted")["Credentials"]
        self.keys = {name: keys[name] for name in ["AccessKeyId", "SecretAccessKey", "SessionToken"]}
        names = ["cloudtrail", "s3", "kms", "logs", "sns"]
        self.cloudtrail, self.s3, self.kms, self.logs, self.sns = [client(name, self.keys) for name in names]
        self.iam = client("iam", self.keys, "us-east-1")

    def own(self, text):
        text = text.replace("111122223333", self.id).replace("/trail/AWSLogs/", "/AWSLogs/")
        return text.replace("example-audit-logs", self.bucket).replace("example-access-logs", self.access)

    def policy(self, operation, which):
        """A policy of the account without a fault, as it would be here."""
        output = answers(operation)[which]
        return self.own(output.get("Policy") or output["Attributes"]["Policy"])

    def rewrite(self, text, without=(), statement=None):
        document = json.loads(text)
        document["Statement"] = [it for it in document["Statement"] if it.get("Sid") not in without]
        document["Statement"] += [statement] if statement else []
        return json.dumps(document)

    def bucket_policy(self, **change):
        policy = self.rewrite(self.policy("GetBucketPolicy", 0), **change)
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=policy)

    def key_policy(self, **change):
        policy = self.rewrite(self.policy("GetKeyPolicy", 0), **change)
        self.kms.put_key_policy(KeyId=self.key_id, PolicyName="default", Policy=policy)

    def topic_policy(self, **change):
        policy = self.rewrite(self.policy("GetTopicAttributes", 0), **change)
        self.sns.set_topic_attributes(TopicArn=self.topic, AttributeName="Policy", AttributeValue=policy)

    def update(self, **change):
        self.cloudtrail.update_trail(Name="audit", **change)

    def select(self, *more):
        management = {"Field": "eventCategory", "Equals": ["Management"]}
        selectors = [{"Name": "management", "FieldSelectors": [management, *more]}]
        self.cloudtrail.put_event_selectors(TrailName="audit", AdvancedEventSelectors=selectors)

    def new_key(self, which):
        policy = self.policy("GetKeyPolicy", which)
        arn = self.kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
        self.kms.enable_key_rotation(KeyId=arn)
        return arn

    def new_bucket(self, name, which, **more):
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}, **more)
        self.s3.put_bucket_policy(Bucket=name, Policy=self.policy("GetBucketPolicy", which))
        block = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
        self.s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(block, True))
        rules = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        self.s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=rules)

    def make(self):
        s3, bucket = self.s3, self.bucket
        self.new_bucket(self.access, 1)
        self.new_bucket(bucket, 0, ObjectLockEnabledForBucket=True)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        lock = answers("GetObjectLockConfiguration")[0]["ObjectLockConfiguration"]
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)
        logging = {"LoggingEnabled": {"TargetBucket": self.access, "TargetPrefix": "audit/"}}
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=logging)
        rules = answers("GetBucketLifecycleConfiguration")[0]["Rules"]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
        self.key, self.group_key, topic_key = [self.new_key(which) for which in range(3)]
        # It knows a key by its id alone where it is switched.
        self.key_id = self.key.rsplit("/", 1)[1]
        self.logs.create_log_group(logGroupName="/audit/events", kmsKeyId=self.group_key)
        self.logs.put_retention_policy(logGroupName="/audit/events", retentionInDays=400)
        attributes = {"KmsMasterKeyId": topic_key, "Policy": self.policy("GetTopicAttributes", 0)}
        self.topic = self.sns.create_topic(Name="deliveries", Attributes=attributes)["TopicArn"]
        role = answers("GetAccountAuthorizationDetails")[0]["RoleDetailList"][0]
        trust, deliver = [self.own(json.dumps(it)) for it in [
            role["AssumeRolePolicyDocument"], role["RolePolicyList"][0]["PolicyDocument"],
        ]]
        arn = self.iam.create_role(RoleName="deliver", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        self.iam.put_role_policy(RoleName="deliver", PolicyName="deliver", PolicyDocument=deliver)
        self.cloudtrail.create_trail(
            Name="audit",
            S3BucketName=bucket,
            IsMultiRegionTrail=True,
            EnableLogFileValidation=True,
            KmsKeyId=self.key,
            SnsTopicName="deliveries",
            CloudWatchLogsLogGroupArn=f"arn:aws:logs:{REGION}:{self.id}:log-group:/audit/events:*",
            CloudWatchLogsRoleArn=arn,
        )
        self.cloudtrail.start_logging(Name="audit")
        self.select()

    def lose_bucket(self):
        self.s3.delete_bucket(Bucket=self.bucket)

    def block(self, **off):
        settings = answers("GetPublicAccessBlock")[0]["PublicAccessBlockConfiguration"] | off
        self.s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=settings)

    def owner(self, rule):
        rules = {"Rules": [{"ObjectOwnership": rule}]}
        self.s3.put_bucket_ownership_controls(Bucket=self.bucket, OwnershipControls=rules)

    def keep(self, days):
        self.logs.put_retention_policy(logGroupName="/audit/events", retentionInDays=days)

    def group_without_key(self):
        self.logs.delete_log_group(logGroupName="/audit/events")
        self.logs.create_log_group(logGroupName="/audit/events")
        self.keep(400)

    def open_group(self, principal, resource):
        statement = allow(principal, "logs:PutLogEvents", resource)
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.logs.put_resource_policy(policyName="open", policyDocument=document)

    def attach(self, name):
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow(None, "*", "*")]})
        self.iam.put_role_policy(RoleName="deliver", PolicyName=name, PolicyDocument=document)


def allow(principal, action, resource, sid="Planted"):
    who = {"Principal": principal} if principal else {}
    return {"Sid": sid, "Effect": "Allow", **who, "Action": action, "Resource": resource}


OTHER = {"AWS": "arn:aws:iam::999900001111:root"}
SERVICE = {"Service": "cloudtrail.amazonaws.com"}


def objects(it, action, principal):
    it.bucket_policy(statement=allow(principal, action, f"arn:aws:s3:::{it.bucket}/*"))


def field(name, **test):
    return {"Field": name, **test}


# What is done to an account, and the checks that find it.
FAULTS = [
    (lambda it: it.cloudtrail.stop_logging(Name="audit"), ["trail_stopped"]),
    (lambda it: it.cloudtrail.delete_trail(Name="audit"), ["account_without_trail"]),
    (lambda it: it.update(EnableLogFileValidation=False), ["trail_without_log_validation"]),
    (lambda it: it.update(IsMultiRegionTrail=False), ["trail_single_region", "trail_without_global_events"]),
    (lambda it: it.select(field("readOnly", Equals=["true"])), ["trail_management_events_partial"]),
    (lambda it: it.select(field("readOnly", Equals=["false"])), ["trail_management_events_partial"]),
    (lambda it: it.select(field("eventSource", NotEquals=["kms.amazonaws.com"])), ["trail_event_sources_excluded"]),
    (lambda it: it.select(field("eventSource", NotEquals=["rdsdata.amazonaws.com"])), ["trail_event_sources_excluded"]),
    (lambda it: it.select(field("eventName", NotEquals=["ConsoleLogin"])), ["trail_management_events_narrowed"]),
    (lambda it: it.select(field("eventName", NotEquals=["StopLogging"])), ["trail_management_events_narrowed"]),
    (lambda it: it.lose_bucket(), ["bucket_missing"]),
    (lambda it: it.s3.delete_bucket_policy(Bucket=it.bucket), ["bucket_policy_missing"]),
    (lambda it: it.bucket_policy(without=["TlsOnly"]), ["bucket_allows_plain_http"]),
    (lambda it: objects(it, "s3:GetObject", OTHER), ["bucket_readable_by_others"]),
    (lambda it: objects(it, "s3:Get*", OTHER), ["bucket_readable_by_others"]),
    (lambda it: objects(it, "s3:PutObject", OTHER), ["bucket_writable_by_others"]),
    (lambda it: objects(it, "s3:PutObject", SERVICE), ["bucket_policy_without_source_guard"]),
    (lambda it: it.bucket_policy(without=["Write"]), ["bucket_policy_blocks_delivery"]),
    (lambda it: it.bucket_policy(without=["AclCheck"]), ["bucket_policy_blocks_delivery"]),
    (lambda it: it.s3.delete_public_access_block(Bucket=it.bucket), ["bucket_public_access_not_blocked"]),
    (lambda it: it.block(BlockPublicPolicy=False), ["bucket_public_access_not_blocked"]),
    (lambda it: it.block(RestrictPublicBuckets=False), ["bucket_public_access_not_blocked"]),
    (lambda it: it.owner("ObjectWriter"), ["bucket_acls_enabled"]),
    (lambda it: it.owner("BucketOwnerPreferred"), ["bucket_acls_enabled"]),
    (lambda it: it.s3.put_bucket_logging(Bucket=it.bucket, BucketLoggingStatus={}), ["bucket_without_access_logging"]),
    (lambda it: it.kms.disable_key_rotation(KeyId=it.key_id), ["key_rotation_off"]),
    (lambda it: it.kms.disable_key(KeyId=it.key_id), ["key_unusable"]),
    (lambda it: it.kms.schedule_key_deletion(KeyId=it.key_id), ["key_unusable"]),
    (lambda it: it.key_policy(without=["Encrypt"]), ["key_policy_blocks_cloudtrail"]),
    (lambda it: it.key_policy(statement=allow("*", "kms:Decrypt", "*")), ["key_open"]),
    (lambda it: it.key_policy(statement=allow("*", "kms:*", "*")), ["key_open"]),
    (lambda it: it.key_policy(statement=allow(OTHER, "kms:Decrypt", "*")), ["key_decryptable_by_others"]),
    (
        lambda it: it.key_policy(statement=allow(SERVICE, "kms:GenerateDataKey*", "*")),
        ["key_policy_without_source_guard"],
    ),
    (lambda it: it.keep(30), ["log_group_retention_short"]),
    (lambda it: it.keep(180), ["log_group_retention_short"]),
    (lambda it: it.logs.delete_log_group(logGroupName="/audit/events"), ["log_group_missing"]),
    (lambda it: it.group_without_key(), ["log_group_without_kms_key"]),
    (lambda it: it.open_group("*", "*"), ["log_group_open"]),
    (lambda it: it.open_group({"AWS": "*"}, f"arn:aws:logs:{REGION}:{it.id}:*"), ["log_group_open"]),
    (lambda it: it.topic_policy(statement=allow("*", "sns:Publish", it.topic)), ["topic_open"]),
    (lambda it: it.topic_policy(without=["Announce"]), ["topic_blocks_cloudtrail"]),
    (lambda it: it.iam.delete_role_policy(RoleName="deliver", PolicyName="deliver"), ["role_cannot_deliver"]),
    (lambda it: it.attach("more"), ["role_too_broad"]),
]


def planted(number):
    account = Account(number)
    account.make()
    finds = []
    if number >= CLEAN:
        plant, finds = FAULTS[(number - CLEAN) % len(FAULTS)]
        plant(account)
    return {"account": account.id, "keys": account.keys, "finds": finds}


def main():
    with ThreadPoolExecutor(8) as pool:
        json.dump(list(pool.map(planted, range(60 + CLEAN))), sys.stdout)


main()
