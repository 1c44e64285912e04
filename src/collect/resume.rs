//! What the file of an account holds from an earlier run. A run that goes on does not ask again what was answered lately;
//! what failed or is old it asks again. A run that asks less than the earlier one loses nothing of it.

use super::account::{Account, Asked, Question, is_absent, lock};
use super::evidence::{SCHEMA, path_of};
use super::places::{items, text};
use super::refusal::Refusal;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::Value;
use std::time::SystemTime;

impl Account {
    /// Takes over what the file of the account holds: what was answered, and not before `since`.
    pub(super) fn resume(&self, since: Option<SystemTime>) {
        let Some(file) = self.earlier() else { return };
        let young = |asked: &Asked| since.is_none_or(|since| time(&asked.at).is_some_and(|at| at >= since));
        let heard = items(&file, "calls").iter().filter_map(entry).filter(|(question, asked)| {
            let absent = |refusal: &Refusal| is_absent(&question.0, &question.1, &refusal.code);
            young(asked) && asked.answer.as_ref().err().is_none_or(absent)
        });
        heard.for_each(|(question, asked)| self.remember(question, asked));
        *lock(&self.regions) = regions(&file);
    }

    /// Takes over everything of the account's file that was not asked now; how many answers, and when the first was given.
    pub(super) fn adopt(&self) -> Option<(usize, String)> {
        let file = self.earlier()?;
        let all = items(&file, "calls").iter().filter_map(entry);
        let older: Vec<(Question, Asked)> = all.filter(|(question, _)| !self.has(question)).collect();
        let first = older.iter().map(|(_, asked)| asked.at.clone()).min()?;
        let count = older.len();
        older.into_iter().for_each(|(question, asked)| self.remember(question, asked));
        *lock(&self.regions) = regions(&file);
        lock(&self.kept).is_partial = file.get("complete") == Some(&Value::Bool(false));
        Some((count, first))
    }

    /// The answers of an earlier run in the account's file are not written over by fewer before the account was asked for
    /// everything.
    pub(super) fn spare(&self) {
        let answered = |file: &Value| items(file, "calls").iter().filter(|call| call.get("output").is_some()).count();
        lock(&self.kept).answers = self.earlier().as_ref().map_or(0, answered);
    }

    fn earlier(&self) -> Option<Value> {
        let file = read(&path_of(&self.run.out, &self.id))?;
        (text(&file, "account") == Some(&self.id)).then_some(file)
    }
}

/// An evidence file of this version.
pub(super) fn read(path: &std::path::Path) -> Option<Value> {
    #[expect(clippy::disallowed_methods, reason = "evidence is read back where it was written")]
    let bytes = std::fs::read(path).ok()?;
    let file: Value = serde_json::from_slice(&bytes).ok()?;
    (text(&file, "schema") == Some(SCHEMA)).then_some(file)
}

/// The Regions that a file says were asked, and those that are not enabled.
fn regions(file: &Value) -> (Vec<String>, Vec<String>) {
    let list = |name| items(file, name).iter().filter_map(Value::as_str).map(str::to_owned).collect();
    (list("regions"), list("disabled"))
}

fn time(at: &str) -> Option<SystemTime> {
    SystemTime::try_from(DateTime::from_str(at, Format::DateTime).ok()?).ok()
}

/// What one entry says.
fn entry(call: &Value) -> Option<(Question, Asked)> {
    let own = |name| text(call, name).map(str::to_owned);
    let answer = match (call.get("output"), call.get("error")) {
        (Some(output), _) => Ok(output.clone()),
        (None, Some(error)) => Err(Refusal {
            permission: text(error, "permission").map(str::to_owned),
            ..Refusal::own(text(error, "code")?, text(error, "message").unwrap_or_default())
        }),
        (None, None) => return None,
    };
    let question = (own("service")?, own("operation")?, own("region")?, call.get("input")?.to_string());
    Some((question, Asked { answer, at: own("at")? }))
}
