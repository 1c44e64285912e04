//! Templates as the AWS CDK synthesises them, the same for the same seed: mostly functions, roles and tables; half of
//! the files name a bucket, key or log group, and one in forty holds an audit trail.

use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Writes `count` templates into both folders, as JSON and as YAML.
pub(crate) fn write(as_json: &Path, as_yaml: &Path, count: usize) {
    for folder in [as_json, as_yaml] {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).expect("the target directory can be written");
    }
    let mut random = Random(0x5eed_cafe_f00d_0001);
    for number in 0..count {
        let template = template(number, &mut random);
        let json = serde_json::to_string_pretty(&template).expect("it is JSON");
        std::fs::write(as_json.join(format!("Stack{number:04}.template.json")), json).expect("room on the disk");
        let mut yaml = String::new();
        block(&mut yaml, &template, 0);
        std::fs::write(as_yaml.join(format!("stack-{number:04}.yaml")), yaml).expect("room on the disk");
    }
}

/// Xorshift: no seed from outside, so that every machine measures the same bytes.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn template(number: usize, random: &mut Random) -> Value {
    let mut resources = Map::new();
    for part in 0..1 + random.below(4) {
        let name = format!("Service{part}{:08X}", random.below(1 << 32));
        let path = format!("Stack{number:04}/Service{part}");
        function(&mut resources, &name, &path, random);
    }
    if number.is_multiple_of(2) {
        let name = format!("Store{:08X}", random.below(1 << 32));
        resources.insert(name.clone(), json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain",
            "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]},
            "VersioningConfiguration": {"Status": "Enabled"}}, "Metadata": {"aws:cdk:path": format!("Stack{number:04}/Store/Resource")}}));
        resources.insert(
            format!("{name}Logs"),
            json!({"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 731}}),
        );
    }
    if number.is_multiple_of(40) {
        trail(&mut resources, random);
    }
    json!({
        "Resources": resources,
        "Conditions": {"CDKMetadataAvailable": {"Fn::Or": regions()}},
        "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>",
            "Default": "/cdk-bootstrap/hnb659fds/version",
            "Description": "Version of the CDK Bootstrap resources in this environment, automatically retrieved from SSM Parameter Store. [cdk:skip]"}},
        "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}]},
            "AssertDescription": "CDK bootstrap stack version 6 required. Please run 'cdk bootstrap' with a recent version of the CDK CLI."}]}}
    })
}

fn regions() -> Vec<Value> {
    let names = [
        "af-south-1",
        "ap-east-1",
        "ap-northeast-1",
        "ap-south-1",
        "ca-central-1",
        "eu-central-1",
        "eu-west-1",
        "us-east-1",
        "us-west-2",
    ];
    let is = |name: &&str| json!({"Fn::Equals": [{"Ref": "AWS::Region"}, name]});
    names.iter().map(is).collect()
}

/// A function with its role, policy, table and alarm: what most stacks are made of.
fn function(resources: &mut Map<String, Value>, name: &str, path: &str, random: &mut Random) {
    let arn = |of: &str| json!({"Fn::GetAtt": [of, "Arn"]});
    let (role, table) = (format!("{name}Role"), format!("{name}Table"));
    resources.insert(role.clone(), json!({"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}], "Version": "2012-10-17"},
        "ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}]},
        "Metadata": {"aws:cdk:path": format!("{path}/ServiceRole/Resource")}}));
    resources.insert(format!("{name}Policy"), json!({"Type": "AWS::IAM::Policy", "Properties": {
        "PolicyDocument": {"Statement": [{"Action": ["dynamodb:BatchGetItem", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:Scan", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            "Effect": "Allow", "Resource": [arn(&table), {"Ref": "AWS::NoValue"}]}], "Version": "2012-10-17"},
        "PolicyName": format!("{name}DefaultPolicy"), "Roles": [{"Ref": role}]},
        "Metadata": {"aws:cdk:path": format!("{path}/ServiceRole/DefaultPolicy/Resource")}}));
    resources.insert(table.clone(), json!({"Type": "AWS::DynamoDB::Table", "UpdateReplacePolicy": "Retain", "DeletionPolicy": "Retain",
        "Properties": {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1 + random.below(20), "WriteCapacityUnits": 1 + random.below(20)}},
        "Metadata": {"aws:cdk:path": format!("{path}/Table/Resource")}}));
    resources.insert(name.to_owned(), json!({"Type": "AWS::Lambda::Function", "DependsOn": [role.clone()], "Properties": {
        "Code": {"S3Bucket": {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}, "S3Key": format!("{:016x}{:016x}.zip", random.below(u64::MAX), random.below(u64::MAX))},
        "Environment": {"Variables": {"TABLE": {"Ref": table}, "STAGE": "prod"}}, "Handler": "index.handler", "MemorySize": 128 << random.below(4),
        "Role": arn(&role), "Runtime": "nodejs22.x", "Timeout": 30},
        "Metadata": {"aws:cdk:path": format!("{path}/Resource"), "aws:asset:path": "asset.zip", "aws:asset:is-bundled": false, "aws:asset:property": "Code"}}));
}

/// An audit trail with its bucket and policy; every second one is in order.
fn trail(resources: &mut Map<String, Value>, random: &mut Random) {
    let good = random.below(2) == 0;
    resources.insert(
        "AuditBucket".into(),
        json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain",
        "Properties": {"VersioningConfiguration": {"Status": if good { "Enabled" } else { "Suspended" }}}}),
    );
    resources.insert("AuditBucketPolicy".into(), json!({"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "AuditBucket"},
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Action": "s3:GetBucketAcl", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": {"Fn::GetAtt": ["AuditBucket", "Arn"]}}]}}}));
    resources.insert("AuditTrail".into(), json!({"Type": "AWS::CloudTrail::Trail", "DependsOn": ["AuditBucketPolicy"],
        "Properties": {"IsLogging": true, "S3BucketName": {"Ref": "AuditBucket"}, "IsMultiRegionTrail": good, "EnableLogFileValidation": good}}));
}

/// A value as block YAML, as people write it: no quotes where none are needed.
fn block(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let _ = write!(out, "{:indent$}{}:", "", scalar(key));
                below(out, value, indent + 2);
            }
        }
        Value::Array(items) => {
            for item in items {
                let _ = write!(out, "{:indent$}-", "");
                below(out, item, indent + 2);
            }
        }
        other => {
            let _ = writeln!(out, "{:indent$}{}", "", plain(other));
        }
    }
}

fn below(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            block(out, value, indent);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            block(out, value, indent);
        }
        other => {
            let _ = writeln!(out, " {}", plain(other));
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), scalar)
}

fn scalar(text: &str) -> String {
    let bare = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./ ".contains(c) || c == ':')
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !["true", "false", "null", "yes", "no", "on", "off"].contains(&text);
    if bare { text.to_owned() } else { format!("{text:?}") }
}
