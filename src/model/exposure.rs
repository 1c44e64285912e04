//! What makes a bucket public, and what keeps it from being so (S3 User Guide, "Blocking public access to your Amazon S3
//! storage", "The meaning of public").

use super::bucket::{grants, is_text};
use super::iam::{Policy, Statement};
use super::service_accounts::is_of_a_service;
use super::{Bucket, Cx, Granted, cannot_tell, opaque_statements};
use crate::value::{Text, Truth, Value, Verdict, WhyKind, forbid};

/// The canned ACLs that let in everyone, or everyone with an AWS account.
const PUBLIC_ACLS: [&str; 3] = ["PublicRead", "PublicReadWrite", "AuthenticatedRead"];

/// Actions that wildcards are tried on: those on objects, then those on the bucket.
const ACTIONS: [&str; 14] = [
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectAcl",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:GetBucketAcl",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutLifecycleConfiguration",
    "s3:DeleteBucket",
];

impl<'a> Cx<'a> {
    /// Whoever may do anything at all with a bucket or its objects without being anybody.
    pub fn open_grants(&self, bucket: &Bucket, policies: &[&Policy]) -> Vec<Granted> {
        let statements = policies.iter().flat_map(|policy| policy.statements.candidates()).flatten();
        let mut actions: Vec<String> = ACTIONS.map(str::to_owned).to_vec();
        for action in statements.flat_map(Statement::literal_actions) {
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
        let resources = [self.objects_of(bucket), self.bucket_arn(bucket)];
        let asked = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
        asked.flat_map(|(action, resource)| self.public_grants(policies, action, resource)).collect()
    }

    /// Forbids what is granted of some actions on the log objects to others than AWS services.
    pub fn forbid_on_logs(
        &self,
        bucket: &Bucket,
        actions: &[&str],
        grants: impl Fn(&[&Policy], &str, &Text) -> Vec<Granted>,
        label: &'static str,
        fine: &'static str,
    ) -> Verdict {
        let known = self.documents_of_bucket(bucket).and_then(|policies| {
            let objects = self.log_objects(bucket, &policies)?;
            Ok((policies, objects))
        });
        let (policies, objects) = match known {
            Ok(known) => known,
            Err(why) => return cannot_tell(why),
        };
        let asked = objects.iter().flat_map(|object| actions.iter().map(move |action| (action, object)));
        let of_others = |(action, object): (&&str, &Text)| {
            let mut found = grants(&policies, action, object);
            found.retain(|granted| !is_of_a_service(&granted.principal, action));
            found
        };
        self.forbid_each(asked.flat_map(of_others).collect(), label, fine).and(opaque_statements(&policies))
    }

    /// Whether the bucket takes no public policy, or lets nobody in by one. Of a bucket that is not declared nothing of
    /// the kind is known.
    pub fn restricts_policies(&self, bucket: &Bucket) -> Truth {
        let [_, _, refused, restricted] = bucket.public_access.as_slice() else { return Truth::no() };
        self.is_written(bucket, [refused, restricted])
    }

    fn is_written(&self, bucket: &Bucket, settings: [&Value<Option<bool>>; 2]) -> Truth {
        Truth::any(settings.map(|setting| self.as_seen(bucket, setting.test(|on| *on == Some(true)))))
    }

    /// What is said of a bucket that is not declared here counts; that more may be said elsewhere does not.
    fn as_seen(&self, bucket: &Bucket, said: Truth) -> Truth {
        match said {
            Truth::Unknown(whys, _)
                if self.is_undeclared(bucket) && whys.iter().all(|why| why.kind == WhyKind::NotVisible) =>
            {
                Truth::no()
            }
            said => said,
        }
    }

    /// Whether the canned ACL makes the bucket public.
    pub fn public_acl(&self, bucket: &Bucket) -> Verdict {
        let is_unseen = bucket.acl.why().is_some_and(|why| why.kind == WhyKind::NotVisible);
        if is_unseen && self.is_undeclared(bucket) {
            return Verdict::not_applicable("the bucket is not declared, nor is an ACL of it");
        }
        let [refused, ignored, _, _] = bucket.public_access.as_slice() else {
            return Verdict::not_applicable("the bucket has no ACL");
        };
        let enforced = |value: &Value<Option<Text>>| is_text(value, "BucketOwnerEnforced");
        let off = self.as_seen(bucket, bucket.ownership.ask(&|rules, _| Truth::any(rules.iter().map(enforced))));
        let held = self.is_written(bucket, [refused, ignored]).or(off);
        let public = Truth::any(PUBLIC_ACLS.map(|acl| grants(&bucket.acl, acl)));
        match held {
            Truth::True(_) => Verdict::pass("the ACL does not count"),
            Truth::False(_) => forbid(public).label("this ACL lets everyone in"),
            unknown => forbid(public.and(unknown.not())).label("this ACL lets everyone in"),
        }
    }
}
