//! What a bucket says of itself and by its companions, brought to one shape: that of the companions of today's provider,
//! each below the name of its type (facts of the provider's schema, versions 3 to 6).

use super::{pairs, positive};
use crate::read::shape::{each_block, is_nothing, mapping, member, one_block, replace_texts, set, take, words};
use crate::read::{Content, Datum};
use crate::value::{Text, Why, WhyKind};

/// The settings of Block Public Access: what such a companion leaves out is off.
const PUBLIC_ACCESS: [&str; 4] =
    ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"];

/// Brings what is written in the bucket itself below the names of companions.
pub(super) fn inline(bucket: &mut Datum) {
    let mut block = |inline: &str, companion: &str, change: &dyn Fn(Datum) -> Datum| {
        let Some(written) = take(bucket, inline) else { return };
        if !is_nothing(&written.value.content) {
            let mut value = change(written.value);
            smooth(companion, &mut value);
            set(bucket, companion, written.span, value);
        }
    };
    block("versioning", "aws_s3_bucket_versioning", &|blocks| {
        let mut versioning = one_block(blocks);
        each_block(&mut versioning, &|versioning| {
            let span = versioning.span;
            let enabled = take(versioning, "enabled").map_or_else(|| Datum::text("false", span), |it| it.value);
            let mut configuration = mapping("status", words(enabled, "Enabled", "Suspended"));
            if let Some(mfa) = take(versioning, "mfa_delete") {
                set(&mut configuration, "mfa_delete", mfa.span, words(mfa.value, "Enabled", "Disabled"));
            }
            *versioning = Datum { span, ..mapping("versioning_configuration", configuration) };
        });
        versioning
    });
    block("server_side_encryption_configuration", "aws_s3_bucket_server_side_encryption_configuration", &one_block);
    block("logging", "aws_s3_bucket_logging", &one_block);
    block("object_lock_configuration", "aws_s3_bucket_object_lock_configuration", &one_block);
    block("request_payer", "aws_s3_bucket_request_payment_configuration", &|payer| mapping("payer", payer));
    block("acl", "aws_s3_bucket_acl", &|acl| mapping("acl", acl));
    block("grant", "aws_s3_bucket_acl", &|grants| mapping("grant", grants));
    block("replication_configuration", "aws_s3_bucket_replication_configuration", &|blocks| {
        let mut replication = one_block(blocks);
        each_block(&mut replication, &|replication| {
            if let Some(rules) = take(replication, "rules") {
                set(replication, "rule", rules.span, rules.value);
            }
        });
        replication
    });
    block("lifecycle_rule", "aws_s3_bucket_lifecycle_configuration", &|mut rules| {
        each_block(&mut rules, &legacy_rule);
        mapping("rule", rules)
    });
}

/// Brings what a companion says to the shape that the model asks for.
pub(super) fn smooth(kind: &str, companion: &mut Datum) {
    each_block(companion, &|companion| match kind {
        "aws_s3_bucket_public_access_block" => {
            for setting in PUBLIC_ACCESS {
                default(companion, setting, "false");
            }
        }
        "aws_s3_bucket_object_lock_configuration" => {
            default(companion, "object_lock_enabled", "Enabled");
            if let Some(rule) = member_mut(companion, "rule") {
                each_block(rule, &|rule| {
                    if let Some(retention) = member_mut(rule, "default_retention") {
                        each_block(retention, &|retention| without_noughts(retention, &["days", "years"]));
                    }
                });
            }
        }
        "aws_s3_bucket_lifecycle_configuration" | "aws_s3_bucket_replication_configuration" => {
            if let Some(rules) = member_mut(companion, "rule") {
                each_block(rules, &rule);
            }
        }
        "aws_s3_bucket_acl" => acl(companion),
        _ => {}
    });
}

fn member_mut<'d>(map: &'d mut Datum, key: &str) -> Option<&'d mut Datum> {
    let Content::Map { members, .. } = &mut map.content else { return None };
    members.iter_mut().find(|member| &*member.key == key).map(|member| &mut member.value)
}

