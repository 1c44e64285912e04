//! The checks.
//!
//! A check is one small pure function over one subject, in a file of its name, beside its page in `checks/`. To add one,
//! write both and add two lines here: the `mod` and the row of the list.

use crate::model::{
    Account, Bucket, Cx, DelegatedAdministrator, Identity, Key, Live, LogGroup, Membership, Organization,
    OrganizationPolicy, Planned, Store, Topic, Trail,
};
use crate::page::{Page, Severity};
use crate::value::Verdict;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

mod account_logging_gap;
mod account_trail_changes_seen;
mod account_trail_quota;
mod account_trail_tampering_seen;
mod account_unrecorded;
mod account_without_trail;
mod bucket_acl_grant_without_source_guard;
mod bucket_acls_enabled;
mod bucket_allows_plain_http;
mod bucket_destroyable;
mod bucket_expires_logs_early;
mod bucket_in_trail_account;
mod bucket_lock_bypassable;
mod bucket_logs_deletable;
mod bucket_logs_to_itself;
mod bucket_missing;
mod bucket_not_replicated;
mod bucket_policy_blocks_delivery;
mod bucket_policy_missing;
mod bucket_policy_without_source_guard;
mod bucket_public;
mod bucket_public_access_not_blocked;
mod bucket_public_access_unstated;
mod bucket_readable_by_others;
mod bucket_requester_pays;
mod bucket_retention_short;
mod bucket_without_access_logging;
mod bucket_without_kms_encryption;
mod bucket_without_lifecycle;
mod bucket_without_mfa_delete;
mod bucket_without_object_lock;
mod bucket_without_versioning;
mod bucket_writable_by_others;
mod identity_can_tamper;
mod key_decryptable_by_others;
mod key_deletion_window_short;
mod key_in_other_region;
mod key_open;
mod key_policy_blocks_cloudtrail;
mod key_policy_without_source_guard;
mod key_rotation_off;
mod key_unusable;
mod log_group_key_blocks_logs;
mod log_group_missing;
mod log_group_open;
mod log_group_retention_short;
mod log_group_without_kms_key;
mod organization_delegated_admin_unexpected;
mod organization_leavable;
mod organization_management_account_exposed;
mod organization_trail_unprotected;
mod organization_without_trail;
mod policy_grants_tampering;
mod rcp_blocks_delivery;
mod role_cannot_deliver;
mod role_too_broad;
mod role_without_source_identity;
mod scp_exempts_broadly;
mod scp_ineffective;
mod scp_misses_actions;
mod scp_unattached;
mod store_ingestion_stopped;
mod store_key_blocks_ingestion;
mod store_management_events_partial;
mod store_not_organization;
mod store_open;
mod store_retention_short;
mod store_single_region;
mod store_unprotected;
mod store_without_kms_key;
mod store_without_required_tags;
mod topic_blocks_cloudtrail;
mod topic_open;
mod topic_without_kms_key;
mod topic_without_source_guard;
mod trail_before_bucket_policy;
mod trail_data_event_types_missing;
mod trail_delivery_failing;
mod trail_delivery_stale;
mod trail_digest_delivery_failing;
mod trail_duplicate_management_events;
mod trail_dynamodb_events_missing;
mod trail_event_sources_excluded;
mod trail_lambda_events_missing;
mod trail_log_group_arn_incomplete;
mod trail_log_group_delivery_failing;
mod trail_log_group_without_role;
mod trail_logs_its_own_bucket;
mod trail_management_events_narrowed;
mod trail_management_events_partial;
mod trail_network_activity_missing;
mod trail_not_organization;
mod trail_notification_failing;
mod trail_removed_by_plan;
mod trail_s3_read_events_missing;
mod trail_s3_write_events_missing;
mod trail_selector_matches_nothing;
mod trail_single_region;
mod trail_stopped;
mod trail_weakened_by_plan;
mod trail_without_cloudwatch_logs;
mod trail_without_global_events;
mod trail_without_insights;
mod trail_without_kms_key;
mod trail_without_log_validation;
mod trail_without_management_events;
mod trail_without_required_tags;
mod trail_without_sns_topic;

