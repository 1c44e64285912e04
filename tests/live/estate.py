"""The estate that the tests scan: one account with a whole trail, an organization with two members beside it.

Run once against an empty moto server: estate.py URL. What moto lacks (stores, channels, history, Regions) is answered by
the tests' own peer.
"""

import json
import sys

import boto3

URL = sys.argv[1]
REGION = "eu-west-1"


def client(service, region=REGION, credentials=None):
    keys = credentials or {"AccessKeyId": "AKIDCALLER", "SecretAccessKey": "secret", "SessionToken": None}
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=URL,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def policy(principal, action, resource):
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def bucket(s3, name, delivers=True):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if delivers:
        s3.put_bucket_policy(Bucket=name, Policy=policy("cloudtrail.amazonaws.com", "s3:PutObject", f"arn:aws:s3:::{name}/*"))


def organization():
    organizations = client("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    for kind in ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]:
        organizations.enable_policy_type(RootId=root, PolicyType=kind)
    unit = organizations.create_organizational_unit(ParentId=root, Name="Security")["OrganizationalUnit"]["Id"]
    ids = {}
    for name in ["log-archive", "workload", "closed"]:
        account = organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
        ids[name] = account["AccountId"]
        if name != "workload":
            organizations.move_account(AccountId=ids[name], SourceParentId=root, DestinationParentId=unit)
    organizations.close_account(AccountId=ids["closed"])
    content = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}]}
    scp = organizations.create_policy(
        Name="protect", Description="trails", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(content)
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=scp, TargetId=unit)
    return ids


def credentials(account):
    role = f"arn:aws:iam::{account}:role/audit"
    return client("sts", "us-east-1").assume_role(RoleArn=role, RoleSessionName="estate")["Credentials"]


def key():
    kms = client("kms")
    tags = [{"TagKey": "owner", "TagValue": "secret"}]
    arn = kms.create_key(Policy=policy("cloudtrail.amazonaws.com", "kms:*", "*"), Tags=tags)["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=arn)
    return arn


def topic():
    """A topic with its own key, behind an alias."""
    sns, kms = client("sns"), client("kms")
    tags = [{"Key": "owner", "Value": "secret"}]
    arn = sns.create_topic(Name="deliveries", Attributes={"KmsMasterKeyId": "alias/deliveries"}, Tags=tags)["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="https", Endpoint="https://example.com/secret-token")
    kms.create_alias(AliasName="alias/deliveries", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    return "deliveries"


def log_group():
    logs = client("logs")
    logs.create_log_group(logGroupName="trail", tags={"owner": "secret"})
    logs.create_log_group(logGroupName="trail-of-somebody-else")
    logs.put_retention_policy(logGroupName="trail", retentionInDays=365)
    logs.put_resource_policy(policyName="delivery", policyDocument=policy("delivery.logs.amazonaws.com", "logs:*", "*"))
    return f"arn:aws:logs:{REGION}:123456789012:log-group:trail:*"


def role():
    iam = client("iam", "us-east-1")
    trust = policy("cloudtrail.amazonaws.com", "sts:AssumeRole", "*")
    arn = iam.create_role(RoleName="delivery", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="delivery", PolicyName="logs", PolicyDocument=policy("x", "logs:PutLogEvents", "*"))
    iam.create_user(UserName="operator")
    return arn


def main():
    ids = organization()
    s3 = client("s3")
    bucket(s3, "trail-logs")
    s3.put_bucket_versioning(Bucket="trail-logs", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket="trail-logs", Tagging={"TagSet": [{"Key": "owner", "Value": "secret"}]})
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "AWSLogs/"}, "Expiration": {"Days": 400}}
    s3.put_bucket_lifecycle_configuration(Bucket="trail-logs", LifecycleConfiguration={"Rules": [rule]})
    s3.create_bucket(Bucket="access-logs", CreateBucketConfiguration={"LocationConstraint": REGION}, ObjectOwnership="ObjectWriter")
    s3.put_bucket_acl(Bucket="access-logs", ACL="log-delivery-write")
    logging = {"LoggingEnabled": {"TargetBucket": "access-logs", "TargetPrefix": "a/"}}
    s3.put_bucket_logging(Bucket="trail-logs", BucketLoggingStatus=logging)
    trails = client("cloudtrail")
    trails.create_trail(
        Name="audit",
        S3BucketName="trail-logs",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key(),
        SnsTopicName=topic(),
        CloudWatchLogsLogGroupArn=log_group(),
        CloudWatchLogsRoleArn=role(),
        TagsList=[{"Key": "owner", "Value": "secret"}],
    )
    trails.start_logging(Name="audit")
    selector = {"ReadWriteType": "All", "IncludeManagementEvents": True}
    trails.put_event_selectors(TrailName="audit", EventSelectors=[selector])
    trails.put_insight_selectors(TrailName="audit", InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])
    # A trail whose bucket the log archive owns, and one whose bucket is nobody's.
    archive = credentials(ids["log-archive"])
    bucket(client("s3", credentials=archive), f"archive-{ids['log-archive']}")
    trails.create_trail(Name="archived", S3BucketName=f"archive-{ids['log-archive']}")
    s3.create_bucket(Bucket="gone", CreateBucketConfiguration={"LocationConstraint": REGION})
    workload = client("cloudtrail", credentials=credentials(ids["workload"]))
    workload.create_trail(Name="lost", S3BucketName="gone")
    s3.delete_bucket(Bucket="gone")
    json.dump(ids, sys.stdout)


main()
