//! What the data source makes of its arguments, as the AWS provider documents it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::document;
use crate::read::terraform::sample::{SPAN, given, shown};
use crate::read::{Content, Datum};
use crate::source::{FileId, Span};

fn made(body: &str) -> Datum {
    document(&given(&format!("[{body}]")).remove(0), SPAN)
}

fn table(rows: &[(&str, &str)]) {
    let wrong = rows.iter().filter_map(|(body, wanted)| {
        let found = shown(&made(body));
        (found != *wanted).then(|| format!("{body}\n   is {found}\n  not {wanted}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Only the statements of a document, where nothing else is asked.
fn statements(rows: &[(&str, &str)]) {
    let rows: Vec<(&str, String)> = rows
        .iter()
        .map(|(body, wanted)| (*body, format!(r#"{{"Statement":[{wanted}],"Version":"2012-10-17"}}"#)))
        .collect();
    table(&rows.iter().map(|(body, wanted)| (*body, wanted.as_str())).collect::<Vec<_>>());
}

#[test]
fn statements_have_their_defaults() {
    table(&[
        ("{}", r#"{"Statement":[],"Version":"2012-10-17"}"#),
        (
            r#"{"version": "2008-10-17", "policy_id": "P", "statement": [{"sid": "", "actions": ["s3:*"], "resources": []}]}"#,
            r#"{"Id":"P","Statement":[{"Action":["s3:*"],"Effect":"Allow"}],"Version":"2008-10-17"}"#,
        ),
    ]);
    statements(&[
        (
            r#"{"statement": [{"effect": "Deny", "not_actions": ["a:B"], "not_resources": ["arn:x/&{aws:username}"]}]}"#,
            r#"{"Effect":"Deny","NotAction":["a:B"],"NotResource":"arn:x/${aws:username}"}"#,
        ),
        (r#"{"statement": [{"effect": {"if": "C", "then": "Deny", "else": null}}]}"#, r#"{"Effect":?}"#),
    ]);
}

#[test]
fn principals_stand_below_their_types() {
    statements(&[
        (
            r#"{"statement": [{"principals": [{"type": "*", "identifiers": ["*"]}]}]}"#,
            r#"{"Effect":"Allow","Principal":"*"}"#,
        ),
        (
            r#"{"statement": [{"principals": [{"type": "AWS", "identifiers": ["*"]}]}]}"#,
            r#"{"Effect":"Allow","Principal":{"AWS":"*"}}"#,
        ),
        (
            r#"{"statement": [{"not_principals": [{"type": "AWS", "identifiers": ["a"]},
                {"type": "Service", "identifiers": ["s"]}, {"type": "AWS", "identifiers": ["b"]}]}]}"#,
            r#"{"Effect":"Allow","NotPrincipal":{"AWS":["a","b"],"Service":"s"}}"#,
        ),
        (
            r#"{"statement": [{"principals": [{"type": "${name}", "identifiers": ["a"]}]}]}"#,
            r#"{"Effect":"Allow","Principal":{?}}"#,
        ),
    ]);
}

#[test]
fn values_of_one_test_and_variable_are_joined() {
    statements(&[(
        r#"{"statement": [{"condition": [
            {"test": "StringEquals", "variable": "aws:SourceArn", "values": ["a"]},
            {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["${account}"]},
            {"test": "StringEquals", "variable": "aws:SourceArn", "values": ["b"]}]}]}"#,
        r#"{"Condition":{"StringEquals":{"aws:SourceAccount":"${the account id}","aws:SourceArn":["a","b"]}},"Effect":"Allow"}"#,
    )]);
}

#[test]
fn documents_are_joined_by_their_sids() {
    let one = |sid: &str, action: &str| format!(r#"{{"Action":"{action}","Effect":"Allow","Sid":"{sid}"}}"#);
    let body = |sources: &str, own: &str, overrides: &str| {
        format!(
            r#"{{"source_policy_documents": [{sources}], "statement": [{own}], "override_policy_documents": [{overrides}]}}"#
        )
    };
    let doc = |statements: &str| format!(r#"{{"Statement":[{statements}]}}"#);
    let block = r#"{"sid": "A", "actions": ["own"]}"#;
    let own = r#"{"Action":["own"],"Effect":"Allow","Sid":"A"}"#;
    let text = r#""{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"A\",\"Effect\":\"Deny\"}}""#;
    statements(&[
        // The own statement replaces that of the source in its place.
        (&body(&doc(&[one("A", "x"), one("B", "y")].join(",")), block, ""), &[own, &one("B", "y")].join(",")),
        (&body("", block, &doc(&one("A", "z"))), &one("A", "z")),
        (&body("", block, text), r#"{"Effect":"Deny","Sid":"A"}"#),
        // Blank ones are added.
        (
            &body(&doc(r#"{"Effect":"Deny"}"#), r#"{"actions": ["own"]}"#, ""),
            r#"{"Effect":"Deny"},{"Action":["own"],"Effect":"Allow"}"#,
        ),
        // What is not known may replace what has a `Sid`, and nothing else.
        (&body("\"?x\"", block, ""), &["?", own].join(",")),
        (&body("", block, "\"?x\""), "?,?"),
        (&body("", r#"{"actions": ["own"]}"#, "\"?x\""), r#"{"Action":["own"],"Effect":"Allow"},?"#),
        (
            &body("", r#"{"sid": "${name}", "actions": ["own"]}"#, &doc(&one("A", "z"))),
            &["?", &one("A", "z")].join(","),
        ),
        // Nothing is joined with nothing.
        (&body("null, \"\"", block, ""), own),
        (r#"{"source_json": "${name}"}"#, "?"),
        (r#"{"statement": "?x"}"#, "?"),
    ]);
}

#[test]
fn sides_stay_sides() {
    table(&[
        (
            r#"{"source_policy_documents": [{"if": "C", "then": {"Statement": [{"Sid": "A"}]}, "else": null}]}"#,
            concat!(
                r#"C ? {"Statement":[{"Sid":"A"}],"Version":"2012-10-17"} : "#,
                r#"{"Statement":[],"Version":"2012-10-17"}"#
            ),
        ),
        (
            r#"{"if": "C", "then": {"statement": [{}]}, "else": {}}"#,
            concat!(
                r#"C ? {"Statement":[{"Effect":"Allow"}],"Version":"2012-10-17"} : "#,
                r#"{"Statement":[],"Version":"2012-10-17"}"#
            ),
        ),
    ]);
    let found = made(r#"{"statement": [{"if": "C", "then": {"actions": ["a:B"]}, "else": null}]}"#);
    let Content::Map { members, .. } = &found.content else { panic!("{}", shown(&found)) };
    let Content::List(items) = &members.iter().find(|member| &*member.key == "Statement").unwrap().value.content else {
        panic!("no list")
    };
    assert_eq!(
        items.iter().map(shown).collect::<Vec<_>>(),
        [r#"C ? {"Action":["a:B"],"Effect":"Allow"} : null"#],
        "a statement that hangs on a condition is one wavering element"
    );
}

#[test]
fn values_keep_their_places() {
    let mut bodies =
        given(r#"[{"statement": [{"actions": ["a:B"], "principals": [{"type": "AWS", "identifiers": ["x"]}]}]}]"#);
    let mut next = 10;
    fn number(datum: &mut Datum, next: &mut u32) {
        datum.span = Span { file: FileId(0), start: *next, end: *next + 1 };
        *next += 1;
        match &mut datum.content {
            Content::List(items) => items.iter_mut().for_each(|item| number(item, next)),
            Content::Map { members, .. } => members.iter_mut().for_each(|member| {
                member.span = Span { file: FileId(0), start: *next, end: *next + 1 };
                *next += 1;
                number(&mut member.value, next);
            }),
            _ => {}
        }
    }
    let body = bodies.first_mut().unwrap();
    number(body, &mut next);
    fn places(datum: &Datum, text: &str, found: &mut Vec<u32>) {
        match &datum.content {
            Content::Text { text: own, .. } if own.literal() == Some(text) => found.push(datum.span.start),
            Content::List(items) => items.iter().for_each(|item| places(item, text, found)),
            Content::Map { members, .. } => members.iter().for_each(|member| places(&member.value, text, found)),
            _ => {}
        }
    }
    for text in ["a:B", "x"] {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        places(body, text, &mut before);
        places(&document(body, SPAN), text, &mut after);
        assert_eq!((before.len(), &before), (1, &after), "{text}");
    }
}