/// Writes what the provider sends where nothing is written. What is only read in part may say otherwise.
fn default(map: &mut Datum, key: &str, value: &str) {
    if matches!(map.content, Content::Map { rest: Some(_), .. }) {
        return;
    }
    if member(map, key).is_none_or(|written| is_nothing(&written.content)) {
        set(map, key, map.span, Datum::text(value, map.span));
    }
}

fn without_noughts(map: &mut Datum, keys: &[&str]) {
    for key in keys {
        if let Some(number) = take(map, key) {
            set(map, key, number.span, positive(number.value));
        }
    }
}

/// A rule that is written in the bucket: like one of the companion, with other words.
fn legacy_rule(rule: &mut Datum) {
    if let Some(enabled) = take(rule, "enabled") {
        set(rule, "status", enabled.span, words(enabled.value, "Enabled", "Disabled"));
    }
    let mut filter = Datum::new(Content::Map { members: Vec::new(), rest: None }, rule.span);
    if let Some(prefix) = take(rule, "prefix") {
        set(&mut filter, "prefix", prefix.span, prefix.value);
    }
    if let Some(tags) = take(rule, "tags") {
        set(&mut filter, "tags", tags.span, tags.value);
    }
    set(rule, "filter", rule.span, mapping("and", filter));
    if let Some(noncurrent) = member_mut(rule, "noncurrent_version_expiration") {
        each_block(noncurrent, &|noncurrent| {
            if let Some(days) = take(noncurrent, "days") {
                set(noncurrent, "noncurrent_days", days.span, days.value);
            }
        });
    }
}

/// A lifecycle rule: its filter says in one place what it may say in three, and nought is nothing.
fn rule(rule: &mut Datum) {
    // A prefix may stand beside the filter, where there is none.
    let beside = take(rule, "prefix").filter(|prefix| !is_nothing(&prefix.value.content));
    if let Some(filter) = member_mut(rule, "filter") {
        each_block(filter, &|filter| {
            if let Some(all) = take(filter, "and") {
                let mut all = one_block(all.value);
                match &mut all.content {
                    Content::Map { members, .. } => {
                        for member in std::mem::take(members) {
                            if !is_nothing(&member.value.content) {
                                set(filter, &member.key, member.span, member.value);
                            }
                        }
                    }
                    Content::Absent => {}
                    // Which objects the rule is for hangs on what cannot be told.
                    other => {
                        let why = match other {
                            Content::Either(condition, ..) => Why::condition(condition.clone()),
                            Content::Unknown(why) | Content::OneOf { why, .. } => why.clone(),
                            _ => Why::new(WhyKind::Unsupported, "and", "this is no block of a filter"),
                        };
                        set(filter, "prefix", all.span, Datum::unknown(why, all.span));
                    }
                }
            }
            if let Some(tags) = take(filter, "tags") {
                let tags_as_list = pairs(tags.value);
                if !is_nothing(&tags_as_list.content) {
                    set(filter, "tag", tags.span, tags_as_list);
                }
            }
            without_noughts(filter, &["object_size_greater_than", "object_size_less_than"]);
        });
    }
    if let Some(prefix) = beside {
        let written = member(rule, "filter").is_some_and(|filter| !is_nothing(&filter.content));
        if !written {
            set(rule, "filter", prefix.span, mapping("prefix", prefix.value));
        }
    }
    let numbers: [(&str, &[&str]); 2] = [
        ("expiration", &["days"]),
        ("noncurrent_version_expiration", &["noncurrent_days", "newer_noncurrent_versions"]),
    ];
    for (block, keys) in numbers {
        if let Some(block) = member_mut(rule, block) {
            each_block(block, &|block| without_noughts(block, keys));
        }
    }
}

/// Groups that are everyone, everyone with an account, and S3's own log delivery.
const EVERYONE: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// An ACL as the canned one that it is, or that lets in the same groups.
fn acl(companion: &mut Datum) {
    let policy = take(companion, "access_control_policy").map(|policy| one_block(policy.value));
    let grants = policy.and_then(|mut policy| take(&mut policy, "grant")).or_else(|| take(companion, "grant"));
    let grants = grants.filter(|grants| !is_nothing(&grants.value.content));
    match (take(companion, "acl"), grants) {
        (Some(acl), None) => set(companion, "acl", acl.span, replace_texts(acl.value, &canned)),
        (acl, Some(grants)) => {
            let place = acl.map_or(grants.span, |acl| acl.span);
            set(companion, "acl", place, granted(&grants.value));
        }
        (None, None) => {}
    }
}

