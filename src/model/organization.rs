//! Organizations and their policies: service control policies, resource control policies.

use super::account::place_of;
use super::aim::{MEMBERSHIP, TRAILS};
use super::documents::{statements, unknown_value};
use super::iam::{Effect, Kind, Policy, Statement};
use super::trail::required_text;
use super::{CLOUDTRAIL, Cx, Declared, Live, exemption, properties as p};
use crate::read::Record;
use crate::value::{Assumption, Ground, Text, Truth, Value, Verdict, What, Why, WhyKind, bare, forbid, is_account_id};
use std::collections::HashSet;

/// An organization as declared.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its id, where it exists.
    pub id: Value<Option<Text>>,
    /// The id of the account that it is managed from, where it exists.
    management_account: Value<Option<Text>>,
    /// `ALL`, or `CONSOLIDATED_BILLING`, which has no policies.
    pub features: Value<Text>,
    /// The types of policies that are turned on at its root, where that is said.
    policy_types: Value<Option<Vec<Value<Text>>>>,
    /// Whether it is told where it stands, and not only known there from the evidence of another account.
    pub is_told: bool,
}

impl Organization {
    pub(super) fn lower(record: &Record) -> Organization {
        let block = record.block();
        Organization {
            at: Declared::new(record),
            id: block.text(&p::ORGANIZATION_ID),
            management_account: block.text(&p::MANAGEMENT_ACCOUNT),
            features: block.word_or(&p::FEATURE_SET),
            policy_types: block.texts(&p::POLICY_TYPES),
            is_told: &*record.kind != "Trailproof::KnownOrganization",
        }
    }

    /// Whether it is managed from the account of this id.
    pub(super) fn is_managed_by(&self, account: &Text) -> Truth {
        self.management_account.ask(&|id, _| match id {
            Some(id) => id.same(account),
            None => Truth::unknown(Why::not_visible(
                "management account",
                "which account manages the organization is not seen",
            )),
        })
    }

    /// Whether its service control policies are turned on; they are, where nothing says otherwise.
    pub(super) fn has_policies_on(&self) -> Truth {
        let is_it = |kind: &Value<Text>| kind.get().and_then(Text::literal) == Some("SERVICE_CONTROL_POLICY");
        self.policy_types.test(|types| types.as_ref().is_none_or(|types| types.iter().any(is_it)))
    }

    /// Whether an account is the one that it is managed from.
    pub fn is_managed_from(&self, live: &Live) -> bool {
        self.is_managed_by(&Text::from(&*live.at.address)).is_true()
    }
}

/// An account that administers a service for the organization, as registered.
#[derive(Clone, Debug)]
pub struct DelegatedAdministrator {
    /// Address, place, conditions.
    pub at: Declared,
    /// The account's id.
    pub account: Value<Text>,
    service: Value<Text>,
}

impl DelegatedAdministrator {
    pub(super) fn lower(record: &Record) -> DelegatedAdministrator {
        let block = record.block();
        DelegatedAdministrator {
            at: Declared::new(record),
            account: required_text(&block, &p::DELEGATED_ACCOUNT),
            service: required_text(&block, &p::DELEGATED_SERVICE),
        }
    }

    /// Whether the service is CloudTrail.
    pub fn is_of_cloudtrail(&self) -> Truth {
        self.service.ask(&|service, origin| service.same(&CLOUDTRAIL.into()).located(origin))
    }
}

/// What a policy is attached to, as far as it is known.
#[derive(Clone, Debug)]
pub(super) struct Attachments {
    places: HashSet<Text>,
    /// Why there may be more.
    unseen: Option<Why>,
}

impl Attachments {
    fn of(targets: &Value<Option<Vec<Value<Text>>>>) -> Attachments {
        let known = || targets.get().into_iter().flatten().flatten();
        let places = known().filter_map(Value::get).map(place_of).collect();
        Attachments { places, unseen: targets.why().or_else(|| known().find_map(Value::why)) }
    }

    /// Why there may be others than those that are known.
    pub(super) fn why(&self) -> Option<Why> {
        self.unseen.clone()
    }

    /// Whether a place is among them.
    pub(super) fn has(&self, place: &Text) -> Truth {
        match &self.unseen {
            _ if self.places.contains(place) => Truth::yes(),
            Some(why) => Truth::unknown(why.clone()),
            None => Truth::no(),
        }
    }
}

