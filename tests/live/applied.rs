//! Law 10: what is deployed is what was linted. Every decided verdict on an example of the pages holds in the scan of the
//! account that it was deployed to.
//!
//! What Terraform asked AWS to change was written down when it applied the examples (`tests/plans/make-applied`), and is
//! asked again of an empty local AWS, with the same seeds, so that everything is called alike. Then the account is scanned.

use super::http::{Request, Response};
use super::proxy::{Fault, Proxy};
use super::wire::Asked;
use super::{collect, gaps, moto, room, support};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use trailproof::judge::{Answer, Outcome};
use trailproof::report::Report;
use trailproof::{Options, check_texts, checks};

/// The account of the examples.
const ACCOUNT: &str = "111122223333";

/// An example that was applied.
struct Example {
    check: String,
    heading: String,
    source: String,
    /// ARNs by address.
    addresses: BTreeMap<String, String>,
    requests: Vec<Value>,
    options: Options,
}

fn pages() -> impl Iterator<Item = support::Page> {
    support::all().into_iter().filter(|page| page.path.parent().is_some_and(|it| it.ends_with("checks")))
}

/// The checks that accounts answer, which their pages show; the others ask how something is made.
fn of_accounts() -> BTreeSet<String> {
    let shows = |page: &support::Page| page.blocks.iter().any(|block| block.language == "account");
    pages().filter(shows).map(|page| page.id).collect()
}

/// The examples that were applied, in a fixed order.
fn examples() -> Vec<Example> {
    let of_accounts = of_accounts();
    let mut all = Vec::new();
    for page in pages() {
        let path = support::root().join(format!("tests/live/applied/{}.json", page.id));
        if !path.exists() {
            continue;
        }
        let written: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for one in written {
            let heading = one["heading"].as_str().unwrap().to_owned();
            let block = page.blocks.iter().find(|it| it.language == "hcl" && it.group == heading);
            let block = block.unwrap_or_else(|| panic!("{}, {heading}: not on the page: run make-applied", page.id));
            let mut options = support::options(&page.id, &block.flags);
            let wanted = checks::ALL.iter().filter(|it| it.page.default_on || it.id == page.id);
            options.checks = wanted.filter(|it| of_accounts.contains(it.id)).collect();
            options.unasked = Options::default().unasked;
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            all.push(Example {
                check: page.id.clone(),
                heading,
                source: text(&one["source"]),
                addresses: one["addresses"].as_object().unwrap().iter().map(|it| (it.0.clone(), text(it.1))).collect(),
                requests: one["requests"].as_array().unwrap().clone(),
                options,
            });
        }
    }
    all
}

