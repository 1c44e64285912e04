//! Broken and hostile files: an error at its place, in time, and never a crash.

use std::time::{Duration, Instant};

use trailproof::syntax::{MAX_DEPTH, MAX_NODES};

use super::{FILE, Parse, bad, good, inside, json, proper, yaml};

/// What the tests on hostile files may take, unoptimized and on a busy machine. Quadratic work takes hours.
const PATIENCE: Duration = Duration::from_secs(120);

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: '2010-09-09'
# The record
Parameters:
  Days: {Type: Number, Default: 365}
Resources:
  Trail:
    Type: "AWS::CloudTrail::Trail"
    DependsOn:
    - Policy
    Properties:
      IsLogging: true   # always
      S3BucketName: !Ref Bucket
      Name: !Sub '${AWS::StackName}-größe'
      Tags: [{Key: a, Value: "b"}, {Key: c, Value: !GetAtt Bucket.Arn}]
      KMSKeyId: !If
        - Encrypted
        - !GetAtt [Key, Arn]
        - !Ref AWS::NoValue
  Code:
    Type: AWS::Lambda::Function
    Properties:
      ZipFile: |
        import boto3

        print("日本")
      Description: >-
        one
        two
Base: &base
  a: 1
Derived:
  <<: *base
  b: 2
"#;

#[test]
fn alias_bombs_are_refused() {
    let start = Instant::now();
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..30 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    }
    let limit = format!("expands to more than {MAX_NODES} values");
    assert!(bad(yaml::parse, &bomb).message.contains(&limit));
    let mut bomb = String::from("m0: &m0 {k: v}\n");
    for n in 1..60 {
        bomb += &format!("m{n}: &m{n} {{<<: *m{0}, a{n}: *m{0}, b{n}: *m{0}}}\n", n - 1);
    }
    assert!(bad(yaml::parse, &bomb).message.contains(&limit));
    let long = format!("a: &a '{}'\nb: [{}]", "x".repeat(1_000_000), vec!["*a"; 1_000].join(", "));
    assert!(bad(yaml::parse, &long).message.contains(&limit));
    // Anchors inside anchors are copied once for each level.
    let open: String = (0..150).map(|n| format!("&n{n} [")).collect();
    let nested = format!("{open}{}{}", vec!["x"; 100_000].join(","), "]".repeat(150));
    assert!(bad(yaml::parse, &nested).message.contains("anchors here hold more than"));
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn nesting_is_limited_also_through_aliases() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    for parse in [yaml::parse as Parse, json::parse] {
        good(parse, &deep(MAX_DEPTH));
        assert_eq!(bad(parse, &deep(MAX_DEPTH + 1)).message, format!("nested deeper than {MAX_DEPTH} levels"));
    }
    yaml(&"- ".repeat(MAX_DEPTH));
    let mixed = format!("{}{}", "- ".repeat(MAX_DEPTH - 1), deep(2));
    assert!(bad(yaml::parse, &mixed).message.starts_with("nested deeper"));
    let mut chain = format!("a0: &a0 {}\n", deep(50));
    for n in 1..10 {
        chain += &format!("a{n}: &a{n} {}*a{}{}\n", "[".repeat(50), n - 1, "]".repeat(50));
    }
    assert!(bad(yaml::parse, &chain).message.starts_with("nested deeper"));
}

