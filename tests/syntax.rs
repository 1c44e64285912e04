//! The two parsers against each other, against exact spans, and against hostile files.
#![allow(clippy::disallowed_methods, reason = "only the program itself keeps away from files and the environment")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "syntax/hcl.rs"]
mod hcl;
#[path = "syntax/hcl_hostile.rs"]
mod hcl_hostile;
#[path = "syntax/hcl_json.rs"]
mod hcl_json;
#[path = "syntax/hostile.rs"]
mod hostile;

use trailproof::source::FileId;
use trailproof::syntax::{Key, Kind, Node, SyntaxError, json, yaml};

type Parse = fn(FileId, &str) -> Result<Node, SyntaxError>;

const FILE: FileId = FileId(7);

fn yaml(text: &str) -> Node {
    good(yaml::parse, text)
}

fn json(text: &str) -> Node {
    good(json::parse, text)
}

fn good(parse: Parse, text: &str) -> Node {
    let node = parse(FILE, text).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
    inside(&node, text);
    node
}

fn bad(parse: Parse, text: &str) -> SyntaxError {
    let error = parse(FILE, text).expect_err(text);
    proper(&error, text);
    error
}

/// Every span lies in the file, on character boundaries, and so do those below it.
fn inside(node: &Node, text: &str) {
    assert_eq!(node.span.file, FILE);
    assert!(text.get(node.span.range()).is_some(), "{:?} in {text:?}", node.span);
    if let Some(tag) = &node.tag {
        assert!(text.get(tag.span.range()).is_some(), "{tag:?} in {text:?}");
        assert!(tag.text.starts_with('!'), "{tag:?}");
    }
    for (key, value) in node.entries() {
        assert!(text.get(key.span.range()).is_some_and(|key| !key.is_empty()), "{key:?} in {text:?}");
        inside(value, text);
    }
    node.items().iter().for_each(|item| inside(item, text));
}

/// An error has its place in the file and a message in the house style.
fn proper(error: &SyntaxError, text: &str) {
    assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}");
    if let Some((span, _)) = error.related {
        assert!(text.get(span.range()).is_some(), "{error:?} in {text:?}");
    }
    let message = &error.message;
    assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
    assert!(!message.starts_with(char::is_uppercase), "{message}");
}

fn cut(text: &str, node: &Node) -> String {
    text[node.span.range()].to_owned()
}

/// The text of a value and the span of the value below a key.
#[track_caller]
fn value(text: &str, key: &str, value: &str, written: &str) {
    let node = yaml(text);
    let found = node.get(key).unwrap_or_else(|| panic!("no {key} in {node:?}"));
    assert_eq!(found.text(), Some(value), "{text:?}");
    assert_eq!(cut(text, found), written, "{text:?}");
}

/// A tree without its places.
#[derive(Debug, PartialEq)]
enum Bare {
    Scalar(String),
    List(Vec<Bare>),
    Map(Vec<(String, Bare)>),
}

fn bare(node: &Node) -> Bare {
    match &node.kind {
        Kind::Scalar { text, .. } => Bare::Scalar(text.to_string()),
        Kind::List(items) => Bare::List(items.iter().map(bare).collect()),
        Kind::Map(entries) => {
            Bare::Map(entries.iter().map(|(key, value)| (key.text.to_string(), bare(value))).collect())
        }
    }
}

fn plain(node: &Node) -> bool {
    matches!(node.kind, Kind::Scalar { plain: true, .. })
}

