//! Accounts and checks, where there are several accounts: which of them fails where. Checks that every account passes are
//! left out.

use crate::judge::Answer;
use crate::report::Report;
use crate::report::accounts::Accounts;
use crate::report::escape::markup as text;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Result, Write};

pub(super) fn write(report: &Report, to: &mut dyn Write) -> Result<()> {
    let accounts = Accounts::of(report);
    if !accounts.are_several() {
        return Ok(());
    }
    let mut cells: BTreeMap<(&str, &str), Answer> = BTreeMap::new();
    let rank = |answer: Answer| match answer {
        Answer::Fail => 3,
        Answer::Unknown => 2,
        Answer::Pass => 1,
        Answer::NotApplicable => 0,
    };
    for outcome in report.outcomes.iter().filter(|outcome| outcome.suppressed.is_none()) {
        let Some(account) = outcome.subject.account.as_deref() else { continue };
        let cell = cells.entry((outcome.check.id, account)).or_insert(outcome.answer);
        if rank(outcome.answer) > rank(*cell) {
            *cell = outcome.answer;
        }
    }
    let told = cells.iter().filter(|(_, answer)| matches!(answer, Answer::Fail | Answer::Unknown));
    let checks: BTreeSet<&str> = told.map(|((check, _), _)| *check).collect();
    let ids: BTreeSet<&str> = cells.keys().map(|(_, account)| *account).collect();
    if checks.is_empty() {
        return Ok(());
    }
    writeln!(to, "<h2>Accounts</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>check</th>")?;
    for id in &ids {
        writeln!(to, "<th scope=\"col\">{}</th>", text(accounts.named(id).name.unwrap_or(id)))?;
    }
    writeln!(to, "</tr></thead>\n<tbody>")?;
    for check in checks {
        write!(to, "<tr><th scope=\"row\"><code>{check}</code></th>")?;
        for id in &ids {
            match cells.get(&(check, *id)) {
                Some(Answer::NotApplicable) | None => write!(to, "<td></td>")?,
                Some(answer) => write!(to, "<td class=\"{0}\">{0}</td>", answer.as_str())?,
            }
        }
        writeln!(to, "</tr>")?;
    }
    writeln!(to, "</tbody></table></div>")
}