/// A policy of an organization as declared.
#[derive(Clone, Debug)]
pub struct OrganizationPolicy {
    /// Address, place, conditions.
    pub at: Declared,
    /// `SERVICE_CONTROL_POLICY`, `RESOURCE_CONTROL_POLICY` or another type.
    pub kind: Value<Text>,
    /// What it says.
    pub document: Value<Option<Policy>>,
    /// The ids of the root, organizational units and accounts that it is attached to.
    pub targets: Value<Option<Vec<Value<Text>>>>,
    /// The same to be looked up, for an organization has thousands of accounts.
    pub(super) attachments: Attachments,
    /// The calls that it denies by name, each with how sure that is: other policies ask for them often.
    pub(super) denied: Vec<(&'static str, Truth)>,
    /// The statements that keep others from creating principals, by their numbers.
    pub(super) creation_denials: Vec<(&'static str, usize, Truth)>,
}

/// Why it is not told what a list holds that a parameter leaves empty by default.
fn input_of(assumed: &Assumption) -> Why {
    let name = &assumed.name;
    Why::new(
        WhyKind::Parameter,
        name.clone(),
        format!("parameter `{name}` is for the targets, and names none by default"),
    )
}

impl Cx<'_> {
    /// Whether an account manages the organization of this scope, as far as one is in sight. Its trail is the management
    /// account's, whoever made it.
    pub(super) fn manages(&self, account: &Text) -> Truth {
        let told = Truth::any(self.scope.organizations.iter().map(|it| bare(it.is_managed_by(account))));
        let Some(live) = self.scope.live.as_ref().filter(|_| self.scope.organizations.is_empty()) else { return told };
        let mut trails = self.scope.all_trails().filter(|trail| trail.organization.is(true).is_true());
        match (live.in_organization.what.clone(), trails.next()) {
            (What::Known(false), _) => Truth::no(),
            (_, Some(trail)) => bare(trail.at.home.account.same(account)),
            (What::Unknown(why), None) => Truth::unknown(why),
            (_, None) => told,
        }
    }

    /// Whether an account belongs to an organization: it says so, or another account of the run, or a trail that it sees.
    pub fn is_in_organization(&self, live: &Live) -> Truth {
        let sees = self.scope.all_trails().any(|trail| trail.organization.is(true).is_true());
        match live.in_organization.is(true) {
            Truth::Unknown(..) if sees => Truth::yes(),
            said => said,
        }
    }

    /// Whether the service control policies of the organization are turned on, as far as this account may know.
    pub(super) fn has_policies_on(&self) -> Truth {
        let told = self.of_organization().flat_map(|scope| &scope.organizations);
        bare(Truth::all(told.map(Organization::has_policies_on)))
    }

    /// Whether a policy is attached to the management account and to nothing else. Of what is declared nobody says which
    /// account that is.
    pub fn is_of_management_alone(&self, policy: &OrganizationPolicy) -> Truth {
        let Some([only]) = policy.targets.get().and_then(Option::as_deref) else { return Truth::no() };
        let is_account = |id: &&Text| id.literal().is_some_and(is_account_id);
        let (Some(id), Some(live)) = (only.get().filter(is_account), &self.scope.live) else { return Truth::no() };
        match live.in_organization.why().filter(|_| self.scope.organizations.is_empty()) {
            Some(why) => Truth::unknown(why),
            None => self.manages(id).located(&policy.targets.origin),
        }
    }
}

impl OrganizationPolicy {
    pub(super) fn lower(record: &Record) -> OrganizationPolicy {
        let block = record.block();
        let kind = required_text(&block, &p::ORGANIZATION_POLICY_TYPE);
        let resource = kind.candidates().into_iter().all(|kind| kind.literal() == Some("RESOURCE_CONTROL_POLICY"));
        let language = if resource { Kind::ResourceControl } else { Kind::ServiceControl };
        let document = Policy::lower(&block, &p::ORGANIZATION_POLICY_CONTENT, language);
        let denied = [TRAILS, MEMBERSHIP].into_iter().flat_map(|aim| aim.denied(statements(&document))).collect();
        let targets = block.texts(&p::ORGANIZATION_POLICY_TARGETS);
        OrganizationPolicy {
            at: Declared::new(record),
            kind,
            attachments: Attachments::of(&targets),
            targets,
            denied,
            creation_denials: exemption::creation_denials(statements(&document)),
            document,
        }
    }

