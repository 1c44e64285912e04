//! What the local AWS does otherwise than AWS, as far as the examples meet it, with reasons. What is no longer met fails
//! the test.

use super::http::{Request, Response};
use super::peer;
use super::wire::Asked;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Mutex;
use trailproof::judge::Answer;

/// Examples that cannot be applied: whole pages, or one section of them.
pub(super) const NOT_APPLIED: [(&str, &str); 14] = [
    ("bucket_requester_pays, Fires", "requester pays cannot be turned on"),
    ("organization_delegated_admin_unexpected", "nobody can be made an administrator of CloudTrail"),
    ("store_ingestion_stopped", NO_STORES),
    ("store_key_blocks_ingestion", NO_STORES),
    ("store_management_events_partial", NO_STORES),
    ("store_not_organization", NO_STORES),
    ("store_open", NO_STORES),
    ("store_retention_short", NO_STORES),
    ("store_single_region", NO_STORES),
    ("store_unprotected", NO_STORES),
    ("store_without_kms_key", NO_STORES),
    ("store_without_required_tags", NO_STORES),
    ("trail_log_group_without_role, Stays silent", "a variable has no value, and the state of another root is read"),
    ("trail_without_global_events, Fires", "AWS refuses it, too: a trail of every Region has global events"),
];

const NO_STORES: &str = "there are no event data stores";

/// Verdicts of the linter that the account does not bear out: the check, what the linter says, what the scan says (none
/// where it says nothing), and why.
pub(super) const OTHERWISE: [(&str, Answer, Option<Answer>, &str); 9] = [
    ("bucket_public_access_unstated", Answer::Fail, Some(Answer::NotApplicable), UNSTATED),
    ("bucket_public_access_unstated", Answer::Pass, Some(Answer::NotApplicable), UNSTATED),
    ("policy_grants_tampering", Answer::Fail, Some(Answer::NotApplicable), IDENTITIES),
    ("policy_grants_tampering", Answer::Pass, Some(Answer::NotApplicable), IDENTITIES),
    ("trail_log_group_arn_incomplete", Answer::Fail, Some(Answer::NotApplicable), ACCEPTED),
    ("trail_log_group_arn_incomplete", Answer::Pass, Some(Answer::NotApplicable), ACCEPTED),
    ("organization_leavable", Answer::Fail, Some(Answer::NotApplicable), LEAVABLE),
    ("organization_leavable", Answer::Pass, Some(Answer::NotApplicable), LEAVABLE),
    (
        "bucket_public",
        Answer::Fail,
        Some(Answer::Pass),
        "AWS does not take the policy while Block Public Access is on, which the local AWS does not see to",
    ),
];

const UNSTATED: &str =
    "the check asks what the source leaves to AWS; what exists leaves nothing, and another check asks how it is";
const ACCEPTED: &str = "the check asks what CloudTrail accepts, and what exists was accepted";
const IDENTITIES: &str = "who may silence a trail in an account is asked of its identities, by identity_can_tamper";
const LEAVABLE: &str = "of an organization that exists the question is asked once, of the organization";

/// Answers that AWS gives otherwise: service, operation, what the local AWS says, and what AWS says. An error is answered
/// in its place; of an answer, the part is another.
const CORRECTED: [(&str, &str, &str, &str); 6] = [
    // Every new bucket is encrypted, private, and without access control lists.
    (
        "s3",
        "GetBucketEncryption",
        "ServerSideEncryptionConfigurationNotFoundError",
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
         </ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
    ),
    (
        "s3",
        "GetPublicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
         <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>\
         </PublicAccessBlockConfiguration>",
    ),
    (
        "s3",
        "GetBucketOwnershipControls",
        "OwnershipControlsNotFoundError",
        "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>",
    ),
    // A default retention has one unit.
    ("s3", "GetObjectLockConfiguration", "<Days>0</Days>", ""),
    ("s3", "GetObjectLockConfiguration", "<Years>0</Years>", ""),
    // A trail without selectors has this one.
    (
        "cloudtrail",
        "GetEventSelectors",
        r#""EventSelectors": [], "AdvancedEventSelectors": []"#,
        r#""EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": true}]"#,
    ),
];

/// The places in the list of what was corrected so far.
static MET: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// The corrections that no answer needed.
pub(super) fn unmet() -> Vec<String> {
    let met = MET.lock().unwrap();
    let unmet = CORRECTED.iter().enumerate().filter(|(at, _)| !met.contains(at));
    unmet.map(|(_, (_, operation, wrong, _))| format!("{operation} never answers {wrong}")).collect()
}

/// What AWS answers in an account with these Regions, and with nothing that the local AWS cannot make.
pub(super) fn answer(asked: &Asked, request: &Request, port: u16, regions: &BTreeSet<String>) -> Response {
    let body = match (asked.service.as_str(), asked.operation.as_str()) {
        ("account", "ListRegions") => {
            let region = |name: &String| json!({"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT"});
            json!({"Regions": regions.iter().map(region).collect::<Vec<_>>()})
        }
        ("cloudtrail", "ListEventDataStores" | "ListChannels") => json!({}),
        ("organizations", "ListDelegatedAdministrators") => json!({}),
        _ => {
            let own = peer::answer(asked, request, port);
            return corrected(asked, own.unwrap_or_else(|| request.forward(port).unwrap()));
        }
    };
    Response::new(200, "application/x-amz-json-1.1", body.to_string())
}

fn corrected(asked: &Asked, answer: Response) -> Response {
    let mut answer = answer;
    for (at, (service, operation, wrong, right)) in CORRECTED.iter().enumerate() {
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        if asked.is(service, operation) && said.contains(wrong) {
            MET.lock().unwrap().insert(at);
            if answer.status == 200 {
                answer.body = said.replace(wrong, right).into();
            } else {
                answer = Response::new(200, "application/xml", *right);
            }
        }
    }
    answer
}
