//! See `checks/bucket_destroyable.md`.

use crate::model::{Bucket, Cx, Link};
use crate::value::{Text, Truth, Verdict, forbid};

/// CloudFormation by itself does not delete a bucket that holds logs, and Terraform does only where it is told to.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    if bucket.at.is_live() {
        return Verdict::not_applicable("what empties the bucket is said where it is declared");
    }
    let each = cx.scope.auto_deletes.iter().map(|custom| {
        let empties = custom.bucket.ask(&|name, _| match cx.bucket_named(name) {
            Link::One(target) if std::ptr::eq(target, bucket) => Truth::yes(),
            Link::Ambiguous => Truth::unknown(Link::<Bucket>::Ambiguous.why("the bucket that is emptied")),
            Link::Elsewhere => {
                let own = bucket.name.candidates().into_iter().flatten().find_map(Text::why);
                name.why().or(own).map_or(Truth::no(), Truth::unknown)
            }
            Link::One(_) => Truth::no(),
        });
        forbid(empties.and(custom.at.exists()))
            .or_at(custom.at.span)
            .label("empties the bucket when the stack is deleted")
            .related("the logs are here", bucket.at.span)
            .part(&custom.at.address)
    });
    let forced = forbid(bucket.force_destroy.is(true)).label("destroying the bucket deletes the logs in it");
    each.fold(Verdict::pass("nothing empties the bucket").and(forced), Verdict::and)
}
