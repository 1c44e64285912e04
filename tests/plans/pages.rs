//! Law 3 between a configuration, its plan and its state: what Terraform planned from the examples of the pages, and what it
//! said of the state once that was applied to a local AWS, is judged like the examples themselves.

use super::support;
use super::text;
use std::collections::BTreeMap;
use trailproof::judge::{Answer, Outcome};
use trailproof::report::Report;
use trailproof::{Options, check_texts, checks};

/// What a state cannot show, and what a local AWS says in its own way.
const BEYOND_STATES: [(&str, &str); 1] = [("trail_before_bucket_policy", "what was made races no more")];

/// An example: the check of its page, its text, and what the page asks for.
struct Example {
    check: String,
    source: String,
    options: Options,
}

fn examples() -> Vec<Example> {
    let first = |page: support::Page| {
        let block = page.blocks.iter().find(|block| block.language == "hcl")?;
        let mut options = support::options(&page.id, &block.flags);
        // Where it was planned and applied is known, and is not where the page says.
        options.parameters = Options::default().parameters;
        options.checks = checks::ALL.iter().filter(|it| it.page.default_on || it.id == page.id).collect();
        Some(Example { check: page.id, source: block.text.clone(), options })
    };
    support::all()
        .into_iter()
        .filter(|page| page.path.parent().is_some_and(|it| it.ends_with("checks")))
        .filter_map(first)
        .collect()
}

type Answers = BTreeMap<(&'static str, String), Answer>;

/// The worst answer of each check on each subject, of what does not depend on where its source is: what a plan changes aside.
fn answers(report: &Report) -> Answers {
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let mut all = Answers::new();
    for outcome in report.outcomes.iter().filter(|outcome: &&Outcome| !outcome.check.id.ends_with("_by_plan")) {
        let worst = all.entry((outcome.check.id, outcome.subject.address.to_string())).or_insert(outcome.answer);
        if outcome.answer == Answer::Fail {
            *worst = Answer::Fail;
        }
    }
    all
}

fn is_decided(answer: Answer) -> bool {
    matches!(answer, Answer::Pass | Answer::Fail)
}

/// Where two sources say the opposite, and, with `all`, where the second leaves open what the first decides.
fn differences(form: &str, one: &Answers, other: &Answers, all: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, answer) in one.iter().filter(|(_, answer)| is_decided(**answer)) {
        let found = other.get(key).copied();
        let opposite = found.is_some_and(|found| is_decided(found) && found != *answer);
        let lost = all && !found.is_some_and(is_decided);
        if opposite || lost {
            wrong.push(format!("{form}: {} of {}: {answer:?}, then {found:?}", key.0, key.1));
        }
    }
    wrong
}

#[test]
fn a_configuration_its_plan_and_its_state_agree() {
    let (mut wrong, mut plans, mut states) = (Vec::new(), 0, 0);
    for example in examples() {
        let file = |kind: &str| {
            let path = format!("pages/{}.{kind}.json", example.check);
            super::exists(&path).then(|| text(&path))
        };
        let run = |files: &[(&str, &str)]| answers(&check_texts(files, &example.options));
        let source = ("main.tf", example.source.as_str());
        let mut complain =
            |found: Vec<String>| wrong.extend(found.into_iter().map(|it| format!("{}, {it}", example.check)));
        let written = run(&[source]);
        if let Some(plan) = file("plan") {
            plans += 1;
            complain(differences("plan and source", &written, &run(&[source, ("plan.json", &plan)]), true));
            complain(differences("plan alone", &written, &run(&[("plan.json", &plan)]), false));
        }
        if let Some(state) = file("state") {
            states += 1;
            let exists = run(&[("state.json", &state)]);
            let excused =
                |line: &String| BEYOND_STATES.iter().any(|(check, _)| line.contains(&format!(" {check} of ")));
            complain(differences("state", &written, &exists, false).into_iter().filter(|it| !excused(it)).collect());
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(plans > 15 && states > 12, "only {plans} plans and {states} states are there: see make-pages");
}
