//! Tables of expressions, each the value of a local in a small root module. What is known of them is what Terraform 1.11
//! says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::eval::Eval;
use super::folder::{Files, Folder, Values};
use super::root::{Root, roots};
use super::sample::shown;
use crate::read::tri::Defaults;
use crate::read::{Unit, World};
use crate::source::FileId;
use crate::syntax::hcl;
use std::sync::Arc;

const DECLARED: &str = r#"
variable "open" { type = string }
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "object" {
  type    = object({ a = string, b = optional(bool), c = optional(bool, true), d = optional(list(string), []) })
  default = { a = "x", z = "dropped" }
}
variable "flag" {
  type    = bool
  default = "true"
}
variable "secret" {
  type      = string
  sensitive = true
  default   = "hunter2"
}
variable "pin" {
  type      = number
  sensitive = true
  default   = 4711
}
resource "aws_s3_bucket" "one" {
  count = 1
}
resource "aws_s3_bucket" "none" {
  count = 0
}
resource "aws_s3_bucket" "keyed" {
  for_each = toset(["k"])
}
resource "aws_s3_bucket" "perhaps" {
  count = var.open == "" ? 0 : 1
}
"#;

/// The root module of a text, in a directory.
fn root(path: &str, text: &str) -> Root {
    let (body, _) = hcl::parse(FileId(0), text);
    let files = vec![("main.tf".to_owned(), FileId(0), body)];
    let folder = Folder { path: path.to_owned(), files, named: true, ..Folder::default() };
    let mut all = Files::default();
    all.sources.insert(FileId(0), Arc::from(text));
    let (json, name): (Arc<str>, _) = (Arc::from("{\"on\": true}"), format!("{path}/settings/a.json"));
    all.texts.insert(name, (FileId(1), json));
    roots(vec![folder], all, &Values::default(), 0).pop().unwrap()
}

fn value(expression: &str) -> String {
    let root = root("envs/prod", &format!("{DECLARED}\nlocals {{\n  x = {expression}\n}}\n"));
    let nothing = World::default();
    let eval = Eval::new(&root, &nothing, Defaults::Count);
    shown(&eval.constant(root.library.modules[0].locals.get("x").unwrap()))
}

