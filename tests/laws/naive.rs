//! A naive reading of the policy language: the witness of law 8.
//!
//! It knows policies and requests as plain JSON, all of whose texts are known, and follows the published rules word by
//! word (§9 and §10 of the reference). It was written without a look at the evaluator that it is held against, and is to
//! stay that way: whoever mends it reads the rules, not the other code. Policies are taken to be well formed.

#[path = "naive/conditions.rs"]
pub(crate) mod conditions;
#[path = "naive/matching.rs"]
pub(crate) mod matching;
#[path = "naive/order.rs"]
mod order;
#[path = "naive/published.rs"]
mod published;

use matching::{Piece, arn_like, like_text, pieces};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Anonymous,
    /// `cloudtrail.amazonaws.com`
    Service(String),
    /// A role, a user, a role's session, or an account's root.
    Arn(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) caller: Caller,
    pub(crate) action: String,
    pub(crate) resource: String,
    /// The account that owns the resource.
    pub(crate) owner: String,
    /// Values by key; keys in lower case.
    pub(crate) context: BTreeMap<String, Vec<String>>,
}

/// Everything that has a say. Levels go from the organization's root to the account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    pub(crate) identity: Vec<Value>,
    pub(crate) resource: Option<Value>,
    pub(crate) scps: Vec<Vec<Value>>,
    pub(crate) rcps: Vec<Vec<Value>>,
    pub(crate) boundary: Option<Value>,
    pub(crate) session: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Allowed,
    ExplicitlyDenied,
    ImplicitlyDenied,
}

/// How near a principal of a policy comes to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    No,
    /// It names the caller's account, which may hand the right on.
    Account,
    /// It names the caller's role, or everybody.
    Caller,
    /// It names the user or the session itself.
    Session,
}

impl Caller {
    pub(crate) fn read(text: &str) -> Self {
        match text {
            "anonymous" => Caller::Anonymous,
            arn if arn.starts_with("arn:") => Caller::Arn(arn.to_owned()),
            service => Caller::Service(service.to_owned()),
        }
    }

    pub(crate) fn account(&self) -> Option<&str> {
        match self {
            Caller::Arn(arn) => arn.split(':').nth(4),
            Caller::Anonymous | Caller::Service(_) => None,
        }
    }

    pub(crate) fn is_service_linked(&self) -> bool {
        matches!(self, Caller::Arn(arn) if arn.contains(":role/aws-service-role/"))
    }

    /// The role of a session.
    fn role(&self) -> Option<String> {
        let Caller::Arn(arn) = self else { return None };
        let (head, rest) = arn.split_once(":assumed-role/")?;
        let (role, _) = rest.split_once('/')?;
        Some(format!("{}:role/{role}", head.replacen(":sts:", ":iam:", 1)))
    }
}

impl Request {
    pub(crate) fn values(&self, key: &str) -> Option<&[String]> {
        self.context.get(&key.to_ascii_lowercase()).map(Vec::as_slice)
    }

    /// `{"caller": "anonymous" | ARN | service, "action", "resource", "owner", "context": {key: value or values}}`
    pub(crate) fn read(json: &Value) -> Self {
        let text = |name: &str| json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}")).to_owned();
        let caller = Caller::read(&text("caller"));
        let context = json["context"].as_object().unwrap();
        let context = context.iter().map(|(key, values)| (key.to_ascii_lowercase(), texts(values))).collect();
        Request { caller, action: text("action"), resource: text("resource"), owner: text("owner"), context }
    }
}

/// A list of texts, or one; numbers and booleans are the texts that they would be.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

