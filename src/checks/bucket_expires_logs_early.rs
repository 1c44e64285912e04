//! See `checks/bucket_expires_logs_early.md`.

use crate::model::{Bucket, Cx, Loss, Trail};
use crate::value::{Truth, Verdict, forbid, require};

/// Each rule that is too short by itself is a finding.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let days = cx.settings.required_days;
    let trails: Vec<&Trail> = cx.trails_of_bucket(bucket).into_iter().map(|route| route.trail).collect();
    let losses = bucket.early_losses(days, &trails);
    let judge = |loss: &Loss| {
        let verdict = forbid(loss.truth.clone())
            .label(format!("logs are deleted before {days} days are over"))
            .part(loss.rule.name());
        loss.finished_by
            .iter()
            .fold(verdict, |verdict, origin| verdict.related("noncurrent versions are deleted by this", origin.span))
    };
    match losses.get() {
        Some(losses) => losses.iter().map(judge).fold(Verdict::pass("no rule deletes the logs early"), Verdict::and),
        None => require(losses.ask(&|losses, _| Truth::any(losses.iter().map(|loss| loss.truth.clone())).not())),
    }
}