/// What a check judges.
#[derive(Clone, Copy)]
pub enum Run {
    /// A trail.
    Trail(for<'a> fn(&Cx<'a>, &'a Trail) -> Verdict),
    /// An event data store.
    Store(for<'a> fn(&Cx<'a>, &'a Store) -> Verdict),
    /// A bucket that holds the logs.
    Bucket(for<'a> fn(&Cx<'a>, &'a Bucket) -> Verdict),
    /// Such a bucket too, and the bucket of a policy that is declared without it.
    BucketPolicy(for<'a> fn(&Cx<'a>, &'a Bucket) -> Verdict),
    /// A key that encrypts them.
    Key(for<'a> fn(&Cx<'a>, &'a Key) -> Verdict),
    /// A log group that receives the events.
    LogGroup(for<'a> fn(&Cx<'a>, &'a LogGroup) -> Verdict),
    /// A topic that announces deliveries.
    Topic(for<'a> fn(&Cx<'a>, &'a Topic) -> Verdict),
    /// A role by which a trail writes to its log group.
    Role(for<'a> fn(&Cx<'a>, &'a Identity) -> Verdict),
    /// Any role, user, group or policy of them.
    Identity(for<'a> fn(&Cx<'a>, &'a Identity) -> Verdict),
    /// A policy of an organization.
    OrganizationPolicy(for<'a> fn(&Cx<'a>, &'a OrganizationPolicy) -> Verdict),
    /// An organization, and each of its policies.
    Membership(for<'a> fn(&Cx<'a>, Membership<'a>) -> Verdict),
    /// A member account.
    Account(for<'a> fn(&Cx<'a>, &'a Account) -> Verdict),
    /// An account that administers CloudTrail for its organization.
    DelegatedAdministrator(for<'a> fn(&Cx<'a>, &'a DelegatedAdministrator) -> Verdict),
    /// An organization.
    Organization(for<'a> fn(&Cx<'a>, &'a Organization) -> Verdict),
    /// An account whose evidence is read.
    Live(for<'a> fn(&Cx<'a>, &'a Live) -> Verdict),
    /// A trail of such an account: what its status and what it names show.
    LiveTrail(for<'a> fn(&Cx<'a>, &'a Trail) -> Verdict),
    /// What holds the audit trail and is there before a plan, which may remove it.
    Removal(for<'a> fn(&Cx<'a>, &'a Planned) -> Verdict),
    /// Anything that is judged before a plan and after it.
    Weakening(for<'a> fn(&Cx<'a>, &'a Planned) -> Verdict),
}

/// A check.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its one name.
    pub id: &'static str,
    /// Its page.
    pub page: Page,
    /// Its function.
    pub run: Run,
}

impl Check {
    /// Where its page can be read.
    pub fn address(&self) -> String {
        format!("{}/blob/main/checks/{}.md", env!("CARGO_PKG_REPOSITORY"), self.id)
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

macro_rules! check {
    ($id:ident, $subject:ident) => {
        Check {
            id: stringify!($id),
            page: Page::parse(include_str!(concat!("../checks/", stringify!($id), ".md"))),
            run: Run::$subject($id::run),
        }
    };
}

/// Every check, in the order of their names.
pub static ALL: &[Check] = &[
    check!(account_logging_gap, Live),
    check!(account_trail_changes_seen, Live),
    check!(account_trail_quota, Live),
    check!(account_trail_tampering_seen, Live),
    check!(account_unrecorded, Live),
    check!(account_without_trail, Live),
    check!(bucket_acl_grant_without_source_guard, BucketPolicy),
    check!(bucket_acls_enabled, Bucket),
    check!(bucket_allows_plain_http, BucketPolicy),
    check!(bucket_destroyable, Bucket),
    check!(bucket_expires_logs_early, Bucket),
    check!(bucket_in_trail_account, Trail),
    check!(bucket_lock_bypassable, Bucket),
    check!(bucket_logs_deletable, BucketPolicy),
    check!(bucket_logs_to_itself, Bucket),
    check!(bucket_missing, LiveTrail),
    check!(bucket_not_replicated, Bucket),
    check!(bucket_policy_blocks_delivery, BucketPolicy),
    check!(bucket_policy_missing, Bucket),
    check!(bucket_policy_without_source_guard, BucketPolicy),
    check!(bucket_public, BucketPolicy),
    check!(bucket_public_access_not_blocked, Bucket),
    check!(bucket_public_access_unstated, Bucket),
    check!(bucket_readable_by_others, BucketPolicy),
    check!(bucket_requester_pays, Bucket),
    check!(bucket_retention_short, Bucket),
    check!(bucket_without_access_logging, Bucket),
    check!(bucket_without_kms_encryption, Bucket),
    check!(bucket_without_lifecycle, Bucket),
    check!(bucket_without_mfa_delete, Bucket),
    check!(bucket_without_object_lock, Bucket),
    check!(bucket_without_versioning, Bucket),
    check!(bucket_writable_by_others, BucketPolicy),
    check!(identity_can_tamper, Identity),
    check!(key_decryptable_by_others, Key),
    check!(key_deletion_window_short, Key),
    check!(key_in_other_region, Trail),
    check!(key_open, Key),
    check!(key_policy_blocks_cloudtrail, Key),
    check!(key_policy_without_source_guard, Key),
    check!(key_rotation_off, Key),
    check!(key_unusable, Key),
    check!(log_group_key_blocks_logs, LogGroup),
    check!(log_group_missing, LiveTrail),
    check!(log_group_open, LogGroup),
    check!(log_group_retention_short, LogGroup),
    check!(log_group_without_kms_key, LogGroup),
    check!(organization_delegated_admin_unexpected, DelegatedAdministrator),
    check!(organization_leavable, Membership),
    check!(organization_management_account_exposed, Organization),
    check!(organization_trail_unprotected, Account),
    check!(organization_without_trail, Organization),
    check!(policy_grants_tampering, Identity),
    check!(rcp_blocks_delivery, OrganizationPolicy),
    check!(role_cannot_deliver, Role),
    check!(role_too_broad, Role),
    check!(role_without_source_identity, Identity),
    check!(scp_exempts_broadly, OrganizationPolicy),
    check!(scp_ineffective, OrganizationPolicy),
    check!(scp_misses_actions, OrganizationPolicy),
    check!(scp_unattached, OrganizationPolicy),
    check!(store_ingestion_stopped, Store),
    check!(store_key_blocks_ingestion, Store),
    check!(store_management_events_partial, Store),
    check!(store_not_organization, Store),
    check!(store_open, Store),
    check!(store_retention_short, Store),
    check!(store_single_region, Store),
    check!(store_unprotected, Store),
    check!(store_without_kms_key, Store),
    check!(store_without_required_tags, Store),
    check!(topic_blocks_cloudtrail, Topic),
    check!(topic_open, Topic),
    check!(topic_without_kms_key, Topic),
    check!(topic_without_source_guard, Topic),
    check!(trail_before_bucket_policy, Trail),
    check!(trail_data_event_types_missing, Trail),
    check!(trail_delivery_failing, LiveTrail),
    check!(trail_delivery_stale, LiveTrail),
    check!(trail_digest_delivery_failing, LiveTrail),
    check!(trail_duplicate_management_events, Trail),
    check!(trail_dynamodb_events_missing, Trail),
    check!(trail_event_sources_excluded, Trail),
    check!(trail_lambda_events_missing, Trail),
    check!(trail_log_group_arn_incomplete, Trail),
    check!(trail_log_group_delivery_failing, LiveTrail),
    check!(trail_log_group_without_role, Trail),
    check!(trail_logs_its_own_bucket, Trail),
    check!(trail_management_events_narrowed, Trail),
    check!(trail_management_events_partial, Trail),
    check!(trail_network_activity_missing, Trail),
    check!(trail_not_organization, Trail),
    check!(trail_notification_failing, LiveTrail),
    check!(trail_removed_by_plan, Removal),
    check!(trail_s3_read_events_missing, Trail),
    check!(trail_s3_write_events_missing, Trail),
    check!(trail_selector_matches_nothing, Trail),
    check!(trail_single_region, Trail),
    check!(trail_stopped, Trail),
    check!(trail_weakened_by_plan, Weakening),
    check!(trail_without_cloudwatch_logs, Trail),
    check!(trail_without_global_events, Trail),
    check!(trail_without_insights, Trail),
    check!(trail_without_kms_key, Trail),
    check!(trail_without_log_validation, Trail),
    check!(trail_without_management_events, Trail),
    check!(trail_without_required_tags, Trail),
    check!(trail_without_sns_topic, Trail),
];

/// The check of a name.
/// A check with another severity. Each is made once, so that however often it is asked for, no more than four of each are kept.
pub fn with_severity(check: &'static Check, severity: Severity) -> &'static Check {
    static MADE: Mutex<BTreeMap<(&str, Severity), &'static Check>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((check.id, severity)).or_insert_with(|| {
        let page = Page { severity, ..check.page };
        Box::leak(Box::new(Check { page, ..*check }))
    })
}

/// The check of an id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().find(|check| check.id == id)
}