#[test]
fn every_scalar_style_has_its_exact_span() {
    value("a: plain text  # note\nb: 1\n", "a", "plain text", "plain text");
    value("a: 'it''s'  # note\n", "a", "it's", "'it''s'");
    value("a: \"x\\ty\"  # note\n", "a", "x\ty", "\"x\\ty\"");
    value("a: one\n  two\n\n  three   # note\nb: 1\n", "a", "one two\nthree", "one\n  two\n\n  three");
    value("a: 'one\n  two' # note\n", "a", "one two", "'one\n  two'");
    value("a: |\n  one\n  two\n\n# note\nb: 1\n", "a", "one\ntwo\n", "|\n  one\n  two");
    value("a: |- # note\n  one\n  # text\nb: 1\n", "a", "one\n# text", "|- # note\n  one\n  # text");
    value("a: >+\n  one\n  two\n\nb: 1\n", "a", "one two\n\n", ">+\n  one\n  two");
    value("a: |2\n    one\nb: 1\n", "a", "  one\n", "|2\n    one");
    value("a: >-\nb: 1\n", "a", "", ">-");
    value("a: |\n\n\nb: 1\n", "a", "", "|");
    value("a: &x |\n  one\n", "a", "one\n", "|\n  one");
    value("a: é\nb: ü\n", "b", "ü", "ü");
    value("a: {b: x , c: y}\nd: z", "d", "z", "z");
    value("a: http://x:1/#y # note\n", "a", "http://x:1/#y", "http://x:1/#y");
    value("\"é: ü\"   : ö", "é: ü", "ö", "ö");
}

#[test]
fn block_scalars_in_lists_and_documents_start_at_their_sign() {
    let text = "- |\n  a\n-   >-   # note |\n  b\n- - |+\n    c\n\n- !Sub # > no\n  |\n  d\n";
    let node = yaml(text);
    let cuts: Vec<_> = node.items().iter().map(|item| cut(text, item)).collect();
    assert_eq!(cuts, ["|\n  a", ">-   # note |\n  b", "- |+\n    c", "!Sub # > no\n  |\n  d"]);
    for text in ["--- |\n a\n", "# c | d\n|\n a\n", "%YAML 1.2\n# |\n--- # >\n|\n a\n", "---\n|\n a"] {
        assert!(cut(text, &yaml(text)).starts_with("|\n a"), "{text:?}");
    }
}

