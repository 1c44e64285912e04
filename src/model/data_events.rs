//! Which data events and network activity events the trails of a scope record together.
//!
//! As for management events, the question is asked of events that stand for all others (`events.rs`): of a type of
//! resources, one event of every ARN that the selectors mention, and of one that they do not.

use super::coverage::{Reading, Union, has_star};
use super::dead::service_of;
use super::events::events;
use super::selectors::{FRESH, Rule, field, mentioned};
use super::{Declared, Trail};
use crate::value::{Piece, Text, Truth};
use std::collections::BTreeSet;

const OBJECTS: &str = "AWS::S3::Object";

/// What stands between the account and the name in ARNs of types whose every resource one ARN may mean.
const KINDS: [(&str, &str); 3] =
    [("AWS::Lambda::Function", "function:"), ("AWS::DynamoDB::Table", "table/"), ("AWS::DynamoDB::Stream", "table/")];

/// What network activity events of refused calls carry: selectors take no other error code (aws-facts §2.3).
const REFUSED: &str = "VpceAccessDenied";

impl<'a> Union<'a> {
    /// Whether the reads or writes of every resource of a type are recorded; of objects, those of the trails' own buckets
    /// aside.
    pub fn all_of_type(&self, kind: &str, reading: Reading) -> Truth {
        let about = |rule: &&Rule| {
            rule.may_be("Data") && !rule.field(field::TYPE).is_some_and(|of| of.rules_out(field::TYPE, kind))
        };
        let rules: Vec<&Rule> = self.rules().filter(about).collect();
        let named = mentioned(rules.iter().copied(), field::ARN);
        let begun = beginning(kind, &named);
        let own = self.own_buckets(kind);
        let is_own = |arn: &Text| own.iter().any(|bucket| arn.strip_text(&objects_of(bucket)).is_some());
        let counts = |arn: &Text| !arn.starts_with(&begun).is_false() && is_named(kind, arn) && !is_own(arn);
        let given = [
            (field::CATEGORY, vec!["Data".into()]),
            (field::TYPE, vec![kind.into()]),
            (field::READ_ONLY, vec![reading.read_only().into()]),
            (field::ARN, named.into_iter().filter(counts).chain(self.unnamed(kind, &begun)).collect()),
        ];
        let partition = self.members.iter().find_map(|(trail, _)| trail.partition()).map(|own| vec![own.into()]);
        let given: Vec<_> = given.into_iter().chain(partition.map(|own| (field::PARTITION, own))).collect();
        match events(&rules, &given) {
            // What is left out may be the trail's own bucket where that bucket's name is not known.
            Ok(events) => Truth::all(events.iter().map(|event| {
                let fresh = format!("{begun}{FRESH}");
                let arn = event.get(field::ARN).and_then(Text::literal);
                let generic = arn.is_some_and(|arn| arn.starts_with(&fresh));
                // What a selector names may be of another type where it is not known, too.
                let foreign =
                    event.get(field::ARN).filter(|arn| !arn.starts_with(&begun).is_true()).and_then(Text::why);
                match (self.matches(event), own.iter().find_map(Text::why).or(foreign)) {
                    (Truth::False(_), Some(why)) if !generic => Truth::unknown(why),
                    (truth, _) => truth,
                }
            })),
            Err(why) => Truth::unknown(why),
        }
    }

    /// Whether calls to a service through every VPC endpoint are recorded, or at least those that its policy refuses.
    pub fn network_activity(&self, source: &str) -> Truth {
        let rules: Vec<&Rule> = self.rules().filter(|rule| rule.may_be("NetworkActivity")).collect();
        let given = [
            (field::CATEGORY, vec!["NetworkActivity".into()]),
            (field::SOURCE, vec![source.into()]),
            (field::ERROR_CODE, vec![REFUSED.into()]),
        ];
        match events(&rules, &given) {
            Ok(events) => Truth::all(events.iter().map(|event| self.matches(event))),
            Err(why) => Truth::unknown(why),
        }
    }

    fn own_buckets(&self, kind: &str) -> Vec<Text> {
        let all = self.members.iter().filter(|_| kind == OBJECTS);
        all.flat_map(|(trail, _)| trail.bucket.candidates()).flatten().cloned().collect()
    }

    /// ARNs of resources that the selectors do not name: where every trail records its own Region alone, one of each of these,
    /// else one of a Region that nothing names.
    fn unnamed(&self, kind: &str, begun: &str) -> BTreeSet<Text> {
        if kind == OBJECTS {
            return BTreeSet::from([format!("{begun}{FRESH}/{FRESH}").as_str().into()]);
        }
        let Some((_, before)) = KINDS.iter().find(|(known, _)| *known == kind) else {
            return BTreeSet::from([format!("{begun}{FRESH}").as_str().into()]);
        };
        let fresh = Text::from(FRESH);
        let arn = |trail: &Trail| {
            let Declared { home, .. } = &trail.at;
            let region = if trail.multi_region.is(true).is_false() { &home.region } else { &fresh };
            let account = if trail.organization.is(true).is_false() { &home.account } else { &fresh };
            let tail = format!(":{before}{FRESH}");
            Text::concat([&begun.into(), region, &":".into(), account, &tail.as_str().into()])
        };
        let widest = self.members.iter().filter(|(trail, _)| !trail.multi_region.is(true).is_false());
        let widest: BTreeSet<Text> = widest.map(|(trail, _)| arn(trail)).collect();
        if widest.is_empty() { self.members.iter().map(|(trail, _)| arn(trail)).collect() } else { widest }
    }
}

/// What the ARNs of the objects of a bucket begin with, behind the partition.
pub(super) fn objects_of(bucket: &Text) -> Text {
    Text::concat([&Text::from("s3:::"), bucket, &Text::from("/")])
}

/// What the ARNs of a type begin with, behind the partition. The list of types is open: of one that is not known, the
/// selectors tell, if what they mention is all of one service.
fn beginning(kind: &str, named: &BTreeSet<Text>) -> String {
    match (kind, service_of(kind)) {
        (OBJECTS, _) => "s3:::".to_owned(),
        (_, Some(service)) => format!("{service}:"),
        (_, None) => {
            let service = |arn: &Text| match arn.pieces().first() {
                Some(Piece::Literal(text)) => text.split_once(':').map(|(service, _)| service.to_owned()),
                _ => None,
            };
            let services: BTreeSet<String> = named.iter().filter_map(service).collect();
            match (services.first(), services.len()) {
                (Some(only), 1) => format!("{only}:"),
                _ => String::new(),
            }
        }
    }
}

/// Whether a resource may be called so. No object is called like a bucket alone, and the names that hold a star were meant as
/// something else.
fn is_named(kind: &str, arn: &Text) -> bool {
    let goes_on = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(['/', '\u{1}']));
    !has_star(arn) && (kind != OBJECTS || arn.literal().is_none() || arn.pieces().iter().any(goes_on))
}
