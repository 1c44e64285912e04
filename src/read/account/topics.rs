//! Topics and their policies, which come in one answer.

use super::reader::{Operation, Reader};
use crate::read::{Arn, Content, Datum, Record, shape};
use std::collections::BTreeSet;

const ATTRIBUTES: Operation = ("sns", "GetTopicAttributes");

/// The topics that were asked about.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let mut seen = BTreeSet::new();
    let asked = reader.calls(ATTRIBUTES).filter_map(|call| {
        let (arn, node) = call.text("TopicArn")?;
        seen.insert(arn).then_some((arn, node.span))
    });
    let asked: Vec<_> = asked.collect();
    let topics = asked.into_iter().flat_map(|(arn, span)| {
        let parsed = Arn::parse(arn);
        let name = parsed.map_or(arn, |arn| arn.name());
        let answer = reader.answer(ATTRIBUTES, reader.call(ATTRIBUTES, "TopicArn", &[arn]), span);
        let has_policy = shape::member(&answer, "Attributes").is_some_and(|it| shape::member(it, "Policy").is_some());
        let is_unknown = matches!(answer.content, Content::Unknown(_));
        let home = reader.home(parsed.as_ref(), None);
        let answers = |own: &str, value: &str| {
            vec![(own.to_owned(), Datum::text(value, span)), (ATTRIBUTES.1.to_owned(), answer.clone())]
        };
        let record = |kind: &str, own: &str, value: &str| {
            let answers = answers(own, value);
            let answers = answers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            reader.record(kind, arn, span, home.clone(), answers)
        };
        let topic = record("AWS::SNS::Topic", "Name", name);
        let policy = (has_policy || is_unknown).then(|| record("AWS::SNS::TopicPolicy", "TopicArn", arn));
        [topic].into_iter().chain(policy)
    });
    topics.collect()
}
