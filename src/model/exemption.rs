//! Whom an exception of a denial spares: named roles, whoever may create a role, or everybody (facts §9.3).

use super::arn::{anything, anywhere_in, global_arn};
use super::iam::{Effect, Operator, Statement, means_arn};
use super::{Cx, OrganizationPolicy};
use crate::value::{Case, Hole, Match, Of, Pattern, Piece, Text, Truth, Value, bare};

/// Stands for a part of an ARN that has one value per deployment.
const ONE: char = '\u{1}';

/// Whether an exception by `aws:PrincipalArn` spares more than named principals. A wildcard in partition and account is
/// fine: one policy binds many accounts.
pub(super) fn is_broad(text: &Text) -> Truth {
    let mut flat = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => flat.push_str(literal),
            Piece::Hole(Hole {
                of: Of::Parameter { .. } | Of::Import(_) | Of::Undeclared(_) | Of::Unseen { .. },
                ..
            })
            | Piece::Unknown(_) => {
                return text.why().map_or_else(Truth::no, Truth::unknown);
            }
            Piece::Hole(_) => flat.push(ONE),
        }
    }
    if is_broad_pattern(&flat) { Truth::yes() } else { Truth::no() }
}

fn is_broad_pattern(pattern: &str) -> bool {
    let starred = |text: &str| text.contains(['*', '?']);
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let (account, resource) = match parts.as_slice() {
        // The principal of a session is its role, so this spares nobody.
        ["arn", _, "sts", ..] => return false,
        ["arn", _, _, _, account, resource] => (*account, *resource),
        // Wildcards swallow the parts: what stands behind them still names a role.
        _ => match pattern.find("role/").or_else(|| pattern.find("user/")) {
            Some(at) => ("*", pattern.get(at..).unwrap_or_default()),
            None => return starred(pattern),
        },
    };
    if resource == "root" {
        return starred(account);
    }
    starred(resource) && !is_reserved(resource)
}

/// Whether nobody can create a role of this pattern: AWS reserves its path, and a named permission set, whose name is
/// followed by characters that IAM Identity Center chooses.
fn is_reserved(resource: &str) -> bool {
    let Some(role) = resource.strip_prefix("role/") else { return false };
    let names_a_set = |name: &str| {
        name.strip_prefix("AWSReservedSSO_").is_some_and(|set| set.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    if role.starts_with("aws-service-role/") {
        return true;
    }
    let name = role.rsplit('/').next().unwrap_or(role);
    match role.starts_with("aws-reserved/sso.amazonaws.com/") {
        true => names_a_set(name.trim_start_matches('*')),
        false => names_a_set(name),
    }
}

/// Whether a pattern means principals by no name at all: the roles or users of some account that nothing here names.
fn spares_everybody(text: &Text) -> Truth {
    let unnamed = |kind: &str| global_arn(&anywhere_in(anything()), "iam", kind, &Of::foreign().into());
    Truth::any(["role/", "user/"].map(|kind| means_arn(text, &unnamed(kind)).some))
}

/// The statements that keep others from creating principals, each with the call that it denies and how sure that is.
pub(super) fn creation_denials(statements: &[Statement]) -> Vec<(&'static str, usize, Truth)> {
    let both = statements.iter().enumerate().flat_map(|(n, it)| CREATIONS.map(|call| (call, n, it)));
    let denies = both.map(|(call, n, it)| (call, n, bare(it.does(Effect::Deny).and(it.speaks_of(call).all))));
    denies.filter(|(.., truth)| !truth.is_false()).take(ENOUGH).collect()
}

/// So many statements are looked at; no organization guards its roles in more.
const ENOUGH: usize = 256;

const CREATIONS: [&str; 2] = ["iam:CreateRole", "iam:CreateUser"];

/// Whether a policy, or one that binds the same accounts, keeps others from creating the principals that an exception
/// spares. It helps only where the exception names them by a prefix: those who are there already need not be created.
pub(super) fn is_guarded(cx: &Cx, policy: &OrganizationPolicy, text: &Text) -> Truth {
    let named = bare(spares_everybody(text)).not();
    if named.is_false() {
        return named;
    }
    let [role, user] = CREATIONS;
    let needed = if text.after("user/").is_some() { user } else { role };
    let subject = Pattern::subject(text, Case::Matters);
    let covers =
        |pattern: &Text| Pattern::new(&cx.names().resolve(pattern), Match::Wild, Case::Matters).fits(&subject).all;
    let guarding = |other: &OrganizationPolicy| {
        Truth::any(other.creation_denials.iter().filter(|(call, ..)| *call == needed).map(|(_, n, denies)| {
            let Some(statement) = other.statements().get(*n) else { return Truth::no() };
            let resources = statement.resources.these.ask(&|these, _| {
                Truth::any(these.iter().flatten().map(|value| value.ask(&|pattern, _| covers(pattern))))
            });
            denies.clone().and(resources).and(bare(is_hollow(cx, statement)).not())
        }))
    };
    let all = cx.estate.scopes.iter().flat_map(|scope| &scope.organization_policies);
    let others = all.filter(|other| !other.creation_denials.is_empty());
    let guarded = Truth::any(others.map(|other| match std::ptr::eq(other, policy) {
        true => guarding(other),
        false => other.is_service_control().and(other.at.exists()).and(other.binds_all_of(policy)).and(guarding(other)),
    }));
    named.and(bare(guarded))
}

/// Whether a denial spares everybody itself.
fn is_hollow(cx: &Cx, statement: &Statement) -> Truth {
    let excepts = |operator: &str| Operator::parse(operator).is_some_and(|it| it.negated);
    let exceptions = statement.tests().filter(|(operator, test)| excepts(operator) && test.is_of("aws:PrincipalArn"));
    Truth::any(exceptions.map(|(_, test)| {
        let spares = |value: &Value<Text>| value.ask(&|text, _| spares_everybody(&cx.names().resolve(text)));
        test.values.ask(&|values, _| Truth::any(values.iter().map(spares)))
    }))
}

#[cfg(test)]
mod tests {
    use super::is_broad_pattern;

    #[test]
    fn wildcards_are_broad_where_anyone_could_be_meant() {
        for broad in [
            "*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::*:role/Admin*",
            "arn:aws:iam::*:role/a?",
            "arn:aws:iam::*:*",
            "arn:aws:iam::*:root",
            "*role/Admin*",
            "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*",
            "arn:aws:iam::*:role/AWSReservedSSO_*",
        ] {
            assert!(is_broad_pattern(broad), "{broad}");
        }
        for narrow in [
            "arn:aws:iam::*:role/AWSControlTowerExecution",
            "arn:*:iam::111122223333:role/a/b",
            "*:role/break-glass",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::*:role/aws-service-role/*",
            "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Audit_*",
            "arn:aws:sts::*:assumed-role/a/*",
        ] {
            assert!(!is_broad_pattern(narrow), "{narrow}");
        }
    }
}
