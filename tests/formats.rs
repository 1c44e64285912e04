//! Law 5: renderers agree. The same findings in every format; SARIF valid by schema and by GitHub's own rules; every
//! region, cut out of the file, is the text that is underlined.
#![allow(clippy::disallowed_methods, reason = "only the program itself keeps away from files and the environment")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

#[path = "formats/lists.rs"]
mod lists;
mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use trailproof::judge::{Answer, Outcome};
use trailproof::report::{Report, Show, human, json, sarif};
use trailproof::source::FileId;
use trailproof::{Options, checks, input};

const EVERYTHING: Show = Show { unknown: true, pass: true, not_applicable: true, suppressed: true };

/// Every block of every page: the path that it is run as, and its text.
static BLOCKS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let blocks = support::all().into_iter().flat_map(|page| page.blocks).enumerate();
    blocks.map(|(index, block)| (format!("a b/tëmplate-{index}/{}", block.name()), block.text)).collect()
});

/// A file as it is on the disk: of a plan less is kept.
fn on_disk(file: &trailproof::source::SourceFile) -> &str {
    BLOCKS.iter().find(|(name, _)| *name == file.name).map_or(&*file.text, |(_, text)| text)
}

/// Every block of every page with every check, in runs of many files, each below what GitHub takes of one run; and some
/// files that are broken.
static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    const FILES: usize = 200;
    let all = || Options { checks: checks::ALL.iter().collect(), ..Options::default() };
    let run = |blocks: &[(String, String)]| {
        let file = |(index, (name, text)): (u32, &(String, String))| {
            input::load(FileId(index), name, text.clone().into_bytes(), true)
        };
        trailproof::check((0..).zip(blocks).map(file).collect(), &all())
    };
    let mut reports: Vec<Report> = BLOCKS.chunks(FILES).map(run).collect();
    let hostile = "Resources:\n  \"Tr\\e[31m[a](1)\":\n    Type: AWS::CloudTrail::Trail\n    Properties: {S3BucketName: \"x\\u202e\"}\n";
    reports.push(trailproof::check_text("[x](http:y).yaml", hostile, &all()));
    reports.push(trailproof::check_text("broken.yaml", "Resources:\n  A: {Type: AWS::S3::Bucket\n", &all()));
    reports.push(trailproof::check_text("empty.yaml", "", &all()));
    for report in &mut reports {
        report.paths = report.sources.iter().map(|(id, file)| (id, format!("deploy/{}", file.name))).collect();
    }
    reports
});

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A region of SARIF or a location of JSON, cut out by lines and columns alone.
fn cut(text: &str, start: (u64, u64), end: (u64, u64)) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let part = |line: u64, from: u64, to: Option<u64>| -> String {
        let characters = lines[line as usize - 1].chars();
        match to {
            Some(to) => characters.skip(from as usize - 1).take((to - from) as usize).collect(),
            None => characters.skip(from as usize - 1).collect(),
        }
    };
    if start.0 == end.0 {
        return part(start.0, start.1, Some(end.1));
    }
    let mut text = part(start.0, start.1, None);
    for line in start.0 + 1..end.0 {
        text = format!("{text}\n{}", lines[line as usize - 1]);
    }
    format!("{text}\n{}", part(end.0, 1, Some(end.1)))
}

#[test]
fn every_format_shows_the_same_findings() {
    for report in REPORTS.iter() {
        let expected: BTreeSet<(String, u64)> = report
            .failures()
            .map(|outcome| {
                let (line, _) = support::underlined(report, outcome);
                (outcome.check.id.to_owned(), u64::from(line))
            })
            .collect();
        let log = parsed(&sarif::render(report, Show::default()));
        let of_sarif = log["runs"][0]["results"].as_array().unwrap().iter().map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            (result["ruleId"].as_str().unwrap().to_owned(), region["startLine"].as_u64().unwrap())
        });
        assert_eq!(of_sarif.collect::<BTreeSet<_>>(), expected);
        let document = parsed(&json::render(report));
        let of_json =
            document["results"].as_array().unwrap().iter().filter(|result| result["verdict"] == "fail").map(|result| {
                (result["check"].as_str().unwrap().to_owned(), result["location"]["line"].as_u64().unwrap())
            });
        assert_eq!(of_json.collect::<BTreeSet<_>>(), expected);
        let text = human::render(report, Show::default(), human::Style { colour: false, width: 120 });
        for (check, line) in &expected {
            assert!(text.contains(check), "{check} is missing in\n{text}");
            assert!(text.contains(&format!(":{line}:")), "line {line} is missing in\n{text}");
        }
        if expected.is_empty() && report.problems.is_empty() {
            assert!(text.contains("no findings"), "{text}");
        }
    }
}

