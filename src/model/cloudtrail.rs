//! What CloudTrail shows of itself when it delivers: the ARNs of a trail and what it serves, and the context of its
//! requests, for trails that are in sight, hidden, or a stranger's (CloudTrail User Guide, "Amazon S3 bucket policy for
//! CloudTrail", "Configure AWS KMS key policies"; facts §4.1, §5.1, §8). What policies answer is for other modules.

use super::arn::{anything, anywhere_in, arn, bucket_arn, organization_of, paths_of, reference};
use super::iam::{Caller, Context, Known, Names, Request, foreign_organization, named};
use super::{Bucket, CLOUDTRAIL, Cx, Declared, LogGroup, Store, Topic, Trail};
use crate::read::Home;
use crate::value::{Hole, Instance, Of, Text, Value, Why};

/// The key of the encryption context by which KMS knows for what CloudTrail asks.
pub(super) const TRAIL_ARN: &str = "kms:EncryptionContext:aws:cloudtrail:arn";

/// What the requests of a trail carry, whoever's it is.
fn of_trail(arn: Text, account: Text, organization: Text) -> Context {
    let paths = paths_of(&organization);
    Context::of_service(CLOUDTRAIL, arn, account)
        .with("aws:SourceOrgID", Known::One(organization))
        .with("aws:SourceOrgPaths", Known::Many(vec![paths]))
        .with("s3:x-amz-acl", Known::One("bucket-owner-full-control".into()))
}

/// What a resource is called: what is written, or what refers to it.
fn called(at: &Declared, attribute: &str, name: &Value<Option<Text>>) -> Text {
    let own = reference(at, attribute);
    match (name.get(), own.hole()) {
        (Some(Some(name)), Some(of)) => named(name, of),
        _ => own,
    }
}

impl<'a> Cx<'a> {
    /// What references to the resources of this scope stand for.
    pub fn names(&self) -> &'a Names {
        &self.scope.names
    }

    /// The ARN of a trail.
    pub fn trail_arn(&self, trail: &Trail) -> Text {
        // The trail may be another stack's, whose names this one does not know.
        let name = called(&trail.at, "id", &trail.name);
        self.names().resolve(&arn(&trail.at.home, "cloudtrail", "trail/", &name))
    }

    /// The ARN of a bucket.
    pub fn bucket_arn(&self, bucket: &Bucket) -> Text {
        let name = called(&bucket.at, "id", &bucket.name);
        bucket_arn(bucket.at.home.partition.clone(), &self.names().resolve(&name))
    }

    /// The ARN of a topic.
    pub fn topic_arn(&self, topic: &Topic) -> Text {
        let name = called(&topic.at, "TopicName", &topic.name);
        self.names().resolve(&arn(&topic.at.home, "sns", "", &name))
    }

    /// The ARN of a log group, without the star that some calls put behind it.
    pub fn log_group_arn(&self, group: &LogGroup) -> Text {
        self.names().resolve(&arn(&group.at.home, "logs", "log-group:", &reference(&group.at, "id")))
    }

    /// The ARN of any objects of a bucket.
    pub fn objects_of(&self, bucket: &Bucket) -> Text {
        Text::concat([&self.bucket_arn(bucket), &"/".into(), &anything()])
    }

    /// A request of somebody's.
    pub(super) fn request<'r>(&self, caller: Caller, action: &'r str, resource: &Text, context: Context) -> Request<'r>
    where
        'a: 'r,
    {
        Request { caller, action, resource: resource.clone(), context, names: self.names() }
    }

    /// A request of CloudTrail's.
    pub(super) fn by_cloudtrail<'r>(&self, action: &'r str, resource: &Text, context: Context) -> Request<'r>
    where
        'a: 'r,
    {
        self.request(Caller::Service(CLOUDTRAIL.into()), action, resource, context)
    }

    /// What a trail's requests carry.
    pub fn context_of(&self, trail: &Trail) -> Context {
        let arn = self.trail_arn(trail);
        of_trail(arn.clone(), trail.at.home.account.clone(), organization_of(&trail.at))
            .with(TRAIL_ARN, Known::One(arn))
    }

    /// What the requests of somebody else's trail carry: the confused deputy's.
    pub fn context_of_foreign_trail(&self) -> Context {
        let account = Text::from(Of::foreign());
        let arn = arn(&anywhere_in(account.clone()), "cloudtrail", "trail/", &anything());
        of_trail(arn.clone(), account, foreign_organization())
            .with("s3:x-amz-server-side-encryption", Known::Free)
            .with("s3:x-amz-server-side-encryption-aws-kms-key-id", Known::Free)
            .with(TRAIL_ARN, Known::One(arn))
    }

    /// What the requests of whichever trail of an account carry.
    pub(super) fn context_of_any_trail(&self, at: &Declared) -> Context {
        let home = Home { region: anything(), ..at.home.clone() };
        let arn = arn(&home, "cloudtrail", "trail/", &anything());
        of_trail(arn, at.home.account.clone(), organization_of(at))
    }
}

/// What the requests to a bucket carry of a trail of another template, for whose logs the policies themselves say where
/// they go: as little is known of it as of a parameter, but its folder is that of its account.
pub(super) fn context_of_hidden_trail(bucket: &Bucket) -> Context {
    let name = Of::Resource { address: "trail".into(), attribute: "id".into() };
    let home =
        Home { partition: bucket.at.home.partition.clone(), region: hidden(Of::Region), account: hidden(Of::Account) };
    let arn = arn(&home, "cloudtrail", "trail/", &hidden(name));
    of_trail(arn, home.account, hidden(Of::Organization))
}

/// What belongs to the trail of another template: a hole of its own.
pub(super) fn hidden(of: Of) -> Text {
    Hole { instance: Instance(u32::MAX - 1), of }.into()
}

/// What the requests of a trail carry that no template of the run declares, where nothing but its form is known.
pub(super) fn context_of_unseen_trail() -> Context {
    let unseen = |what: &str| {
        Text::unknown(Why::not_visible("trail", format!("the trail is not declared in this run, nor is its {what}")))
    };
    let account = unseen("account");
    let home = Home { partition: Of::partition().into(), region: unseen("Region"), account: account.clone() };
    let arn = arn(&home, "cloudtrail", "trail/", &unseen("name"));
    Context::of_service(CLOUDTRAIL, arn.clone(), account.clone())
        .with("aws:SourceOrgID", Known::One(account.clone()))
        .with("aws:SourceOrgPaths", Known::Many(vec![account]))
        .with(TRAIL_ARN, Known::One(arn))
}

/// What CloudTrail's requests for an event data store carry: neither the source's ARN nor its account (facts §3).
pub fn context_of_store(store: &Store) -> Context {
    let arn = arn(&store.at.home, "cloudtrail", "eventdatastore/", &anything());
    Context::of_service(CLOUDTRAIL, Text::default(), Text::default())
        .without(["aws:SourceArn", "aws:SourceAccount"])
        .with(TRAIL_ARN, Known::One(arn))
}
