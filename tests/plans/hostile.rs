//! Other encodings, orders and versions than Terraform wrote here, and files that are broken or meant to do harm.

use super::*;
use serde_json::{Value, json};
use std::io::Read;

/// Gives a few bytes at a time.
struct Drops<'b>(&'b [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(to.len()).min(self.0.len());
        to[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn positions(file: &SourceFile, plan: &Plan) -> Vec<trailproof::source::Position> {
    plan.resources.values().map(|known| file.position(known.span.start)).collect()
}

#[test]
fn every_encoding_says_the_same() {
    for name in CASES {
        // A character of each width, in a resource that is passed over.
        let text = text(&format!("{name}/plan.json")).replacen(
            "\"resource_changes\":[",
            "\"resource_changes\":[{\"type\":\"other\",\"name\":\"aä€😀\"},",
            1,
        );
        let (file, plan) = good(text.as_bytes());
        let forms = [
            [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
            [b"\xff\xfe".as_slice(), &utf16(&text, u16::to_le_bytes)].concat(),
            [b"\xfe\xff".as_slice(), &utf16(&text, u16::to_be_bytes)].concat(),
            utf16(&text, u16::to_le_bytes),
            utf16(&text, u16::to_be_bytes),
        ];
        for form in forms {
            for size in [1, 3, 4096] {
                let (other, same) = read(FileId(0), "plan.json", Drops(&form, size), &ours);
                let same = same.unwrap_or_else(|error| panic!("{name}: {}", error.message));
                assert_eq!(said(&plan), said(&same), "{name}");
                assert_eq!(positions(&file, &plan), positions(&other, &same), "{name}");
            }
        }
    }
}

#[test]
fn neither_order_nor_spaces_matter() {
    for name in CASES {
        let text = text(&format!("{name}/plan.json"));
        let (_, plan) = good(text.as_bytes());
        // Derived: as `jq -S` writes it, the keys sorted; with line breaks of two kinds.
        let value: Value = serde_json::from_str(&text).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        for form in [pretty.clone(), pretty.replace('\n', "\r\n")] {
            let (file, same) = good(form.as_bytes());
            assert_eq!(said(&plan), said(&same), "{name}");
            for known in same.resources.values() {
                let position = file.position(known.span.start);
                let line = form.lines().nth(position.line as usize - 1).unwrap();
                assert!(line[position.column as usize - 1..].starts_with(file.cut(known.span)), "{name}: {position:?}");
            }
        }
    }
}

#[test]
fn what_was_cut_off_is_an_error_with_a_place() {
    let text = text("sensitive/plan.json");
    for end in (0..text.trim_end().len()).step_by(17) {
        let (file, plan) = tried(&text.as_bytes()[..end]);
        let error = plan.err().unwrap_or_else(|| panic!("{end}: read"));
        let position = file.position(error.span.start);
        assert!(position.line == 1 && position.column as usize <= end + 1, "{end}: {position:?}");
        assert!(!error.message.contains("hunter2") && !file.text.contains("hunter2"), "{}", error.message);
    }
}

fn message(text: &str) -> String {
    tried(text.as_bytes()).1.err().map_or_else(String::new, |error| error.message)
}

#[test]
fn what_is_no_plan_is_told() {
    assert_eq!(
        message("{}"),
        "not a plan or state: it has neither `resource_changes` nor `planned_values` nor `values`"
    );
    assert_eq!(message("{\"resource_changes\": [}"), "expected a value");
    assert_eq!(message("{\"resource_changes\": [{]}"), "expected text in double quotes");
    assert_eq!(message("{\"resource_changes\": [[}]]}"), "this closes what was not opened");
    assert_eq!(message("{\"resource_changes\": []} {"), "unexpected text after the end of the document");
    assert_eq!(message("{\"resource_changes\": [] \"values\": {}}"), "expected `}`");
    assert!(message("").contains("the file ends"));
    let broken =
        "{\"resource_changes\": [{\"type\": \"aws_x\", \"name\": \"y\", \"change\": {\"after\": {\"a\": tru}}}]}";
    assert_eq!(message(broken), "expected a value; text needs double quotes");
    assert!(tried(b"\xff\xfe\x00\xd8\x00").1.err().unwrap().message.contains("UTF-16"));
    assert!(tried(b"{\"variables\": \"\xff\", \"values\": {}}").1.err().unwrap().message.contains("UTF-8"));
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = format!("{{\"relevant_attributes\": {}", "[".repeat(1_000_000));
    assert_eq!(message(&deep), "nested deeper than 200 levels");
    let modules = format!("{{\"values\": {{\"root_module\": {}", "{\"child_modules\": [".repeat(100_000));
    assert_eq!(message(&modules), "modules are nested deeper than 40 levels");
    let large = |kind: &str| {
        let head = format!("{{\"resource_changes\": [{{\"type\": \"{kind}\", \"name\": \"x\", \"change\": \"");
        let body = std::io::repeat(b'x').take(70 * 1024 * 1024);
        read(FileId(0), "plan.json", std::io::Cursor::new(head).chain(body).chain(&b"\"}]}"[..]), &ours).1
    };
    assert_eq!(large("aws_x").err().unwrap().message, "one value is larger than 64 MiB, which no resource is");
    assert!(large("other").is_ok());
}

/// Derived from the plan of a case: one change with what `edit` makes of it.
fn edited(name: &str, edit: impl FnOnce(&mut Value)) -> Plan {
    let mut value: Value = serde_json::from_str(&text(&format!("{name}/plan.json"))).unwrap();
    edit(&mut value);
    good(value.to_string().as_bytes()).1
}

#[test]
fn other_versions_of_the_format_are_read() {
    // Derived: before Terraform 0.15 nothing is marked sensitive, and nothing says whether the plan is complete.
    let old = edited("removed", |plan| {
        let plan = plan.as_object_mut().unwrap();
        plan.insert("format_version".to_owned(), json!("0.1"));
        for key in ["applyable", "complete", "errored", "timestamp"] {
            plan.remove(key);
        }
        for change in plan["resource_changes"].as_array_mut().unwrap() {
            let change = change["change"].as_object_mut().unwrap();
            change.remove("before_sensitive");
            change.remove("after_sensitive");
        }
    });
    assert_eq!(said(&old), said(&case("removed").1));
    // Derived: a list of planned values alone.
    let planned = edited("deferred", |plan| drop(plan.as_object_mut().unwrap().remove("resource_changes")));
    let trail = bare(planned.after("aws_cloudtrail.audit").unwrap());
    assert!(trail.contains("is_multi_region_trail: false") && trail.ends_with("…}"), "{trail}");
    // Derived: a major version that nobody knows.
    let new = edited("read", |plan| plan["format_version"] = json!("2.0"));
    assert_eq!(new.problems.len(), 1);
    assert!(edited("read", |plan| plan["format_version"] = json!("1.9")).problems.is_empty());
    // Derived: a plan that failed midway, or of some targets.
    assert!(!edited("read", |plan| plan["errored"] = json!(true)).complete);
    assert!(!edited("read", |plan| plan["complete"] = json!(false)).complete);
}

#[test]
fn deposed_objects_are_not_the_resource() {
    // Derived: what an earlier replacement left behind.
    let plan = edited("read", |plan| {
        let mut left = plan["resource_changes"][0].clone();
        left["deposed"] = json!("0f1e2d3c");
        left["change"] = json!({"actions": ["delete"], "before": {}, "after": null, "after_unknown": {}});
        plan["resource_changes"].as_array_mut().unwrap().push(left);
    });
    assert_eq!(said(&plan), said(&case("read").1));
}

#[test]
fn deposed_objects_of_a_state_are_not_the_resource() {
    let own = |more: Value| {
        let mut own = json!({"address": "aws_cloudtrail.a", "mode": "managed", "type": "aws_cloudtrail", "name": "a"});
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        own
    };
    let current = own(json!({"values": {"name": "new"}, "sensitive_values": {}}));
    let left =
        own(json!({"values": {"name": "old-secret"}, "sensitive_values": {"name": true}, "deposed_key": "0f1e2d3c"}));
    for resources in [[current.clone(), left.clone()], [left, current]] {
        let whole = json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}});
        let (file, plan) = good(whole.to_string().as_bytes());
        assert_eq!(part(plan.after("aws_cloudtrail.a").unwrap(), "name"), "\"new\"");
        assert!(!file.text.contains("old-secret"), "{}", file.text);
    }
    // Derived: one that a plan destroys.
    let mut value: Value = serde_json::from_str(&text("read/plan.json")).unwrap();
    let mut change = value["resource_changes"][0].clone();
    change["deposed"] = json!("0f1e2d3c");
    change["change"] = json!({"actions": ["delete"], "before": {"name": "old-secret"}, "after": null,
        "after_unknown": {}, "before_sensitive": {"name": true}});
    value["resource_changes"].as_array_mut().unwrap().push(change);
    assert!(!good(value.to_string().as_bytes()).0.text.contains("old-secret"));
}

