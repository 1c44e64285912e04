//! Configurations as users name them: directories, values of variables, modules, files that expressions read.

use super::Room;
use serde_json::Value;

const STOPPED: &str = "resource \"aws_cloudtrail\" \"main\" {\n  name = \"main\"\n  s3_bucket_name = \"logs\"\n  enable_logging = false\n}\n";
const VARIABLE: &str = "variable \"logging\" {\n  type = bool\n}\nresource \"aws_cloudtrail\" \"main\" {\n  name = \"main\"\n  s3_bucket_name = \"logs\"\n  enable_logging = var.logging\n}\n";

/// Exit code, and the report, of a run for stopped trails.
fn stopped(room: &Room, arguments: &[&str]) -> (i32, Value) {
    let common = ["check", "--strict", "--check", "trail_stopped", "--format", "json"];
    let (code, out, err) = room.run(&[&common[..], arguments].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{arguments:?}: {out}{err}")))
}

fn files(report: &Value) -> Vec<&str> {
    report["results"].as_array().unwrap().iter().map(|it| it["location"]["file"].as_str().unwrap()).collect()
}

#[test]
fn directories_and_files_are_modules() {
    let room = Room::new("tf-paths");
    room.file("a/main.tf", STOPPED).file("a/notes.tftest.hcl", "x {").file("b/main.tf.json", "{}");
    room.file("c/trail.tf", STOPPED).file("c/trail.tofu", STOPPED.replace("false", "true"));
    let (code, report) = stopped(&room, &["."]);
    assert_eq!((code, files(&report)), (1, vec!["a/main.tf", "c/trail.tofu"]));
    assert_eq!(report["coverage"]["files_read"], 3);
    assert_eq!(report["coverage"]["files_skipped"][0]["file"], "c/trail.tf");
    room.file("a/other.tf", "locals {}\n");
    let (code, _, err) = room.run(&["check", "a/main.tf", "--check", "trail_stopped"]);
    assert!(code == 1 && err.contains("`a` is judged as a whole, with `other.tf`"), "{err}");
    room.file("a/broken.tf", "resource \"aws_s3_bucket\" {\n  bucket = \n}\n");
    let (code, report) = stopped(&room, &["a"]);
    assert_eq!((code, files(&report)), (2, vec!["a/main.tf"]), "what is whole is judged");
    assert_eq!(report["errors"][0]["file"], "a/broken.tf");
    assert!(report["errors"][0]["location"]["line"].as_u64() >= Some(1));
}

#[test]
fn a_block_that_cannot_be_read_states_nothing() {
    const BUCKET: &str = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"audit-logs\"\n}\nresource \"aws_cloudtrail\" \"main\" {\n  name = \"main\"\n  s3_bucket_name = aws_s3_bucket.logs.id\n}\n";
    let block = |value: &str| {
        let settings = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
        let settings = settings.map(|name| format!("  {name} = {value}\n")).concat();
        format!(
            "variable \"on\" {{}}\nresource \"aws_s3_bucket_public_access_block\" \"logs\" {{\n  bucket = \
             aws_s3_bucket.logs.id\n{settings}}}\n"
        )
    };
    for (text, wanted) in [
        (block("true"), ["pass", "pass"]),
        (block("var.on"), ["unknown", "pass"]),
        (block(""), ["unknown", "unknown"]),
        ("resource \"aws_s3_bucket_public_access_block\" \"logs\" {\n  bucket = ".to_owned(), ["unknown", "unknown"]),
        (String::new(), ["pass", "fail"]),
    ] {
        let room = Room::new("tf-unstated");
        room.file("main.tf", BUCKET).file("block.tf", &text);
        for (check, wanted) in ["bucket_public_access_not_blocked", "bucket_public_access_unstated"].iter().zip(wanted)
        {
            let (_, out, err) = room.run(&["check", ".", "--check", check, "--format", "json"]);
            let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
            assert_eq!(report["results"][0]["verdict"], wanted, "{check}: {text}");
        }
    }
}

#[test]
fn variables_are_given_in_every_way() {
    let room = Room::new("tf-variables");
    room.file("main.tf", VARIABLE)
        .file("on.tfvars", "logging = true\n")
        .file("off.tfvars.json", "{\"logging\": false}");
    assert_eq!(stopped(&room, &["."]).0, 3);
    assert_eq!(stopped(&room, &[".", "--var", "logging=true"]).0, 0);
    assert_eq!(stopped(&room, &[".", "--var-file", "on.tfvars", "--var-file", "off.tfvars.json"]).0, 1);
    assert_eq!(stopped(&room, &[".", "--var-file", "off.tfvars.json", "--var", "logging=true"]).0, 0);
    let with_environment = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_trailproof"));
        command.current_dir(&room.0).env("TF_VAR_logging", "false").args(["check", ".", "--check", "trail_stopped"]);
        command.args(arguments).output().unwrap().status.code().unwrap()
    };
    assert_eq!((with_environment(&["--strict"]), with_environment(&["--var-env"])), (3, 1), "only when asked for");
    room.file("terraform.tfvars", "logging = true\n");
    assert_eq!((stopped(&room, &["."]).0, with_environment(&["--var-env"])), (0, 0));
    room.file("z.auto.tfvars.json", "{\"logging\": false}");
    assert_eq!(stopped(&room, &["."]).0, 1);
    for (arguments, words) in [
        (&["check", ".", "--var", "logging"][..], "`--var logging` is not of the form NAME=VALUE"),
        (&["check", ".", "--var", "loging=1"], "no root module of this run has a variable `loging`"),
        (&["check", ".", "--var-file", "no.tfvars"], "there is no such file"),
        (&["check", "on.tfvars"], "by `--var-file`"),
        (&["check", ".", "--source", "nowhere"], "there is no such directory"),
    ] {
        let (code, out, err) = room.run(arguments);
        assert!(code == 2 && format!("{out}{err}").contains(words), "{arguments:?}: {code} {out}{err}");
    }
}