pub(crate) fn statements(policy: &Value) -> Vec<&Value> {
    match &policy["Statement"] {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

pub(crate) fn has_variables(policy: &Value) -> bool {
    policy["Version"] == "2012-10-17"
}

fn action_matches(patterns: &Value, request: &Request) -> bool {
    texts(patterns).iter().any(|pattern| {
        let pattern = pieces(&pattern.to_ascii_lowercase(), None).unwrap();
        like_text(&pattern, &request.action.to_ascii_lowercase())
    })
}

fn resource_matches(patterns: &Value, request: &Request, variables: bool) -> bool {
    texts(patterns).iter().any(|pattern| match pieces(pattern, variables.then_some(request)) {
        Some(pattern) => pattern == [Piece::Any] || arn_like(&pattern, &request.resource),
        None => false,
    })
}

/// How near one principal, `"*"` or `{"AWS": […], "Service": […]}`, comes to the caller.
pub(crate) fn nearness(principal: &Value, caller: &Caller) -> Nearness {
    if principal == "*" {
        return Nearness::Caller;
    }
    let mut nearest = Nearness::No;
    for (kind, values) in principal.as_object().unwrap() {
        for value in texts(values) {
            let near = match (kind.as_str(), caller) {
                ("AWS", _) if value == "*" => Nearness::Caller,
                ("AWS", Caller::Arn(arn)) => {
                    let account = caller.account().unwrap();
                    let root = format!("arn:aws:iam::{account}:root");
                    let names_account = value == account || value == root;
                    if names_account && *arn == root || caller.role().as_deref() == Some(&value) {
                        Nearness::Caller
                    } else if names_account {
                        Nearness::Account
                    } else if value == *arn && arn.contains(":role/") {
                        Nearness::Caller
                    } else if value == *arn {
                        Nearness::Session
                    } else {
                        Nearness::No
                    }
                }
                ("Service", Caller::Service(name)) if *name == value => Nearness::Caller,
                _ => Nearness::No,
            };
            nearest = nearest.max(near);
        }
    }
    nearest
}

fn principal_matches(statement: &Value, caller: &Caller) -> Nearness {
    match (&statement["Principal"], &statement["NotPrincipal"]) {
        (Value::Null, Value::Null) => Nearness::No,
        (Value::Null, not) if nearness(not, caller) == Nearness::No => Nearness::Caller,
        (Value::Null, _) => Nearness::No,
        (principal, _) => nearness(principal, caller),
    }
}

/// Whether a statement is about a request, principals aside.
fn applies(statement: &Value, request: &Request, variables: bool) -> bool {
    let action = match &statement["Action"] {
        Value::Null => !action_matches(&statement["NotAction"], request),
        action => action_matches(action, request),
    };
    let resource = match (&statement["Resource"], &statement["NotResource"]) {
        // A role's trust policy names none.
        (Value::Null, Value::Null) => true,
        (Value::Null, not) => !resource_matches(not, request, variables),
        (resource, _) => resource_matches(resource, request, variables),
    };
    let conditions = match &statement["Condition"] {
        Value::Null => true,
        conditions => conditions::hold(conditions, request, variables),
    };
    action && resource && conditions
}

/// Whether a policy without principals has a statement with this effect for a request.
pub(crate) fn says(policy: &Value, effect: &str, request: &Request) -> bool {
    let variables = has_variables(policy);
    statements(policy).iter().any(|it| it["Effect"] == effect && applies(it, request, variables))
}

/// How near the statements with this effect of a policy with principals come to the caller of a request.
pub(crate) fn says_to(policy: &Value, effect: &str, request: &Request) -> Nearness {
    let variables = has_variables(policy);
    let about = statements(policy).into_iter().filter(|it| it["Effect"] == effect && applies(it, request, variables));
    about.map(|it| principal_matches(it, &request.caller)).max().unwrap_or(Nearness::No)
}

/// The decision.
pub(crate) fn decide(policies: &Policies, request: &Request) -> Verdict {
    let caller = &request.caller;
    let account = caller.account();
    let bound = !caller.is_service_linked();
    let scps: &[Vec<Value>] = if bound && account.is_some() { &policies.scps } else { &[] };
    let rcps: &[Vec<Value>] = if bound { &policies.rcps } else { &[] };
    let own: Vec<&Value> = if account.is_some() {
        policies.identity.iter().chain(&policies.boundary).chain(&policies.session).collect()
    } else {
        Vec::new()
    };
    let denied = scps.iter().flatten().chain(own).any(|policy| says(policy, "Deny", request))
        || rcps.iter().flatten().chain(&policies.resource).any(|it| says_to(it, "Deny", request) != Nearness::No);
    if denied {
        return Verdict::ExplicitlyDenied;
    }
    let every_level = scps.iter().all(|level| level.iter().any(|policy| says(policy, "Allow", request)))
        && rcps.iter().all(|level| level.iter().any(|policy| says_to(policy, "Allow", request) != Nearness::No));
    let granted = policies.resource.as_ref().map_or(Nearness::No, |policy| says_to(policy, "Allow", request));
    let identity = policies.identity.iter().any(|policy| says(policy, "Allow", request));
    let limited = |limit: &Option<Value>| limit.as_ref().is_none_or(|limit| says(limit, "Allow", request));
    let within = limited(&policies.boundary) && limited(&policies.session);
    // A key's policy and a role's trust policy must say yes; elsewhere the identity's word is enough in its account.
    let must_say = ["kms:", "sts:assumerole"].iter().any(|it| request.action.to_ascii_lowercase().starts_with(it));
    let allowed = match account {
        None => granted >= Nearness::Caller,
        Some(account) if account != request.owner => granted > Nearness::No && identity && within,
        Some(_) => match granted {
            Nearness::Session => true,
            Nearness::Caller => within,
            Nearness::Account => identity && within,
            Nearness::No => identity && within && !must_say,
        },
    };
    if every_level && allowed { Verdict::Allowed } else { Verdict::ImplicitlyDenied }
}
