//! What service control policies keep the members of an organization from doing: which calls a denial is meant for, whom
//! it leaves free, and why it may never apply (AWS Organizations User Guide, "SCP syntax", "SCP evaluation"; facts §9).
//!
//! A policy is judged by what it names. One that denies everything in some Regions denies the calls of a trail too, and
//! yet is not about trails; its list of exceptions is nobody's mistake.

use super::aim::{Aim, MEMBERSHIP, TRAILS};
use super::arn::{anything, reference};
use super::iam::{Caller, Context, Effect, Element, Kind, Known, Operator, Request, Statement, Test};
use super::{Cx, OrganizationPolicy, exemption};
use crate::value::{Fit, Hole, Of, Origin, Text, Truth, Value, Verdict, Why, WhyKind, bare};

/// A policy under the eyes of one aim.
#[derive(Clone, Debug)]
pub struct Guard<'a> {
    cx: Cx<'a>,
    policy: &'a OrganizationPolicy,
    aim: Aim,
    /// What is known of every such call, by condition keys.
    known: Vec<(&'static str, Known)>,
    /// For each call, the statements that may deny it to all but named roles, each with how sure that is. Worked out
    /// once: each statement is held against the others.
    plain: Vec<Vec<(usize, Truth)>>,
}

impl<'a> Guard<'a> {
    /// What a policy does about some calls.
    pub fn new(cx: &Cx<'a>, policy: &'a OrganizationPolicy, aim: Aim) -> Guard<'a> {
        Guard::of_calls(cx, policy, aim, Vec::new())
    }

    /// What a policy does about those of the calls of which this is known, by condition keys.
    pub(super) fn of_calls(
        cx: &Cx<'a>,
        policy: &'a OrganizationPolicy,
        aim: Aim,
        known: Vec<(&'static str, Known)>,
    ) -> Guard<'a> {
        let mut guard = Guard { cx: *cx, policy, aim, known, plain: Vec::new() };
        let each = aim.actions.iter().map(|call| {
            let denies = policy.statements().iter().map(|statement| bare(guard.denies_plainly(statement, call)));
            denies.enumerate().filter(|(_, truth)| !truth.is_false()).collect()
        });
        guard.plain = each.collect();
        guard
    }

    /// Asks a question of each statement, which is a fault where it holds. A policy about other things answers nothing.
    pub fn each(&self, fault: impl Fn(&Statement) -> Truth) -> Verdict {
        let is_control = self.policy.is_service_control();
        if is_control.is_false() {
            return Verdict::not_applicable("it is no service control policy");
        }
        let verdict = self.policy.each(|statement| bare(is_control.clone()).and(fault(statement)));
        let speaks = || self.statements().iter().any(|statement| !self.aim.means(statement).is_false());
        match verdict {
            Verdict::Pass(..) if !speaks() => Verdict::not_applicable(match self.aim.actions == MEMBERSHIP.actions {
                true => "it does not speak of leaving the organization",
                false => "it does not speak of what silences trails",
            }),
            verdict => verdict,
        }
    }

    fn statements(&self) -> &'a [Statement] {
        self.policy.statements()
    }

    /// Whether a condition leaves some of the calls free.
    fn frees(&self, operator: &str, test: &Test) -> Truth {
        let Some(parsed) = Operator::parse(operator) else { return Truth::unknown(no_operator(operator)) };
        let exempts = "exempts more than named roles";
        if is_principal(test) && parsed.negated {
            return test.values.ask(&|values, _| {
                let broad = |value: &Value<Text>| {
                    value.ask(&|text, origin| {
                        let text = self.cx.names().resolve(text);
                        let truth = if is_exact(operator) { Truth::no() } else { exemption::is_broad(&text) };
                        let guarded = || exemption::is_guarded(&self.cx, self.policy, &text);
                        if truth.is_true() { truth.located(origin).and(guarded().not()) } else { truth }
                    })
                };
                Truth::any(values.iter().map(broad)).labelled(exempts)
            });
        }
        if parsed.negated && test.is_of("aws:PrincipalAccount") && self.known.is_empty() {
            return self.frees_accounts(test).labelled("exempts everybody in an account");
        }
        if self.never(operator, test).is_true() {
            return Truth::no();
        }
        let label = format!("denies only where `{}` says so: other calls are free", test.key);
        self.holds(parsed, test).all.not().located(&test.origin).labelled(label)
    }

    /// Whether accounts are left free that the policy would bind: it never binds the management account, which is where
    /// it is deployed. A literal id may be that one's; of two, one is not.
    fn frees_accounts(&self, test: &Test) -> Truth {
        let own = self.policy.at.home.account.clone();
        let is_managements = |text: &Text| {
            let attribute = match text.hole() {
                Some(Hole { of: Of::Resource { attribute, .. }, .. }) => &**attribute,
                _ => "",
            };
            *text == own || attribute == "ManagementAccountId" || self.cx.manages(text).is_true()
        };
        let is_anothers = |id: &Text| !self.cx.scope.organizations.is_empty() && self.cx.manages(id).is_false();
        test.values.ask(&|values, origin| {
            let others: Vec<&Value<Text>> = values.iter().filter(|it| !it.get().is_some_and(is_managements)).collect();
            let is_id = |value: &Value<Text>| value.get().and_then(Text::literal).is_some();
            match others.as_slice() {
                [] => Truth::no(),
                [only] if is_id(only) && !only.get().is_some_and(is_anothers) => {
                    let text = "whether this is the management account, which no policy binds, cannot be seen here";
                    Truth::unknown(Why::not_visible("aws:PrincipalAccount", text).at(only.origin.span))
                }
                all if all.iter().all(|it| is_id(it)) => Truth::of(true, origin),
                all => {
                    let why = all.iter().find_map(|it| it.why().or_else(|| it.get().and_then(Text::why)));
                    why.map_or_else(|| Truth::of(true, origin), Truth::unknown).placed(origin.span)
                }
            }
        })
    }

    /// Whether a condition holds for no such call at all.
    fn never(&self, operator: &str, test: &Test) -> Truth {
        let Some(parsed) = Operator::parse(operator) else { return Truth::unknown(no_operator(operator)) };
        if parsed.negated && is_principal(test) {
            return Truth::no();
        }
        let starred = |text: &Text| text.literal().is_some_and(|text| text.contains(['*', '?']));
        if is_exact(operator) && !parsed.negated && NEVER_STARRED.iter().any(|key| test.is_of(key)) {
            let all = test.values.test(|values| values.iter().all(|value| value.get().is_some_and(starred)));
            if all.is_true() {
                return all.located(&test.origin).labelled("a star is a star with this operator: no call has it");
            }
        }
        let label = format!("no call that the policy binds has such a `{}`", test.key);
        self.holds(parsed, test).some.not().located(&test.origin).labelled(label)
    }

    fn holds(&self, operator: Operator, test: &Test) -> Fit {
        let known = self.known.iter().cloned();
        let context = known.fold(self.aim.context(&test.key), |context, (key, value)| context.with(key, value));
        test.holds(operator, &self.request(context))
    }

    fn request(&self, context: Context) -> Request<'a> {
        let action = self.aim.actions.first().copied().unwrap_or_default();
        Request { caller: Caller::Member, action, resource: self.aim.resource(), context, names: self.cx.names() }
    }

    /// Asks of each condition of a statement.
    fn any_test(&self, statement: &Statement, ask: &dyn Fn(&str, &Test) -> Truth) -> Truth {
        statement.conditions.ask(&|all, _| {
            Truth::any(all.iter().map(|tests| {
                tests.tests.ask(&|each, _| Truth::any(each.iter().map(|test| ask(&tests.operator, test))))
            }))
        })
    }

    /// Whether a statement leaves some free whom it is meant for, and nothing else of the policy holds them.
    pub fn leaves_free(&self, statement: &Statement) -> Truth {
        let keeps_tags = TAGGING.iter().all(|call| statement.speaks_of(call).all.is_true());
        let free = self.any_test(statement, &|operator, test| {
            if test.is_below("aws:ResourceTag/") && keeps_tags { Truth::no() } else { self.frees(operator, test) }
        });
        let meant = self.aim.means(statement).and(free.clone());
        if meant.is_false() {
            return meant;
        }
        let idle = self.never_applies(statement);
        self.aim.means(statement).and(bare(idle).not()).and(bare(self.is_made_up_for(statement)).not()).and(free)
    }

    /// Whether a statement that is meant to deny the calls never does, and nothing else of the policy does.
    pub fn is_idle(&self, statement: &Statement) -> Truth {
        let reversed = self.reversed(statement).or(self.allowed(statement));
        let never = self.aim.means(statement).and(self.never_applies(statement));
        if never.is_false() {
            return reversed;
        }
        reversed.or(never.and(bare(self.is_made_up_for(statement)).not()))
    }

    /// Whether it denies everything but the calls.
    fn reversed(&self, statement: &Statement) -> Truth {
        let only = self.aim.is_only(&statement.actions.all_but, true);
        let reversed = bare(statement.does(Effect::Deny)).and(only);
        if reversed.is_false() {
            return reversed;
        }
        let protected = self.aim.actions.iter().map(|call| self.is_denied_beside(statement, call));
        let truth = reversed.and(bare(Truth::all(protected)).not());
        truth.located(&statement.actions.all_but.origin).labelled("denies everything but what it should deny")
    }

    /// Whether it allows what it should deny: the calls alone, to everybody, in a policy that denies none of them.
    fn allowed(&self, statement: &Statement) -> Truth {
        let only = self.aim.is_only(&statement.actions.these, false);
        let plain = statement.conditions.test(Vec::is_empty);
        let allowed = statement.does(Effect::Allow).and(bare(only)).and(bare(plain));
        if allowed.is_false() {
            return allowed;
        }
        let denies = Truth::any(self.statements().iter().take(ENOUGH).map(|it| self.aim.means(it)));
        let truth = allowed.and(bare(denies).not());
        truth.located(&statement.effect.origin).labelled("takes nothing away: these calls are to be denied")
    }

    /// Whether its elements or conditions keep a denial from ever applying.
    fn never_applies(&self, statement: &Statement) -> Truth {
        let refused = match statement.principals.are_given() {
            true => Truth::of(true, statement.principals.origin())
                .labelled("an SCP cannot have this element: it is refused"),
            false => Truth::no(),
        };
        let condition = self.any_test(statement, &|operator, test| self.never(operator, test));
        let meeting = statement.meets(&self.request(Context::of(Known::Free)), Kind::ServiceControl, true);
        let placeless = if self.is_placeless(statement) { Truth::yes() } else { Truth::no() };
        let elsewhere = meeting.resource.some.not().or(placeless).located(origin(&statement.resources));
        let elsewhere = elsewhere.labelled("these calls are not made to such a resource");
        Truth::any([
            refused,
            elsewhere,
            condition,
            self.names_another_trail(statement),
            self.has_no_policies(statement),
        ])
    }

    /// Whether its resources lack the Region that every ARN of a trail has.
    fn is_placeless(&self, statement: &Statement) -> bool {
        let lacks = |value: &Value<Text>| {
            let text = value.get().and_then(Text::literal).unwrap_or_default();
            matches!(text.splitn(6, ':').collect::<Vec<_>>().as_slice(), ["arn", _, "cloudtrail", "", ..])
        };
        let these = statement.resources.these.get().and_then(Option::as_deref).unwrap_or_default();
        self.aim.resource.is_some() && !these.is_empty() && these.iter().all(lacks)
    }

    /// Whether the trails of this template go by other names.
    fn names_another_trail(&self, statement: &Statement) -> Truth {
        let trails = &self.cx.scope.trails;
        let is_towers =
            statement.resources.these.candidates().into_iter().flatten().flatten().any(|value| {
                value.candidates().into_iter().any(|text| text.after(":trail/aws-controltower").is_some())
            });
        if is_towers || self.aim.actions != TRAILS.actions {
            return Truth::no();
        }
        let resource_of = |name: &Text| {
            let request = self.request(Context::of(Known::Free));
            let request = Request { resource: self.aim.named_resource(name), ..request };
            statement.meets(&request, Kind::ServiceControl, true).resource
        };
        if trails.is_empty() {
            return match (self.cx.unlisted_trails(), resource_of(&anything()).all) {
                (None, _) | (_, Truth::True(_)) => Truth::no(),
                (Some(why), _) => Truth::unknown(why),
            };
        }
        let all = self.cx.estate.scopes.iter().flat_map(|scope| &scope.trails);
        let meant = all.map(|trail| {
            trail.name.ask(&|name, _| {
                let made_up = || self.cx.names().resolve(&reference(&trail.at, "id"));
                resource_of(&name.clone().unwrap_or_else(made_up)).some
            })
        });
        let truth = bare(Truth::any(meant)).not().located(origin(&statement.resources));
        truth.labelled("no trail that is declared here has such a name")
    }

    /// Whether the organization is one that has no policies.
    fn has_no_policies(&self, statement: &Statement) -> Truth {
        let billing = "CONSOLIDATED_BILLING";
        Truth::any(self.cx.scope.organizations.iter().map(|organization| {
            let only = organization.features.ask(&|features, origin| features.same(&billing.into()).located(origin));
            let only = only.labelled("an organization of consolidated billing has no such policies");
            let off = bare(organization.has_policies_on().not()).located(&statement.effect.origin);
            let off = off.labelled("service control policies are turned off at the root of the organization");
            only.or(off).and(organization.at.exists())
        }))
    }

    /// Whether other statements of the policy deny all that this one is meant for.
    fn is_made_up_for(&self, statement: &Statement) -> Truth {
        let calls = self.aim.actions.iter().filter(|call| !self.aim.denies(statement, call).is_false());
        Truth::all(calls.map(|call| self.is_denied_beside(statement, call)))
    }

    fn plain_of(&self, call: &str) -> &[(usize, Truth)] {
        let index = self.aim.actions.iter().position(|action| *action == call);
        index.and_then(|index| self.plain.get(index)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether another statement denies a call to all but named roles.
    fn is_denied_beside(&self, statement: &Statement, call: &str) -> Truth {
        let is_it = |n: usize| self.statements().get(n).is_some_and(|one| std::ptr::eq(one, statement));
        let mut others = self.plain_of(call).iter().filter(|(n, _)| !is_it(*n)).map(|(_, truth)| truth);
        match others.clone().take(ENOUGH).find(|truth| truth.is_true()) {
            Some(truth) => truth.clone(),
            None => others.next().cloned().unwrap_or(Truth::no()),
        }
    }

    /// Whether the policy denies a call on a resource to all but named roles.
    pub(super) fn denies_on(&self, call: &str, resource: &Text) -> Truth {
        let request = Request { resource: resource.clone(), ..self.request(Context::of(Known::Free)) };
        let denies = |statement: &Statement| {
            let plainly = bare(self.denies_plainly(statement, call));
            if plainly.is_false() {
                return plainly;
            }
            plainly.and(bare(statement.meets(&request, Kind::ServiceControl, true).resource.all))
        };
        Truth::any(self.statements().iter().map(denies))
    }

    /// Whether a statement denies a call to all but named roles, everywhere.
    fn denies_plainly(&self, statement: &Statement, call: &str) -> Truth {
        let speaks = statement.does(Effect::Deny).and(statement.speaks_of(call).all);
        if speaks.is_false() {
            return speaks;
        }
        let free = self.any_test(statement, &|operator, test| self.frees(operator, test));
        speaks.and(free.not()).and(self.never_applies(statement).not())
    }

    /// Whether a call is denied: by name, by a denial of more that holds for everybody, or by a policy with the same
    /// targets.
    pub fn is_denied(&self, call: &str) -> Truth {
        let here = Truth::any(self.statements().iter().map(|it| self.aim.denies(it, call)));
        let here = here.or(Truth::any(self.plain_of(call).iter().map(|(_, truth)| truth.clone())));
        if here.is_true() {
            return here;
        }
        let all = self.cx.estate.scopes.iter().flat_map(|scope| &scope.organization_policies);
        let others = all.filter(|other| !std::ptr::eq(*other, self.policy));
        let beside = others.filter_map(|other| {
            let (_, denied) = other.denied.iter().find(|(named, _)| *named == call)?;
            let binds = other.is_service_control().and(other.at.exists()).and(other.binds_all_of(self.policy));
            Some(denied.clone().and(bare(binds)))
        });
        here.or(Truth::any(beside))
    }
}

/// So many statements that may deny a call are looked at for one that does.
const ENOUGH: usize = 64;

/// Calls that put and take the tags by which a condition may know a trail.
const TAGGING: [&str; 2] = ["cloudtrail:AddTags", "cloudtrail:RemoveTags"];

/// Keys whose values never hold a star or question mark.
const NEVER_STARRED: [&str; 4] =
    ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:RequestedRegion"];

fn is_principal(test: &Test) -> bool {
    test.is_of("aws:PrincipalArn")
}

/// Whether an operator takes wildcards as the characters that they are.
fn is_exact(operator: &str) -> bool {
    Operator::parse(operator).is_some_and(|it| it.is_exact())
}

fn no_operator(operator: &str) -> Why {
    Why::new(WhyKind::Unsupported, operator, format!("`{operator}` is no condition operator"))
}

/// Where an element stands, whichever of its two it is.
fn origin(element: &Element) -> &Origin {
    let given = element.all_but.candidates().into_iter().flatten().next().is_some();
    if given { &element.all_but.origin } else { &element.these.origin }
}
