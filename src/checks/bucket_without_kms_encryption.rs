//! See `checks/bucket_without_kms_encryption.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, require};

/// The trail's own key decides how logs are encrypted; this is about everything else in the bucket.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    require(bucket.is_kms_encrypted()).label("objects are encrypted with keys that S3 manages")
}
