//! Law 13: Terraform's own words. What `terraform console` said of some thousand generated expressions
//! (`make-console`, `console.txt`) is what we make of them, or ours is unknown with a reason.
//!
//! Each expression becomes the switch of a trail: it holds where the value is the recorded one. Where Terraform refuses
//! the expression, `can` says so. The evaluator types collections by how they are written only, so that it lets some
//! expressions pass that Terraform refuses for their types: they are counted, and may not become more.

use std::collections::BTreeMap;
use std::fmt::Write;
use trailproof::Options;
use trailproof::judge::Answer;

const LOCALS: &str = include_str!("console.tf");
const RECORDED: &str = include_str!("console.txt");

/// So many expressions are judged in one module.
const AT_ONCE: usize = 150;

/// Expressions that Terraform refuses, most of them for the types of collections, and that have a value here.
const LENIENT: usize = 55;

/// Expressions that are unknown: what is made by hashes, networks and times, which are not worked out.
const UNKNOWN: usize = 215;

/// Values that differ, and why.
const EXCUSED: [(&str, &str); 4] = [
    ("-(-1 + 1)", "a nought with a sign is written as one without"),
    ("issensitive(\"$${x}\") ? [for", "the sides of a conditional are not made one type"),
    ("setsubtract(toset(range(3)), setsubtract(toset([\"a\"", "an empty set has lost the type of its elements"),
    ("try(distinct([tolist([\"x\", \"y\"]), local.object.none]), local", "a null beside a list has no type of its own"),
];

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{"))
}

/// What holds where an expression has the recorded value.
fn switch(expression: &str, value: &str) -> String {
    match serde_json::from_str(value) {
        Err(_) => format!("can({expression})"),
        Ok(serde_json::Value::String(text)) => {
            let escaped = quoted(&text).replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r");
            format!("({expression}) == {escaped}")
        }
        Ok(_) => format!("jsonencode({expression}) == {}", quoted(value)),
    }
}

#[test]
fn what_the_console_says_is_what_we_say() {
    let rows: Vec<(&str, &str)> = RECORDED.lines().filter_map(|line| line.split_once('\t')).collect();
    assert!(rows.len() > 2_500, "{} expressions", rows.len());
    let checks = vec![trailproof::checks::find("trail_stopped").unwrap()];
    let options = Options { checks, ..Options::default() };
    let (mut wrong, mut lenient, mut unknown) = (Vec::new(), Vec::new(), BTreeMap::<String, Vec<&str>>::new());
    for rows in rows.chunks(AT_ONCE) {
        let mut text = LOCALS.to_owned();
        for (n, (expression, value)) in rows.iter().enumerate() {
            let switch = switch(expression, value);
            let _ = writeln!(
                text,
                "resource \"aws_cloudtrail\" \"t{n}\" {{\n  name = \"t{n}\"\n  s3_bucket_name = \"logs\"\n  \
                 enable_logging = {switch}\n}}"
            );
        }
        let report = trailproof::check_text("main.tf", &text, &options);
        assert_eq!(report.problems.len(), 0, "{:?}", report.problems);
        assert_eq!(report.outcomes.len(), rows.len());
        for outcome in &report.outcomes {
            let n: usize = outcome.subject.address.rsplit_once(".t").unwrap().1.parse().unwrap();
            let (expression, value) = rows[n];
            match (outcome.answer, value.is_empty()) {
                (Answer::Pass, false) | (Answer::Fail, true) => {}
                (Answer::Unknown, _) => {
                    let reason = outcome.reasons.first().map_or(String::new(), |why| format!("{:?}", why.kind));
                    assert!(!reason.is_empty(), "{expression} is unknown without a reason");
                    unknown.entry(reason).or_default().push(expression);
                }
                (_, true) => lenient.push(expression),
                (_, false) if EXCUSED.iter().any(|(begin, _)| expression.starts_with(begin)) => {}
                (_, false) => wrong.push(format!("{expression} is {value}")),
            }
        }
    }
    let open: usize = unknown.values().map(Vec::len).sum();
    eprintln!("{} expressions, {open} unknown, {} let pass that Terraform refuses", rows.len(), lenient.len());
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lenient.len() <= LENIENT, "{}", lenient.join("\n"));
    assert!(open <= UNKNOWN, "{unknown:#?}");
}
