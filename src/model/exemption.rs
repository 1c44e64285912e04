//! Whom an exception of a denial spares: named roles, or whoever may create a role (facts §9.3).

use super::aim::bare;
use super::iam::{Effect, Statement};
use super::{Cx, OrganizationPolicy};
use crate::value::{Case, Hole, Match, Of, Pattern, Piece, Text, Truth};

/// Stands for a part of an ARN that has one value per deployment.
const ONE: char = '\u{1}';

/// Whether an exception by `aws:PrincipalArn` spares more than named principals. A wildcard in partition and account is
/// fine: one policy binds many accounts.
pub(super) fn is_broad(text: &Text) -> Truth {
    let mut flat = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => flat.push_str(literal),
            Piece::Hole(Hole { of: Of::Parameter { .. } | Of::Import(_) | Of::Undeclared(_), .. })
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

/// Whether a policy that binds the same accounts keeps others from creating the principals that an exception spares.
pub(super) fn is_guarded(cx: &Cx, policy: &OrganizationPolicy, text: &Text) -> Truth {
    let call = if text.after("user/").is_some() { "iam:CreateUser" } else { "iam:CreateRole" };
    let subject = Pattern::subject(text, Case::Matters);
    let covers =
        |pattern: &Text| Pattern::new(&cx.names().resolve(pattern), Match::Wild, Case::Matters).fits(&subject).all;
    let guards = |statement: &Statement| {
        let resources = statement
            .resources
            .these
            .ask(&|these, _| Truth::any(these.iter().flatten().map(|value| value.ask(&|pattern, _| covers(pattern)))));
        statement.does(Effect::Deny).and(statement.speaks_of(call).all).and(resources)
    };
    let all = cx.estate.scopes.iter().flat_map(|scope| &scope.organization_policies);
    let guarding = all.map(|other| {
        let binds = match std::ptr::eq(other, policy) {
            true => Truth::yes(),
            false => other.is_service_control().and(other.at.exists()).and(other.binds_all_of(policy)),
        };
        if binds.is_false() { binds } else { binds.and(Truth::any(other.statements().iter().map(guards))) }
    });
    bare(Truth::any(guarding))
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
