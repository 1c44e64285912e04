//! Whether a trail records the deliveries that it makes itself.
//!
//! CloudTrail writes a log file by `PutObject`. Where the trail's data events hold that call, each file makes an event, and
//! that event the next file.

use super::arn::organization_of;
use super::data_events::objects_of;
use super::selectors::{Event, FRESH, field};
use super::{Cx, Trail};
use crate::value::{Text, Truth};

impl Cx<'_> {
    /// Whether the trail's selectors take the event of its own delivery.
    pub fn records_itself(&self, trail: &Trail) -> Truth {
        let unseen = Text::unknown;
        let below = |bucket: &Text| {
            let of = |prefix: Option<&Text>| {
                trail.organization.ask(&|organization, _| {
                    let event = self.delivery(trail, bucket, prefix, *organization);
                    let each = |rule: &super::selectors::Rule| rule.matches(&event).located(&rule.place.0);
                    trail.selectors.rules.ask(&|rules, _| Truth::any(rules.iter().map(each)))
                })
            };
            match trail.prefix.why().filter(|_| trail.prefix.candidates().is_empty()) {
                Some(why) => of(Some(&unseen(why))),
                None => trail.prefix.ask(&|prefix, _| of(prefix.as_ref())),
            }
        };
        // Selectors may take the objects of every bucket, whichever this is.
        match trail.bucket.why().filter(|_| trail.bucket.candidates().is_empty()) {
            Some(why) => below(&unseen(why)),
            None => trail.bucket.ask(&|bucket, _| bucket.as_ref().map_or_else(Truth::no, below)),
        }
    }

    /// The event of a log file's delivery: by a service, which has no ARN and no console.
    fn delivery(&self, trail: &Trail, bucket: &Text, prefix: Option<&Text>, organization: bool) -> Event {
        let mut arn = objects_of(bucket);
        if let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty().is_true()) {
            arn = Text::concat([&arn, prefix, &"/".into()]);
        }
        let (holder, kind) = match organization {
            true => (self.names().resolve(&organization_of(&trail.at)), "/"),
            false => (trail.at.home.account.clone(), "/CloudTrail/"),
        };
        let arn = Text::concat([&arn, &"AWSLogs/".into(), &holder, &kind.into(), &FRESH.into()]);
        let fields = [
            (field::CATEGORY, "Data".into()),
            (field::TYPE, "AWS::S3::Object".into()),
            (field::READ_ONLY, "false".into()),
            (field::SOURCE, "s3.amazonaws.com".into()),
            (field::EVENT, "PutObject".into()),
            (field::CONSOLE, "false".into()),
            ("userIdentity.arn", FRESH.into()),
            (field::ARN, arn),
        ];
        let partition = trail.partition().map(|own| (field::PARTITION, own.into()));
        fields.into_iter().chain(partition).map(|(name, value)| (name.into(), value)).collect()
    }
}
