//! From records to a scope, and from the scope of one world to that of another.
//!
//! A unit is lowered once, in the world in which nothing is taken as given. In another world only what rests on something
//! that the world says is read again and takes its place; everything else is shared. Nothing here knows what a world says.

use super::{
    Account, Alias, AutoDelete, Bucket, BucketPolicy, Channel, Declared, DelegatedAdministrator, Gone, Identity, Key,
    Live, LogGroup, LogPolicy, Organization, OrganizationPolicy, Scope, Store, StorePolicy, Topic, TopicPolicy, Trail,
    Unit, iam::Names,
};
use crate::read::Record;
use crate::value::{Hole, Of};

/// Where something stands in a scope: in which of its lists, and at which place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    list: List,
    place: usize,
}

/// The lists of a scope that resources under conditions may stand in.
macro_rules! lists {
    ($($list:ident $field:ident)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum List {
            $($list),*
        }

        impl Scope {
            /// Puts what stands at a spot of another scope in the place of what stands here, or nothing.
            fn replace(&mut self, here: Spot, from: &Scope, there: Option<Spot>) {
                match here.list {
                    $(List::$list => {
                        self.$field.replace(here.place, there.and_then(|there| from.$field.at(there.place)));
                    })*
                }
            }

            fn declared_at(&self, spot: Spot) -> Option<&Declared> {
                match spot.list {
                    $(List::$list => self.$field.declared_in(spot.place),)*
                }
            }

            /// What stands at a spot, as a scope that holds nothing else.
            fn alone(&self, spot: Spot) -> Scope {
                let mut scope = Scope::default();
                match spot.list {
                    $(List::$list => scope.$field.share(self.$field.at(spot.place)),)*
                }
                scope
            }
        }
    };
}

lists! {
    Trails trails
    Stores stores
    Buckets buckets
    BucketPolicies bucket_policies
    PolicyBuckets policy_buckets
    AutoDeletes auto_deletes
    Keys keys
    Aliases aliases
    LogGroups log_groups
    LogPolicies log_policies
    Topics topics
    TopicPolicies topic_policies
    Channels channels
    StorePolicies store_policies
    Identities identities
    OrganizationPolicies organization_policies
    Administrators administrators
    Accounts accounts
    Units units
    Organizations organizations
}

impl List {
    /// The list that resources of a type stand in; none for what only evidence says.
    fn of(kind: &str) -> Option<List> {
        Some(match kind {
            "AWS::CloudTrail::Trail" => List::Trails,
            "AWS::CloudTrail::EventDataStore" => List::Stores,
            "AWS::CloudTrail::Channel" => List::Channels,
            "AWS::CloudTrail::DelegatedAdministrator" => List::Administrators,
            "AWS::CloudTrail::ResourcePolicy" => List::StorePolicies,
            "AWS::S3::Bucket" => List::Buckets,
            "AWS::S3::BucketPolicy" => List::BucketPolicies,
            "AWS::S3::BucketSettings" => List::PolicyBuckets,
            "Custom::S3AutoDeleteObjects" => List::AutoDeletes,
            "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => List::Keys,
            "AWS::KMS::Alias" => List::Aliases,
            "AWS::Logs::LogGroup" => List::LogGroups,
            "AWS::Logs::ResourcePolicy" => List::LogPolicies,
            "AWS::SNS::Topic" => List::Topics,
            "AWS::SNS::TopicPolicy" | "AWS::SNS::TopicInlinePolicy" => List::TopicPolicies,
            "AWS::Organizations::Organization" | "Trailproof::KnownOrganization" => List::Organizations,
            "AWS::Organizations::Policy" => List::OrganizationPolicies,
            "AWS::Organizations::Account" => List::Accounts,
            "AWS::Organizations::OrganizationalUnit" => List::Units,
            "AWS::CloudTrail::ShadowTrail"
            | "Trailproof::NoBucket"
            | "Trailproof::NoLogGroup"
            | "Trailproof::Account" => {
                return None;
            }
            _ => List::Identities,
        })
    }
}

impl Scope {
    /// Lowers the records of a scope.
    pub fn lower(records: &[Record]) -> Scope {
        Scope::lower_in_place(records).0
    }

    /// Lowers the records of a scope; where each of them is then, if it can be read again.
    pub fn lower_in_place(records: &[Record]) -> (Scope, Vec<Option<Spot>>) {
        let mut scope = Scope::default();
        let spots = records.iter().map(|record| scope.add(record)).collect();
        scope.names = scope.written_names();
        scope.settings = scope.policy_buckets.places();
        scope.add_undeclared();
        (scope, spots)
    }

