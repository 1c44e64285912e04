//! What conditions cost: as much again for each resource that exists under one of its own, and no more.
//!
//! `cargo bench --bench conditions` makes estates whose resources exist each under a condition of its own (roles, and trails
//! with their buckets, in CloudFormation and Terraform), twice as many each time, and the same without conditions. It prints
//! the time, the factor per doubling, and how many times the same without conditions that is. It asserts nothing.
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};
use trailproof::{Options, check_text, checks};

/// Runs of one estate, of which the fastest counts.
const RUNS: usize = 3;

/// How an estate is made: its name, the file, the sizes, and its text, with conditions or without.
type Estate = (&'static str, &'static str, [usize; 4], fn(usize, bool) -> String);

const ESTATES: [Estate; 3] = [
    ("roles, CloudFormation", "roles.yaml", [50, 100, 200, 400], roles),
    ("trails with buckets, CloudFormation", "trails.yaml", [20, 40, 80, 160], trails),
    ("trails with buckets, Terraform", "main.tf", [20, 40, 80, 160], configuration),
];

fn main() {
    for (name, file, sizes, text) in ESTATES {
        println!("\n{name}");
        let mut before: Option<Duration> = None;
        for size in sizes {
            let (with, without) = (judged(file, &text(size, true)), judged(file, &text(size, false)));
            let factor = before.map_or_else(|| "     ".to_owned(), |before| format!("x {:>3.1}", ratio(with, before)));
            println!(
                "  {size:>4} {:>9.1} ms  {factor}   {:>4.1} times the same without conditions",
                ms(with),
                ratio(with, without)
            );
            before = Some(with);
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn judged(file: &str, text: &str) -> Duration {
    let once = || {
        let options = Options { checks: checks::ALL.iter().collect(), ..Options::default() };
        let start = Instant::now();
        black_box(check_text(file, text, &options));
        start.elapsed()
    };
    (0..RUNS).map(|_| once()).min().unwrap_or_default()
}

/// A template whose resources are written by `resource`: what follows its id, and whether it is under a condition.
fn template(size: usize, conditions: bool, resources: &dyn Fn(usize, &str) -> String) -> String {
    let mut text = String::new();
    if conditions {
        text.push_str("Parameters:\n");
        (0..size).for_each(|n| _ = writeln!(text, "  P{n}: {{Type: String}}"));
        text.push_str("Conditions:\n");
        (0..size).for_each(|n| _ = writeln!(text, "  C{n}: !Equals [!Ref P{n}, 'yes']"));
    }
    text.push_str("Resources:\n");
    for n in 0..size {
        let condition = if conditions { format!("    Condition: C{n}\n") } else { String::new() };
        text.push_str(&resources(n, &condition));
    }
    text
}

fn roles(size: usize, conditions: bool) -> String {
    template(size, conditions, &|n, condition| {
        format!(
            "  R{n}:\n    Type: AWS::IAM::Role\n{condition}    Properties:\n      AssumeRolePolicyDocument:\n        \
             Statement: [{{Effect: Allow, Principal: {{Service: ec2.amazonaws.com}}, Action: 'sts:AssumeRole'}}]\n      \
             Policies:\n        - PolicyName: p\n          PolicyDocument:\n            \
             Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]\n"
        )
    })
}

fn trails(size: usize, conditions: bool) -> String {
    template(size, conditions, &|n, condition| {
        let wide = if conditions { format!("!If [C{}, true, false]", (n + 1) % size) } else { "true".to_owned() };
        format!(
            "  B{n}:\n    Type: AWS::S3::Bucket\n{condition}  T{n}:\n    Type: AWS::CloudTrail::Trail\n{condition}    \
             Properties: {{IsLogging: true, S3BucketName: !Ref B{n}, IsMultiRegionTrail: {wide}}}\n"
        )
    })
}

fn configuration(size: usize, conditions: bool) -> String {
    let mut text = String::new();
    for n in 0..size {
        let (count, at, wide) = match conditions {
            true => (format!("  count = var.v{n} ? 1 : 0\n"), "[0]", format!("var.v{}", (n + 1) % size)),
            false => (String::new(), "", "true".to_owned()),
        };
        let _ = writeln!(
            text,
            "variable \"v{n}\" {{ type = bool }}\nresource \"aws_s3_bucket\" \"b{n}\" {{\n{count}  bucket = \"b{n}\"\n}}\n\
             resource \"aws_cloudtrail\" \"t{n}\" {{\n{count}  name = \"t{n}\"\n  \
             s3_bucket_name = aws_s3_bucket.b{n}{at}.id\n  is_multi_region_trail = {wide}\n}}"
        );
    }
    text
}