#[test]
fn json_holds_every_verdict() {
    for report in REPORTS.iter() {
        let document = parsed(&json::render(report));
        assert_eq!(document["schema"], "trailproof.report/1");
        assert_eq!(document["complete"], report.problems.is_empty() && !report.coverage.may_miss_trail());
        assert_eq!(document["errors"].as_array().unwrap().len(), report.problems.len());
        let results = document["results"].as_array().unwrap();
        assert_eq!(results.len(), report.outcomes.len());
        for (result, outcome) in results.iter().zip(&report.outcomes) {
            assert_eq!(result["verdict"], outcome.answer.as_str());
            let at = |name: &str| result["location"][name].as_u64().unwrap();
            let file = report.sources.get(outcome.span.file).unwrap();
            let text = cut(on_disk(file), (at("line"), at("column")), (at("end_line"), at("end_column")));
            assert_eq!(text, file.cut(outcome.span));
            assert_eq!(outcome.answer == Answer::Unknown, !result["reasons"].as_array().unwrap().is_empty());
        }
    }
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let path = support::root().join("tests/schema/sarif-2.1.0.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    // The schema's pattern for languages is no regular expression (a bracket is closed that was not opened).
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in REPORTS.iter() {
        for show in [Show::default(), EVERYTHING] {
            let log = parsed(&sarif::render(report, show));
            let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0"})), "the schema refuses nothing");
}

/// No empty string, no null, anywhere.
fn assert_filled(value: &Value, path: &str) {
    match value {
        Value::Null => panic!("{path} is null"),
        Value::String(text) => assert!(!text.is_empty(), "{path} is empty"),
        Value::Array(items) => items.iter().for_each(|item| assert_filled(item, path)),
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| assert_filled(value, &format!("{path}.{key}")))
        }
        _ => {}
    }
}

#[test]
fn sarif_is_as_github_wants_it() {
    for report in REPORTS.iter() {
        let text = sarif::render(report, EVERYTHING);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "controls reach the report");
        let log = parsed(&text);
        assert_filled(&log, "log");
        assert!(log["$schema"].is_string() && log["version"] == "2.1.0");
        let runs = log["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 1, "GitHub refuses several runs of one category");
        let run = &runs[0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(run["invocations"][0]["executionSuccessful"], report.problems.is_empty());
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), report.checks.len(), "each check is one rule");
        for rule in rules {
            for description in ["shortDescription", "fullDescription"] {
                assert!(rule[description]["text"].as_str().unwrap().chars().count() <= 1024);
            }
            assert!(rule["help"]["text"].is_string() && rule["help"]["markdown"].is_string());
            let severity: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
            assert!((0.1..=10.0).contains(&severity));
            let tags: Vec<&str> =
                rule["properties"]["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
            assert_eq!(tags.iter().collect::<BTreeSet<_>>().len(), tags.len());
            assert!(tags.len() <= 10);
        }
        let mut prints = BTreeSet::new();
        let document = parsed(&json::render(report));
        let of_json = document["results"].as_array().unwrap().iter();
        let listed = |outcome: &Outcome| matches!(outcome.answer, Answer::Fail | Answer::Unknown);
        let shown: Vec<(&Value, &Outcome)> = of_json.zip(&report.outcomes).filter(|(_, it)| listed(it)).collect();
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), shown.len(), "what passes is no result");
        for (result, (of_json, outcome)) in results.iter().zip(shown) {
            assert_eq!(result["partialFingerprints"]["trailproof/v1"], of_json["fingerprint"]);
            let name = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
            assert_eq!(*name, *outcome.subject.address, "a name is no message");
            let message = result["message"]["text"].as_str().unwrap();
            for id in result["relatedLocations"].as_array().into_iter().flatten().take(8).map(|it| &it["id"]) {
                assert!(message.contains(&format!("]({id})")), "{message} does not link to {id}");
            }
            assert!(ids.contains(result["ruleId"].as_str().unwrap()));
            assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
            assert!(
                prints.insert(result["partialFingerprints"]["trailproof/v1"].as_str().unwrap().to_owned()),
                "a fingerprint twice"
            );
            let locations = result["locations"].as_array().unwrap();
            assert_eq!(locations.len(), 1);
            let all = locations.iter().chain(result["relatedLocations"].as_array().into_iter().flatten());
            let mut related = BTreeSet::new();
            for location in all {
                assert!(related.insert(location.to_string()), "a location twice");
                let physical = &location["physicalLocation"];
                let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
                assert!(uri.starts_with("deploy/"), "{uri} is not relative to the repository");
                assert!(
                    uri.bytes().all(|b| b.is_ascii_graphic()) && !uri.contains("//") && !uri.contains("["),
                    "{uri}"
                );
                let at = |name: &str| physical["region"][name].as_u64().unwrap();
                assert!(at("startLine") >= 1 && at("startColumn") >= 1);
                assert!((at("startLine"), at("startColumn")) <= (at("endLine"), at("endColumn")));
            }
            let file = report.sources.get(outcome.span.file).unwrap();
            let region = &locations[0]["physicalLocation"]["region"];
            let at = |name: &str| region[name].as_u64().unwrap();
            let text = cut(on_disk(file), (at("startLine"), at("startColumn")), (at("endLine"), at("endColumn")));
            assert_eq!(text, file.cut(outcome.span));
        }
    }
}

#[test]
fn nothing_reaches_a_terminal_raw() {
    for report in REPORTS.iter() {
        let text = human::render(report, EVERYTHING, human::Style { colour: false, width: 120 });
        let raw: Vec<char> =
            text.chars().filter(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c)).collect();
        assert!(raw.is_empty(), "{raw:?} reach the terminal");
    }
}

#[test]
fn minified_files_are_cut() {
    let filler = "x".repeat(200_000);
    let template = format!(
        r#"{{"Description":"{filler}","Resources":{{"Trail":{{"Type":"AWS::CloudTrail::Trail","Properties":{{"IsLogging":false,"S3BucketName":"b","KMSKeyId":"{filler}"}}}}}}}}"#
    );
    let report = trailproof::check_text("min.json", &template, &support::options("trail_stopped", &[]));
    let text = human::render(&report, Show::default(), human::Style { colour: false, width: 120 });
    assert!(text.contains("false") && text.len() < 2_000, "{} bytes", text.len());
}
