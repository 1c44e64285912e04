//! Values of template parameters, from flags and from files in the forms that people have.

use super::Failure;
use super::files::{plain, read_bytes, too_large};
use crate::read::cloudformation::Given;
use crate::source::MAX_FILE_BYTES;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Values from files in their order, then from flags, which win; the same of each further pair of these.
pub(super) fn collect(sources: &[(&[PathBuf], &[String])]) -> Result<Given, Failure> {
    let mut given = Given::default();
    for (files, flags) in sources {
        for file in *files {
            read(file, &mut given)?;
        }
        for flag in *flags {
            let Some((name, value)) = flag.split_once('=').filter(|(name, _)| !name.is_empty()) else {
                return Err(Failure(format!("`--parameter {flag}` is not of the form NAME=VALUE")));
            };
            given.insert(name.to_owned(), value.to_owned());
        }
    }
    given.complaint().map_or(Ok(given), |complaint| Err(Failure(complaint)))
}

fn read(path: &Path, given: &mut Given) -> Result<(), Failure> {
    let refuse = |why: String| Failure(format!("{}: {why}", path.display()));
    let bytes = read_bytes(path, MAX_FILE_BYTES).map_err(|error| refuse(plain(&error)))?;
    let bytes = bytes.ok_or_else(|| refuse(too_large()))?;
    let text = crate::input::decode(bytes).map_err(|why| refuse(why.to_owned()))?;
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| refuse(format!("not JSON: {error}")))?;
    add(&value, given).map_err(refuse)
}

/// The forms: a list of `ParameterKey` and `ParameterValue` (`aws cloudformation create-stack`), a list of `NAME=VALUE`
/// (`aws cloudformation deploy`), a mapping below `Parameters` (CodePipeline), a plain mapping, and what
/// `aws cloudformation describe-stacks` prints of one stack, which tells what stored parameters resolved to.
fn add(value: &Value, given: &mut Given) -> Result<(), String> {
    match value {
        Value::Array(items) => {
            for item in items {
                match (
                    item.as_str().and_then(|pair| pair.split_once('=')),
                    item.get("ParameterKey").and_then(Value::as_str),
                ) {
                    (Some((name, value)), _) => {
                        given.insert(name.to_owned(), value.to_owned());
                    }
                    (None, Some(name)) => {
                        // `UsePreviousValue` leaves the value unknown.
                        if let Some(value) = item.get("ParameterValue").and_then(scalar) {
                            given.insert(name.to_owned(), value);
                        }
                        if let Some(value) = item.get("ResolvedValue").and_then(scalar) {
                            given.resolve(name.to_owned(), value);
                        }
                    }
                    (None, None) => return Err("an entry is neither `NAME=VALUE` nor has a `ParameterKey`".to_owned()),
                }
            }
            Ok(())
        }
        Value::Object(entries) => match (entries.get("Parameters"), entries.get("Stacks").and_then(Value::as_array)) {
            (Some(inner), _) => add(inner, given),
            (None, Some(stacks)) => match stacks.as_slice() {
                [stack] => stack.get("Parameters").map_or(Ok(()), |inner| add(inner, given)),
                _ => Err("describes several stacks: name the one that is meant with `--stack-name`".to_owned()),
            },
            (None, None) => {
                for (name, value) in entries {
                    let value =
                        scalar(value).ok_or_else(|| format!("the value of `{name}` is no text, number or boolean"))?;
                    given.insert(name.clone(), value);
                }
                Ok(())
            }
        },
        _ => Err("neither a list nor a mapping of parameters".to_owned()),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Array(items) => items.iter().map(scalar).collect::<Option<Vec<_>>>().map(|items| items.join(",")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Given, String> {
        let mut given = Given::default();
        add(&serde_json::from_str(text).map_err(|error| error.to_string())?, &mut given).map(|()| given)
    }

    #[test]
    fn the_usual_forms_say_the_same() {
        let mut given = Given::default();
        given.insert("Env".to_owned(), "prod".to_owned());
        let wanted = Ok(given);
        assert_eq!(parsed(r#"[{"ParameterKey": "Env", "ParameterValue": "prod"}]"#), wanted);
        assert_eq!(parsed(r#"["Env=prod"]"#), wanted);
        assert_eq!(parsed(r#"{"Parameters": {"Env": "prod"}}"#), wanted);
        assert_eq!(parsed(r#"{"Env": "prod"}"#), wanted);
        assert_eq!(
            parsed(r#"{"Stacks": [{"Parameters": [{"ParameterKey": "Env", "ParameterValue": "prod"}]}]}"#),
            wanted
        );
        assert!(parsed(r#"{"Stacks": [{}, {}]}"#).is_err());
        assert!(parsed("3").is_err());
        assert!(parsed("[3]").is_err());
    }
}
