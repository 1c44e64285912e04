//! Which policy documents there are for something, or why that cannot be told. What the documents say is for the policy
//! language, and what that means for other modules.

use super::iam::{Policy, Statement, missing};
use super::link::same;
use super::{Bucket, Cx, Declared, Identity, Topic};
use crate::value::{Basis, Of, Text, Truth, Value, Verdict, What, Why, require};

/// The documents of policies, where all of them are known: each policy exists in this world and has one document.
///
/// # Errors
///
/// Why they are not.
pub fn documents<'p>(
    all: impl IntoIterator<Item = (&'p Declared, &'p Value<Option<Policy>>)>,
) -> Result<Vec<&'p Policy>, Why> {
    let mut known = Vec::new();
    for (at, document) in all {
        let undecided = at.undecided.clone().map(|condition| Why::condition(condition).at(at.span));
        if let Some(why) = undecided.or_else(|| document.why()) {
            return Err(why);
        }
        if let Some(policy) = document.get().and_then(Option::as_ref) {
            policy.statements()?;
            known.push(policy);
        }
    }
    Ok(known)
}

/// Statements of which nothing is known, or not whom they mean, which may let anybody in; a pass where there are none.
/// For policies that must name their principals.
pub fn opaque_statements(policies: &[&Policy]) -> Verdict {
    let statements = policies.iter().flat_map(|policy| policy.statements().unwrap_or_default());
    let opaque = statements.filter_map(|statement| match &statement.effect.what {
        What::Unknown(why) => Some(cannot_tell(why.clone().at(statement.origin.span))),
        _ if statement.principals.are_given() || statement.principals.these.why().is_some() => None,
        _ => Some(cannot_tell(missing("Principal").at(statement.origin.span))),
    });
    opaque.fold(Verdict::Pass(Basis::default(), Vec::new()), Verdict::and)
}

/// That no statement is of the kind that is judged, as far as all of them can be read.
pub fn no_statement(policies: &[&Policy], reason: &'static str) -> Verdict {
    match opaque_statements(policies) {
        Verdict::Pass(..) => Verdict::not_applicable(reason),
        other => other,
    }
}

/// The verdict where it is not known what there is to judge.
pub fn cannot_tell(why: Why) -> Verdict {
    require(Truth::unknown(why))
}

/// The verdict where a value cannot be told.
pub(super) fn unknown_value<T>(value: &Value<T>) -> Verdict {
    Verdict::Unknown(value.why().into_iter().collect(), value.assumes.clone(), Some(value.origin.span))
}

/// The statements of a document, as far as they are known.
pub(super) fn statements(document: &Value<Option<Policy>>) -> &[Statement] {
    let policy = document.get().and_then(Option::as_ref);
    policy.and_then(|policy| policy.statements().ok()).unwrap_or_default()
}

/// The documents of an identity, as far as they are known.
pub(super) fn documents_in(identity: &Identity) -> Vec<&Policy> {
    identity.documents.candidates().into_iter().flatten().filter_map(|document| document.get()?.as_ref()).collect()
}

impl<'a> Cx<'a> {
    /// The documents of a bucket's policies.
    ///
    /// # Errors
    ///
    /// Why it cannot be told which they are.
    pub fn documents_of_bucket(&self, bucket: &Bucket) -> Result<Vec<&'a Policy>, Why> {
        let is_undeclared = self.is_undeclared(bucket);
        match bucket.name.why() {
            Some(why) if is_undeclared || why.condition.is_some() => return Err(why),
            _ => {}
        }
        let policies = self.policies_of(bucket);
        if is_undeclared && policies.is_empty() {
            return Err(Why::not_visible(
                "bucket policy",
                "neither the bucket nor a policy of it is declared in this run",
            ));
        }
        // Stacks that each have a policy for a bucket of this name mean different buckets.
        if let [first, others @ ..] = policies.as_slice()
            && let Some(other) = others.iter().find(|other| other.at.instance != first.at.instance)
            && !self.scope.bucket_policies.iter().any(|own| std::ptr::eq(own, *first))
        {
            let text = "several stacks of this run have a policy for a bucket of this name";
            return Err(Why::not_visible("bucket policy", text).at(other.at.span));
        }
        for policy in self.scope.bucket_policies.iter().filter(|policy| !same(&policy.at, &bucket.at)) {
            if let Truth::Unknown(whys, _) = self.is_for(policy, bucket)
                && let Some(why) = whys.into_iter().next()
            {
                return Err(why.at(policy.bucket.origin.span));
            }
        }
        let mut all = Vec::new();
        for policy in policies {
            all.extend(documents([(&policy.at, &policy.document)])?);
            if let Some(why) = policy.bucket.why() {
                return Err(why);
            }
        }
        Ok(all)
    }

    /// Whether a bucket has a policy.
    pub fn has_policy(&self, bucket: &Bucket) -> Truth {
        let policies = self.estate.scopes.iter().flat_map(|scope| &scope.bucket_policies);
        match Truth::any(policies.map(|policy| policy.is_there().and(self.is_for(policy, bucket)))) {
            Truth::False(_) if self.is_undeclared(bucket) => Truth::unknown(Why::not_visible(
                "bucket policy",
                "neither the bucket nor a policy of it is declared in this run",
            )),
            has => has,
        }
    }

    /// The documents of a topic's policies.
    ///
    /// # Errors
    ///
    /// Why they are not known.
    pub fn documents_of_topic(&self, topic: &Topic) -> Result<Vec<&'a Policy>, Why> {
        let found = self.policies_of_topic(topic);
        for policy in &found {
            let members = policy.topics.candidates().into_iter().flatten().flatten();
            if let Some(why) = policy.topics.why().or_else(|| members.into_iter().find_map(Value::why)) {
                return Err(why);
            }
        }
        // A policy whose topics nobody can tell may be for this one.
        let hidden = self.scope.topic_policies.iter().find_map(|policy| hidden_member(&policy.topics));
        match (found.is_empty(), hidden) {
            (true, Some(why)) => Err(why),
            _ => documents(found.into_iter().map(|policy| (&policy.at, &policy.document))),
        }
    }
}

/// Why a list of names may hold one that is not known.
fn hidden_member(names: &Value<Option<Vec<Value<Text>>>>) -> Option<Why> {
    let members = names.candidates().into_iter().flatten().flatten();
    let texts = members.flat_map(Value::candidates);
    let is_open = |text: &&Text| {
        text.hole().is_some_and(|hole| {
            matches!(
                hole.of,
                Of::Parameter { .. } | Of::Import(_) | Of::Unseen { .. } | Of::Expression(_) | Of::Made(..)
            )
        })
    };
    names.why().or_else(|| texts.into_iter().find(is_open).and_then(Text::why))
}