#[test]
fn plain_is_what_has_no_quotes() {
    let node = yaml("a: yes\nb: 'yes'\nc: \"1\"\nd: |\n  1\ne: >\n  1\nf:\ng: !Sub yes\nh: ~\n");
    let found: Vec<_> = node.entries().iter().filter(|(_, value)| plain(value)).map(|(key, _)| &*key.text).collect();
    assert_eq!(found, ["a", "f", "g", "h"]);
    assert!(node.get("f").unwrap().is_null() && node.get("h").unwrap().is_null());
    let node = json(r#"[1, -2.5e+3, true, false, null, "true", ""]"#);
    let found: Vec<_> = node.items().iter().map(|item| (item.text().unwrap(), plain(item))).collect();
    let plain = [("1", true), ("-2.5e+3", true), ("true", true), ("false", true), ("null", true)];
    assert_eq!(found, [&plain[..], &[("true", false), ("", false)]].concat());
    assert_eq!(yaml("a: 001234567890").get("a").unwrap().text(), Some("001234567890"));
}

#[test]
fn absent_values_stand_where_they_would_be_written() {
    let text = "a:\nb:   # note\nc : \nd: &x\ne:\n  - \n  -\n  - x\n";
    let node = yaml(text);
    let at = |key: &str| node.get(key).unwrap().span.range();
    assert_eq!([at("a"), at("b"), at("c"), at("d")], [2..2, 5..5, 18..18, 25..25]);
    let places: Vec<_> = node.get("e").unwrap().items().iter().map(|item| item.span.range()).collect();
    assert_eq!(places, [32..32, 37..37, 42..43]);
    let text = "{a, b: , c}";
    let places: Vec<_> = yaml(text).entries().iter().map(|(_, value)| value.span.range()).collect();
    assert_eq!(places, [2..2, 6..6, 10..10]);
    assert_eq!(cut("? a # note\n? b # x\n", &yaml("? a # note\n? b # x\n")), "? a # note\n? b");
}

#[test]
fn keys_keep_their_text_and_quotes() {
    let text = "yes: 1\n'q' : 2\n\"x\\ty\": 3\n1: 4\n? long\n: 5\nä: 6\n-: 7\n";
    let node = yaml(text);
    let keys: Vec<_> = node.entries().iter().map(|(key, _)| (&*key.text, &text[key.span.range()])).collect();
    let expected =
        [("yes", "yes"), ("q", "'q'"), ("x\ty", "\"x\\ty\""), ("1", "1"), ("long", "long"), ("ä", "ä"), ("-", "-")];
    assert_eq!(keys, expected);
    let text = "{\"a\\u00e9\" : 1}";
    let node = json(text);
    let (Key { text: name, span }, _) = node.entry("aé").unwrap();
    assert_eq!((&**name, &text[span.range()]), ("aé", "\"a\\u00e9\""));
    for text in ["[a]: b", "{a: b}: c", "? - a\n: b", "{[a]: b}", "? {a: b}\n"] {
        assert_eq!(bad(yaml::parse, text).message, "a key must be text, not a list or a mapping", "{text}");
    }
    assert_eq!(bad(yaml::parse, ": b").message, "a key is missing before `:`");
    assert_eq!(bad(yaml::parse, "!Ref a: b").message, "a key cannot have a tag");
}

#[test]
fn tags_are_as_written_and_start_the_span() {
    let text = "a: !Ref Bucket # x\nb: !GetAtt\n  - A\n  - B  \n\nc: !Foo\n  x: 1\n  y: 2\n# end\nd: !If [A, !Ref B]\ne: !Base64 |\n  x\nf: !Nothing\ng: &n !Sub 'v'\nh: !Sub &m 'v'\ni: !<!Ref> x\nj: !a::b-c x\n";
    let node = yaml(text);
    let found: Vec<_> = node
        .entries()
        .iter()
        .map(|(_, value)| {
            let tag = value.tag.as_ref().unwrap();
            (&*tag.text, &text[tag.span.range()], cut(text, value))
        })
        .collect();
    let expected = [
        ("!Ref", "!Ref", "!Ref Bucket"),
        ("!GetAtt", "!GetAtt", "!GetAtt\n  - A\n  - B"),
        ("!Foo", "!Foo", "!Foo\n  x: 1\n  y: 2"),
        ("!If", "!If", "!If [A, !Ref B]"),
        ("!Base64", "!Base64", "!Base64 |\n  x"),
        ("!Nothing", "!Nothing", "!Nothing"),
        ("!Sub", "!Sub", "!Sub 'v'"),
        ("!Sub", "!Sub", "!Sub &m 'v'"),
        ("!Ref", "!<!Ref>", "!<!Ref> x"),
        ("!a::b-c", "!a::b-c", "!a::b-c x"),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(a, b, c)| (a, b, c.to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn core_tags_decide_about_plain_and_go() {
    let text = "a: !!str yes\nb: !!bool 'yes'\nc: !!int 1\nd: !<tag:yaml.org,2002:str> 1\ne: ! 1\nf: !!map {a: 1}\ng: !!seq [1]\nh: !!str\n";
    let node = yaml(text);
    assert!(node.entries().iter().all(|(_, value)| value.tag.is_none()));
    let found: Vec<_> = node.entries().iter().filter(|(_, value)| plain(value)).map(|(key, _)| &*key.text).collect();
    assert_eq!(found, ["b", "c"]);
    assert_eq!(cut(text, node.get("a").unwrap()), "!!str yes");
    assert_eq!(cut(text, node.get("f").unwrap()), "!!map {a: 1}");
}

#[test]
fn collections_end_with_their_last_value() {
    let text = "a:\n  b: 1\n  c:\n    - x\n    - y: 1\n      z: |\n        t\n\n  # note\n\nd: [1, 2 ]  # note\ne: { f: 1 }\ng:\n- 1\n- 2\n\n\n";
    let node = yaml(text);
    let at = |key: &str| cut(text, node.get(key).unwrap());
    assert_eq!(cut(text, &node), text.trim_end());
    assert_eq!(at("a"), "b: 1\n  c:\n    - x\n    - y: 1\n      z: |\n        t");
    assert_eq!(at("d"), "[1, 2 ]");
    assert_eq!(at("e"), "{ f: 1 }");
    assert_eq!(at("g"), "- 1\n- 2");
    assert_eq!(cut(text, node.get("a").unwrap().get("c").unwrap()), "- x\n    - y: 1\n      z: |\n        t");
    let text = "[a: b , c]";
    assert_eq!(cut(text, &yaml(text).items()[0]), "a: b");
    let text = " {\"a\" : [ 1 , {} ] } \n";
    let node = json(text);
    assert_eq!(cut(text, &node), "{\"a\" : [ 1 , {} ] }");
    assert_eq!(cut(text, node.get("a").unwrap()), "[ 1 , {} ]");
}

#[test]
fn aliases_stand_for_their_anchor_and_keep_its_place() {
    let text = "a: &x {k: v}\nb: *x\nc: [*x, *x ]\n? &y key\n: *y\nd:\n  e: *x\nf: 1\n";
    let node = yaml(text);
    let anchored = node.get("a").unwrap();
    assert_eq!(anchored, node.get("b").unwrap());
    assert_eq!(cut(text, anchored), "{k: v}");
    assert_eq!(cut(text, node.get("c").unwrap()), "[*x, *x ]");
    assert_eq!(cut(text, node.get("d").unwrap()), "e: *x");
    assert_eq!(node.get("key").unwrap().text(), Some("key"));
    assert_eq!(yaml("a: &x k\n*x : 1\n").get("k").unwrap().text(), Some("1"));
    assert_eq!(yaml("- &x 1\n- &x 2\n- *x\n").items()[2].text(), Some("2"));
    assert_eq!(bad(yaml::parse, "a: [*no, 1]").message, "no `&no` stands before this alias");
    for text in ["a: &x [*x]", "a: &x\n  b: *x\n", "&x {a: {b: *x}}", "a: &x {<<: *x}"] {
        assert_eq!(bad(yaml::parse, text).message, "alias `*x` stands inside the value that it names");
    }
}

#[test]
fn merge_keys_are_resolved_and_explicit_keys_win() {
    let text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\none: {b: 0, <<: *x, d: 5}\ntwo: {<<: [*x, *y, {c: 6, e: 7}]}\nquoted: {'<<': 1}\n";
    let node = yaml(text);
    let entries = |key: &str| -> Vec<(String, String)> {
        let entries = node.get(key).unwrap().entries();
        entries.iter().map(|(key, value)| (key.text.to_string(), value.text().unwrap().to_owned())).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    assert_eq!(entries("one"), pairs(&[("b", "0"), ("a", "1"), ("d", "5")]));
    assert_eq!(entries("two"), pairs(&[("a", "1"), ("b", "2"), ("c", "4"), ("e", "7")]));
    assert_eq!(entries("quoted"), pairs(&[("<<", "1")]));
    for text in ["<<: 1", "<<: [1]", "<<: !Ref x", "<<:", "a: &a [{}]\n<<: [*a]"] {
        assert_eq!(bad(yaml::parse, text).message, "`<<` takes a mapping or a list of mappings", "{text}");
    }
    assert!(bad(yaml::parse, "<<: {a: 1}\n<<: {b: 1}").message.contains("duplicate key"));
}

#[test]
fn duplicate_keys_are_refused_with_both_places() {
    let many: String = (0..100).map(|n| format!("k{n}: 1\n")).collect();
    for text in ["a: 1\nb: 2\n'a': 3\n", &format!("a: 1\n{many}a: 3\n"), "- a: {}\n  a: []\n"] {
        let error = bad(yaml::parse, text);
        assert_eq!(error.message, "duplicate key `a`");
        let (first, label) = error.related.unwrap();
        assert_eq!(label, "first here");
        assert!(first.start < error.span.start);
        assert_eq!(&text[first.range()], "a");
    }
    let text = r#"{"a": 1, "b": {"x": 1, "\u0078": 2}}"#;
    let error = bad(json::parse, text);
    assert_eq!((&*error.message, &text[error.span.range()]), ("duplicate key `x`", "\"\\u0078\""));
    assert_eq!(&text[error.related.unwrap().0.range()], "\"x\"");
    let long = "é".repeat(5000);
    assert!(bad(json::parse, &format!("{{\"{long}\": 1, \"{long}\": 2}}")).message.len() < 200);
}

#[test]
fn one_document_and_no_more() {
    for text in ["", "\n\n", "# only\n# notes", "---\n", "--- # x\n...\n", "\u{feff}", "---\n---\n---\n"] {
        let node = yaml(text);
        assert!(node.is_null() && node.span.start == node.span.end, "{text:?}: {node:?}");
    }
    assert_eq!(yaml("").span.range(), 0..0);
    for text in ["a: 1\n---\n", "---\na: 1\n...\n", "a: 1\n---\n---\n# end\n", "---\n---\na: 1\n"] {
        assert_eq!(yaml(text).get("a").unwrap().text(), Some("1"), "{text:?}");
    }
    for text in ["a: 1\n---\nb: 1\n", "- 1\n---\n- 2", "1\n---\n2\n", "a: 1\n---\n''\n", "a: 1\n---\n[\n"] {
        let error = bad(yaml::parse, text);
        assert!(error.message.starts_with("more than one document") || text.ends_with("[\n"), "{error:?}");
    }
    let text = "a: 1\n---\nb: 1\n";
    assert_eq!(&text[bad(yaml::parse, text).span.range()], "---");
}

#[test]
fn line_endings_marks_and_wide_text_do_not_shift_spans() {
    let text = "\u{feff}größe: 'ü'\r\nb: |\r\n  日本\r\n  x\r\n\r\nc:\r\n  - 𝄞  # 𝄞\r\n  - !Ref é\r\n";
    let node = yaml(text);
    assert_eq!(cut(text, node.get("größe").unwrap()), "'ü'");
    assert_eq!(cut(text, node.get("b").unwrap()), "|\r\n  日本\r\n  x");
    assert_eq!(node.get("b").unwrap().text(), Some("日本\nx\n"));
    assert_eq!(cut(text, node.get("c").unwrap()), "- 𝄞  # 𝄞\r\n  - !Ref é");
    let text = "\u{feff}{\r\n \"größe\": \"\\u00fc\\ud834\\udd1e\",\r\n \"b\": 1}\r\n";
    let node = json(text);
    assert_eq!(node.get("größe").unwrap().text(), Some("ü𝄞"));
    assert_eq!(cut(text, node.get("b").unwrap()), "1");
}

#[test]
fn yaml_and_json_of_one_template_are_one_tree() {
    let yaml_text = "A: '1'\nB: [x, {c: 2.5, d: true}]\nE: {}\nF: []\nG:\nH: |\n  l1\n  \"l2\"\nI: >-\n  a\n  b\nJ: &j {k: v}\nK: *j\nL: 'null'\n";
    let json_text = r#"{"A": "1", "B": ["x", {"c": 2.5, "d": true}], "E": {}, "F": [], "G": "", "H": "l1\n\"l2\"\n",
        "I": "a b", "J": {"k": "v"}, "K": {"k": "v"}, "L": "null"}"#;
    assert_eq!(bare(&yaml(yaml_text)), bare(&json(json_text)));
    // JSON read as YAML is the same tree, places included.
    let node = json(json_text);
    assert_eq!(bare(&yaml(json_text)), bare(&node));
    let spans = |node: &Node| node.entries().iter().map(|(key, value)| (key.span, value.span)).collect::<Vec<_>>();
    assert_eq!(spans(&yaml(json_text)), spans(&node));
    assert_eq!(yaml(json_text).span, node.span);
}
