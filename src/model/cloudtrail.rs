//! What CloudTrail shows of itself when it delivers: its ARNs, and the context of its requests (CloudTrail User Guide,
//! "Amazon S3 bucket policy for CloudTrail", "Configure AWS KMS key policies"; facts §4.1, §5.1, §8).

use super::iam::{Context, Known, Names, foreign_organization, foreign_path};
use super::{Bucket, CLOUDTRAIL, Cx, Declared, LogGroup, Topic, Trail};
use crate::value::{Hole, Of, Piece, Text};

/// `arn:PARTITION:SERVICE:` and so on, with the Region and account that a resource is in for `REGION` and `ACCOUNT`.
fn arn(at: &Declared, parts: &[&str], end: &Text) -> Text {
    let mut arn = Text::concat([&Text::from("arn:"), &at.home.partition]);
    for part in parts {
        match *part {
            "REGION" => arn.append(&at.home.region),
            "ACCOUNT" => arn.append(&at.home.account),
            part => arn.append(&part.into()),
        }
    }
    arn.append(end);
    arn
}

fn reference(at: &Declared, attribute: &str) -> Text {
    Text::from(Hole {
        instance: at.instance,
        of: Of::Resource { address: at.address.clone(), attribute: attribute.into() },
    })
}

/// A text that ranges over everything.
pub fn anything() -> Text {
    Text::from(Of::any())
}

impl<'a> Cx<'a> {
    /// What references to the resources of this scope stand for.
    pub fn names(&self) -> &'a Names {
        &self.scope.names
    }

    /// The ARN of a trail.
    pub fn trail_arn(&self, trail: &Trail) -> Text {
        // The trail may be another stack's, whose names this one does not know.
        let name = trail.name.get().and_then(Clone::clone).unwrap_or_else(|| reference(&trail.at, "id"));
        self.names().resolve(&arn(&trail.at, &[":cloudtrail:", "REGION", ":", "ACCOUNT", ":trail/"], &name))
    }

    /// The ARN of a bucket.
    pub fn bucket_arn(&self, bucket: &Bucket) -> Text {
        let name = bucket.name.get().and_then(Clone::clone).unwrap_or_else(|| reference(&bucket.at, "id"));
        arn(&bucket.at, &[":s3:::"], &self.names().resolve(&name))
    }

    /// The ARN of a topic.
    pub fn topic_arn(&self, topic: &Topic) -> Text {
        let name = topic.name.get().and_then(Clone::clone).unwrap_or_else(|| reference(&topic.at, "TopicName"));
        self.names().resolve(&arn(&topic.at, &[":sns:", "REGION", ":", "ACCOUNT", ":"], &name))
    }

    /// The ARN of a log group, without the star that some calls put behind it.
    pub fn log_group_arn(&self, group: &LogGroup) -> Text {
        let arn = arn(&group.at, &[":logs:", "REGION", ":", "ACCOUNT", ":log-group:"], &reference(&group.at, "id"));
        self.names().resolve(&arn)
    }

    /// The ARN of any objects of a bucket.
    pub fn objects_of(&self, bucket: &Bucket) -> Text {
        Text::concat([&self.bucket_arn(bucket), &"/".into(), &anything()])
    }

    /// What a trail's requests carry.
    pub fn context_of(&self, trail: &Trail) -> Context {
        let account = trail.at.home.account.clone();
        let organization = Text::from(Hole { instance: trail.at.instance, of: Of::Organization });
        let paths = Text::concat([&organization, &"/".into(), &anything()]);
        Context::of_service(CLOUDTRAIL, self.trail_arn(trail), account)
            .with("aws:SourceOrgID", Known::One(organization))
            .with("aws:SourceOrgPaths", Known::Many(vec![paths]))
            .with("s3:x-amz-acl", Known::One("bucket-owner-full-control".into()))
            .with("kms:EncryptionContext:aws:cloudtrail:arn", Known::One(self.trail_arn(trail)))
    }

    /// What the requests of somebody else's trail carry: the confused deputy's.
    pub fn context_of_foreign_trail(&self) -> Context {
        let foreign = || Text::from(Of::foreign());
        let mut arn = Text::from("arn:");
        arn.push(Piece::Hole(Of::partition()));
        let arn = [&arn, &":cloudtrail:".into(), &anything(), &":".into(), &foreign(), &":trail/".into(), &anything()];
        let arn = Text::concat(arn);
        Context::of_service(CLOUDTRAIL, arn.clone(), foreign())
            .with("aws:SourceOrgID", Known::One(foreign_organization()))
            .with("aws:SourceOrgPaths", Known::Many(vec![foreign_path()]))
            .with("s3:x-amz-acl", Known::One("bucket-owner-full-control".into()))
            .with("s3:x-amz-server-side-encryption", Known::Free)
            .with("s3:x-amz-server-side-encryption-aws-kms-key-id", Known::Free)
            .with("kms:EncryptionContext:aws:cloudtrail:arn", Known::One(arn))
    }
}
