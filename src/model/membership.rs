//! Whether the members of an organization are kept from leaving it: whoever leaves takes an account out of the organization's
//! trail, and from under its policies.
//!
//! It is a question to all policies together, so it is asked once, at the organization, where an account of the run may list
//! them all; what a source declares shows single policies, and each is judged by itself.

use super::aim::MEMBERSHIP;
use super::protection::{Bounds, Part};
use super::{Account, Cx, Guard, Live, Organization, OrganizationPolicy, cannot_tell};
use crate::value::{Related, Truth, Verdict, bare, require};

/// So many accounts are named in one finding.
const MOST_NAMED: usize = 5;

/// What may keep the members of an organization in it.
#[derive(Clone, Copy, Debug)]
pub enum Membership<'a> {
    /// All policies of an organization.
    Organization(&'a Organization),
    /// One of them.
    Policy(&'a OrganizationPolicy),
}

impl<'a> Cx<'a> {
    /// Whether members are kept from leaving.
    pub fn keeps_members(&self, by: Membership<'a>) -> Verdict {
        match by {
            Membership::Organization(organization) => self.keeps_all(organization),
            Membership::Policy(policy) => self.keeps_by(policy),
        }
    }

    fn keeps_by(&self, policy: &OrganizationPolicy) -> Verdict {
        if let Some(live) = &self.scope.live {
            if self.tells_organization() {
                return Verdict::not_applicable("whether members can leave is asked of the organization");
            }
            if let Some(why) = live.in_organization.why() {
                return cannot_tell(why);
            }
        }
        let guard = Guard::new(self, policy, MEMBERSHIP);
        let verdict = guard.each(|statement| guard.leaves_free(statement).or(guard.is_idle(statement)));
        let speaks = policy.statements().iter().any(|statement| !MEMBERSHIP.means(statement).is_false());
        match verdict {
            Verdict::Pass(..) if !speaks => Verdict::not_applicable("it does not speak of leaving"),
            verdict => verdict,
        }
    }

    /// Whether an account of the run tells of the organization.
    fn tells_organization(&self) -> bool {
        self.of_organization().any(|scope| !scope.organizations.is_empty())
    }

    fn keeps_all(&self, organization: &Organization) -> Verdict {
        let Some(live) = self.scope.live.as_ref() else {
            return Verdict::not_applicable("no source shows every policy: those that deny leaving are judged");
        };
        if !self.is_asked_here(organization, live) {
            return Verdict::not_applicable(
                "it is asked where the organization is managed, or its policies are listed",
            );
        }
        if let Some(why) = self.unseen_policies(live).or_else(|| self.unlisted_tree()) {
            return cannot_tell(why);
        }
        let accounts = self.of_organization().flat_map(|scope| &scope.accounts);
        let members =
            accounts.filter(|it| !it.is_suspended() && !it.id().is_some_and(|id| self.manages(&id).is_true()));
        let each: Vec<(&Account, Truth)> = members.map(|member| (member, self.stays(member, live))).collect();
        if each.is_empty() {
            return Verdict::not_applicable("the organization has no members");
        }
        let free: Vec<&Account> = each.iter().filter(|(_, kept)| kept.is_false()).map(|(member, _)| *member).collect();
        let label = format!("no policy keeps the identities of {} from leaving", named(&free));
        let verdict = require(bare(Truth::all(each.iter().map(|(_, kept)| kept.clone()))));
        let verdict = verdict.or_at(organization.at.span).label(label);
        free.iter().take(MOST_NAMED).fold(verdict, |verdict, it| verdict.related("can leave", it.at.span))
    }

    /// Whether an organization of which several accounts tell is asked about here: where it is managed, else where its
    /// policies are listed first.
    fn is_asked_here(&self, organization: &Organization, live: &Live) -> bool {
        let lives = || self.of_organization().filter_map(|scope| scope.live.as_ref());
        if lives().any(|it| organization.is_managed_from(it)) {
            return organization.is_managed_from(live);
        }
        let mut listing = lives().filter(|it| it.policies_listed.is(true).is_true());
        listing.all(|it| live.at.address <= it.at.address)
    }

    fn unlisted_tree(&self) -> Option<crate::value::Why> {
        let mut lives = self.of_organization().filter_map(|scope| scope.live.as_ref());
        let listing = lives.find(|live| live.policies_listed.is(true).is_true())?;
        listing.tree_listed.why()
    }

    /// Whether a member's own identities cannot take it out of the organization.
    fn stays(&self, member: &Account, live: &Live) -> Truth {
        let relies = Related { label: "can leave".into(), span: member.at.span };
        let part = Part { aim: MEMBERSHIP, arn: MEMBERSHIP.resource(), relies };
        let ceiling = self.ceiling_of(member, &member.id().unwrap_or_default(), live);
        let bounds = Bounds { way: self.way_up(member), ceiling: Some(ceiling) };
        bare(Truth::all(self.kept(member, &bounds, &part).into_iter().map(|(_, kept)| kept)))
    }
}

/// The first of some accounts by id, and how many more there are.
fn named(all: &[&Account]) -> String {
    let ids = all.iter().take(MOST_NAMED).filter_map(|it| it.id()?.literal().map(str::to_owned));
    let ids = ids.collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(MOST_NAMED) {
        0 => ids,
        more => format!("{ids} and {more} more"),
    }
}
