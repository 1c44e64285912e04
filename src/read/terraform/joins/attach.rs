//! What is attached: managed policies to roles, users and groups, organization policies to their targets; and policies
//! that are written in a bucket or topic, as the records that they would be.

use super::owners::{Kinds, Meant, Owners, means_the_same, note, own_condition};
use super::{Resource, aim};
use crate::read::arns::{self, Shape};
use crate::read::shape::{is_nothing, member, set, take};
use crate::read::{Content, Datum, Dialect, Record};
use crate::source::Span;
use crate::value::{Hole, Of, Text};

/// Attaches what attachments name.
pub(super) fn attachments(resources: &mut [Resource], companions: &[Record]) {
    let holders = [Kinds::ROLES, Kinds::USERS, Kinds::GROUPS].map(|kinds| Owners::of(kinds, resources));
    let policies = Owners::of(Kinds::POLICIES, resources);
    let organization = Owners::of(Kinds::ORGANIZATION_POLICIES, resources);
    let sets = Owners::of(Kinds::PERMISSION_SETS, resources);
    let [roles, users, groups] = &holders;
    for companion in companions {
        // One that could not be read may attach anything to anything.
        let at = |key: &str| aim(companion, key).filter(|value| !is_nothing(&value.content));
        let one = |key: &str| at(key).into_iter().collect::<Vec<Datum>>();
        let aims: Vec<(&Owners, Vec<Datum>)> = match &*companion.kind {
            "aws_iam_role_policy_attachment" => vec![(roles, one("role"))],
            "aws_iam_user_policy_attachment" => vec![(users, one("user"))],
            "aws_iam_group_policy_attachment" => vec![(groups, one("group"))],
            "aws_iam_policy_attachment" => {
                vec![(roles, listed(at("roles"))), (users, listed(at("users"))), (groups, listed(at("groups")))]
            }
            "aws_organizations_policy_attachment" => {
                let (Some(policy), Some(target)) = (at("policy_id"), at("target_id")) else { continue };
                attach(resources, &organization.meant(&policy), companion, "target_ids", &target);
                continue;
            }
            "aws_ssoadmin_managed_policy_attachment" => {
                let (Some(set), Some(policy)) = (at("permission_set_arn"), at("managed_policy_arn")) else { continue };
                attach(resources, &sets.meant(&set), companion, "managed_policies", &policy);
                continue;
            }
            _ => continue,
        };
        let Some(policy) = at("policy_arn") else { continue };
        for (owners, names) in aims {
            for name in names {
                let meant = owners.meant(&name);
                let surely = meant.iter().any(|(_, meant)| !matches!(meant, Meant::Perhaps(_)));
                let declared = policies.meant(&policy);
                // A role that is declared elsewhere is named by the policy, as far as that is declared here.
                match surely || declared.is_empty() || !std::ptr::eq(owners, roles) {
                    true => attach(resources, &meant, companion, "managed_policy_arns", &policy),
                    false => attach(resources, &declared, companion, "roles", &name),
                }
            }
        }
    }
}

/// The elements of a list; another value as the one that it is.
fn listed(value: Option<Datum>) -> Vec<Datum> {
    match value {
        Some(Datum { content: Content::List(items), .. }) => items,
        value => value.into_iter().collect(),
    }
}

/// Adds an element to a list of each owner.
fn attach(resources: &mut [Resource], meant: &[(usize, Meant)], companion: &Record, key: &str, element: &Datum) {
    for (place, meant) in meant {
        let Some(Resource { record, .. }) = resources.get_mut(*place) else { continue };
        let mut element = element.clone().assuming(&companion.properties.assumes);
        let mut way = match meant {
            Meant::Perhaps(why) => {
                element = Datum::unknown(why.clone(), element.span);
                Vec::new()
            }
            Meant::Surely => Vec::new(),
            Meant::If(way) => way.clone(),
        };
        way.extend(own_condition(companion, record).map(|condition| (condition, true)));
        for (condition, holds) in way.into_iter().rev() {
            let (span, absent) = (element.span, Datum::new(Content::Absent, element.span));
            let (yes, no) = if holds { (element, absent) } else { (absent, element) };
            element = Datum::new(Content::Either(condition, Box::new(yes), Box::new(no)), span);
        }
        note(record, companion);
        append(record, key, element);
    }
}