#[test]
fn modules_are_followed_inside_the_repository() {
    let room = Room::new("tf-modules");
    room.file("repo/.git/HEAD", "").file("repo/modules/trail/main.tf", STOPPED).file("outside/main.tf", STOPPED);
    let calls = "module \"in\" {\n  source = \"../../modules/trail\"\n}\nmodule \"out\" {\n  source = \"../../../outside\"\n}\nmodule \"far\" {\n  source = \"cloudposse/cloudtrail/aws\"\n}\n";
    room.file("repo/envs/prod/main.tf", calls);
    let (code, report) = stopped(&room, &["repo/envs/prod"]);
    assert_eq!((code, files(&report)), (1, vec!["repo/modules/trail/main.tf"]));
    assert_eq!(report["results"][0]["subject"]["address"], "module.in.aws_cloudtrail.main");
    let coverage = &report["coverage"];
    assert_eq!(coverage["files_skipped"][0]["file"], "outside");
    let missing = coverage["modules_missing"].as_array().unwrap();
    assert!(missing.iter().any(|it| it["source"] == "cloudposse/cloudtrail/aws"), "{coverage}");
    let (_, out, _) = room.run(&["check", "repo/envs/prod"]);
    assert!(
        out.contains("is not there: nothing of `../../../outside`") && out.contains("cloudposse/cloudtrail/aws"),
        "{out}"
    );
    room.file("repo/envs/prod/.terraform/modules/far/main.tf", STOPPED).file(
        "repo/envs/prod/.terraform/modules/modules.json",
        r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "far", "Source": "x", "Dir": ".terraform/modules/far"}]}"#,
    );
    let (_, report) = stopped(&room, &["repo/envs/prod"]);
    assert_eq!(
        files(&report),
        ["repo/modules/trail/main.tf", "repo/envs/prod/main.tf"],
        "installed modules are read, and what is said of them stands at the call"
    );
    assert_eq!(files(&stopped(&room, &["repo"]).1).len(), 2, "a module that is called is no root");
}

