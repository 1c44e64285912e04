//! The program's own evaluator, asked in the words of the naive one: what law 8 holds against its witness.

use super::naive::{Caller, Request};
use super::universe::holes::CONDITIONS;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use trailproof::model::Scope;
use trailproof::model::iam::{self, Context, Known, Policy};
use trailproof::read::cloudformation::{Template, stacks};
use trailproof::read::{Unit, World};
use trailproof::source::FileId;
use trailproof::value::{Fit, Text, Truth};

/// What a policy is attached to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attached {
    Bucket,
    /// To a role, as its trust policy.
    Trust,
    Role,
    Account,
}

impl Attached {
    /// Whether such policies have principals.
    pub(crate) fn names_principals(self) -> bool {
        matches!(self, Attached::Bucket | Attached::Trust)
    }
}

/// Policies as the program reads them from a template.
pub(crate) struct Core {
    scope: Scope,
}

impl Core {
    /// Reads policies, in which parameters may stand for values.
    pub(crate) fn read(policies: &[Value], attached: Attached, parameters: &[&str]) -> Core {
        let resource = |policy: &Value| match attached {
            Attached::Bucket => {
                json!({"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "b", "PolicyDocument": policy}})
            }
            Attached::Trust => json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": policy}}),
            Attached::Role => json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}),
            Attached::Account => {
                let properties = json!({"Type": "SERVICE_CONTROL_POLICY", "Content": policy});
                json!({"Type": "AWS::Organizations::Policy", "Properties": properties})
            }
        };
        let resources: BTreeMap<String, Value> =
            policies.iter().enumerate().map(|(n, policy)| (format!("P{n}"), resource(policy))).collect();
        let (conditions, parameters): (Vec<&str>, Vec<&str>) =
            parameters.iter().partition(|name| CONDITIONS.contains(name));
        // Each condition hangs on a parameter of its own.
        let own: Vec<String> = conditions.iter().map(|name| format!("{name}Holds")).collect();
        let declared = parameters.into_iter().chain(own.iter().map(String::as_str));
        let declared: BTreeMap<&str, Value> = declared.map(|name| (name, json!({"Type": "String"}))).collect();
        let equals = |own: &String| json!({"Fn::Equals": [{"Ref": own}, "yes"]});
        let conditions: BTreeMap<&str, Value> =
            conditions.iter().zip(&own).map(|(name, own)| (*name, equals(own))).collect();
        Core::of(&json!({"Parameters": declared, "Conditions": conditions, "Resources": resources}).to_string())
    }

    /// Reads a template.
    pub(crate) fn of(text: &str) -> Core {
        let root = trailproof::syntax::json::parse(FileId(0), text).unwrap_or_else(|error| panic!("{}", error.message));
        let template = Template::new(FileId(0), "policies.json", text.into(), root);
        let stacks = stacks(template.into_iter().collect(), &[], Default::default());
        // Without a policy there is no stack.
        let records = stacks.first().map(|stack| stack.records(&World::default(), &|_| true));
        Core { scope: Scope::lower(&records.unwrap_or_default()) }
    }

    pub(crate) fn policies(&self) -> Vec<&Policy> {
        let scope = &self.scope;
        let documents = (scope.bucket_policies.iter().map(|it| &it.document))
            .chain(scope.identities.iter().map(|it| &it.trust))
            .chain(scope.identities.iter().flat_map(|it| it.documents.get().unwrap()))
            .chain(scope.organization_policies.iter().map(|it| &it.document));
        documents.filter_map(|document| document.get()?.as_ref()).collect()
    }

    /// What is allowed, denied, and both together.
    pub(crate) fn says(&self, request: &Request) -> Said {
        self.says_of(request, request.resource.as_str().into())
    }

    /// The same of another resource, in which there may be holes.
    pub(crate) fn says_of(&self, request: &Request, resource: Text) -> Said {
        let question = iam::Request { resource, ..self.question(request) };
        let decision = iam::weigh(self.policies(), &question);
        let (allows, denies) = (decision.allows(), decision.denies());
        // A question about one thing has one answer.
        assert_eq!(answer(&allows.some), answer(&allows.all), "some and all differ in {request:?}");
        assert_eq!(answer(&denies.some), answer(&denies.all), "some and all differ in {request:?}");
        Said { allows: answer(&allows.some), denies: answer(&denies.some), allowed: answer(&decision.allowed()) }
    }

    /// The same of everybody whom a question ranges over.
    pub(crate) fn says_of_everybody(
        &self,
        caller: &iam::Caller,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> SaidOfEverybody {
        let (caller, context) = (caller.clone(), context.clone());
        let question = iam::Request { caller, action, resource: resource.into(), context, names: &self.scope.names };
        let decision = iam::weigh(self.policies(), &question);
        let both = |fit: Fit| (answer(&fit.some), answer(&fit.all));
        SaidOfEverybody {
            allows: both(decision.allows()),
            denies: both(decision.denies()),
            grants: decision.grants(&question).iter().map(|(_, truth)| answer(truth)).collect(),
        }
    }

    pub(crate) fn question<'a>(&'a self, request: &'a Request) -> iam::Request<'a> {
        iam::Request {
            caller: match &request.caller {
                Caller::Anonymous => iam::Caller::Anonymous,
                Caller::Service(name) => {
                    assert_eq!(name, "cloudtrail.amazonaws.com");
                    iam::Caller::Service("cloudtrail.amazonaws.com".into())
                }
                Caller::Arn(arn) => iam::Caller::Named(arn.as_str().into()),
            },
            action: &request.action,
            resource: request.resource.as_str().into(),
            context: context(request),
            names: &self.scope.names,
        }
    }
}

/// Answers in three values; none is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) allows: Option<bool>,
    pub(crate) denies: Option<bool>,
    pub(crate) allowed: Option<bool>,
}

/// The same of everybody: whether for some, and whether for all.
pub(crate) struct SaidOfEverybody {
    pub(crate) allows: (Option<bool>, Option<bool>),
    pub(crate) denies: (Option<bool>, Option<bool>),
    /// Of each statement that may grant something, whether it does.
    pub(crate) grants: Vec<Option<bool>>,
}

pub(crate) fn answer(truth: &Truth) -> Option<bool> {
    match truth {
        Truth::True(_) => Some(true),
        Truth::False(_) => Some(false),
        Truth::Unknown(..) => None,
    }
}

fn context(request: &Request) -> Context {
    request.context.iter().fold(Context::of(Known::Absent), |context, (key, values)| {
        let many = ["aws:tagkeys", "aws:sourceorgpaths"].contains(&key.as_str()) || values.len() != 1;
        let mut texts: Vec<Text> = values.iter().map(|value| value.as_str().into()).collect();
        context.with(key, if many { Known::Many(texts) } else { Known::One(texts.remove(0)) })
    })
}
impl Core {
    /// Whether the request is allowed, and the reasons where that is unknown.
    pub(crate) fn reasons(&self, request: &Request) -> (Option<bool>, Vec<String>) {
        let mut unread = self.scope.bucket_policies.iter().filter_map(|policy| policy.document.why());
        let whole = match unread.next() {
            Some(why) => Truth::unknown(why),
            None => iam::weigh(self.policies(), &self.question(request)).allowed(),
        };
        match &whole {
            Truth::Unknown(whys, _) => (None, whys.iter().map(|why| why.text.to_string()).collect()),
            known => (answer(known), Vec::new()),
        }
    }
}
