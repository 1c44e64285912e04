//! Law 1, the hostile half: what is written to be expensive ends soon, and is judged as far as it goes.

use std::fmt::Write;
use std::time::{Duration, Instant};
use trailproof::Options;
use trailproof::judge::Answer;
use trailproof::report::Report;
use trailproof::source::FileId;

const LIMIT: Duration = Duration::from_secs(90);

fn judged(name: &str, text: &str) -> Report {
    let begun = Instant::now();
    let options = Options { checks: trailproof::checks::ALL.iter().collect(), ..Options::default() };
    let report = trailproof::check_text("hostile.yaml", text, &options);
    let taken = begun.elapsed();
    eprintln!("{name}: {taken:?}, {} outcomes, {} bytes", report.outcomes.len(), text.len());
    assert!(taken < LIMIT, "{name} took {taken:?}");
    report
}

const TRAIL: &str = "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: true, S3BucketName: b, IsMultiRegionTrail: VALUE}\n";

fn trail(value: &str) -> String {
    TRAIL.replace("VALUE", value)
}

#[test]
fn chains_of_conditions() {
    let mut text = "Parameters: {P: {Type: String}}\nConditions:\n  C0: !Equals [!Ref P, x]\n".to_owned();
    for n in 1..60 {
        let _ = writeln!(
            text,
            "  C{n}: !And [!Condition C{m}, !Condition C{m}]\n  D{n}: !Or [!Condition C{m}, !Condition C{n}, !Not [!Condition C{m}]]",
            m = n - 1
        );
    }
    let _ = write!(text, "Resources:\n{}", trail("!If [C59, !If [D59, true, false], !If [D58, false, true]]"));
    assert!(!judged("chain", &text).outcomes.is_empty());
    let ring = format!(
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n  S: !And [!Condition S, !Condition S]\nResources:\n{}",
        trail("!If [A, true, !If [S, true, false]]")
    );
    assert!(!judged("ring", &ring).outcomes.is_empty());
}

#[test]
fn deep_and_wide_expressions() {
    let mut value = "true".to_owned();
    for n in 0..90 {
        value = format!("!If [C{}, {value}, false]", n % 40);
    }
    let conditions: String = (0..40).map(|n| format!("  C{n}: !Equals [!Ref P, x{n}]\n")).collect();
    let text = format!("Parameters: {{P: {{Type: String}}}}\nConditions:\n{conditions}Resources:\n{}", trail(&value));
    assert!(!judged("nested conditions", &text).outcomes.is_empty());
    let joined = (0..60).fold("!Ref P".to_owned(), |inner, _| format!("!Join ['', [{inner}, !Sub '${{P}}${{P}}']]"));
    let text = format!(
        "Parameters: {{P: {{Type: String, Default: {}}}}}\nResources:\n{}",
        "x".repeat(100_000),
        trail(&joined)
    );
    assert!(!judged("long texts", &text).outcomes.is_empty());
    let list: String = (0..300).map(|n| format!("v{n},")).collect();
    let text = format!(
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - X\n    - [{list}]\n    - Fn::ForEach::B:\n        - Y\n        - [{list}]\n        - T${{X}}${{Y}}: {{Type: AWS::S3::Bucket}}\n{}",
        trail("true")
    );
    assert!(!judged("loops", &text).outcomes.is_empty());
}

#[test]
fn many_of_everything() {
    let conditions: String = (0..1500).map(|n| format!("  C{n}: !Equals [!Ref P, x{n}]\n")).collect();
    let trails: String = (0..1500)
        .map(|n| format!("  T{n}:\n    Type: AWS::CloudTrail::Trail\n    Condition: C{n}\n    Properties: {{IsLogging: true, S3BucketName: b}}\n"))
        .collect();
    let text = format!("Parameters: {{P: {{Type: String}}}}\nConditions:\n{conditions}Resources:\n{trails}");
    assert!(!judged("trails under conditions", &text).outcomes.is_empty());
    let pairs: String = (0..600)
        .map(|n| {
            format!("  B{n}: {{Type: AWS::S3::Bucket}}\n  T{n}:\n    Type: AWS::CloudTrail::Trail\n    Properties: {{IsLogging: true, S3BucketName: !Ref B{n}}}\n")
        })
        .collect();
    assert!(!judged("trails and buckets", &format!("Resources:\n{pairs}")).outcomes.is_empty());
}

#[test]
fn stacks_that_include_one_another() {
    let stack = |url: &str| {
        format!(
            "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: ./{url}}}\n{}",
            trail("true")
        )
    };
    let texts = [("a.yaml", stack("b.yaml")), ("b.yaml", stack("c.yaml")), ("c.yaml", stack("a.yaml"))];
    let files = texts
        .iter()
        .enumerate()
        .map(|(n, (name, text))| trailproof::input::load(FileId(n as u32), name, text.clone().into_bytes(), true));
    let options = Options { checks: trailproof::checks::ALL.iter().collect(), ..Options::default() };
    let report = trailproof::check(files.collect(), &options);
    let addresses: std::collections::BTreeSet<String> =
        report.outcomes.iter().map(|outcome| outcome.subject.address.to_string()).collect();
    assert!(addresses.contains("Trail") && addresses.contains("Inner/Trail"), "{addresses:?}");
}

/// Trails, each under a condition of its own; `side` is what the condition asks, by the trail's number.
fn conditional_trails(many: usize, side: &dyn Fn(usize) -> String) -> trailproof::report::Report {
    let mut text = "Parameters:\n  P: {Type: String}\n".to_owned();
    (0..many).for_each(|n| writeln!(text, "  P{n}: {{Type: String}}").unwrap());
    text.push_str("Conditions:\n");
    (0..many).for_each(|n| writeln!(text, "  C{n}: !Equals [{}]", side(n)).unwrap());
    text.push_str("Resources:\n");
    for n in 0..many {
        let properties = "Properties: {IsLogging: false, S3BucketName: b}";
        let _ = writeln!(text, "  T{n}:\n    Type: AWS::CloudTrail::Trail\n    Condition: C{n}\n    {properties}");
    }
    let checks = trailproof::checks::ALL.iter().filter(|check| check.id == "trail_stopped").collect();
    let report = trailproof::check_text("many.yaml", &text, &Options { checks, ..Options::default() });
    assert_eq!(report.outcomes.len(), many);
    report
}

#[test]
fn what_exists_under_conditions_of_its_own_is_judged_however_much_it_is() {
    const MANY: usize = 600;
    let report = conditional_trails(MANY, &|n| format!("!Ref P{n}, 'yes'"));
    assert!(report.count(Answer::Fail) == MANY && report.is_complete());
}

#[test]
fn what_no_world_is_left_for_is_unknown_by_name() {
    const MANY: usize = 600;
    // One parameter decides all of them, so that each world is another one for every trail.
    let report = conditional_trails(MANY, &|n| format!("!Ref P, 'v{n}'"));
    let cut = report.outcomes.iter().filter(|outcome| outcome.cut).count();
    assert!(cut > 0 && report.count(Answer::Unknown) == cut && report.count(Answer::Fail) == MANY - cut, "{cut}");
    assert!(!report.is_complete() && report.problems.iter().any(|problem| problem.message.contains(&cut.to_string())));
}
