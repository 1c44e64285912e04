//! Law 1 for the expressions of Terraform: what doubles with every line ends soon, and the rest is judged.

use std::fmt::Write;
use std::time::{Duration, Instant};
use trailproof::judge::Answer;

/// Generous, for machines that are slow and busy; what grows exponentially is far beyond.
const LIMIT: Duration = Duration::from_secs(60);

/// A trail whose flag is the last of many locals, each made of the one before it.
fn chain(first: &str, count: usize, next: &dyn Fn(usize) -> String, flag: &str) -> String {
    let mut text = format!("locals {{\n  a0 = {first}\n");
    for n in 1..=count {
        let _ = writeln!(text, "  a{n} = {}", next(n).replace("LAST", &format!("local.a{}", n - 1)));
    }
    for n in 1..=count {
        let _ = write!(text, "}}\nvariable \"v{n}\" {{}}\nlocals {{\n");
    }
    let flag = flag.replace("LAST", &format!("local.a{count}"));
    let _ = write!(
        text,
        "}}\nresource \"aws_cloudtrail\" \"a\" {{\n  name = \"a\"\n  s3_bucket_name = \"b\"\n  \
         is_multi_region_trail = false\n  enable_log_file_validation = {flag}\n}}\n"
    );
    text
}

/// Judges a configuration in time. What is written out is judged, and what is too large is unknown for that reason.
fn judged(name: &str, text: &str) -> Vec<String> {
    let begun = Instant::now();
    let report = trailproof::check_text("main.tf", text, &super::common::all_checks(Default::default()));
    eprintln!("{name}: {:?}, {} outcomes, {} bytes", begun.elapsed(), report.outcomes.len(), text.len());
    assert!(begun.elapsed() < LIMIT, "{name} took {:?}", begun.elapsed());
    let of = |check: &str| report.outcomes.iter().find(|outcome| outcome.check.id == check);
    let region = of("trail_single_region").map(|outcome| outcome.answer);
    assert_eq!(region, Some(Answer::Fail), "{name}");
    let validation = of("trail_without_log_validation");
    validation.into_iter().flat_map(|outcome| &outcome.reasons).map(|why| why.text.to_string()).collect()
}

#[test]
fn what_doubles_with_every_line_is_too_large() {
    let too_large = |name: &str, text: &str| {
        let reasons = judged(name, text);
        let said =
            |text: &String| text.contains("too large") || text.contains("more than") || text.contains("too long");
        assert!(reasons.iter().any(said), "{name}: {reasons:?}");
    };
    let double = |written: &'static str| move |_| written.to_owned();
    too_large("concat", &chain(r#"["x", "y"]"#, 40, &double("concat(LAST, LAST)"), "LAST[7]"));
    // One that is too large is an element of the next one, and what doubles begins anew.
    judged("lists", &chain(r#"["x"]"#, 40, &double("[LAST, LAST]"), "LAST[0]"));
    judged("mappings", &chain(r#"{ a = 1 }"#, 40, &double("{ a = LAST, b = LAST }"), "LAST.a"));
    judged("loops", &chain(r#"["x", "y"]"#, 40, &double("[for x in LAST : LAST]"), "LAST[0]"));
    too_large("texts", &chain(r#""xy""#, 40, &double(r#""${LAST}${LAST}""#), "LAST"));
    too_large("join", &chain(r#""xy""#, 40, &double(r#"join("", [LAST, LAST])"#), "LAST"));
    too_large("format", &chain(r#""xy""#, 40, &double(r#"format("%s%s", LAST, LAST)"#), "LAST"));
    too_large("replace", &chain(r#""xy""#, 40, &double(r#"replace(LAST, "x", LAST)"#), "LAST"));
    // A turn that makes nothing but words is a turn.
    let turns = "\"%{for a in range(1000)}%{for b in range(1000)}%{for c in range(1000)}x%{endfor}%{endfor}%{endfor}\"";
    judged("turns", &chain(turns, 1, &double("LAST"), "LAST == \"a\""));
    judged("products", &chain("[1, 2]", 40, &double("setproduct(LAST, LAST)"), "LAST[0]"));
    let aliases: String = (1..9).fold("a0: &a0 [x]\n".to_owned(), |all, n| {
        let copies = vec![format!("*a{}", n - 1); 10].join(", ");
        format!("{all}a{n}: &a{n} [{copies}]\n")
    });
    too_large("aliases", &chain(&format!("yamldecode(<<E\n{aliases}E\n)"), 1, &double("LAST"), "LAST.a8[0]"));
}

#[test]
fn conditions_that_nest_are_no_more_than_words() {
    let lists = |n: usize| format!("var.v{n} == \"x\" ? [LAST] : [LAST, 1]");
    judged("sides", &chain(r#""x""#, 40, &lists, "LAST[0] == \"x\""));
    let formulas = |n: usize| format!("LAST ? (var.v{n} == \"x\" && LAST) : (var.v{n} == \"y\" || LAST)");
    judged("formulas", &chain("var.v1 == \"q\"", 40, &formulas, "LAST"));
}

#[test]
fn what_is_there_many_times_costs_as_much() {
    let many = |count: usize| {
        format!(
            r#"
resource "aws_s3_bucket" "a" {{
  count  = {count}
  bucket = "b-${{count.index}}"
}}

resource "aws_cloudtrail" "a" {{
  count                 = {count}
  name                  = "a${{count.index}}"
  s3_bucket_name        = aws_s3_bucket.a[count.index].id
  is_multi_region_trail = false
}}
"#
        )
    };
    let taken = |count: usize| {
        let (text, begun) = (many(count), Instant::now());
        judged(&format!("{count} trails"), &text);
        begun.elapsed()
    };
    // Twice as many trails name one another's buckets four times as often; a step more would be eight times.
    let (few, twice) = (taken(200), taken(400));
    assert!(twice < few * 8 + Duration::from_secs(2), "{few:?}, {twice:?}");
}

#[test]
fn what_is_too_much_for_every_world_is_told() {
    let mut text = "locals {\n  a0 = [\"x\", \"y\"]\n".to_owned();
    for n in 1..=12 {
        let _ = writeln!(text, "  a{n} = concat(local.a{m}, local.a{m})", m = n - 1);
    }
    text.push_str("}\n");
    for n in 0..12 {
        let _ = write!(
            text,
            r#"
variable "v{n}" {{}}
resource "aws_cloudtrail" "t{n}" {{
  count                 = var.v{n} == "x" ? 1 : 0
  name                  = "t{n}"
  s3_bucket_name        = "b"
  is_multi_region_trail = length([for x in local.a12 : x if x == var.v{next}]) > {n}
}}
"#,
            next = (n + 1) % 12
        );
    }
    let begun = Instant::now();
    let report = trailproof::check_text("main.tf", &text, &super::common::all_checks(Default::default()));
    eprintln!("worlds: {:?}", begun.elapsed());
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
    let of = |outcome: &&trailproof::judge::Outcome| outcome.check.id == "trail_single_region";
    let told: Vec<_> = report.outcomes.iter().filter(of).map(|outcome| outcome.subject.address.to_string()).collect();
    assert_eq!(told.len(), 12, "{told:?}");
}
