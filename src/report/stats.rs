//! `--stats`: how much was decided, and why the rest was not.

use super::Report;
use super::paper::Paper;
use crate::judge::Answer;
use std::collections::{BTreeMap, BTreeSet};

/// Decided and total for each check, then reasons by kind and name. A subject counts once for each check.
pub fn render(report: &Report) -> String {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for outcome in &report.outcomes {
        if outcome.answer == Answer::NotApplicable {
            continue;
        }
        // Several faults of one subject are one decision.
        if !seen.insert((outcome.check.id, outcome.span.file, outcome.subject.address.clone())) {
            continue;
        }
        let (decided, total) = counts.entry(outcome.check.id).or_default();
        *total += 1;
        if outcome.answer != Answer::Unknown {
            *decided += 1;
            continue;
        }
        for why in &outcome.reasons {
            let (count, names) = reasons.entry(why.kind.as_str()).or_default();
            *count += 1;
            *names.entry(&why.name).or_default() += 1;
        }
    }
    let mut out = Paper::default();
    let width = counts.keys().map(|id| id.len()).max().unwrap_or(5).max(5);
    out.line(format_args!("{:width$}  {:>7}  {:>5}", "check", "decided", "total"));
    let (mut all_decided, mut all) = (0, 0);
    for (id, (decided, total)) in &counts {
        out.line(format_args!("{id:width$}  {decided:>7}  {total:>5}"));
        (all_decided, all) = (all_decided + decided, all + total);
    }
    if all == 0 {
        return "nothing was judged\n".to_owned();
    }
    let percent = 100.0 * all_decided as f64 / all as f64;
    out.line(format_args!("{:width$}  {all_decided:>7}  {all:>5}  {percent:.1} %", "all"));
    out.line(format_args!(""));
    out.line(format_args!("reasons for what is unknown"));
    for (kind, (count, names)) in &reasons {
        let mut often: Vec<(&&str, &usize)> = names.iter().collect();
        often.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let shown: Vec<String> = often.iter().take(5).map(|(name, n)| format!("{name} ({n})")).collect();
        out.line(format_args!("{kind:12} {count:>5}  {}", shown.join(", ")));
    }
    if reasons.is_empty() {
        out.line(format_args!("none: everything was decided"));
    }
    out.finish()
}