fn table(rows: &[(&str, &str)]) {
    let wrong = rows.iter().filter_map(|(expression, wanted)| {
        let found = value(expression);
        (found != *wanted).then(|| format!("{expression} is {found}, not {wanted}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_are_compared_by_what_they_are() {
    table(&[
        (r#"toset(["a", "b"]) == toset(["b", "a", "a"])"#, "true"),
        (r#"toset(["a"]) == toset(["a", "c"])"#, "false"),
        ("[1, 2] == [1, 2]", "true"),
        ("[1, 2] == [2, 1]", "false"),
        (r#"[1] == ["1"]"#, "false"),
        (r#"{ a = 1, b = [true] } == { b = [true], a = 1 }"#, "true"),
        ("1e3 == 1000", "true"),
        ("0.1 + 0.2 == 0.3", "true"),
        ("1.50 == 1.5", "true"),
        (r#""1e3" == "1000""#, "false"),
        ("9007199254740993 == 9007199254740992", "false"),
        ("9007199254740993 > 9007199254740992", "true"),
        ("-1 < 0.5 && 7 % 4 == 3 && 1 / 4 == 0.25", "true"),
        (r#"jsonencode({ b = 1, a = "x" }) == "{\"a\":\"x\",\"b\":1}""#, "true"),
        (r#"jsonencode([1]) == "[2]""#, "false"),
        ("[var.open] == [1, 2]", "false"),
        (r#"md5("a") == md5("b") ? 1 : 2"#, r#"md5("a") == md5("b") ? 1 : 2"#),
    ]);
}

#[test]
fn values_are_of_the_declared_type() {
    table(&[
        ("var.set", r#"["a","b"]"#),
        ("length(var.set)", "2"),
        ("var.set == toset([\"a\", \"b\"])", "true"),
        ("var.object", r#"{"a":"x","b":null,"c":true,"d":[]}"#),
        ("var.object.b == null", "true"),
        ("try(var.object.z, \"none\")", r#""none""#),
        ("var.flag == true", "true"),
    ]);
}

#[test]
fn instances_are_found_as_modules_write_them() {
    table(&[
        ("aws_s3_bucket.one[0].id", r#""${id}""#),
        ("one(aws_s3_bucket.one[*].id)", r#""${id}""#),
        ("one(aws_s3_bucket.none[*].id)", "null"),
        ("aws_s3_bucket.one.*.id", r#"["${id}"]"#),
        ("aws_s3_bucket.one.*.id[0]", r#""${id}""#),
        ("join(\"\", aws_s3_bucket.one.*.id)", r#""${id}""#),
        ("join(\"\", aws_s3_bucket.none.*.id)", r#""""#),
        ("element(concat(aws_s3_bucket.one[*].id, [\"\"]), 0)", r#""${id}""#),
        ("element(concat(aws_s3_bucket.none[*].id, [\"\"]), 0)", r#""""#),
        ("try(aws_s3_bucket.none[0].id, \"none\")", r#""none""#),
        ("aws_s3_bucket.keyed[\"k\"].id", r#""${id}""#),
        ("values(aws_s3_bucket.keyed)[*].id", r#"["${id}"]"#),
        ("[for key, one in aws_s3_bucket.keyed : key]", r#"["k"]"#),
        ("{ for n, one in aws_s3_bucket.one : n => one.id }", r#"{"0":"${id}"}"#),
        ("[{ y = [1, 2] }, { y = [3] }][*].y[0]", "[1,3]"),
        ("try(aws_s3_bucket.perhaps[0].id, \"none\")", r#"var.open == "" ? "none" : "${id}""#),
        ("length(aws_s3_bucket.perhaps) > 0", r#"var.open != "" ? true : false"#),
    ]);
}

#[test]
fn what_fails_is_told_from_what_is_not_known() {
    table(&[
        ("try(length(null), 5)", "5"),
        ("try(tonumber(\"x\"), 5)", "5"),
        ("can(tonumber(\"x\"))", "false"),
        ("try(length(var.open), 5)", "unknown"),
        ("can(var.object.zz)", "false"),
        ("try(file(\"./nothing\"), 5)", "unknown"),
    ]);
}

#[test]
fn paths_lead_from_the_root_module() {
    table(&[
        ("path.module", r#"".""#),
        ("path.root", r#"".""#),
        ("basename(path.module)", r#"".""#),
        ("fileexists(\"./settings/a.json\")", "true"),
        ("fileexists(\"${path.module}/settings/../settings/a.json\")", "true"),
        ("jsondecode(file(\"settings/a.json\")).on", "true"),
        ("file(\"envs/prod/settings/a.json\")", "unknown"),
    ]);
}

#[test]
fn what_is_sensitive_is_in_no_output() {
    table(&[
        ("var.secret", r#""${`var.secret`}""#),
        ("var.pin", r#""${`var.pin`}""#),
        ("nonsensitive(var.secret)", r#""${`var.secret`}""#),
        ("sensitive(true)", "true"),
    ]);
    for hidden in ["sensitive(\"hunter2\")", "sensitive(4711)", "sensitive({ a = [\"hunter2\"] })", "[var.secret]"] {
        let found = value(hidden);
        assert!(!found.contains("hunter2") && !found.contains("4711"), "{hidden} is {found}");
    }
}

#[test]
fn what_is_no_number_of_instances_is_told() {
    for (written, words) in [
        ("count = 1.5", "`count` of `aws_cloudtrail.a` is `1.5`"),
        ("count = -1", "`count` of `aws_cloudtrail.a` is `-1`"),
        ("count = \"x\"", "`count` of `aws_cloudtrail.a` is `x`"),
        ("count = 1\n  for_each = {}", "both `count` and `for_each`"),
    ] {
        let root = root("", &format!("resource \"aws_cloudtrail\" \"a\" {{\n  {written}\n}}\n"));
        root.records(&World::default(), &|_| true);
        let told = format!("{:?}", root.notices());
        assert!(told.contains(words), "{written}: {told}");
    }
    let root = root("", "resource \"aws_cloudtrail\" \"a\" {\n  count = 2.0\n}\n");
    assert_eq!(root.records(&World::default(), &|_| true).len(), 2);
    assert!(root.notices().is_empty());
}

#[test]
fn what_is_broken_is_there_and_may_be_for_each() {
    let text = r#"
# A comment.
resource "aws_s3_bucket_versioning" "a" {
  bucket = = 1
}
resource "aws_s3_bucket_logging" "b" {
  bucket = aws_s3_bucket.b.id
  target_bucket = "x"}
resource "aws_s3_bucket" "b" {
  bucket = "c"
}
data "aws_iam_policy_document" "a" {
  statement { = }
}
resource "aws_s3_bucket" "a" {
  bucket = "b"
  policy = data.aws_iam_policy_document.a.json
}
"#;
    assert_eq!(hcl::parse(FileId(0), text).1.len(), 3);
    let records = root("", text).records(&World::default(), &|kind| kind == "AWS::S3::Bucket");
    let said: Vec<String> = records.iter().map(|record| shown(&record.properties)).collect();
    // Which bucket the other one is for can be read.
    let logging = r#""aws_s3_bucket_logging":{"bucket":"${id}"?},"#;
    let wanted = |logging: &str, name: &str| format!(r#"{{{logging}"aws_s3_bucket_versioning":?,"bucket":"{name}"}}"#);
    assert_eq!(said, [wanted(logging, "c"), wanted("", "b")]);
    let policies = root("", text).records(&World::default(), &|kind| kind == "AWS::S3::BucketPolicy");
    assert!(shown(&policies[0].properties).contains("\"policy\":?"), "{}", shown(&policies[0].properties));
}
