//! Topics that announce deliveries, and their policies.

use super::iam::{Kind, Policy};
use super::{Declared, properties as p};
use crate::read::Record;
use crate::value::{Text, Value};

/// A topic as declared.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// The key that encrypts it: id, ARN or alias.
    pub key: Value<Option<Text>>,
    /// Whether it keeps messages in order; CloudTrail takes no such topic.
    pub fifo: Value<bool>,
}

impl Topic {
    pub(super) fn lower(record: &Record) -> Topic {
        let block = record.block();
        Topic {
            at: Declared::new(record),
            name: block.text(&p::TOPIC_NAME),
            key: block.text(&p::TOPIC_KEY),
            fifo: block.bool(&p::TOPIC_FIFO),
        }
    }
}

/// A policy for one or more topics; without one, only the topic's own account may publish.
#[derive(Clone, Debug)]
pub struct TopicPolicy {
    /// Address, place, conditions.
    pub at: Declared,
    /// The topics, by ARN.
    pub topics: Value<Option<Vec<Value<Text>>>>,
    /// What it says.
    pub document: Value<Option<Policy>>,
}

impl TopicPolicy {
    pub(super) fn lower(record: &Record) -> TopicPolicy {
        let block = record.block();
        let topics = match &*record.kind {
            "AWS::SNS::TopicInlinePolicy" => &p::POLICY_TOPIC,
            _ => &p::POLICY_TOPICS,
        };
        TopicPolicy {
            at: Declared::new(record),
            topics: block.texts(topics),
            document: Policy::lower(&block, &p::POLICY_DOCUMENT, Kind::Resource),
        }
    }
}
