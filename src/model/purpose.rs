//! What a role is there for, told by what it manages and by who may assume it, never by its name: to make the trails that
//! its policies name, or to deploy what is declared. Whether it may silence a trail is asked elsewhere.

use super::coverage::has_star;
use super::iam::{Caller, Effect, Policy, Principal, Statement, Who};
use super::{Cx, Identity, TRAILS};
use crate::value::{Case, Match, Pattern, Text, Truth, Value, bare};

/// The calls by which a trail comes to be and records.
const MAKES: [&str; 2] = ["cloudtrail:CreateTrail", "cloudtrail:StartLogging"];

/// The services that act only for whoever deploys (their user guides, "service role").
const DEPLOYERS: [&str; 3] = ["cloudformation.amazonaws.com", "codebuild.amazonaws.com", "codepipeline.amazonaws.com"];

/// The issuers of pipelines' tokens: the claim that says whose pipeline it is (IAM User Guide, "Identity-provider controls
/// for shared OIDC providers").
const PIPELINES: [&str; 3] = ["token.actions.githubusercontent.com:sub", "gitlab.com:sub", "app.terraform.io:sub"];

impl Cx<'_> {
    /// Whether a statement is for making trails: it speaks of trails alone, its policy lets its holder make them, and
    /// either the trails or the calls are named one by one.
    pub(super) fn makes_trails(&self, policy: &Policy, statement: &Statement) -> Truth {
        let aims = |each: &dyn Fn(&Text) -> Truth| {
            statement.resources.these.ask(&|these, _| match these.as_deref() {
                None | Some([]) => Truth::no(),
                Some(these) => {
                    Truth::all(these.iter().map(|one| one.ask(&|text, _| each(&self.names().resolve(text)))))
                }
            })
        };
        let statements = policy.statements().unwrap_or_default();
        let lets =
            |call: &&str| Truth::any(statements.iter().map(|it| it.does(Effect::Allow).and(it.speaks_of(call).all)));
        let makes = Truth::any(MAKES.iter().map(lets));
        bare(aims(&is_trail).and(makes).and(aims(&is_named).or(names_calls(statement))))
    }

    /// Whether only what deploys may assume a role: a service that does nothing else, or a pipeline of a known owner.
    pub(super) fn is_deployer(&self, role: &Identity) -> Truth {
        if role.kind != "role" {
            return Truth::no();
        }
        let admits = |statement: &Statement| {
            let principals = statement.principals(self.names());
            let is_it = |principal: &Principal| match principal.who {
                Who::Federated => is_of_a_pipeline(statement),
                _ => Truth::any(DEPLOYERS.into_iter().map(|name| principal.is(&Caller::Service(name.into())).all)),
            };
            match principals.as_slice() {
                [] => Truth::no(),
                some => Truth::all(some.iter().map(is_it)),
            }
        };
        let truth = role.trust.ask(&|policy, _| match policy.as_ref().map(Policy::statements) {
            None | Some(Ok([])) => Truth::no(),
            Some(Err(why)) => Truth::unknown(why),
            Some(Ok(all)) => Truth::all(all.iter().map(|it| it.does(Effect::Allow).not().or(admits(it)))),
        });
        bare(truth)
    }
}

/// What an ARN says of a trail, behind `trail/`; none of other things.
fn name_of_trail(text: &Text) -> Option<Text> {
    text.after_partition()?.strip_prefix("cloudtrail:")?.after(":trail/")
}

fn is_trail(text: &Text) -> Truth {
    match (name_of_trail(text), text.why()) {
        (Some(_), _) => Truth::yes(),
        (None, Some(why)) => Truth::unknown(why),
        (None, None) => Truth::no(),
    }
}

/// Whether one trail is meant.
fn is_named(arn: &Text) -> Truth {
    match name_of_trail(arn) {
        Some(name) if !has_star(&name) && !name.is_empty().is_true() => Truth::yes(),
        _ => Truth::no(),
    }
}

/// Whether the calls that silence trails are written out, where the statement speaks of them.
fn names_calls(statement: &Statement) -> Truth {
    let is_plain = |text: &Text| {
        let pattern = Pattern::new(text, Match::Wild, Case::Ignored);
        let speaks = |call: &&str| !pattern.fits(&Pattern::subject(&(*call).into(), Case::Ignored)).some.is_false();
        match text.why() {
            Some(why) => Truth::unknown(why),
            None if has_star(text) && TRAILS.actions.iter().any(speaks) => Truth::no(),
            None => Truth::yes(),
        }
    };
    statement.actions.these.ask(&|these, _| match these {
        None => Truth::no(),
        Some(these) => Truth::all(these.iter().map(|one| one.ask(&|text, _| is_plain(text)))),
    })
}

/// Whether a token must be of a pipeline whose owner is named.
fn is_of_a_pipeline(statement: &Statement) -> Truth {
    if let Some(why) = statement.conditions.why() {
        return Truth::unknown(why);
    }
    let compares = |operator: &str| ["StringEquals", "StringLike"].iter().any(|it| operator.eq_ignore_ascii_case(it));
    let tests = statement.tests().filter(|(operator, _)| compares(operator)).map(|(_, test)| test);
    let claims = tests.filter(|test| PIPELINES.iter().any(|claim| test.is_of(claim)));
    let owned = |value: &Value<Text>| value.ask(&|text, _| names_owner(text));
    let named = claims.map(|test| {
        test.values.ask(&|values, _| match values.as_slice() {
            [] => Truth::no(),
            some => Truth::all(some.iter().map(owned)),
        })
    });
    // A key that is not known may be the claim.
    let each = statement.conditions.get().into_iter().flatten();
    let hidden = each.filter_map(|tests| tests.tests.why()).map(Truth::unknown);
    Truth::any(named.chain(hidden))
}

/// Whether a claim such as `repo:owner/name:ref` says whose it is, before the first star.
fn names_owner(claim: &Text) -> Truth {
    let Some(literal) = claim.literal() else {
        // What stands for a repository is one.
        return match claim.hole() {
            Some(_) => claim.why().map_or(Truth::no(), Truth::unknown),
            None => Truth::yes(),
        };
    };
    let said = literal.split_once(':').map_or("", |(_, said)| said);
    let owner = match said.split_once('*') {
        None => !said.is_empty(),
        Some((before, _)) => before.ends_with(['/', ':']),
    };
    if owner { Truth::yes() } else { Truth::no() }
}
