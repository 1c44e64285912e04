//! The confused deputy: statements that let CloudTrail do something for anybody's trail (IAM User Guide, "The confused
//! deputy problem"; facts §5.1, §10.5). Everyone, CloudTrail among them, is the matter of `others`.

use super::cloudtrail::TRAIL_ARN;
use super::documents::{no_statement, opaque_statements};
use super::iam::{Context, Known, Operator, Policy, Principal, Statement, Who, weigh};
use super::{Bucket, Cx, Granted};
use crate::value::{Origin, Text, Verdict};

/// The condition keys that can tell the own trail from a stranger's.
const GUARDS: [&str; 5] = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", TRAIL_ARN];

impl Cx<'_> {
    /// The statements that let CloudTrail do something for a trail of any account: at the condition that was meant to
    /// pin it, else at the service's name.
    fn deputies(&self, policies: &[&Policy], action: &str, resource: &Text, context: Context) -> Vec<Granted> {
        let request = self.by_cloudtrail(action, resource, context);
        let decision = weigh(policies.iter().copied(), &request);
        let each = decision.grants(&request).into_iter().filter_map(|(hit, truth)| {
            let named = hit.statement.principals(self.names()).into_iter();
            let (service, is_it) = named.filter(may_be_service).find_map(|principal| {
                let is_it = principal.is(&request.caller).some;
                (!is_it.is_false()).then_some((principal, is_it))
            })?;
            let origin = guard(hit.statement).unwrap_or_else(|| service.origin.clone());
            let truth = truth.and(is_it).located(&origin).placed(origin.span);
            Some(Granted {
                part: hit.statement.name.clone(),
                principal: Principal { origin, ..service },
                truth,
                note: None,
            })
        });
        each.collect()
    }

    /// Those of a bucket's policies.
    pub fn deputies_at(&self, bucket: &Bucket, policies: &[&Policy], action: &str, resource: &Text) -> Vec<Granted> {
        let context = self.context_of_foreign_trail().with("s3:TlsVersion", Known::One("1.3".into()));
        let context = context.with("aws:ResourceAccount", Known::One(bucket.at.home.account.clone()));
        self.deputies(policies, action, resource, context)
    }

    /// Forbids them in the policies of a key or topic.
    pub fn forbid_any_trail(
        &self,
        policies: &[&Policy],
        action: &str,
        resource: &Text,
        label: &'static str,
    ) -> Verdict {
        let deputies = self.deputies(policies, action, resource, self.context_of_foreign_trail());
        if deputies.is_empty() {
            return no_statement(policies, "no statement lets CloudTrail in");
        }
        let verdict = self.forbid_each(deputies, label, "CloudTrail is let in for known trails only");
        verdict.and(opaque_statements(policies))
    }
}

/// Whether a service may be meant. Everyone is not, and what a parameter names below `AWS` is everyone or no service.
fn may_be_service(principal: &Principal) -> bool {
    match principal.who {
        Who::Everyone => false,
        Who::Unknown(_) => principal.text.hole().is_none(),
        _ => true,
    }
}

/// The place of a guard that a statement has, though it does not hold.
fn guard(statement: &Statement) -> Option<Origin> {
    let compares = |operator: &str| Operator::parse(operator).is_some_and(|operator| !operator.is_null());
    let mut tests = statement.tests().filter(|(operator, _)| compares(operator)).map(|(_, test)| test);
    tests.find(|test| GUARDS.iter().any(|key| test.is_of(key))).map(|test| test.origin.clone())
}