#[test]
fn ten_megabytes_of_one_thing_neither_hang_nor_overflow() {
    let start = Instant::now();
    let large = ["[", "{\"a\":", "{a: ", "- ", "? ", "0", "\0", "\""];
    let small = [
        "[[],",
        "[0,",
        "\\",
        " ",
        "\n",
        "\r",
        "\t",
        "1,",
        "{}",
        "é",
        "\u{feff}",
        "'",
        "%",
        ":",
        "@",
        "#\n",
        "---\n",
        "|\n",
        "? a\n",
        "a: ",
        "- - [",
        "-\n",
        "- |\n",
        "!a ",
        "&a ",
        "&a [",
        "*a ",
        "- &a\n- *a\n",
        "<<: ",
    ];
    let sized = |units: &[&str], size: usize| -> Vec<String> {
        units.iter().map(|unit| unit.repeat(size / unit.len())).collect()
    };
    for text in sized(&large, 10_000_000).iter().chain(&sized(&small, 1_000_000)) {
        for parse in [yaml::parse as Parse, json::parse] {
            match parse(FILE, text) {
                Ok(node) => inside(&node, text),
                Err(error) => proper(&error, text),
            }
        }
    }
    let zeros = |n: usize| format!("[{}0]", "0,".repeat(n));
    assert_eq!(json(&zeros(1_000_000)).items().len(), 1_000_001);
    assert_eq!(yaml(&zeros(500_000)).items().len(), 500_001);
    assert!(bad(yaml::parse, &zeros(MAX_NODES)).message.contains("expands to more than"));
    let keys: String = (0..50_000).map(|n| format!("\"k{n}\": {n},")).collect();
    assert_eq!(json(&format!("{{{keys}\"k\": 0}}")).entries().len(), 50_001);
    assert_eq!(yaml(&format!("{{{keys}\"k\": 0}}")).entries().len(), 50_001);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn yaml_errors_say_what_to_do() {
    let cases = [
        ("a:\n\tb: c\n", "use spaces"),
        ("a: b\n\tc: d\n", "use spaces"),
        ("a: \"\\q\"\n", "unknown escape"),
        ("a: \"\\ud800\"\n", "not a character"),
        ("a: \u{1}x\n", "U+0001"),
        ("a: \"\u{7}\"\n", "U+0007"),
        ("a: @b\n", "put it in quotes"),
        ("a: %b\n", "put it in quotes"),
        ("a: b: c\n", "put a text that holds `: ` in quotes"),
        ("a: 'b' c\n", "after the closing quote"),
        ("a: 'b\n", "close the quote"),
        ("a: {b: c]\n", "`{` is closed by `]`"),
        ("a: [b\n", "closed"),
        ("a:\n  - b\n c: d\n", "indentation"),
        ("%YAML 2.0\n---\na\n", "version 1"),
        ("%TAG ! x\n%TAG ! y\n---\na\n", "once per handle"),
        ("%TAG\n---\na\n", ""),
        ("%\n---\na\n", ""),
        ("a: !x!y z\n", "%TAG"),
        ("a: !<x\n", ""),
    ];
    for (text, words) in cases {
        let error = bad(yaml::parse, text);
        assert!(error.message.contains(words), "{text:?}: {error:?}");
    }
    assert_eq!(yaml("%UNKNOWN x\n---\na: 1\n").get("a").unwrap().text(), Some("1"));
}

#[test]
fn json_is_strict_and_says_what_to_do() {
    let cases = [
        ("", "expected a value"),
        ("[1,]", "remove the comma before `]`"),
        ("{\"a\": 1,}", "remove the comma before `}`"),
        ("[1 2]", "expected `,` or `]`"),
        ("{\"a\" 1}", "expected `:`"),
        ("{\"a\": 1 \"b\": 2}", "expected `,` or `}`"),
        ("{a: 1}", "double quotes"),
        ("{'a': 1}", "double quotes"),
        ("[1, // x\n2]", "comments"),
        ("/* x */ 1", "comments"),
        ("/* x", "comments"),
        ("1 2", "after the end"),
        ("[1]]", "after the end"),
        ("[", "`]` is missing"),
        ("{\"a\": ", "`}` is missing"),
        ("[}", "expected a value"),
        ("{]", "expected a key"),
        ("[01]", "expected `,`"),
        ("[1.]", "digits"),
        ("[.5]", "digits"),
        ("[+1]", "remove the `+`"),
        ("[0x10]", "hexadecimal"),
        ("[1e]", "digit"),
        ("[-]", "digit"),
        ("[-Infinity]", "infinity"),
        ("[NaN]", "expected a value"),
        ("[True]", "text needs double quotes"),
        ("[\"a\nb\"]", "must end on its line"),
        ("[\"a\tb\"]", "`\\t`"),
        ("[\"\u{1}\"]", "control character"),
        ("{\"\u{1}\": 1}", "control character"),
        ("[\"\\x41\"]", "unknown escape"),
        ("[\"\\é\"]", "unknown escape"),
        ("[\"\\u12\"]", "four hexadecimal digits"),
        ("[\"\\ud800\"]", "half of a character"),
        ("[\"abc", "not closed"),
        ("[1,\u{a0}2]", "whitespace"),
        ("[1,\u{b}2]", "whitespace"),
        ("\u{feff}\u{feff}1", ""),
        ("[1]\0", "after the end"),
        ("[\0]", "expected a value"),
    ];
    for (text, words) in cases {
        let error = bad(json::parse, text);
        let words = if words == "whitespace" { "spaces, tabs and line breaks" } else { words };
        assert!(error.message.contains(words), "{text:?}: {error:?}");
    }
    let error = bad(json::parse, "{\"a\": [1");
    assert_eq!((error.span.range(), error.related.unwrap().0.range()), (8..8, 6..7));
}

/// Random edits: whatever a file holds, there is a tree or an error, with places inside it.
#[test]
fn mutated_templates_never_break_the_parsers() {
    let json_text = r#"{"Resources": {"Träil": {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": true,
        "N": [1, -2.5e3, null, "\u00e9\n\\"], "Name": {"Fn::Sub": "${A}-𝄞"}}}}}"#;
    let pieces = [
        "\t", "\n", "\r\n", "\0", "é", "\u{feff}", "'", "\"", "\\", "[", "]", "{", "}", ",", ":", ": ", "- ", "? ",
        "#", " #", "&x ", "*x", "*base", "!", "!!str ", "!Ref ", "|", ">", "|\n", ">2-\n", "---\n", "...\n", "%",
        "<<: ", "@", "\u{85}", "\u{2028}", "𝄞", "\\u", "\\ud800", "0", "e", ".", "//", "/*", "  ",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let mut trees = 0;
    for round in 0..6_000 {
        let mut chars: Vec<char> = if round % 3 == 0 { json_text } else { TEMPLATE }.chars().collect();
        for _ in 0..=random(4) {
            let at = random(chars.len());
            match random(3) {
                0 => drop(chars.drain(at..(at + 1 + random(20)).min(chars.len()))),
                1 => drop(chars.splice(at..at, pieces[random(pieces.len())].chars())),
                _ => drop(chars.splice(at..=at, pieces[random(pieces.len())].chars())),
            }
            chars.push('\n');
        }
        let text: String = chars.into_iter().collect();
        for parse in [yaml::parse as Parse, json::parse] {
            match parse(FILE, &text) {
                Ok(node) => {
                    inside(&node, &text);
                    trees += 1;
                }
                Err(error) => proper(&error, &text),
            }
        }
    }
    assert!(trees > 100, "{trees}");
    yaml(TEMPLATE);
    json(json_text);
}