    /// Whether it is a service control policy.
    pub fn is_service_control(&self) -> Truth {
        self.is("SERVICE_CONTROL_POLICY")
    }

    /// Whether it is a resource control policy.
    pub fn is_resource_control(&self) -> Truth {
        self.is("RESOURCE_CONTROL_POLICY")
    }

    /// Whether it is AWS's own: `FullAWSAccess`, which is nobody's to change, but for what it is attached to.
    pub fn is_of_aws(&self) -> bool {
        self.at.is_of_aws()
    }

    fn is(&self, kind: &str) -> Truth {
        self.kind.ask(&|text, origin| text.same(&kind.into()).located(origin))
    }

    /// Its statements, as far as they are known.
    pub fn statements(&self) -> &[Statement] {
        statements(&self.document)
    }

    /// Whether a statement of it may deny one of some calls, or may be one that does, where not all is known.
    pub(super) fn may_deny(&self, calls: &[&str]) -> bool {
        let denies = |statement: &Statement| {
            let speaks = || calls.iter().any(|call| !statement.speaks_of(call).some.is_false());
            !statement.does(Effect::Deny).is_false() && speaks()
        };
        self.unread().is_some() || self.document.why().is_some() || self.statements().iter().any(denies)
    }

    /// Whether it denies, or means to deny, what silences a trail, or leaving the organization: who leaves takes the account
    /// out of the organization's trail.
    pub fn protects_trails(&self) -> Truth {
        let statements = self.statements().iter();
        let means = Truth::any(statements.map(|statement| TRAILS.means(statement).or(MEMBERSHIP.means(statement))));
        self.is_service_control().and(self.unread().map_or(means, Truth::unknown))
    }

    /// Why it is not known what it says, where that is so.
    fn unread(&self) -> Option<Why> {
        match self.document.get() {
            Some(Some(policy)) => policy.statements().err(),
            Some(None) => None,
            None => self.document.why().filter(|why| why.condition.is_none()),
        }
    }

    /// Asks a question of each statement, which is a fault where it holds; where the statements are not known, that is the
    /// answer.
    pub fn each(&self, fault: impl Fn(&Statement) -> Truth) -> Verdict {
        let Some(document) = self.document.get() else { return unknown_value(&self.document) };
        let Some(policy) = document else { return Verdict::not_applicable("it has no content") };
        if let Err(why) = policy.statements() {
            let place = why.place.or(Some(policy.origin.span));
            return Verdict::Unknown(vec![why], policy.statements.assumes.clone(), place);
        }
        let each = self.statements().iter().map(|statement| {
            let truth = fault(statement).assuming(&self.document.assumes).assuming(&policy.statements.assumes);
            forbid(truth.placed(statement.origin.span)).part(&statement.name)
        });
        each.fold(Verdict::not_applicable("it has no statements"), Verdict::and)
    }

    /// Whether it is attached to nothing. A list of targets that a parameter leaves empty by default is for those to fill who
    /// deploy.
    pub fn is_unattached(&self) -> Truth {
        let idle = self.targets.ask(&|targets, origin| match targets.as_deref() {
            None | Some([]) => Truth::of(true, origin),
            // A list that is a parameter may be empty; a parameter in a list is one target.
            Some([only]) if only.origin.span == origin.span => {
                only.ask(&|text, origin| text.is_empty().located(origin))
            }
            Some(_) => Truth::of(false, origin),
        });
        match &idle {
            Truth::True(Ground { assumes, .. }) => match assumes.first() {
                Some(input) => Truth::unknown(input_of(input).at(self.targets.origin.span)),
                None => idle,
            },
            _ => idle,
        }
    }

    /// Whether it is attached to everything that another policy is attached to.
    pub fn binds_all_of(&self, other: &OrganizationPolicy) -> Truth {
        let is_mine = |target: &Text| {
            let same = |mine: &Value<Text>| mine.ask(&|mine, _| mine.same(target));
            self.targets.ask(&|mine, _| Truth::any(mine.iter().flatten().map(same)))
        };
        other.targets.ask(&|theirs, _| match theirs.as_deref() {
            None | Some([]) => Truth::no(),
            Some(theirs) => Truth::all(theirs.iter().map(|target| target.ask(&|target, _| is_mine(target)))),
        })
    }
}
