//! What a resource leaves behind that a plan destroys: a bucket whose public access nothing blocks any more.
//!
//! Of a bucket that a source declares without a block it is not known what it has; new ones have all four settings. Of one
//! that had a block of its own, and whose block is destroyed, it is: none of them.

use super::{Known, Plan};
use crate::read::{Content, Datum};
use std::sync::Arc;

const BLOCK: &str = "aws_s3_bucket_public_access_block";

/// What is kept of the block: whose it is. What a block leaves out is off.
const KEPT: [&str; 2] = ["bucket", "region"];

impl Plan {
    /// What a resource is after the plan, or what it leaves.
    pub(in crate::read::terraform) fn left(&self, known: &Known) -> Option<Arc<Datum>> {
        known.after.clone().or_else(|| self.left_open(known).map(Arc::new))
    }

    /// The block of public access that is destroyed, with nothing of what it said; none where the bucket goes too, or gets
    /// another one.
    fn left_open(&self, known: &Known) -> Option<Datum> {
        if &*known.kind != BLOCK || !known.actions.delete || known.actions.replaces() {
            return None;
        }
        let before = known.before.as_deref()?;
        let bucket = text(before, "bucket")?;
        let there = || self.resources.values().filter(|other| !other.is_data && !other.actions.replaces());
        let stays = there().any(|other| {
            let is_it = |side: &Option<Arc<Datum>>| side.as_deref().and_then(|it| text(it, "id")) == Some(bucket);
            &*other.kind == "aws_s3_bucket" && is_it(&other.before) && other.after.is_some()
        });
        let is_another = |after: &Datum| text(after, "bucket").is_none_or(|own| own == bucket);
        let blocks = self.resources.values().filter(|other| !other.is_data && &*other.kind == BLOCK);
        if !stays || blocks.filter_map(|other| other.after.as_deref()).any(is_another) {
            return None;
        }
        let mut left = before.clone();
        if let Content::Map { members, .. } = &mut left.content {
            members.retain(|member| KEPT.contains(&&*member.key));
        }
        Some(left)
    }
}

/// A text of a resource that is written out.
fn text<'d>(values: &'d Datum, name: &str) -> Option<&'d str> {
    let Content::Map { members, .. } = &values.content else { return None };
    match &members.iter().find(|member| &*member.key == name)?.value.content {
        Content::Text { text, .. } => text.literal(),
        _ => None,
    }
}
