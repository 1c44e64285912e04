//! What a role may do: the policies in it, attached to it and bounding it, as far as the run shows them.

use super::arn::{arn, organization_of};
use super::documents::documents;
use super::iam::{Caller, Context, Known, Names, Policy, Request, weigh};
use super::link::names_policy;
use super::{Cx, Identity, Trail, anything};
use crate::value::{Case, Hole, Match, Of, Origin, Pattern, Text, Truth, Value, Why};

/// A managed policy of AWS's whose content is well known (AWS Managed Policy Reference Guide).
#[derive(Clone, Copy, Debug)]
pub struct WellKnown {
    name: &'static str,
    /// Whether it allows to write to every log group.
    delivers: bool,
    /// Whether it allows more than to write to the trail's.
    broad: bool,
}

/// Those of AWS's managed policies that allow every call which silences a trail, on any (AWS Managed Policy Reference
/// Guide).
const TAMPERING: [&str; 4] =
    ["AdministratorAccess", "PowerUserAccess", "AWSCloudTrail_FullAccess", "AWSCloudTrailFullAccess"];

/// Whether a text names one of them: by its ARN, or as SAM does by its name alone.
pub(super) fn lets_tamper_by_name(policy: &Text) -> bool {
    let name = policy.after("iam::aws:policy/").unwrap_or_else(|| policy.clone());
    name.literal().is_some_and(|name| TAMPERING.contains(&name))
}

const WELL_KNOWN: [WellKnown; 13] = [
    broad("AdministratorAccess", true),
    broad("PowerUserAccess", true),
    broad("CloudWatchLogsFullAccess", true),
    broad("CloudWatchFullAccess", true),
    broad("CloudWatchFullAccessV2", true),
    broad("CloudWatchAgentServerPolicy", true),
    broad("service-role/AWSLambdaBasicExecutionRole", true),
    broad("service-role/AmazonAPIGatewayPushToCloudWatchLogs", true),
    broad("CloudWatchLogsReadOnlyAccess", false),
    broad("ReadOnlyAccess", false),
    broad("SecurityAudit", false),
    broad("AWSCloudTrail_FullAccess", false),
    // It names Control Tower's own log group only.
    WellKnown { name: "service-role/AWSControlTowerCloudTrailRolePolicy", delivers: true, broad: false },
];

const fn broad(name: &'static str, delivers: bool) -> WellKnown {
    WellKnown { name, delivers, broad: true }
}

impl WellKnown {
    fn of(arn: &Text) -> Option<WellKnown> {
        let name = arn.after("iam::aws:policy/")?;
        WELL_KNOWN.into_iter().find(|known| name.literal() == Some(known.name))
    }
}

/// What is attached to a role.
#[derive(Clone, Debug, Default)]
pub struct Attached<'a> {
    /// The documents, each with the name of where it stands.
    pub documents: Vec<(String, &'a Policy)>,
    /// Well-known managed policies, each with its place.
    managed: Vec<(WellKnown, Origin)>,
    /// Why there may be more than that.
    pub unseen: Option<Why>,
}

impl Attached<'_> {
    /// The managed policies that allow more than delivering to one log group, by name, with their places.
    pub fn broad(&self) -> impl Iterator<Item = (&'static str, &Origin)> {
        self.managed.iter().filter(|(known, _)| known.broad).map(|(known, origin)| (known.name, origin))
    }
}

