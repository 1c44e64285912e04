//! Buckets that are declared elsewhere, as far as companions say something of them: a module that is given the name of a
//! bucket, a bucket that is looked up. What no companion says cannot be seen here.

use super::Resource;
use super::owners::{Kinds, Owners};
use crate::read::shape::{member, set};
use crate::read::terraform::types::{BUCKET_COMPANIONS, BUCKET_SETTINGS};
use crate::read::{Content, Datum, Record};
use crate::value::{Instance, Piece, Text, Why};
use std::collections::HashMap;

/// Makes an owner of each name that companions give and no bucket has.
pub(super) fn buckets(resources: &mut Vec<Resource>, companions: &[Record]) {
    let owners = Owners::of(Kinds::BUCKETS, resources);
    let mut made: Vec<Resource> = Vec::new();
    let mut places: HashMap<(Instance, Text), usize> = HashMap::new();
    for companion in companions.iter().filter(|companion| BUCKET_COMPANIONS.contains(&&*companion.kind)) {
        let Some(aim) = member(&companion.properties, "bucket") else { continue };
        let Some(name) = name_in(aim).filter(|_| owners.meant(aim).is_empty()) else { continue };
        match places.get(&(companion.instance, name.clone())).and_then(|place| made.get_mut(*place)) {
            // What one companion hangs on says nothing of the bucket that another one is for.
            Some(Resource { record, .. }) if record.conditions != companion.conditions => {
                record.conditions.clear();
                record.undecided = None;
            }
            Some(_) => {}
            None => {
                places.insert((companion.instance, name), made.len());
                made.push(Resource { terraform: "aws_s3_bucket".into(), record: settings(companion, aim) });
            }
        }
    }
    resources.extend(made);
}

/// The name that a value is, where it is one.
fn name_in(aim: &Datum) -> Option<Text> {
    let Content::Text { text, .. } = &aim.content else { return None };
    let named = |piece: &Piece| !matches!(piece, Piece::Unknown(_));
    (text.literal() != Some("") && text.pieces().iter().all(named)).then(|| text.clone())
}

/// The bucket of a companion: all that is known is its name.
fn settings(companion: &Record, name: &Datum) -> Record {
    let why = Why::not_visible("bucket", "the bucket is not declared in this run");
    let mut properties = Datum::new(Content::Map { members: Vec::new(), rest: Some(why) }, companion.span);
    set(&mut properties, "bucket", name.span, name.clone());
    Record { kind: BUCKET_SETTINGS.into(), properties, joined: Vec::new(), ..companion.clone() }
}