#[test]
fn states_are_read_as_what_exists() {
    // Derived: the prior state of a plan as `terraform show -json` prints a state, and as Terraform 0.12 did, without
    // modules and keys in the addresses.
    let state = |relative: bool| {
        let mut value: Value = serde_json::from_str(&text("weakened/plan.json")).unwrap();
        let mut inner = value["prior_state"]["values"]["root_module"].take();
        inner["address"] = json!("module.a[\"b.c\"]");
        inner["resources"][0]["index"] = json!(1);
        for resource in inner["resources"].as_array_mut().unwrap() {
            let within = resource["address"].as_str().unwrap().to_owned();
            let whole = format!("module.a[\"b.c\"].{within}{}", if resource["index"].is_null() { "" } else { "[1]" });
            resource["address"] = json!(if relative { within } else { whole });
        }
        let whole = json!({"format_version": "1.0", "values": {"root_module": {"child_modules": [inner]}}});
        good(whole.to_string().as_bytes()).1
    };
    let plan = state(false);
    assert!(plan.is_state && plan.folders.is_empty());
    assert_eq!(said(&plan), said(&state(true)));
    let trail = plan.after("module.a[\"b.c\"].aws_cloudtrail.audit[1]").unwrap();
    assert_eq!(part(trail, "arn"), "\"arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit\"");
    assert_eq!(plan.module_keys("module.a").len(), 1);
}
