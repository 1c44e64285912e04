//! Goes on where an earlier run stopped: what it heard is not asked again, what failed is.

use super::account::{Account, Asked, Question, is_absent, lock};
use super::evidence::{SCHEMA, path_of};
use super::places::{items, text};
use super::refusal::Refusal;
use serde_json::Value;

impl Account {
    /// Takes over what the file of the account holds.
    pub(super) fn resume(&self) {
        #[expect(clippy::disallowed_methods, reason = "evidence is read back where it was written")]
        let bytes = std::fs::read(path_of(&self.run.out, &self.id)).unwrap_or_default();
        let file: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if text(&file, "schema") != Some(SCHEMA) || text(&file, "account") != Some(&self.id) {
            return;
        }
        for (question, asked) in items(&file, "calls").iter().filter_map(heard) {
            self.remember(question, asked);
        }
        let regions = |name| items(&file, name).iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
        *lock(&self.regions) = (regions("regions"), regions("disabled"));
    }
}

/// What one entry says; none where it has to be asked again.
fn heard(call: &Value) -> Option<(Question, Asked)> {
    let own = |name| text(call, name).map(str::to_owned);
    let (service, operation) = (own("service")?, own("operation")?);
    let answer = match (call.get("output"), call.get("error")) {
        (Some(output), _) => Ok(output.clone()),
        (None, Some(error)) => {
            let code = text(error, "code").filter(|code| is_absent(&service, &operation, code))?;
            Err(Refusal::own(code, text(error, "message").unwrap_or_default()))
        }
        (None, None) => return None,
    };
    let question = (service, operation, own("region")?, call.get("input")?.to_string());
    Some((question, Asked { answer, at: own("at")? }))
}
