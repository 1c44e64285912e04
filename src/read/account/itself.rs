//! The account itself: what its evidence says of it, and which lists of it are complete.

use super::Unasked;
use super::evidence::{Answer, Call};
use super::reader::{Operation, Reader};
use crate::read::{Content, Datum, Record};

const ORGANIZATION: Operation = ("organizations", "DescribeOrganization");
const TRAILS: Operation = ("cloudtrail", "DescribeTrails");
const POLICIES: Operation = ("organizations", "ListPolicies");

/// The record of the account.
pub(super) fn record(reader: &Reader) -> Record {
    let answers = vec![
        ("InOrganization", whether(reader, ORGANIZATION)),
        ("TrailsListed", whether_listed(reader, TRAILS)),
        ("PoliciesListed", whether(reader, POLICIES)),
    ];
    let (id, span) = (&reader.evidence.account, reader.evidence.span);
    reader.record("Trailproof::Account", id, span, reader.home(None, None), answers)
}

/// Whether a list was given by any of the calls for it.
fn whether_listed(reader: &Reader, operation: Operation) -> Datum {
    let is_answered = reader.calls(operation).any(|call| call.output().is_some());
    let is_example = reader.unasked == Unasked::Nothing && reader.calls(operation).next().is_none();
    match is_answered || is_example {
        true => Datum::text("true", reader.evidence.span),
        false => whether(reader, operation),
    }
}

/// Whether there is what a call asks for; unknown where one of the calls failed.
fn whether(reader: &Reader, operation: Operation) -> Datum {
    let place = reader.evidence.span;
    let failed = |call: &Call| reader.failure(call);
    match reader.calls(operation).filter_map(failed).find(|failed| matches!(failed.content, Content::Unknown(_))) {
        Some(failed) => failed,
        None => match reader.calls(operation).next() {
            Some(call) => {
                let there = matches!(call.answer, Answer::Output(..));
                Datum::text(if there { "true" } else { "false" }, place)
            }
            None => match reader.unasked(operation, place).content {
                Content::Unknown(why) => Datum::unknown(why, place),
                _ => Datum::text("false", place),
            },
        },
    }
}
