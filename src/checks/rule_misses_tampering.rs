//! See `checks/rule_misses_tampering.md`.

use crate::model::{Cx, EventRule};
use crate::value::{Verdict, require};

/// Each link is a fault of its own.
pub(super) fn run<'a>(cx: &Cx<'a>, rule: &'a EventRule) -> Verdict {
    let enabled = require(rule.is_enabled()).label("the rule is off").part("state");
    let target = require(rule.has_target()).or_at(rule.at.span).label("the rule has no target").part("targets");
    let pattern = require(cx.is_rule_whole(rule)).part("pattern");
    pattern.and(enabled).and(target).because("it is on, has a target, and matches what it names")
}
