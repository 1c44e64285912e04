//! See `checks/account_unrecorded.md`.

use crate::model::{Cx, Live};
use crate::value::{Truth, Verdict, bare, require};

/// An account without any trail is reported as that, and what a trail of its own lacks, or that a trail is stopped, at the
/// trail. Regions that miss are one finding: they have one cause.
pub(super) fn run<'a>(cx: &Cx<'a>, live: &'a Live) -> Verdict {
    if cx.has_trail(live).is_false() {
        return Verdict::not_applicable("there is no trail at all, which is reported");
    }
    let names = live.regions.get().into_iter().flatten().flatten().filter_map(|region| region.get()?.literal());
    let each: Vec<(&str, Truth)> = names.map(|region| (region, cx.is_recorded(live, region))).collect();
    if each.is_empty() {
        return Verdict::not_applicable("the evidence does not say which Regions are enabled");
    }
    let missing: Vec<&str> = each.iter().filter(|(_, truth)| truth.is_false()).map(|(region, _)| *region).collect();
    if !missing.is_empty() && cx.is_told_at_a_trail(&missing) {
        return Verdict::not_applicable("what the trails leave out is reported at them");
    }
    let label = format!("management events are not recorded, or not all of them, in {}", missing.join(", "));
    let all = Truth::all(each.into_iter().map(|(_, truth)| truth)).and(cx.records_unlisted_regions(live));
    require(bare(all)).or_at(live.at.span).label(label)
}
