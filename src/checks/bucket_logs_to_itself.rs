//! See `checks/bucket_logs_to_itself.md`.

use crate::model::{Bucket, Cx, Link};
use crate::value::{Origin, Text, Truth, Verdict, require};

/// A loop, or a bucket that S3's log delivery cannot write to.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let judge = |name: &Option<Text>, origin: &Origin| {
        let Some(name) = name else {
            return Truth::of(false, origin).labelled("without a destination the access logs go into this bucket");
        };
        match cx.bucket_named(name) {
            Link::One(target) if std::ptr::eq(target, bucket) => {
                Truth::of(false, origin).labelled("the access logs go into this bucket")
            }
            Link::One(target) => {
                let refusals = [
                    (target.lock.is_on(), "the access logs' bucket refuses them: it has Object Lock"),
                    (target.is_kms_encrypted(), "the access logs' bucket refuses them: KMS encrypts it by default"),
                    (target.is_paid_by_requester(), "the access logs' bucket refuses them: the requester pays"),
                    (
                        cx.takes_access_logs(target, bucket).not(),
                        "the access logs' bucket refuses them: nothing lets logging.s3.amazonaws.com write there",
                    ),
                ];
                Truth::all(refusals.map(|(refuses, label)| refuses.not().located(origin).labelled(label)))
            }
            link => Truth::unknown(link.why("the access logs' bucket").at(origin.span)),
        }
    };
    match bucket.access_logging.is(true) {
        Truth::False(_) => Verdict::not_applicable("the bucket has no access logging"),
        logging => {
            let kept = bucket.access_log_bucket.ask(&judge);
            require(if logging.is_true() { kept } else { logging.not().or(kept) })
        }
    }
}
