//! KMS keys and their aliases.

use super::iam::{Kind, Policy};
use super::trail::required_text;
use super::{Declared, properties as p};
use crate::read::Record;
use crate::value::{Text, Truth, Value};

/// A key as declared.
#[derive(Clone, Debug)]
pub struct Key {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its id, where it exists already.
    pub id: Value<Option<Text>>,
    /// Its ARN, where it exists already: keys of several Regions may share one id.
    pub arn: Value<Option<Text>>,
    /// Whether it is the replica of a multi-Region key: it shares rotation, spec and usage with its primary.
    pub is_replica: bool,
    /// Whether it may be used in several Regions.
    pub multi_region: Value<bool>,
    /// Its policy; where none is given, KMS writes one that lets the account's root do everything, and nobody else.
    pub policy: Value<Option<Policy>>,
    /// Whether it can be used.
    pub enabled: Value<bool>,
    /// Whether its material is replaced automatically.
    pub rotation: Value<bool>,
    /// `SYMMETRIC_DEFAULT` or another spec.
    pub spec: Value<Text>,
    /// `ENCRYPT_DECRYPT` or another usage.
    pub usage: Value<Text>,
    /// Where its material comes from.
    pub origin: Value<Text>,
    /// Days between the order to delete it and the deletion.
    pub pending_window: Value<f64>,
}

impl Key {
    pub(super) fn lower(record: &Record) -> Key {
        let block = record.block();
        Key {
            at: Declared::new(record),
            id: block.text(&p::KEY_ID),
            arn: block.text(&p::KEY_ARN),
            is_replica: &*record.kind == "AWS::KMS::ReplicaKey",
            multi_region: block.bool(&p::KEY_MULTI_REGION),
            policy: Policy::lower(&block, &p::KEY_POLICY, Kind::Key),
            enabled: block.bool(&p::KEY_ENABLED),
            rotation: block.bool(&p::KEY_ROTATION),
            spec: block.word_or(&p::KEY_SPEC),
            usage: block.word_or(&p::KEY_USAGE),
            origin: block.word_or(&p::KEY_ORIGIN),
            pending_window: block.number_or(&p::PENDING_WINDOW),
        }
    }

    /// Whether it is a symmetric encryption key, the only kind that CloudTrail takes.
    pub fn is_symmetric(&self) -> Truth {
        is(&self.spec, "SYMMETRIC_DEFAULT")
    }

    /// Whether it is for encryption.
    pub fn is_for_encryption(&self) -> Truth {
        is(&self.usage, "ENCRYPT_DECRYPT")
    }

    /// Whether what it shares with its primary is told there alone: it is declared at the primary, and answered for both.
    pub fn is_told_by_primary(&self) -> bool {
        self.is_replica && !self.at.is_live()
    }

    /// Whether KMS can rotate it by itself: not imported material, not a custom key store.
    pub fn can_rotate(&self) -> Truth {
        self.is_symmetric().and(is(&self.origin, "AWS_KMS"))
    }
}

fn is(value: &Value<Text>, wanted: &str) -> Truth {
    super::bucket::is_text(&value.map(&|text| Some(text.clone())), wanted)
}

/// An alias of a key.
#[derive(Clone, Debug)]
pub struct Alias {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, `alias/` included.
    pub name: Value<Text>,
    /// The key: id or ARN.
    pub target: Value<Text>,
}

impl Alias {
    pub(super) fn lower(record: &Record) -> Alias {
        let block = record.block();
        Alias {
            at: Declared::new(record),
            name: required_text(&block, &p::ALIAS_NAME),
            target: required_text(&block, &p::ALIAS_TARGET),
        }
    }
}
