//! What the small universe is made of.

use serde_json::{Value, json};

/// What is asked for: an action on a resource that it is about.
pub(crate) const ASKED: [(&str, &str); 8] = [
    ("s3:GetObject", "arn:aws:s3:::logs/AWSLogs/111111111111/a:b"),
    ("s3:PutObject", "arn:aws:s3:::logs/AWSLogs/111111111111/a"),
    ("s3:PutObject", "arn:aws:s3:::other/AWSLogs"),
    ("s3:GetBucketAcl", "arn:aws:s3:::logs"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/1"),
    ("cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-west-1:111111111111:trail/main"),
    ("cloudtrail:StopLogging", "arn:aws:cloudtrail:us-east-1:222222222222:trail/x*"),
    ("cloudtrail:DescribeTrails", "*"),
];

pub(crate) const ROLE: &str = "arn:aws:iam::111111111111:role/Auditor";

pub(crate) const CALLERS: [&str; 5] = [
    "anonymous",
    ROLE,
    "arn:aws:iam::222222222222:role/path/Guest",
    "cloudtrail.amazonaws.com",
    "arn:aws:iam::111111111111:root",
];

pub(crate) const ACTIONS: [&str; 14] = [
    "*",
    "s3:*",
    "s3:Get*",
    "s3:?etObject",
    "S3:PUTOBJECT",
    "s3:Put*t",
    "*:*",
    "kms:Decrypt",
    "kms:*",
    "cloudtrail:Stop*",
    "cloudtrail:*",
    "cloudtrail:*Log*ing",
    "iam:*",
    "s3:GetBucketAcl",
];

pub(crate) const RESOURCES: [&str; 18] = [
    "*",
    "arn:aws:s3:::logs",
    "arn:aws:s3:::logs/*",
    "arn:aws:s3:::logs*",
    "arn:aws:s3:::l?gs/AWSLogs/*/a",
    "arn:aws:s3:::*/AWSLogs*",
    "arn:*:s3:*:*:*",
    "arn:aws:s3",
    "arn:aws:s3:::LOGS/*",
    "arn:aws:kms:*:111111111111:key/*",
    "arn:aws:kms:eu-*:*:key/?",
    "arn:aws:cloudtrail:*:*:trail/*",
    "arn:aws:cloudtrail:eu-west-1:111111111111:trail/main",
    "arn:aws:cloudtrail:*:trail/main",
    "arn:aws:cloudtrail:us-east-1:222222222222:trail/x${*}",
    "arn:aws:s3:::logs/AWSLogs/${aws:SourceAccount}/*",
    "arn:aws:s3:::${aws:RequestTag/team, 'logs'}/*",
    "arn:aws:s3:::logs/AWSLogs/${aws:RequestTag/team}/a",
];

pub(crate) fn principals() -> Vec<Value> {
    vec![
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": "111111111111"}),
        json!({"AWS": ["arn:aws:iam::222222222222:root", ROLE]}),
        json!({"AWS": [ROLE, "111111111111"]}),
        json!({"AWS": "arn:aws:iam::222222222222:role/path/Guest"}),
        json!({"Service": "cloudtrail.amazonaws.com"}),
        json!({"Service": ["config.amazonaws.com"], "AWS": ["arn:aws:iam::111111111111:root"]}),
        json!({"Federated": "cognito-identity.amazonaws.com"}),
    ]
}

/// A condition key: its name, the families of operators that suit it, what requests give it, what policies ask of it.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) families: &'static [&'static str],
    pub(crate) given: &'static [&'static [&'static str]],
    pub(crate) wanted: &'static [&'static str],
    /// Whether it may have several values.
    pub(crate) list: bool,
}

pub(crate) const STRING: &str =
    "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike";
pub(crate) const ARN: &str = "ArnEquals ArnNotEquals ArnLike ArnNotLike";
pub(crate) const NUMERIC: &str =
    "NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals";
pub(crate) const DATE: &str =
    "DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals";
pub(crate) const ADDRESS: &str = "IpAddress NotIpAddress";

pub(crate) const KEYS: [Key; 10] = [
    Key {
        name: "aws:SourceArn",
        families: &[ARN, ARN, STRING],
        given: &[
            &["arn:aws:cloudtrail:eu-west-1:111111111111:trail/main"],
            &["arn:aws:cloudtrail:us-east-1:222222222222:trail/a:b"],
        ],
        wanted: &[
            "*",
            "arn:aws:cloudtrail:*:111111111111:trail/*",
            "arn:aws:cloudtrail:eu-west-1:111111111111:trail/main",
            "arn:aws:*:*:*:*",
            "arn:aws:cloudtrail:*:${aws:SourceAccount}:*",
            "arn:aws:cloudtrail:??-*-1:*:trail/*b",
            "arn:aws:s3:::logs",
            "arn:aws:cloudtrail:us-east-1:*:*:b",
            "arn:aws:cloudtrail:*:trail/main",
            "arn:aws:cloudtrail:*",
        ],
        list: false,
    },
    Key {
        name: "aws:SourceAccount",
        families: &[STRING],
        given: &[&["111111111111"], &["222222222222"]],
        wanted: &[
            "111111111111",
            "222222222222",
            "1*",
            "*",
            "???",
            "${aws:SourceAccount}",
            "${x:Unknown, '111111111111'}",
        ],
        list: false,
    },
    Key {
        name: "aws:RequestTag/team",
        families: &[STRING],
        given: &[&["blue"], &["b*"], &["BLUE"]],
        wanted: &["blue", "b*", "b${*}", "?lue", "Blue", "*", "${aws:RequestTag/team}", "${aws:SourceAccount, 'blue'}"],
        list: false,
    },
    Key {
        name: "aws:SecureTransport",
        families: &["Bool"],
        given: &[&["true"], &["false"]],
        wanted: &["true", "false", "True"],
        list: false,
    },
    Key {
        name: "s3:max-keys",
        families: &[NUMERIC],
        given: &[&["5"], &["10"], &["10.5"]],
        wanted: &["10", "5", "10.0", "7", "-1", "1e1"],
        list: false,
    },
    Key {
        name: "aws:CurrentTime",
        families: &[DATE],
        given: &[&["2026-01-01T00:00:00Z"], &["2026-06-30T23:59:59Z"]],
        wanted: &["2026-01-01T00:00:00Z", "2026-06-30", "1767225600", "2026-03-01T12:30:00Z", "2020-02-29"],
        list: false,
    },
    Key {
        name: "aws:SourceIp",
        families: &[ADDRESS],
        given: &[&["10.1.2.3"], &["203.0.113.7"], &["2001:db8::1"]],
        wanted: &["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "203.0.113.4/30", "203.0.113.0/25", "2001:db8::/32", "::/0"],
        list: false,
    },
    Key {
        name: "aws:TagKeys",
        families: &[STRING],
        given: &[&["a"], &["a", "b"], &["c", "A"], &[]],
        wanted: &["a", "b", "c", "A", "*", "?"],
        list: true,
    },
    Key {
        name: "aws:SourceOrgPaths",
        families: &[STRING],
        given: &[&["o-1/r-1/ou-1/"], &["o-1/r-1/ou-1/ou-2/"], &["o-2/r-2/"]],
        wanted: &["o-1/*", "o-1/r-1/ou-1/*", "o-1/r-1/ou-1/", "*/ou-?/", "o-2/r-2/*"],
        list: true,
    },
    Key {
        name: "x:Blob",
        families: &["BinaryEquals"],
        given: &[&["QQ=="], &["Qg=="]],
        wanted: &["QQ==", "Qg==", "Qw=="],
        list: false,
    },
];