impl Example {
    /// The Regions in which something was made.
    fn regions(&self) -> BTreeSet<String> {
        self.requests.iter().map(|it| it["region"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks for everything again.
    fn deploy(&self, port: u16) {
        send(port, &json!({"method": "POST", "path": "/moto-api/reset"}));
        for (number, request) in (1..).zip(&self.requests) {
            let seed = request["seed"].as_u64().unwrap_or(number);
            send(port, &json!({"method": "POST", "path": format!("/moto-api/seed?a={seed}")}));
            let answer = send(port, request);
            let said = String::from_utf8_lossy(&answer.body);
            assert!(answer.status < 400, "{}, {}: {request}: {} {said}", self.check, self.heading, answer.status);
        }
    }

    /// What the linter says of the source, by address, and what a scan says of the account, by ARN.
    fn judge(&self, number: usize, port: u16) -> (Answers, Answers) {
        let regions = self.regions();
        let denied = |asked: &Asked, _| {
            // The history says nothing of what was deployed, and takes four seconds in each Region.
            let said = "not asked here";
            asked.is("cloudtrail", "LookupEvents").then_some(Fault::Error(403, "AccessDeniedException", said))
        };
        let proxy = Proxy::with(denied, move |asked, request| gaps::answer(asked, request, port, &regions));
        let ran = collect(&proxy, &room(&format!("applied-{number}")), &[]);
        assert_eq!(ran.code(), Some(0), "{}, {}: {}", self.check, self.heading, ran.said());
        let evidence = ran.evidence(ACCOUNT).0.to_string();
        let judged = |name, text: &str| answers(&check_texts(&[(name, text)], &self.options));
        (judged("main.tf", &self.source), judged("account.json", &evidence))
    }
}

fn send(port: u16, request: &Value) -> Response {
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    let scope = format!("{}/{}", text("region"), text("service"));
    let authorization = format!("AWS4-HMAC-SHA256 Credential=AKIDCALLER/20260101/{scope}/aws4_request");
    let mut headers =
        vec![("host".to_owned(), format!("127.0.0.1:{port}")), ("authorization".to_owned(), authorization)];
    let own = request["headers"].as_object().into_iter().flatten();
    headers.extend(own.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())));
    let body = match &request["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let request = Request { method: text("method").into(), target: text("path").into(), headers, body: body.into() };
    request.forward(port).unwrap()
}

/// The worst answer of each check on each subject, and the words for it.
type Answers = BTreeMap<(&'static str, String), (Answer, String)>;

fn answers(report: &Report) -> Answers {
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let mut all = Answers::new();
    for outcome in &report.outcomes {
        let key = (outcome.check.id, outcome.subject.address.to_string());
        let told = (outcome.answer, words(outcome));
        if outcome.answer == Answer::Fail {
            all.insert(key, told);
        } else {
            all.entry(key).or_insert(told);
        }
    }
    all
}

fn words(outcome: &Outcome) -> String {
    let reasons = outcome.reasons.iter().map(|why| format!("{}: {}", why.name, why.text));
    format!("{} {}", outcome.message(), reasons.collect::<Vec<_>>().join("; "))
}

/// What the linter says of what is one thing in the account, by check and ARN: the worst, where it says something of all
/// its parts. What it decides of a thing that is nowhere has an empty ARN.
fn decided(example: &Example, linted: Answers) -> Answers {
    let mut parts: BTreeMap<(&'static str, String), Vec<(Answer, String)>> = BTreeMap::new();
    for ((check, address), (answer, said)) in linted {
        let arn = example.addresses.get(&address).cloned().unwrap_or_default();
        parts.entry((check, arn)).or_default().push((answer, format!("of {address}: {answer:?} {said}")));
    }
    let worst = |(key, told): (_, Vec<(Answer, String)>)| {
        let find = |wanted| told.iter().find(|(answer, _)| *answer == wanted).cloned();
        let open = || find(Answer::Unknown).is_none();
        let one = find(Answer::Fail).or_else(|| find(Answer::Pass).filter(|_| open()))?;
        Some((key, one))
    };
    parts.into_iter().filter_map(worst).collect()
}

/// A verdict of the linter and what the account says otherwise.
struct Difference {
    check: &'static str,
    linted: Answer,
    scanned: Option<Answer>,
    words: String,
}

/// How many verdicts were compared, and what the account says otherwise.
fn compared(example: &Example, linted: Answers, scanned: &Answers) -> (usize, Vec<Difference>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for ((check, arn), (linted, said)) in decided(example, linted) {
        count += 1;
        // Policies of an organization are called by their ids.
        let found = [&*arn, arn.rsplit('/').next().unwrap()].map(|name| scanned.get(&(check, name.to_owned())));
        let found = found.into_iter().flatten().next();
        if found.is_none_or(|(found, _)| *found != linted) {
            let told = found.map_or_else(|| format!("nothing of {arn}"), |(answer, said)| format!("{answer:?} {said}"));
            let words = format!("{}, {}: {check} {said}, then {told}", example.check, example.heading);
            wrong.push(Difference { check, linted, scanned: found.map(|it| it.0), words });
        }
    }
    (count, wrong)
}

/// Every first example of a section is written down as it was applied, or cannot be and is in the table.
#[test]
fn every_example_is_applied_or_excused() {
    let applied = examples();
    let mut wrong = Vec::new();
    let mut excused = BTreeSet::new();
    for page in pages().filter(|page| !page.id.ends_with("_by_plan")) {
        for section in ["Fires", "Stays silent"] {
            let first = page.blocks.iter().find(|block| block.language == "hcl" && block.section == section);
            let Some(block) = first else { continue };
            let one = format!("{}, {section}", page.id);
            let excuse = gaps::NOT_APPLIED.iter().find(|(name, _)| *name == page.id || *name == one);
            excused.extend(excuse.map(|(name, _)| *name));
            let found = applied.iter().find(|it| it.check == page.id && it.heading == block.group);
            match (found, excuse) {
                (None, None) => wrong.push(format!("{one}: not applied: run tests/plans/make-applied")),
                (Some(_), Some(_)) => wrong.push(format!("{one}: applied, and in the table of what cannot be")),
                (Some(it), None) if it.source != unmarked(&block.text) => {
                    wrong.push(format!("{one}: another text was applied: run tests/plans/make-applied"));
                }
                _ => {}
            }
        }
    }
    let files = std::fs::read_dir(support::root().join("tests/live/applied")).unwrap().count();
    let read: BTreeSet<&str> = applied.iter().map(|it| it.check.as_str()).collect();
    assert_eq!(files, read.len(), "a file of tests/live/applied is of no page");
    let unmet = gaps::NOT_APPLIED.iter().filter(|(name, _)| !excused.contains(name));
    wrong.extend(unmet.map(|(name, _)| format!("{name} in the table is no example")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A text without the marks of its page.
fn unmarked(text: &str) -> String {
    let line = |line: &str| {
        let end = ["# finding: ", "# unknown: "].iter().filter_map(|mark| line.find(mark)).min();
        format!("{}\n", end.map_or(line, |end| line[..end].trim_end()))
    };
    text.lines().map(line).collect()
}

#[test]
fn what_is_deployed_is_what_was_linted() {
    let examples = examples();
    let next = AtomicUsize::new(0);
    let all = Mutex::new((0, Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let server = moto::serve(Some(ACCOUNT));
                while let Some((number, example)) = take(&examples, &next) {
                    example.deploy(server.port);
                    let (linted, scanned) = example.judge(number, server.port);
                    let (count, wrong) = compared(example, linted, &scanned);
                    let mut all = all.lock().unwrap();
                    all.0 += count;
                    all.1.extend(wrong);
                }
            });
        }
    });
    let (count, differences) = all.into_inner().unwrap();
    let excuse = |it: &Difference| {
        gaps::OTHERWISE.iter().position(|known| (known.0, known.1, known.2) == (it.check, it.linted, it.scanned))
    };
    let mut wrong: Vec<String> =
        differences.iter().filter(|it| excuse(it).is_none()).map(|it| it.words.clone()).collect();
    let met: BTreeSet<usize> = differences.iter().filter_map(excuse).collect();
    let unmet = gaps::OTHERWISE.iter().enumerate().filter(|(at, _)| !met.contains(at));
    wrong.extend(unmet.map(|(_, known)| format!("{} agrees: it needs no place in the table", known.0)));
    wrong.extend(gaps::unmet());
    wrong.sort();
    assert!(wrong.is_empty(), "of {count} verdicts, {}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 2000, "only {count} verdicts of {} examples were compared", examples.len());
}

/// The next example, which nobody else takes.
fn take<'a>(examples: &'a [Example], next: &AtomicUsize) -> Option<(usize, &'a Example)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    Some((number, examples.get(number)?))
}
