//! Whether a bucket's policies keep everyone of the account from the logs.
//!
//! Inside an account IAM allows whatever its identities were given or took, so only a Deny counts, and only one that
//! leaves nobody out: the question is asked for a role and a user that no policy names, in every circumstance that they
//! may choose.

use super::arn::{global_arn, organization_of, paths_of};
use super::iam::{Caller, Context, Decision, Effect, Known, Policy, Statement, weigh};
use super::{Bucket, Cx, Declared};
use crate::value::{Of, Text, Truth};

impl<'a> Cx<'a> {
    /// A role or user of the account that nothing names.
    fn unnamed(&self, at: &Declared, kind: &str) -> Text {
        global_arn(&at.home, "iam", kind, &Of::foreign().into())
    }

    /// What requests of such a role carry; everything else is as it likes.
    pub fn context_of_member(&self, at: &Declared) -> Context {
        let organization = organization_of(at);
        let paths = paths_of(&organization);
        Context::of(Known::Free)
            .with("aws:PrincipalAccount", Known::One(at.home.account.clone()))
            .with("aws:PrincipalArn", Known::One(self.unnamed(at, "role/")))
            .with("aws:PrincipalOrgID", Known::One(organization))
            .with("aws:PrincipalOrgPaths", Known::Many(vec![paths]))
            .with("aws:PrincipalIsAWSService", Known::One("false".into()))
            .with("aws:ResourceAccount", Known::One(at.home.account.clone()))
            .without(["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"])
            .without(["aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"])
    }

    /// Whether every one of these actions on every log object is denied to everyone. Where it is not, the place is what
    /// keeps a Deny from it that is meant to: one that falls short in a single element.
    pub fn is_denied_to_all(
        &self,
        bucket: &Bucket,
        policies: &[&Policy],
        actions: &[&str],
        context: &Context,
        is_meant: &dyn Fn(&Statement) -> bool,
    ) -> Truth {
        self.holds_for_logs(bucket, policies, &|resource| {
            let who = ["role/", "user/"].map(|kind| self.unnamed(&bucket.at, kind));
            let asked = actions.iter().flat_map(|action| who.iter().map(move |who| (action, who)));
            Truth::all(asked.map(|(action, who)| {
                let context = context.clone().with("aws:PrincipalArn", Known::One(who.clone()));
                let request = self.request(Caller::Named(who.clone()), action, resource, context);
                let decision = weigh(policies.iter().copied(), &request);
                match decision.denies().all {
                    Truth::False(_) => nearly_denied(&decision, is_meant),
                    decided => decided,
                }
            }))
        })
    }
}

fn nearly_denied(decision: &Decision, is_meant: &dyn Fn(&Statement) -> bool) -> Truth {
    let denies = decision.hits.iter().filter(|hit| !hit.statement.does(Effect::Deny).is_false());
    let short = denies.filter(|hit| is_meant(hit.statement)).find_map(|hit| {
        let elements = [&hit.meeting.principal, &hit.meeting.action, &hit.meeting.resource, &hit.meeting.conditions];
        let mut failing = elements.into_iter().filter(|fit| fit.all.is_false());
        match (failing.next(), failing.next()) {
            (Some(only), None) => Some(only.all.clone()),
            _ => None,
        }
    });
    short.unwrap_or_else(Truth::no)
}
