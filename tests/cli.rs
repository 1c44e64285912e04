//! The program as users run it: arguments, files, exit codes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]
#![allow(clippy::disallowed_methods, reason = "tests write the files that the program reads")]

#[path = "cli/answers.rs"]
mod answers;
#[path = "cli/cloudformation.rs"]
mod cloudformation;
#[path = "cli/evidence.rs"]
mod evidence;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/profiles.rs"]
mod profiles;
#[path = "cli/terraform.rs"]
mod terraform;
#[path = "cli/words.rs"]
mod words;
#[path = "cli/worlds.rs"]
mod worlds;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const FAULTY: &str = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: false\n      S3BucketName: logs\n";
const LOW: &str = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: true\n      IsMultiRegionTrail: true\n      IncludeGlobalServiceEvents: true\n      EnableLogFileValidation: true\n      KMSKeyId: alias/mine\n      S3BucketName: logs\n";
const PARAMETER: &str = "Parameters: {Logging: {Type: String}}\nResources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: !Ref Logging, S3BucketName: logs}\n";

/// A directory of its own for a test.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Room {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Room(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Room {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output =
            Command::new(env!("CARGO_BIN_EXE_trailproof")).current_dir(&self.0).args(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn findings_decide_the_exit_code() {
    let room = Room::new("exit-codes");
    room.file("faulty.yaml", FAULTY).file("low.yaml", LOW).file("parameter.yaml", PARAMETER);
    assert_eq!(room.run(&["check", "faulty.yaml"]).0, 1);
    assert_eq!(room.run(&["check", "low.yaml"]).0, 0, "{}", room.run(&["check", "low.yaml"]).1);
    assert_eq!(room.run(&["check", "low.yaml", "--fail-on", "low"]).0, 1);
    let stopped = ["--check", "trail_stopped"];
    assert_eq!(room.run(&[&["check", "parameter.yaml"][..], &stopped].concat()).0, 0);
    assert_eq!(room.run(&[&["check", "parameter.yaml", "--strict"][..], &stopped].concat()).0, 3);
    assert_eq!(room.run(&["check", "low.yaml", "--strict"]).0, 0, "what is out of sight is not strict's business");
    assert_eq!(room.run(&[&["check", "parameter.yaml", "--parameter", "Logging=false"][..], &stopped].concat()).0, 1);
}

#[test]
fn a_run_that_failed_says_why() {
    let room = Room::new("failures");
    room.file("good.yaml", FAULTY)
        .file("broken.yaml", "Resources:\n  A: {Type: AWS::S3::Bucket\n")
        .file("notes.yaml", "a: 1\n");
    room.file("empty/readme.txt", "");
    for (arguments, words) in [
        (&["check", "missing.yaml"][..], "there is no such file"),
        (&["check", "empty"], "nothing to check"),
        (&["check", "good.yaml", "--parameter", "Typo=1"], "has a parameter `Typo`"),
        (&["check", "good.yaml", "--parameter", "Typo"], "NAME=VALUE"),
        (&["check", "good.yaml", "--parameter", "AWS::AccountId=12345678901"], "twelve digits"),
        (&["check", "good.yaml", "--parameter", "AWS::Partition=amazon"], "no partition"),
        (&["check", "good.yaml", "--parameter", "AWS::Region=virginia"], "no Region"),
        (
            &["check", "good.yaml", "--parameter", "AWS::Region=cn-north-1", "--parameter", "AWS::Partition=aws"],
            "in partition `aws-cn`",
        ),
        (&["check", "good.yaml", "--parameter", "AWS::StackName=x"], "has a parameter `AWS::StackName`"),
        (&["check", "good.yaml", "--output", "xml=a"], "FORMAT=FILE"),
        (&["check", "good.yaml", "--parameter-file", "notes.yaml"], "not JSON"),
        (&["check", "good.yaml", "--check", "trail_stoped"], "trail_stopped"),
        (&["check", "good.yaml", "--check", "trail_stopped", "--skip", "trail_stopped"], "no check is left"),
        (&["check"], "PATH"),
        (&["explain", "trail_stoped"], "trail_stopped"),
    ] {
        let (code, out, err) = room.run(arguments);
        assert_eq!(code, 2, "{arguments:?}\n{out}{err}");
        assert!(format!("{out}{err}").contains(words), "{arguments:?} does not say `{words}`:\n{out}{err}");
    }
    let (code, out, _) = room.run(&["check", "broken.yaml", "good.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["complete"]), (2, &Value::from(false)));
    assert_eq!(report["errors"][0]["file"], "broken.yaml");
    assert!(
        report["results"].as_array().unwrap().iter().any(|result| result["verdict"] == "fail"),
        "the others are judged"
    );
}

#[test]
fn nobodys_templates_are_skipped() {
    let room = Room::new("skipped");
    room.file("chart/templates/trail.yaml", "{{- if .Values.on }}\nkind: AWS::S3::Bucket\n{{- end }}\n");
    room.file("good.yaml", FAULTY).file("list.json", "[1, 2]").file("broken.json", "{");
    room.file("binary.yaml", [0xc3, 0x28, b'A']).file("node_modules/x.yaml", FAULTY).file(".git/x.yaml", FAULTY);
    let (code, out, _) = room.run(&["check", ".", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1, "{out}");
    assert_eq!(report["coverage"]["files_read"], 1);
    assert_eq!(report["coverage"]["files_skipped"].as_array().unwrap().len(), 4, "{out}");
}

#[test]
fn every_output_is_written() {
    let room = Room::new("outputs");
    room.file("t.yaml", FAULTY);
    let (code, out, _) =
        room.run(&["check", "t.yaml", "--output", "sarif=a.sarif", "--output", "json=a.json", "--stats"]);
    assert_eq!(code, 1);
    assert!(out.contains("trail_stopped") && out.contains("decided"), "{out}");
    for name in ["a.sarif", "a.json"] {
        let text = std::fs::read_to_string(room.0.join(name)).unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_ok() && text.contains("trail_stopped"));
    }
    let (_, sarif, _) = room.run(&["check", "t.yaml", "--format", "sarif"]);
    assert_eq!(sarif, std::fs::read_to_string(room.0.join("a.sarif")).unwrap());
    let again = room.run(&["check", "t.yaml", "--format", "sarif"]).1;
    assert_eq!(sarif, again, "the same input gives the same bytes");
}

#[test]
fn paths_are_relative_to_the_repository() {
    let room = Room::new("repository");
    room.file(".git/HEAD", "").file("deploy/t.yaml", FAULTY);
    let output = Command::new(env!("CARGO_BIN_EXE_trailproof"))
        .current_dir(room.0.join("deploy"))
        .args(["check", "./t.yaml", "--format", "sarif"])
        .output()
        .unwrap();
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "deploy/t.yaml"
    );
    let other = Room::new("repository-other");
    other.file("a/.git/HEAD", "").file("a/deep/t.yaml", FAULTY).file("b/.git/HEAD", "").file("b/x.yaml", FAULTY);
    let absolute = other.0.join("a/deep/t.yaml");
    for (from, path, wanted) in [
        ("", "a", "deep/t.yaml"),
        ("b", "../a/deep/t.yaml", "deep/t.yaml"),
        ("a/deep", "t.yaml", "deep/t.yaml"),
        ("a/deep", absolute.to_str().unwrap(), "deep/t.yaml"),
        ("a", "../b", "x.yaml"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
        command.current_dir(other.0.join(from)).args(["check", path, "--check", "trail_stopped", "--format"]);
        let sarif: Value = serde_json::from_slice(&command.arg("sarif").output().unwrap().stdout).unwrap();
        let result = &sarif["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], wanted, "{from} {path}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
        command.current_dir(other.0.join(from)).args(["check", path, "--check", "trail_stopped", "--format", "json"]);
        let json: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        assert_eq!(json["results"][0]["fingerprint"], result["partialFingerprints"]["trailproof/v1"]);
    }
}

/// Would catch: one module in two root modules, whose findings are told apart by nothing but their order.
#[test]
fn an_identity_does_not_hang_on_what_stands_beside() {
    let room = Room::new("identities");
    room.file(".git/HEAD", "").file(
        "lib/main.tf",
        "resource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = \"b\"\n  enable_logging = false\n}\n",
    );
    for name in ["dev", "prod"] {
        room.file(&format!("{name}/main.tf"), "module \"m\" {\n  source = \"../lib\"\n}\n");
        room.file(
            &format!("{name}.yaml"),
            "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n",
        );
    }
    room.file("child.yaml", FAULTY);
    let prints = |arguments: &[&str]| -> Vec<String> {
        let (_, out, _) = room.run(&[&["check", "--check", "trail_stopped", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&out).unwrap();
        let each =
            report["results"].as_array().unwrap().iter().map(|it| it["fingerprint"].as_str().unwrap().to_owned());
        each.collect()
    };
    let all = prints(&["."]);
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{all:?}");
    assert!(all.iter().all(|print| !print.contains(':')), "{all:?}");
    for alone in [prints(&["dev"]), prints(&["prod"]), prints(&["prod.yaml", "child.yaml"])] {
        assert!(alone.len() == 1 && all.contains(&alone[0]), "{alone:?} {all:?}");
    }
}

/// Would catch: a text of an input that begins a line, by a line break or by wrapping, where a workflow takes it for a command.
#[test]
fn no_input_speaks_to_the_runner() {
    let room = Room::new("commands");
    let long = "x".repeat(92);
    let key = format!("{long} ::error::injected");
    room.file("tf/main.tf", format!("resource \"aws_cloudtrail\" \"t\" {{\n  for_each       = toset([\"{key}\"])\n  name           = \"n\"\n  s3_bucket_name = \"b\"\n}}\n"));
    room.file("cfn/t.json", r#"{"Resources": {"A\n::error::injected": {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": true, "S3BucketName": "b"}}}}"#);
    room.file("cfn/u.json", r###"{"Resources": {"##[error]x": {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": "b\u001b[31m\u009b31m"}}}}"###);
    room.file("src/c.json", r#"{"Resources":{"A":{"Type":"AWS::CloudTrail::Trail","\u001b[31mRED\n::error::x":1,"\u001b[31mRED\n::error::x":2}}}"#);
    room.file(
        "src/a.tf.json",
        r#"{"resource":{"aws_cloudtrail":{"x":{"a\u001b[31mRED\n::error::x":1,"a\u001b[31mRED\n::error::x":2}}}}"#,
    );
    room.file("ev.json", r#"{"schema":"trailproof.evidence/1","account":"111122223333","calls":[{"service":"cloudtrail","operation":"GetTrailStatus","region":"eu-west-1","input":{"Name":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"},"output":{"IsLogging":false}}]}"#);
    for paths in [&["tf"][..], &["cfn"], &["src"], &["ev.json", "--source", "src"]] {
        for format in ["human", "json", "sarif"] {
            let arguments = ["--show", "all", "--all-checks", "--stats", "--format", format];
            let (_, out, err) = room.run(&[&["check"], paths, &arguments].concat());
            for line in out.lines().chain(err.lines()) {
                let bare = line.trim_start();
                assert!(!bare.starts_with("::") && !bare.starts_with("##"), "{paths:?} {format}: {line}");
            }
            let raw = |text: &str| text.chars().any(|character| character.is_control() && character != '\n');
            assert!(!raw(&out) && !raw(&err), "{paths:?} {format}");
        }
    }
}

#[test]
fn parameter_files_are_read_in_every_form() {
    let room = Room::new("parameter-files");
    room.file("t.yaml", PARAMETER);
    for form in [
        r#"[{"ParameterKey": "Logging", "ParameterValue": "false"}]"#,
        r#"["Logging=false"]"#,
        r#"{"Parameters": {"Logging": "false"}}"#,
        r#"{"Logging": false}"#,
    ] {
        room.file("p.json", form);
        assert_eq!(
            room.run(&["check", "t.yaml", "--check", "trail_stopped", "--parameter-file", "p.json"]).0,
            1,
            "{form}"
        );
        assert_eq!(
            room.run(&[
                "check",
                "t.yaml",
                "--check",
                "trail_stopped",
                "--parameter-file",
                "p.json",
                "--parameter",
                "Logging=true"
            ])
            .0,
            0
        );
    }
}

/// Would catch: an account, a Region or a partition that a nested stack does not take over from the stack around it.
#[test]
fn where_a_stack_is_deployed_may_be_given() {
    let room = Room::new("pseudo-parameters");
    let inner = "Conditions:\n  Is: !And\n    - !Equals [!Ref AWS::Region, us-gov-west-1]\n    - !Equals [!Ref AWS::AccountId, '012345678901']\n    - !Equals [!Sub '${AWS::Partition}', aws-us-gov]\nResources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: !If [Is, true, false], S3BucketName: logs}\n";
    let outer = "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}\n";
    room.file("outer.yaml", outer).file("inner.yaml", inner);
    let stopped = |arguments: &[&str]| {
        let common = ["check", "outer.yaml", "inner.yaml", "--strict", "--check", "trail_stopped"];
        room.run(&[&common[..], arguments].concat()).0
    };
    let account = ["--parameter", "AWS::AccountId=012345678901"];
    assert_eq!(stopped(&[]), 3);
    assert_eq!(stopped(&account), 3);
    assert_eq!(stopped(&[&account[..], &["--parameter", "AWS::Region=us-gov-west-1"]].concat()), 0);
    assert_eq!(stopped(&["--parameter", "AWS::Region=us-east-1"]), 1);
    assert_eq!(stopped(&["--parameter", "AWS::Partition=aws"]), 1);
    room.file("p.json", r#"{"Parameters": {"AWS::AccountId": "012345678901", "AWS::Region": "us-gov-west-1"}}"#);
    assert_eq!(stopped(&["--parameter-file", "p.json"]), 0);
}

/// Would catch: a loop whose default list counts although another one is given, or passed by the stack around it.
#[test]
fn loops_go_over_the_list_that_counts() {
    let room = Room::new("loops");
    let body = "    - Name\n    - !Ref Names\n    - ${Name}Trail:\n        Type: AWS::CloudTrail::Trail\n        Properties: {IsLogging: true, S3BucketName: logs}\n";
    let looped = format!(
        "Transform: AWS::LanguageExtensions\nParameters: {{Names: {{Type: CommaDelimitedList, Default: A}}}}\nResources:\n  Fn::ForEach::Trails:\n{body}"
    );
    let outer = "Parameters: {All: {Type: CommaDelimitedList, Default: 'X, Y'}}\nResources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: looped.yaml, Parameters: {Names: !Join [',', !Ref All]}}}\n";
    room.file("looped.yaml", &looped).file("outer.yaml", outer);
    let trails = |arguments: &[&str]| -> Vec<String> {
        let (_, out, _) = room.run(&[&["check", "--check", "trail_stopped", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&out).unwrap();
        let address = |result: &Value| result["subject"]["address"].as_str().unwrap().to_owned();
        report["results"].as_array().unwrap().iter().map(address).collect()
    };
    assert_eq!(trails(&["looped.yaml"]), ["ATrail"]);
    assert_eq!(trails(&["looped.yaml", "--parameter", "Names=B,C"]), ["BTrail", "CTrail"]);
    assert_eq!(trails(&["outer.yaml", "looped.yaml"]), ["Inner/XTrail", "Inner/YTrail"]);
    assert_eq!(trails(&["outer.yaml", "looped.yaml", "--parameter", "All=Z"]), ["Inner/ZTrail"]);
    room.file("open.yaml", looped.replace(", Default: A", ""));
    assert_eq!(trails(&["open.yaml"]), ["${Names[*]}Trail"]);
    let many: Vec<String> = (0..2_001).map(|n| n.to_string()).collect();
    let (code, out, _) = room.run(&["check", "looped.yaml", "--parameter", &format!("Names={}", many.join(","))]);
    assert!(code == 2 && out.contains("more than 2000 entries"), "{code} {out}");
    let list: Vec<String> = (0..60).map(|n| format!("\"{n}\"")).collect();
    let idle = (0..8)
        .fold("{}".to_owned(), |body, n| format!(r#"{{"Fn::ForEach::L{n}": ["V{n}", [{}], {body}]}}"#, list.join(",")));
    let trail = r#""T": {"Type": "AWS::CloudTrail::Trail"}"#;
    room.file("idle.json", format!(r#"{{"Resources": {{{trail}, {}}}"#, idle.trim_start_matches('{')));
    let (code, out, _) = room.run(&["check", "idle.json"]);
    assert!(code == 2 && out.contains("the loops of this template"), "{code} {out}");
}

/// Would catch: a finding that rests on a default of the stack around it, and does not say so.
#[test]
fn defaults_of_the_stack_around_are_told() {
    let room = Room::new("passed-defaults");
    let inner = "Parameters: {Stage: {Type: String}}\nConditions: {Off: !Equals [!Ref Stage, dev]}\nResources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: !If [Off, false, true], S3BucketName: logs}\n";
    let outer = "Parameters: {Env: {Type: String, Default: dev}}\nResources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml, Parameters: {Stage: !Ref Env}}}\n";
    room.file("inner.yaml", inner).file("outer.yaml", outer);
    let run = |arguments: &[&str]| -> Value {
        let common = ["check", "outer.yaml", "inner.yaml", "--check", "trail_stopped", "--format", "json"];
        serde_json::from_str(&room.run(&[&common[..], arguments].concat()).1).unwrap()
    };
    let by_default = &run(&[])["results"][0];
    assert_eq!((&by_default["verdict"], &by_default["assumed"]), (&Value::from("fail"), &Value::from(vec!["Env"])));
    assert_eq!(by_default["fails_when"], "Off is true");
    assert_eq!(run(&["--parameter", "Env=prod"])["results"][0]["verdict"], "pass");
}

#[test]
fn stored_parameters_have_the_values_that_they_resolved_to() {
    let room = Room::new("stored");
    let stored = PARAMETER.replace("Type: String", "Type: 'AWS::SSM::Parameter::Value<String>', Default: /logging");
    room.file("t.yaml", stored);
    let described = |value: &str| {
        let parameter = r#"{"ParameterKey": "Logging", "ParameterValue": "/logging", "ResolvedValue": "VALUE"}"#;
        room.file("p.json", format!(r#"{{"Stacks": [{{"Parameters": [{}]}}]}}"#, parameter.replace("VALUE", value)));
        room.run(&["check", "t.yaml", "--strict", "--check", "trail_stopped", "--parameter-file", "p.json"]).0
    };
    assert_eq!(room.run(&["check", "t.yaml", "--strict", "--check", "trail_stopped"]).0, 3);
    assert_eq!((described("true"), described("false")), (0, 1));
}

#[test]
fn odd_files_are_read_or_told() {
    let room = Room::new("odd-files");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(FAULTY.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    room.file("utf16.yaml", utf16)
        .file("crlf.yaml", FAULTY.replace('\n', "\r\n"))
        .file("cr.yaml", FAULTY.replace('\n', "\r"))
        .file("bom.yaml", format!("\u{feff}{FAULTY}"));
    for name in ["utf16.yaml", "crlf.yaml", "cr.yaml", "bom.yaml"] {
        let (code, out, _) = room.run(&["check", name, "--format", "json", "--check", "trail_stopped"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        let place = &report["results"][0]["location"];
        assert_eq!((code, &place["line"], &place["column"]), (1, &Value::from(5), &Value::from(18)), "{name}");
    }
    let zeros = std::fs::File::create(room.0.join("zeros.yaml")).unwrap();
    zeros.set_len(100 * 1024 * 1024).unwrap();
    let (code, out, _) = room.run(&["check", "zeros.yaml"]);
    assert_eq!(code, 2);
    assert!(out.contains("larger than"), "{out}");
    room.file("deep.json", "[".repeat(1_000_000))
        .file("deep.yaml", format!("AWS::S3::Bucket: {}", "[".repeat(1_000_000)));
    for name in ["deep.json", "deep.yaml"] {
        let (code, out, _) = room.run(&["check", name]);
        assert_eq!(code, 2);
        assert!(out.contains("deep") || out.contains("nest"), "{out}");
    }
}

#[cfg(unix)]
#[test]
fn loops_of_links_end() {
    let room = Room::new("links");
    room.file("a/t.yaml", FAULTY);
    std::os::unix::fs::symlink("..", room.0.join("a/up")).unwrap();
    let (code, out, _) = room.run(&["check", ".", "--show", "all"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("symbolic link"), "{out}");
}

#[test]
fn colours_and_controls_stay_where_they_belong() {
    let room = Room::new("colours");
    room.file("t.yaml", FAULTY.replace("  Trail:", "  \"Tr\\e[31mail\":"));
    let (_, plain, _) = room.run(&["check", "t.yaml"]);
    assert!(!plain.contains('\u{1b}'), "a pipe gets no colours, nor the template's");
    let (_, coloured, _) = room.run(&["check", "t.yaml", "--color", "always"]);
    assert!(coloured.contains('\u{1b}') && !coloured.contains("\u{1b}[31mail"));
}

#[test]
fn pages_lists_completions_and_the_man_page_come_from_one_place() {
    let room = Room::new("pages");
    let (code, page, _) = room.run(&["explain", "trail_single_region"]);
    assert!(code == 0 && page.starts_with("trail_single_region   high") && page.contains("\nfix: record"), "{page}");
    assert!(page.contains("    IsMultiRegionTrail: true") || page.contains("      IsMultiRegionTrail: true"), "{page}");
    assert!(!page.contains("finding:"), "no marks of tests: {page}");
    let (_, page, _) = room.run(&["explain", "trail_single_region", "--dialect", "terraform"]);
    assert!(page.contains("is_multi_region_trail = true"), "{page}");
    let (_, page, _) = room.run(&["explain", "trail_single_region", "--full"]);
    assert!(page.starts_with("# ") && page.contains("## Fires"), "{page}");
    for check in trailproof::checks::ALL {
        let (_, screen, _) = room.run(&["explain", check.id]);
        assert!(screen.lines().count() <= 40, "{screen}");
    }
    let (_, list, _) = room.run(&["list"]);
    assert_eq!(list.lines().count(), trailproof::checks::ALL.len());
    for shell in ["bash", "zsh", "fish"] {
        assert!(room.run(&["completions", shell]).1.contains("log-bucket"));
    }
    let (_, man, _) = room.run(&["man"]);
    assert!(man.contains("trailproof") && man.contains(".TH"));
    let (code, version, _) = room.run(&["--version"]);
    assert_eq!((code, version.trim()), (0, concat!("trailproof ", env!("CARGO_PKG_VERSION"))));
}