/// Would catch: a green run over a configuration whose trail is in a module that nobody fetched; and one that is red for a
/// module without an instance.
#[test]
fn what_was_not_seen_is_no_clean_run() {
    let room = Room::new("tf-unseen");
    let own = "resource \"aws_cloudtrail\" \"main\" {\n  name = \"main\"\n  s3_bucket_name = \"logs\"\n}\n";
    let far = "source = \"acme/label/null\"";
    for (call, is_seen) in [
        ("".to_owned(), true),
        (format!("module \"m\" {{\n  {far}\n}}\n"), false),
        (format!("module \"m\" {{\n  {far}\n  count = 0\n}}\n"), true),
        (format!("module \"m\" {{\n  {far}\n  for_each = toset([])\n}}\n"), true),
        (
            format!(
                "module \"m\" {{\n  {far}\n  count = var.on ? 1 : 0\n}}\nvariable \"on\" {{\n  default = false\n}}\n"
            ),
            false,
        ),
        ("module \"m\" {\n  source = \"./gone\"\n}\n".to_owned(), false),
        ("module \"m\" {\n  source = var.where\n}\nvariable \"where\" {}\n".to_owned(), false),
        ("module \"m\" {\n  source = \"../lib\"\n}\n".to_owned(), false),
        ("module \"m\" {\n  source = \"../lib\"\n  count = 0\n}\n".to_owned(), true),
    ] {
        room.file("a/main.tf", format!("{own}{call}"));
        room.file("lib/main.tf", format!("module \"deep\" {{\n  {far}\n}}\n"));
        let (code, report) = stopped(&room, &["a"]);
        let unseen = report["coverage"]["not_seen"].as_array().unwrap();
        assert_eq!(report["results"][0]["verdict"], "pass", "what is seen is decided");
        assert_eq!(
            (code, report["complete"].as_bool(), unseen.len()),
            if is_seen { (0, Some(true), 0) } else { (3, Some(false), 1) },
            "{call}"
        );
        assert!(
            unseen
                .iter()
                .all(|it| it["what"] == "module" && it["may_hold_trail"] == true && it["location"]["line"].is_u64())
        );
        assert_eq!(room.run(&["check", "a", "--check", "trail_stopped"]).0, 0, "only --strict minds");
    }
}

/// A file and a line in it, and what is related: file, line, label.
type Places = ((String, u64), Vec<(String, u64, String)>);

/// The place of a finding, and its related places: file, line and label.
fn places(result: &Value) -> Places {
    let place = |at: &Value| (at["file"].as_str().unwrap().to_owned(), at["line"].as_u64().unwrap());
    let related = result["related"].as_array().unwrap().iter().map(|related| {
        let (file, line) = place(&related["location"]);
        (file, line, related["label"].as_str().unwrap().to_owned())
    });
    (place(&result["location"]), related.collect())
}

#[test]
fn what_is_said_of_downloaded_modules_stands_at_their_calls() {
    let room = Room::new("tf-downloaded");
    let inside = ".terraform/modules/audit";
    let call = |name: &str, source: &str| format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n");
    room.file("main.tf", format!("# The trail.\n{}", call("audit", "acme/cloudtrail/aws")) + &call("own", "./own"));
    room.file(&format!("{inside}/main.tf"), call("trail", "./trail") + &call("far", "acme/far/aws"));
    room.file(&format!("{inside}/trail/main.tf"), STOPPED);
    room.file(".terraform/modules/audit.far/main.tf", STOPPED.replace("\"main\"", "\"far\""));
    room.file("own/main.tf", call("nested", "./nested")).file("own/nested/main.tf", STOPPED);
    room.file(
        ".terraform/modules/modules.json",
        r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."},
            {"Key": "audit", "Source": "registry.terraform.io/acme/cloudtrail/aws", "Dir": ".terraform/modules/audit"},
            {"Key": "audit.far", "Source": "x", "Dir": ".terraform/modules/audit.far"},
            {"Key": "audit.trail", "Source": "./trail", "Dir": ".terraform/modules/audit/trail"},
            {"Key": "own", "Source": "./own", "Dir": "own"}, {"Key": "own.nested", "Source": "./nested", "Dir": "own/nested"}]}"#,
    );
    let (code, report) = stopped(&room, &["."]);
    assert_eq!(code, 1);
    let found: std::collections::BTreeMap<&str, _> = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| (result["subject"]["address"].as_str().unwrap(), places(result)))
        .collect();
    let module = |file: &str| (file.to_owned(), 4, "here in the module".to_owned());
    let at = |line| ("main.tf".to_owned(), line);
    let trail = module(&format!("{inside}/trail/main.tf"));
    assert_eq!(found["module.audit.module.trail.aws_cloudtrail.main"], (at(2), vec![trail]));
    let far = module(".terraform/modules/audit.far/main.tf");
    assert_eq!(found["module.audit.module.far.aws_cloudtrail.far"], (at(2), vec![far]));
    let calls = |file: &str, line| (file.to_owned(), line, "the module is called here".to_owned());
    let nested = (("own/nested/main.tf".to_owned(), 4), vec![calls("own/main.tf", 1), calls("main.tf", 5)]);
    assert_eq!(found["module.own.module.nested.aws_cloudtrail.main"], nested);
    // Whoever names the module itself reads its files.
    let (_, report) = stopped(&room, &[inside]);
    assert_eq!(files(&report), [format!("{inside}/trail/main.tf")]);
}

