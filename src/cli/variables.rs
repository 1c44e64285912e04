//! Values of variables, from flags and, where asked for, from the environment.

use super::Failure;
use std::collections::BTreeMap;

/// Values from flags; the last one of a name counts.
pub(super) fn flags(flags: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let pair = |flag: &String| match flag.split_once('=').map(|(name, value)| (name.trim(), value)) {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Failure(format!("`--var {flag}` is not of the form NAME=VALUE"))),
    };
    flags.iter().map(pair).collect()
}

/// Values from the environment, in the way that Terraform takes them. Names and values that are not UTF-8 are nobody's.
#[expect(clippy::disallowed_methods, reason = "the environment is the command line's business")]
pub(super) fn environment() -> BTreeMap<String, String> {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
        Some((name, value.into_string().ok()?))
    });
    variables.collect()
}