impl<'a> Cx<'a> {
    /// What is attached to a role.
    ///
    /// # Errors
    ///
    /// The condition or parameter that decides what is.
    pub fn attached_to(&self, role: &'a Identity) -> Result<Attached<'a>, Why> {
        let mut attached = Attached::default();
        if let Some(why) = role.documents.why() {
            return Err(why);
        }
        for (n, document) in role.documents.get().into_iter().flatten().enumerate() {
            let known = documents([(&role.at, document)])?.into_iter();
            attached.documents.extend(known.map(|policy| (role.documents.origin.item(n), policy)));
        }
        let policies = self.policies_of_role(role);
        for policy in
            policies.iter().filter(|policy| policy.at.arn().is_none_or(|arn| WellKnown::of(&arn.into()).is_none()))
        {
            let names = policy.roles.candidates().into_iter().flatten().flatten().find_map(Value::why);
            if let Some(why) = policy.roles.why().or(names).or_else(|| policy.documents.why()) {
                return Err(why);
            }
            let written = policy.documents.get().into_iter().flatten().map(|document| (&policy.at, document));
            let known = documents(written)?.into_iter();
            attached.documents.extend(known.map(|document| (policy.at.address.to_string(), document)));
        }
        if let Some(why) = role.managed.why() {
            return Err(why);
        }
        for arn in role.managed.get().into_iter().flatten().flatten() {
            if let Some(why) = arn.why() {
                return Err(why);
            }
            let Some(text) = arn.get() else { continue };
            match WellKnown::of(text) {
                Some(known) => attached.managed.push((known, arn.origin.clone())),
                None if policies.iter().any(|policy| names_policy(text, policy)) => {}
                None => attached.unseen = Some(unseen(text, &arn.origin)),
            }
        }
        // Only a role with a name of its own can be meant by a name that is passed in.
        let named = role.name.candidates().into_iter().flatten().next().is_some();
        if let (true, None, true) = (named, &attached.unseen, policies.is_empty()) {
            let all = self.scope.identities.iter().filter(|policy| policy.kind == "policy");
            let names = all.flat_map(|policy| policy.roles.candidates()).flatten().flatten();
            let passed = names.flat_map(Value::candidates).find_map(|name| match name.hole() {
                Some(hole @ Hole { of: Of::Parameter { .. }, .. }) => Some(hole.why()),
                _ => None,
            });
            attached.unseen = passed;
        }
        Ok(attached)
    }

    /// The names of all stacks that have to do with this one: a role's group may be declared in another.
    fn all_names(&self) -> Names {
        self.estate.scopes.iter().fold(Names::default(), |names, scope| names.and(&scope.names))
    }

    /// Whether a resource is within the log groups that a role writes to. Where the groups are not known, what reaches any
    /// group at all is still too wide.
    pub fn is_own_group(&self, role: &Identity, resource: &Text) -> Truth {
        let names = self.all_names();
        let resource = names.resolve(resource);
        let foreign = Text::from(Of::foreign());
        let stream = Text::concat([&foreign, &":log-stream:".into(), &foreign]);
        let other = Pattern::subject(&arn(&role.at.home, "logs", "log-group:", &stream), Case::Matters);
        let reaches_any = Pattern::new(&resource, Match::Wild, Case::Matters).fits(&other).all;
        let groups = self.trails_of_role(role).into_iter().map(|route| {
            route.trail.log_group.ask(&|group, _| {
                let group = group.as_ref().map(|group| names.resolve(group)).unwrap_or_default();
                let name = group.after("log-group:").unwrap_or_else(|| match group.why() {
                    Some(why) => Text::unknown(why),
                    None => group.clone(),
                });
                let name = name.strip_suffix(":*").unwrap_or(name);
                let own = Text::concat([&"arn:*:logs:*:*:log-group:".into(), &name, &"*".into()]);
                let own = Pattern::new(&own, Match::Wild, Case::Matters);
                own.fits(&Pattern::ranging(&resource, Case::Matters)).all
            })
        });
        let within = Truth::any(groups).or(match self.trails_of_role(role).is_empty() {
            true => {
                let text = match role.at.is_live() {
                    true => "no trail that writes by this role is in this run's evidence",
                    false => "the trail that writes by this role is not declared here",
                };
                Truth::unknown(Why::not_visible("trail", text))
            }
            false => Truth::no(),
        });
        reaches_any.not().and(within)
    }

    /// Whether a role may write a trail's events to its log group.
    pub fn may_deliver(&self, role: &Identity, attached: &Attached, trail: &Trail) -> Truth {
        trail.log_group.ask(&|group, _| {
            let Some(group) = group else { return Truth::yes() };
            let group = group.strip_suffix(":*").unwrap_or_else(|| group.clone());
            let home = &trail.at.home;
            let stream = |name: &[&Text]| {
                let name = Text::concat(name.iter().copied());
                let arn = Text::concat([&group, &":log-stream:".into(), &name]);
                let may = |action| self.role_may(role, attached, action, &arn);
                may("logs:CreateLogStream").and(may("logs:PutLogEvents"))
            };
            let own = stream(&[&home.account, &"_CloudTrail_".into(), &home.region]);
            let members = stream(&[&self.all_names().resolve(&organization_of(&trail.at)), &"_".into(), &anything()]);
            own.and(members.or(trail.organization.is(false)))
        })
    }

    /// Whether a role may do an action on a resource of its account.
    fn role_may(&self, role: &Identity, attached: &Attached, action: &str, resource: &Text) -> Truth {
        let context = Context::of(Known::Unclear("a delivery to CloudWatch Logs"))
            .with("aws:SecureTransport", Known::One("true".into()))
            .with("aws:RequestedRegion", Known::Free);
        let names = &self.all_names();
        let request = Request { caller: Caller::Member, action, resource: resource.clone(), context, names };
        let decision = weigh(attached.documents.iter().map(|(_, policy)| *policy), &request);
        let denied = decision.denies().some;
        let allowed = match &attached.unseen {
            _ if attached.managed.iter().any(|(known, _)| known.delivers) => denied.clone().not(),
            Some(why) => match decision.allowed() {
                Truth::False(_) if !denied.is_true() => Truth::unknown(why.clone()),
                allowed => allowed,
            },
            None => decision.allowed(),
        };
        allowed.and(self.within_boundary(role, &request))
    }

    /// Whether the boundary of a role, where it has one, leaves it a request.
    fn within_boundary(&self, role: &Identity, request: &Request) -> Truth {
        role.boundary.ask(&|arn, origin| {
            let Some(arn) = arn else { return Truth::yes() };
            let all = self.estate.scopes.iter().flat_map(|scope| &scope.identities);
            let Some(boundary) = all.into_iter().find(|policy| names_policy(arn, policy)) else {
                return match WellKnown::of(arn) {
                    Some(known) if known.delivers => Truth::yes(),
                    _ => Truth::unknown(unseen(arn, origin)),
                };
            };
            let Some(written) = boundary.documents.get() else { return Truth::yes() };
            match documents(written.iter().map(|document| (&boundary.at, document))) {
                Ok(policies) => weigh(policies, request).allowed(),
                Err(why) => Truth::unknown(why),
            }
        })
    }
}

fn unseen(arn: &Text, origin: &Origin) -> Why {
    let parameter = arn.hole().filter(|hole| matches!(hole.of, Of::Parameter { .. })).map(Hole::why);
    let why = Why::not_visible("managed policy", "what the managed policy allows is not declared in this run");
    parameter.unwrap_or(why).at(origin.span)
}
