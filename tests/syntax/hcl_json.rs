//! Terraform's JSON syntax against the native one, and its places.

use trailproof::syntax::hcl::{self, Body};

use super::FILE;
use super::hcl::{body, inside, lines, walk};

#[track_caller]
fn json(text: &str) -> Body {
    let (body, errors) = hcl::parse_json(FILE, text);
    assert!(errors.is_empty(), "{text:?}: {errors:?}");
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
    let (_, errors) = hcl::parse_json(FILE, text);
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!((&*error.message, &text[error.span.range()]), ("expected a value", "}"));
}

#[test]
fn what_is_broken_in_json_costs_its_block_alone() {
    let text = r#"[1, {"resource": {"a": [2], "b": {"c": {"d": true}, "e": {"f": "${b +}"}, "g": 3}}, "locals": 4}]"#;
    let (body, errors) = hcl::parse_json(FILE, text);
    let places: Vec<&str> = errors.iter().map(|error| &text[error.span.range()]).collect();
    assert_eq!(places, ["1", "2", "}", "3"]);
    assert!(errors.iter().take(2).all(|error| error.message.contains("object")), "{errors:?}");
    assert_eq!(lines(&body), ["locals = 4", "resource b c", "resource b c / d = true", "resource b e"]);
    assert!(body.blocks[1].body.is_broken && !body.blocks[0].body.is_broken);
}