/// `public-read` as the API of CloudFormation spells it: `PublicRead`.
fn canned(acl: &Text) -> Option<Content> {
    let words = acl.literal()?.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    Some(Content::Text { text: Text::from(&*words.collect::<String>()), plain: false })
}

/// The canned ACL that lets in the same groups as grants do.
fn granted(grants: &Datum) -> Datum {
    let Content::List(items) = &grants.content else {
        return match &grants.content {
            Content::Unknown(_) => grants.clone(),
            _ => Datum::unknown(Why::new(WhyKind::Unsupported, "grant", "these are no grants"), grants.span),
        };
    };
    let mut found = Datum::text("Private", grants.span);
    let mut unsure: Option<Datum> = None;
    let mut delivers = false;
    for grant in items.iter().filter(|grant| grant.content != Content::Absent) {
        let grantee = member(grant, "grantee").cloned().map_or_else(|| grant.clone(), one_block);
        let uri = member(&grantee, "uri").filter(|uri| !is_nothing(&uri.content));
        let undecided = match &grantee.content {
            Content::Either(condition, ..) => Some(Why::condition(condition.clone())),
            Content::Unknown(why) | Content::OneOf { why, .. } => Some(why.clone()),
            _ => None,
        };
        let word = match (uri.map(Datum::as_text), undecided) {
            (_, Some(why)) => {
                unsure.get_or_insert(Datum::unknown(why, grant.span));
                continue;
            }
            (None, None) => continue,
            (Some(uri), None) => match (uri.literal(), uri.why()) {
                (Some(EVERYONE), _) if writes(grant) => "PublicReadWrite",
                (Some(EVERYONE), _) => "PublicRead",
                (Some(AUTHENTICATED), _) => "AuthenticatedRead",
                (Some(DELIVERY), _) if writes(grant) => "LogDeliveryWrite",
                (Some(_), _) => continue,
                (None, why) => {
                    let other = || Why::new(WhyKind::Unsupported, "uri", "this is no group");
                    unsure.get_or_insert(Datum::unknown(why.unwrap_or_else(other), grant.span));
                    continue;
                }
            },
        };
        let place = uri.map_or(grant.span, |uri| uri.span);
        delivers |= word == "LogDeliveryWrite";
        // Writing is more than reading, and everyone is more than everyone with an account.
        match found.as_text().literal() {
            Some("PublicReadWrite") => {}
            Some("PublicRead") if word == "AuthenticatedRead" => {}
            // What everyone may do says more than that log delivery writes.
            Some("PublicRead" | "AuthenticatedRead") if word == "LogDeliveryWrite" => {}
            _ => found = Datum::text(word, place),
        }
    }
    // Whoever else is let in, what everyone may do stays.
    match (found.as_text().literal(), unsure) {
        (Some("Private" | "LogDeliveryWrite"), Some(unsure)) => unsure,
        (Some(public), _) if delivers && public != "LogDeliveryWrite" => {
            Datum::text(format!("{public}, LogDeliveryWrite").as_str(), found.span)
        }
        (Some(public), Some(unsure)) => {
            let public = Text::from(format!("{public}, ").as_str());
            Datum::text(Text::concat([&public, &unsure.as_text()]), found.span)
        }
        _ => found,
    }
}

/// Whether a grant is more than reading.
fn writes(grant: &Datum) -> bool {
    let is_write = |value: &Datum| !matches!(value.as_text().literal(), Some("READ" | "READ_ACP"));
    let listed = member(grant, "permissions").is_some_and(|all| match &all.content {
        Content::List(items) => items.iter().any(is_write),
        _ => true,
    });
    listed || member(grant, "permission").is_some_and(is_write)
}
