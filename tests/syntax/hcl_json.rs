//! Terraform's JSON syntax against the native one, and its places.

use trailproof::syntax::hcl::{self, Body};

use super::FILE;
use super::hcl::{body, inside, lines, walk};

#[track_caller]
fn json(text: &str) -> Body {
    let body = hcl::parse_json(FILE, text).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
    inside(&body, text);
    body
}

#[test]
fn json_and_native_syntax_are_one_tree() {
    let native = r#"
resource "aws_s3_bucket" "a" {
  bucket     = "x-${var.n}"
  policy     = var.p
  tags       = { "k" = "v", "${var.k}" = true }
  depends_on = [aws_kms_key.k, module.m]
  provider   = aws.west
  rules      = [{ "days" = 1.5, "off" = null }]
  dynamic "rule" {
    for_each = var.rules
    iterator = it
    content {
      id = it.value.id
    }
  }
  lifecycle {
    ignore_changes = [tags, policy]
  }
  provisioner "local-exec" {
    command = "x"
  }
  provisioner "local-exec" {
    command = "y"
  }
}
variable "v" {
  type    = list(string)
  default = "$${x}"
}
module "m" {
  source    = "./m"
  providers = { "aws" = aws.west }
}
locals {
  a = f(1)
}
provider "aws" {
  alias = "west"
}
provider "aws" {
  alias = "east"
}
"#;
    let json_text = r#"{"//": "note",
 "resource": {"aws_s3_bucket": {"a": {"//": 1, "bucket": "x-${var.n}", "policy": "${var.p}",
  "tags": {"k": "v", "${var.k}": true}, "depends_on": ["aws_kms_key.k", "module.m"], "provider": "aws.west",
  "rules": [{"days": 1.5, "off": null}],
  "dynamic": {"rule": {"for_each": "${var.rules}", "iterator": "it", "content": {"id": "${it.value.id}"}}},
  "lifecycle": {"ignore_changes": ["tags", "policy"]},
  "provisioner": [{"local-exec": {"command": "x"}}, {"local-exec": {"command": "y"}}]}}},
 "variable": {"v": {"type": "list(string)", "default": "${x}"}},
 "module": [{"m": {"source": "./m", "providers": {"aws": "aws.west"}}}],
 "locals": {"a": "${f(1)}"},
 "provider": {"aws": [{"alias": "west"}, {"alias": "east"}]}}"#;
    assert_eq!(lines(&json(json_text)), lines(&body(native)));
    let values = json(r#"{"a": "${not a template", "b": [1, {"c": null}], "data": "x"}"#);
    assert_eq!(lines(&values), ["a = '${not a template'", "b = [1 {'c'=null}]", "data = 'x'"]);
}

#[test]
fn json_strings_have_the_places_of_what_they_hold() {
    let text = r#"{"locals": {"é": "x ${ a.b } \u00e9\ud834\udd1e\n \"${ f("c", d) }\" ${e}"}}"#
        .replace(r#"f("c", d)"#, r#"f(\"c\", d)"#);
    let found = json(&text);
    let mut cuts = Vec::new();
    walk(&found.blocks[0].body.attributes[0].value, &mut |expr| cuts.push(&text[expr.span.range()]));
    assert_eq!(cuts[1..], ["a.b", "a", "f(\\\"c\\\", d)", "\\\"c\\\"", "d", "e"]);
    let text = r#"{"output": {"a": {"value": "\\\\ ${b +}"}}}"#;
    let error = hcl::parse_json(FILE, text).unwrap_err();
    assert_eq!((&*error.message, &text[error.span.range()]), ("expected a value", "}"));
    assert!(hcl::parse_json(FILE, "[1]").unwrap_err().message.contains("object"));
    assert!(hcl::parse_json(FILE, r#"{"resource": {"a": [1]}}"#).unwrap_err().message.contains("object"));
}