#[test]
fn a_trail_waits_for_what_a_modules_output_waits_for() {
    let room = Room::new("tf-waits");
    let bucket = |depends: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"logs\" {{\n  bucket = \"audit-logs\"\n}}\nresource \"aws_s3_bucket_policy\" \"logs\" {{\n  \
             bucket = aws_s3_bucket.logs.id\n  policy = jsonencode({{ Statement = [] }})\n}}\noutput \"name\" {{\n  value = \
             aws_s3_bucket.logs.id\n{depends}}}\n"
        )
    };
    let trail = "resource \"aws_cloudtrail\" \"audit\" {\n  name = \"audit\"\n  s3_bucket_name = module.logs.name\n}\n";
    room.file("main.tf", format!("module \"logs\" {{\n  source = \"./logs\"\n}}\n{trail}"));
    let condition =
        "  precondition {\n    condition = aws_s3_bucket_policy.logs.id != \"\"\n    error_message = \"no\"\n  }\n";
    for (depends, code) in [("", 1), ("  depends_on = [aws_s3_bucket_policy.logs]\n", 0), (condition, 0)] {
        room.file("logs/main.tf", bucket(depends));
        let (found, out, _) = room.run(&["check", ".", "--check", "trail_before_bucket_policy"]);
        assert_eq!(found, code, "{depends}: {out}");
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    let room = Room::new("tf-links");
    room.file("secret/main.tf", STOPPED).file("repo/.git/HEAD", "");
    room.file("repo/main.tf", "module \"m\" {\n  source = \"./linked\"\n}\n");
    std::os::unix::fs::symlink("../secret", room.0.join("repo/linked")).unwrap();
    std::os::unix::fs::symlink("../secret/main.tf", room.0.join("repo/more.tf")).unwrap();
    let (_, report) = stopped(&room, &["repo/main.tf"]);
    assert_eq!(files(&report), Vec::<&str>::new(), "{report}");
    assert_eq!(report["coverage"]["files_skipped"].as_array().unwrap().len(), 2);
    assert_eq!((&report["complete"], &report["errors"]), (&Value::from(false), &Value::from(Vec::<Value>::new())));
    assert_eq!(files(&stopped(&room, &["repo"]).1), Vec::<&str>::new(), "nor where a search finds them");
}

#[test]
fn files_of_expressions_are_read_below_the_module() {
    let room = Room::new("tf-files");
    let main = "locals {\n  trail = jsondecode(file(\"${path.module}/settings/trail.json\"))\n}\nresource \"aws_cloudtrail\" \"main\" {\n  name = \"main\"\n  s3_bucket_name = \"logs\"\n  enable_logging = local.trail.on\n}\n";
    room.file("repo/.git/HEAD", "").file("repo/main.tf", main).file("repo/settings/trail.json", "{\"on\": false}");
    assert_eq!(stopped(&room, &["repo"]).0, 1);
    room.file("secret/trail.json", "{\"on\": false}");
    room.file("repo/main.tf", main.replace("${path.module}/settings", "${path.module}/../secret"));
    assert_eq!(stopped(&room, &["repo"]).0, 3, "nothing is read outside");
}