    /// The scope with some of its resources as they are in another world, or without them; none where a resource became
    /// something else.
    pub fn with(&self, changes: &[(Spot, Option<Record>)]) -> Option<Scope> {
        let mut next = self.clone();
        let (mut names, mut buckets) = (false, false);
        for (spot, record) in changes {
            let mut new = Scope::default();
            let there = match record {
                Some(record) => Some(new.add(record).filter(|there| there.list == spot.list)?),
                None => None,
            };
            next.replace(*spot, &new, there);
            names |= self.alone(*spot).written_names() != new.written_names();
            buckets |= matches!(spot.list, List::Buckets | List::BucketPolicies | List::PolicyBuckets);
        }
        if names {
            next.names = next.written_names();
        }
        if buckets {
            next.policy_buckets.truncate(self.settings);
            next.add_undeclared();
        }
        Some(next)
    }

    /// Whether a record is what stands at a spot.
    pub fn is_at(&self, spot: Spot, record: &Record) -> bool {
        List::of(&record.kind) == Some(spot.list)
            && self.declared_at(spot).is_some_and(|at| at.instance == record.instance && at.address == record.address)
    }

    /// Adds what a record says; where it stands then, if it may be under a condition.
    fn add(&mut self, record: &Record) -> Option<Spot> {
        let Some(list) = List::of(&record.kind) else {
            self.add_seen(record);
            return None;
        };
        let place = match list {
            List::Trails => self.trails.push(Trail::lower(record)),
            List::Stores => self.stores.push(Store::lower(record)),
            List::Buckets => self.buckets.push(Bucket::lower(record)),
            List::PolicyBuckets => self.policy_buckets.push(Bucket::lower(record)),
            List::BucketPolicies => self.bucket_policies.push(BucketPolicy::lower(record)),
            List::AutoDeletes => self.auto_deletes.push(AutoDelete::lower(record)),
            List::Keys => self.keys.push(Key::lower(record)),
            List::Aliases => self.aliases.push(Alias::lower(record)),
            List::LogGroups => self.log_groups.push(LogGroup::lower(record)),
            List::LogPolicies => self.log_policies.push(LogPolicy::lower(record)),
            List::Topics => self.topics.push(Topic::lower(record)),
            List::TopicPolicies => self.topic_policies.push(TopicPolicy::lower(record)),
            List::Channels => self.channels.push(Channel::lower(record)),
            List::StorePolicies => self.store_policies.push(StorePolicy::lower(record)),
            List::Identities => self.identities.push(Identity::lower(record)?),
            List::OrganizationPolicies => self.organization_policies.push(OrganizationPolicy::lower(record)),
            List::Administrators => self.administrators.push(DelegatedAdministrator::lower(record)),
            List::Accounts => self.accounts.push(Account::lower(record)),
            List::Units => self.units.push(Unit::lower(record)),
            List::Organizations => self.organizations.push(Organization::lower(record)),
        };
        Some(Spot { list, place })
    }

    /// Adds what only evidence says: it is under no condition.
    fn add_seen(&mut self, record: &Record) {
        match &*record.kind {
            "AWS::CloudTrail::ShadowTrail" => self.shadows.push(Trail::lower(record)),
            "Trailproof::NoBucket" => self.gone.push(Gone::lower(record, "bucket")),
            "Trailproof::NoLogGroup" => self.gone.push(Gone::lower(record, "log group")),
            _ => self.live = Some(Live::lower(record)),
        }
    }

    /// Adds the buckets that only policies speak of.
    fn add_undeclared(&mut self) {
        let undeclared = self.undeclared_buckets();
        self.policy_buckets.extend(undeclared);
    }

    /// The names that are written at resources, for texts that refer to them.
    fn written_names(&self) -> Names {
        let buckets = self.buckets.iter().map(|it| (&it.at, "id", &it.name));
        let trails = self.trails.iter().map(|it| (&it.at, "id", &it.name));
        let groups = self.log_groups.iter().map(|it| (&it.at, "id", &it.name));
        let topics = self.topics.iter().map(|it| (&it.at, "TopicName", &it.name));
        let identities = self.identities.iter().map(|it| (&it.at, "id", &it.name));
        let mut names = Names::default();
        for (at, attribute, name) in buckets.chain(trails).chain(groups).chain(topics).chain(identities) {
            if let Some(Some(name)) = name.get() {
                let of = Of::Resource { address: at.address.clone(), attribute: attribute.into() };
                names.add(Hole { instance: at.instance, of }, name);
            }
        }
        for trail in self.trails.iter().filter(|trail| trail.name.get() == Some(&None)) {
            if let Some((hole, name)) = trail.at.generated_name() {
                names.add(hole, &name);
            }
        }
        for organization in &self.organizations {
            if let Some(Some(id)) = organization.id.get() {
                names.add(Hole { instance: organization.at.instance, of: Of::Organization }, id);
            }
        }
        names
    }
}