fn append(record: &mut Record, key: &str, element: Datum) {
    let list = take(&mut record.properties, key);
    let span = list.as_ref().map_or(record.span, |list| list.span);
    let value = match list.map(|list| list.value) {
        Some(Datum { content: Content::List(mut items), span, assumes }) => {
            if !items.iter().any(|item| means_the_same(item, &element) || *item == element) {
                items.push(element);
            }
            Datum { content: Content::List(items), span, assumes }
        }
        Some(list) if !is_nothing(&list.content) => {
            // What the list holds already cannot be told; that there is this one changes nothing about it.
            list
        }
        _ => Datum::new(Content::List(vec![element]), record.span),
    };
    set(&mut record.properties, key, span, value);
}

/// Makes records of the policies that buckets and topics hold themselves, where no resource holds one for them.
pub(super) fn inline_policies(resources: &mut Vec<Resource>) {
    let kinds = [
        ("aws_s3_bucket", Kinds::BUCKETS, "aws_s3_bucket_policy", "AWS::S3::BucketPolicy", "bucket"),
        ("aws_sns_topic", Kinds::TOPICS, "aws_sns_topic_policy", "AWS::SNS::TopicPolicy", "arn"),
    ];
    for (holder, owners, companion, model, aim) in kinds {
        let owners = Owners::of(owners, resources);
        let mut covered = vec![false; resources.len()];
        let companions = resources.iter().filter(|resource| &*resource.terraform == companion);
        let aims = companions.filter_map(|resource| Some((resource, member(&resource.record.properties, aim)?)));
        for (resource, aim) in aims {
            // A name that several were given says of none that this is its policy.
            let [(place, Meant::Surely)] = owners.meant(aim)[..] else { continue };
            let owner = resources.get(place).map(|owner| &owner.record);
            let conditional = owner.and_then(|owner| own_condition(&resource.record, owner)).is_some();
            if let (false, Some(covered)) = (conditional, covered.get_mut(place)) {
                *covered = true;
            }
        }
        let mut made = Vec::new();
        for (resource, covered) in resources.iter_mut().zip(covered) {
            if &*resource.terraform != holder {
                continue;
            }
            let Some(policy) = take(&mut resource.record.properties, "policy") else { continue };
            if covered || is_nothing(&policy.value.content) {
                continue;
            }
            let name = Datum::text(name_of(holder, &resource.record), resource.record.span);
            let properties = inline_policy(aim, name, policy.span, policy.value);
            let record = Record {
                dialect: Dialect::Terraform,
                kind: model.into(),
                properties,
                joined: Vec::new(),
                ..resource.record.clone()
            };
            made.push(Resource { terraform: companion.into(), record });
        }
        resources.extend(made);
    }
}

fn inline_policy(aim: &str, name: Datum, span: Span, policy: Datum) -> Datum {
    let mut properties = crate::read::shape::mapping(aim, name);
    properties.span = span;
    set(&mut properties, "policy", span, policy);
    properties
}

/// The text by which a policy names what holds it.
fn name_of(holder: &str, record: &Record) -> Text {
    let own = |attribute: &str| {
        let of = Of::Resource { address: record.address.clone(), attribute: attribute.into() };
        Text::from(Hole { instance: record.instance, of })
    };
    match holder {
        "aws_sns_topic" => {
            let shape = arns::shape("AWS::SNS::Topic", "TopicArn").unwrap_or(Shape::Hole("id"));
            arns::text(shape, &record.home, &own, &|| None)
        }
        _ => own("id"),
    }
}