#[test]
fn standard_input_may_be_a_configuration() {
    let room = Room::new("tf-stdin");
    room.file("values.tf", "locals {\n  on = false\n}\n");
    let run = |arguments: &[&str], text: &str| {
        use std::io::Write;
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_trailproof"));
        command.current_dir(&room.0).args(["check", "-", "--check", "trail_stopped"]).args(arguments);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, out) = run(&[], STOPPED);
    assert!(code == 1 && out.contains("<stdin>:4:"), "{out}");
    let (code, out) = run(&["--stdin-filename", "main.tf"], &STOPPED.replace("false", "local.on"));
    assert!(code == 1 && out.contains("main.tf:4:"), "{out}");
}

#[test]
fn of_equal_keys_the_last_counts_and_the_others_are_told() {
    let room = Room::new("tf-equal-keys");
    let object = "locals {\n  on = {\n    a = true\n    a = false\n    b = 1, b = 2, \"b\" = 3\n  }\n}\n";
    room.file("main.tf", STOPPED.replace("false", "local.on.a") + object);
    let (code, report) = stopped(&room, &["."]);
    assert_eq!((code, &report["errors"]), (1, &serde_json::json!([])), "it is no error");
    let lost = report["coverage"]["values_lost"].as_array().unwrap();
    let lines: Vec<_> = lost.iter().map(|it| it["location"]["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [8, 10, 10], "each value that does not count");
    let (_, out, _) = room.run(&["check", "."]);
    assert!(out.contains("lost       main.tf:8:5") && out.contains("`a` stands again below"), "{out}");
    let (_, out, _) = room.run(&["check", ".", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&out).unwrap();
    let told = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let line = &told[0]["locations"][0]["physicalLocation"]["region"]["startLine"];
    assert!(told.len() == 3 && line == 8 && told[0]["message"]["text"].as_str().unwrap().contains("`a`"), "{out}");
    room.file("main.tf.json", r#"{"locals": {"x": {"a": 1, "a": 2}}}"#);
    assert_eq!(stopped(&room, &["."]).0, 2, "JSON syntax refuses it, as Terraform does");
}

#[test]
fn files_are_listed_and_templates_of_old_are_rendered() {
    let room = Room::new("tf-filesets");
    let trail = |on: &str| STOPPED.replace("false", on);
    room.file("p/a.json", "{\"on\": \"${on}\"}").file("p/b.json", "{}").file("p/c.yaml", "");
    for (on, wanted) in [
        ("length(fileset(path.module, \"p/*.json\")) == 3", 1),
        ("contains(fileset(\"${path.module}/p\", \"{a,b}.json\"), \"b.json\")", 0),
        ("!contains(fileset(\".\", \"**/*.json\"), \"p/a.json\")", 1),
        ("fileexists(\"${path.module}/p/a.json\")", 0),
        ("length(fileset(path.module, \"q/*.json\")) == 0", 3),
    ] {
        room.file("main.tf", trail(on));
        assert_eq!(stopped(&room, &["."]).0, wanted, "{on}");
    }
    let data = "data \"template_file\" \"t\" {\n  template = file(\"${path.module}/p/a.json\")\n  vars = {\n    on = \"no\"\n  }\n}\n";
    room.file("main.tf", trail("jsondecode(data.template_file.t.rendered).on != \"no\"") + data);
    assert_eq!(stopped(&room, &["."]).0, 1, "what is written in the file is the template");
}

#[test]
fn data_sources_that_ask_nobody_are_worked_out() {
    let room = Room::new("tf-local-data");
    room.file("on.json", "{\"on\": false}").file("on.txt", "no");
    let data = r#"
data "local_file" "json" { filename = "${path.module}/on.json" }
data "local_file" "text" { filename = "on.txt" }
data "local_file" "none" { filename = "none.txt" }
data "null_data_source" "n" { inputs = { on = "false" } }
resource "terraform_data" "t" { input = { on = false } }
data "aws_arn" "a" { arn = "arn:aws:s3:eu-west-1:111122223333:logs/a:b" }
data "aws_service_principal" "c" { service_name = "cloudtrail" }
data "aws_service_principal" "e" { service_name = "ec2" }
data "aws_partition" "p" {}
data "external" "x" { program = ["x"] }
"#;
    for (on, wanted) in [
        ("jsondecode(data.local_file.json.content).on", 1),
        ("data.local_file.text.content != \"no\"", 1),
        ("data.local_file.none.content != \"no\"", 3),
        ("data.null_data_source.n.outputs.on", 1),
        ("data.null_data_source.n.outputs[\"on\"] == \"true\"", 1),
        ("terraform_data.t.output.on", 1),
        ("data.aws_arn.a.account != \"111122223333\"", 1),
        ("data.aws_arn.a.resource != \"logs/a:b\"", 1),
        ("data.aws_service_principal.c.name != \"cloudtrail.amazonaws.com\"", 1),
        ("data.aws_service_principal.e.name != \"ec2.amazonaws.com\"", 3),
        ("data.external.x.result.on == \"yes\"", 3),
    ] {
        room.file("main.tf", STOPPED.replace("false", on) + data);
        assert_eq!(stopped(&room, &["."]).0, wanted, "{on}");
    }
    let provider = "provider \"aws\" {\n  region = \"cn-north-1\"\n}\n";
    room.file(
        "main.tf",
        STOPPED.replace("false", "data.aws_partition.p.reverse_dns_prefix != \"cn.com.amazonaws\"") + data + provider,
    );
    assert_eq!(stopped(&room, &["."]).0, 1);
}

#[test]
fn findings_of_templates_stand_at_their_statements() {
    let room = Room::new("tf-template-places");
    let policy = r#"{
  "Version": "2012-10-17",
  "Statement": [
%{ for id in ids ~}
    {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "${bucket}/AWSLogs/${id}/*"}%{ if id != ids[length(ids) - 1] },%{ endif }
%{ endfor ~}
  ]
}
"#;
    let main = r#"data "aws_caller_identity" "me" {}
resource "aws_s3_bucket" "logs" { bucket = "audit-logs" }
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = templatefile("${path.module}/policy.tftpl", {
    bucket = aws_s3_bucket.logs.arn
    ids    = [data.aws_caller_identity.me.account_id, "222233334444"]
  })
}
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = aws_s3_bucket.logs.id
}
"#;
    room.file("main.tf", main).file("policy.tftpl", policy);
    let check = ["check", ".", "--check", "bucket_policy_without_source_guard", "--format", "json"];
    let found = || -> Value { serde_json::from_str(&room.run(&check).1).unwrap() };
    let report = found();
    let result = &report["results"][0];
    assert_eq!((&result["verdict"], &result["location"]["file"]), (&"fail".into(), &"policy.tftpl".into()));
    assert_eq!((&result["location"]["line"], &result["location"]["column"]), (&5.into(), &50.into()), "{result}");
    // A template that stands in no file as it is has no places of its own.
    room.file(
        "main.tf",
        main.replace(
            "templatefile(\"${path.module}/policy.tftpl\"",
            "templatestring(file(\"${path.module}/policy.txt\")",
        ),
    );
    room.file("policy.txt", format!("x{policy}").split_off(1));
    let report = found();
    assert_eq!(
        (&report["results"][0]["verdict"], &report["results"][0]["location"]["file"]),
        (&"fail".into(), &"main.tf".into())
    );
}

#[test]
fn whether_a_part_is_there_rests_on_the_default() {
    let room = Room::new("tf-can");
    let variable = "variable \"x\" {\n  type = any\n  default = {\n    y = 1\n  }\n}\n";
    for on in ["!can(var.x.y)", "can(var.x.y) ? false : true", "can(var.x.z)"] {
        room.file("main.tf", STOPPED.replace("false", on) + variable);
        let (code, report) = stopped(&room, &["."]);
        assert_eq!((code, &report["results"][0]["assumed"]), (1, &serde_json::json!(["var.x"])), "{on}");
    }
}
