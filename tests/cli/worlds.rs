//! Every subject is judged in the world in which it exists, however many of those there are.

use std::collections::BTreeMap;
use std::fmt::Write;
use trailproof::Options;
use trailproof::judge::Answer;
use trailproof::report::Report;

/// The answers of three checks, by check and address: one that hangs on one trail alone, one on its bucket, and one on
/// all trails together.
fn answers(files: &[(&str, &str)]) -> (Report, BTreeMap<(&'static str, String), Answer>) {
    let asked = ["trail_stopped", "bucket_policy_missing", "trail_single_region"];
    let checks = trailproof::checks::ALL.iter().filter(|check| asked.contains(&check.id)).collect();
    let report = trailproof::check_texts(files, &Options { checks, ..Options::default() });
    let each = report.outcomes.iter().map(|it| ((it.check.id, it.subject.address.to_string()), it.answer));
    let answers = each.collect();
    (report, answers)
}

const MANY: usize = 40;

#[test]
fn forty_trails_each_under_a_condition_of_its_own_with_their_buckets() {
    let mut text = "Parameters:\n".to_owned();
    (0..MANY).for_each(|n| writeln!(text, "  P{n}: {{Type: String}}").unwrap());
    text.push_str("Conditions:\n");
    (0..MANY).for_each(|n| writeln!(text, "  C{n}: !Equals [!Ref P{n}, 'yes']").unwrap());
    text.push_str("Resources:\n");
    for n in 0..MANY {
        writeln!(text, "  B{n}:\n    Type: AWS::S3::Bucket\n    Condition: C{n}").unwrap();
        let wide = format!("!If [C{}, true, false]", (n + 1) % MANY);
        let properties = format!("{{IsLogging: false, S3BucketName: !Ref B{n}, IsMultiRegionTrail: {wide}}}");
        writeln!(text, "  T{n}:\n    Type: AWS::CloudTrail::Trail\n    Condition: C{n}\n    Properties: {properties}")
            .unwrap();
    }
    let (report, answers) = answers(&[("t.yaml", &text)]);
    for n in 0..MANY {
        assert_eq!(answers.get(&("trail_stopped", format!("T{n}"))), Some(&Answer::Fail), "T{n}");
        assert_eq!(answers.get(&("bucket_policy_missing", format!("B{n}"))), Some(&Answer::Fail), "B{n}");
        assert!(answers.contains_key(&("trail_single_region", format!("T{n}"))), "T{n}");
    }
    assert!(report.is_complete());
}

#[test]
fn forty_modules_each_under_a_switch_of_its_own() {
    let mut text = String::new();
    for n in 0..MANY {
        writeln!(text, "variable \"v{n}\" {{ type = bool }}").unwrap();
        let call = format!("source = \"./trail\"\n count = var.v{n} ? 1 : 0\n name = \"audit-{n}\"");
        writeln!(text, "module \"m{n}\" {{\n {call}\n}}").unwrap();
    }
    let module = "variable \"name\" {}
resource \"aws_s3_bucket\" \"logs\" {
  bucket = \"${var.name}-logs\"
}
resource \"aws_cloudtrail\" \"trail\" {
  name           = var.name
  s3_bucket_name = aws_s3_bucket.logs.id
  enable_logging = false
}
";
    let (report, answers) = answers(&[("main.tf", &text), ("trail/main.tf", module)]);
    for n in 0..MANY {
        let trail = format!("module.m{n}[0].aws_cloudtrail.trail");
        assert_eq!(answers.get(&("trail_stopped", trail.clone())), Some(&Answer::Fail), "{trail}");
        let bucket = format!("module.m{n}[0].aws_s3_bucket.logs");
        assert_eq!(answers.get(&("bucket_policy_missing", bucket.clone())), Some(&Answer::Fail), "{bucket}");
    }
    assert!(report.is_complete());
}
