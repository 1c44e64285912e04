//! What a request asks for, and how its service says that something went wrong.

use super::http::{Request, Response};

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Asked {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) region: String,
    /// The access key of whoever asks.
    pub(super) key: String,
    /// Path and query, and the body: what tells two questions apart.
    pub(super) input: String,
}

/// The operations of S3 by their query.
const S3: [(&str, &str); 14] = [
    ("location", "GetBucketLocation"),
    ("policy", "GetBucketPolicy"),
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("ownershipControls", "GetBucketOwnershipControls"),
    ("versioning", "GetBucketVersioning"),
    ("object-lock", "GetObjectLockConfiguration"),
    ("lifecycle", "GetBucketLifecycleConfiguration"),
    ("encryption", "GetBucketEncryption"),
    ("logging", "GetBucketLogging"),
    ("acl", "GetBucketAcl"),
    ("requestPayment", "GetBucketRequestPayment"),
    ("replication", "GetBucketReplication"),
    ("tagging", "GetBucketTagging"),
    ("x-id=ListBuckets", "ListBuckets"),
];

/// The services by the prefix of their targets.
const TARGETS: [(&str, &str); 4] = [
    ("CloudTrail_20131101", "cloudtrail"),
    ("TrentService", "kms"),
    ("Logs_20140328", "logs"),
    ("AWSOrganizationsV20161128", "organizations"),
];

impl Asked {
    /// What a request asks for; the method and the target where that is not known.
    pub(super) fn of(request: &Request) -> Asked {
        let credential = request.header("authorization").split("Credential=").nth(1).unwrap_or_default();
        let scope: Vec<&str> = credential.split(',').next().unwrap_or_default().split('/').collect();
        let part = |at: usize| scope.get(at).copied().unwrap_or_default().to_owned();
        let unknown = || (part(3), format!("{} {}", request.method, request.target));
        let target = request.header("x-amz-target");
        let body = request.text();
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let (service, operation) = if let Some((prefix, operation)) = target.rsplit_once('.') {
            let service =
                TARGETS.iter().find(|(known, _)| prefix.ends_with(known)).map_or(prefix, |(_, service)| service);
            (service.to_owned(), operation.to_owned())
        } else if let Some(action) = body.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
            (part(3), action.to_owned())
        } else if request.method == "POST" && path == "/listRegions" {
            ("account".to_owned(), "ListRegions".to_owned())
        } else if request.method == "GET" && path == "/v20180820/configuration/publicAccessBlock" {
            ("s3control".to_owned(), "GetPublicAccessBlock".to_owned())
        } else if request.method == "GET" && part(3) == "s3" {
            let asks = |name: &str| query.split('&').any(|pair| pair == name || pair.split('=').next() == Some(name));
            match S3.iter().find(|(name, _)| asks(name)) {
                Some((_, operation)) => ("s3".to_owned(), (*operation).to_owned()),
                None => unknown(),
            }
        } else {
            unknown()
        };
        Asked { service, operation, region: part(2), key: part(0), input: format!("{} {body}", request.target) }
    }

    pub(super) fn is(&self, service: &str, operation: &str) -> bool {
        self.service == service && self.operation == operation
    }

    /// An error as the service words it.
    pub(super) fn error(&self, status: u16, code: &str, message: &str) -> Response {
        match self.service.as_str() {
            "s3" => Response::new(
                status,
                "application/xml",
                format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"),
            ),
            "s3control" | "sns" | "iam" | "sts" => Response::new(
                status,
                "text/xml",
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                     <RequestId>r</RequestId></ErrorResponse>"
                ),
            ),
            "account" => Response::new(status, "application/json", serde_json::json!({"message": message}).to_string())
                .with("x-amzn-errortype", code),
            _ => Response::new(
                status,
                "application/x-amz-json-1.1",
                serde_json::json!({"__type": code, "message": message}).to_string(),
            ),
        }
    }
}
