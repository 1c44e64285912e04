//! Tables of calls. Arguments are a JSON list; `${account}` in a text is a hole, the text `?x` is unknown, and a
//! mapping with `if`, `then`, `else` has two sides. The results of known arguments are those of Terraform 1.11.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::{call, failed, json};
use crate::read::{Content, Datum, Member, embedded};
use crate::source::{FileId, Span};
use crate::value::{Condition, Hole, Instance, Of, Piece, Text, Why};

const SPAN: Span = Span { file: FileId(0), start: 0, end: 1 };

fn hole(name: &str) -> Piece {
    let of = match name {
        "account" => Of::Account,
        "partition" => Of::Partition,
        "region" => Of::Region,
        "bucket" => Of::Resource { address: "module.a[\"x\"].aws_s3_bucket.this[0]".into(), attribute: "id".into() },
        "thing" => Of::Resource { address: "aws_thing.a".into(), attribute: "id".into() },
        name => Of::Parameter { name: name.into(), filled: false, plain: false },
    };
    Piece::Hole(Hole { instance: Instance(0), of })
}

fn given(written: &str) -> Vec<Datum> {
    let mut text = Text::default();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after.split_once('}').unwrap();
        text.push(Piece::Literal(before.into()));
        text.push(hole(name));
        rest = behind;
    }
    text.push(Piece::Literal(rest.into()));
    let Some(Ok(list)) = embedded::value(&text, SPAN, None) else { panic!("{written}") };
    let Content::List(items) = sides(list).content else { panic!("{written}") };
    items
}

fn sides(datum: Datum) -> Datum {
    let content = match datum.content {
        Content::Text { text, .. } if text.literal().is_some_and(|text| text.starts_with('?')) => {
            Content::Unknown(Why::parameter(text.literal().unwrap_or_default()))
        }
        Content::List(items) => Content::List(items.into_iter().map(sides).collect()),
        Content::Map { members, .. } => {
            let member = |member: Member| Member { value: sides(member.value), ..member };
            let members: Vec<Member> = members.into_iter().map(member).collect();
            let named =
                |name: &str| members.iter().find(|member| &*member.key == name).map(|member| member.value.clone());
            match (named("if"), named("then"), named("else"), named("oneof")) {
                (Some(name), Some(yes), Some(no), _) => {
                    let name = name.as_text().literal().unwrap().into();
                    Content::Either(Condition { instance: Instance(0), name }, Box::new(yes), Box::new(no))
                }
                (.., Some(Datum { content: Content::List(values), .. })) => {
                    let text = Text::from(Hole { instance: Instance(0), of: Of::Account });
                    Content::OneOf { text, why: Why::parameter("P"), values }
                }
                _ => Content::Map { members, rest: None },
            }
        }
        content => content,
    };
    Datum { content, ..datum }
}

/// A result as the tables write it.
fn shown(datum: &Datum) -> String {
    match &datum.content {
        Content::Unknown(why) if failed(why) => "fails".into(),
        Content::Unknown(_) => "unknown".into(),
        Content::Either(condition, yes, no) => format!("{} ? {} : {}", condition.name, shown(yes), shown(no)),
        Content::OneOf { text, values, .. } => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("one of {} as {}", values.join(" | "), shown(&Datum::text(text.clone(), SPAN)))
        }
        _ => {
            let mut line = String::new();
            for piece in json(datum).pieces() {
                match piece {
                    Piece::Literal(literal) => line.push_str(literal),
                    Piece::Hole(Hole { of: Of::Resource { attribute, .. }, .. }) => {
                        line.push_str(&format!("${{{attribute}}}"))
                    }
                    Piece::Hole(hole) => line.push_str(&format!("${{{}}}", hole.why().name)),
                    Piece::Unknown(_) => line.push('?'),
                }
            }
            line
        }
    }
}

fn table(rows: &[(&str, &str, &str)]) {
    let wrong = rows.iter().filter_map(|(name, arguments, wanted)| {
        let found = call(name, &given(arguments), SPAN).map_or("no such function".into(), |datum| shown(&datum));
        (found != *wanted).then(|| format!("{name}{arguments} is {found}, not {wanted}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts() {
    table(&[
        ("join", r#"[",", [1, true, "a"]]"#, r#""1,true,a""#),
        ("join", r#"[",", ["a"], ["b"]]"#, r#""a,b""#),
        ("join", r#"[",", ["a", null]]"#, "fails"),
        ("core::join", r#"[",", []]"#, r#""""#),
        ("split", r#"[",", ""]"#, r#"[""]"#),
        ("split", r#"[":", "a:b"]"#, r#"["a","b"]"#),
        ("replace", r#"["a.b.c", ".", "-"]"#, r#""a-b-c""#),
        ("replace", r#"["hello", "/l+/", "[$0]"]"#, r#""he[ll]o""#),
        ("regex", r#"["a(b)?c", "ac"]"#, "[null]"),
        ("regex", r#"["(?P<x>a)", "ba"]"#, r#"{"x":"a"}"#),
        ("regex", r#"["q", "a"]"#, "fails"),
        ("regexall", r#"["a.", "abac"]"#, r#"["ab","ac"]"#),
        ("title", r#"["hello world-foo_bar"]"#, r#""Hello World-Foo_bar""#),
        ("indent", r#"[2, "a\nb"]"#, r#""a\n  b""#),
        ("substr", r#"["hello", 1, 3]"#, r#""ell""#),
        ("substr", r#"["hello", -3, -1]"#, r#""llo""#),
        ("substr", r#"["hello", 10, 2]"#, r#""""#),
        ("trim", r#"["!?x?!", "!?"]"#, r#""x""#),
        ("trimprefix", r#"["abc", "a"]"#, r#""bc""#),
        ("trimsuffix", r#"["abc", "c"]"#, r#""ab""#),
        ("trimsuffix", r#"["abc", "x"]"#, r#""abc""#),
        ("chomp", r#"["a\n\n"]"#, r#""a""#),
        ("trimspace", r#"["  a "]"#, r#""a""#),
        ("lower", r#"["AbÉ"]"#, r#""abé""#),
        ("startswith", r#"["abc", ""]"#, "true"),
        ("endswith", r#"["abc", "bc"]"#, "true"),
        ("strcontains", r#"["abc", "x"]"#, "false"),
        ("strrev", r#"["abc"]"#, r#""cba""#),
        ("dirname", r#"["/a/b/c"]"#, r#""/a/b""#),
        ("dirname", r#"["a"]"#, r#"".""#),
        ("basename", r#"["/a/b/"]"#, r#""b""#),
        ("nothing", "[]", "no such function"),
        ("file", r#"["a"]"#, "no such function"),
    ]);
}

#[test]
fn formats() {
    table(&[
        ("format", r#"["%d", "5"]"#, r#""5""#),
        ("format", r#"["%q", "a\"b"]"#, r#""\"a\\\"b\"""#),
        ("format", r#"["%5.1f|%-5s|%05d", 1.25, "a", 7]"#, r#""  1.2|a    |00007""#),
        ("format", r#"["%v", [1, "a"]]"#, r#""[1,\"a\"]""#),
        ("format", r#"["%[2]s %[1]s", "a", "b"]"#, r#""b a""#),
        ("format", r#"["%s"]"#, "fails"),
        ("format", r#"["%s", "a", "b"]"#, "fails"),
        ("format", r#"["%d", 1.5]"#, "fails"),
        ("format", r#"["%z", 1]"#, "fails"),
        (
            "format",
            r#"["%x %b %e %g %f %%", 255, 5, 1234.5, 1234.5, 1.5]"#,
            r#""ff 101 1.234500e+03 1234.5 1.500000 %""#,
        ),
        ("format", r#"["%t %s", "true", true]"#, r#""true true""#),
        ("format", r#"["%10d|%-10d|%+d", 5, 5, 5]"#, r#""         5|5         |+5""#),
        ("formatlist", r#"["%s-%s", ["a", "b"], "x"]"#, r#"["a-x","b-x"]"#),
        ("formatlist", r#"["%s-%s", ["a", "b"], ["x"]]"#, "fails"),
        ("formatlist", r#"["%s", "x"]"#, r#"["x"]"#),
        ("formatlist", r#"["%s", []]"#, "[]"),
    ]);
}

#[test]
fn lists() {
    table(&[
        ("contains", r#"[[1, 2], "1"]"#, "false"),
        ("contains", r#"[["a"], "a"]"#, "true"),
        ("element", r#"[["a", "b"], 3]"#, r#""b""#),
        ("element", "[[], 0]", "fails"),
        ("coalesce", r#"["", null, "x"]"#, r#""x""#),
        ("coalesce", r#"[null, ""]"#, "fails"),
        ("coalescelist", r#"[[], ["a"]]"#, r#"["a"]"#),
        ("coalescelist", "[[], []]", "fails"),
        ("compact", r#"[["a", "", null]]"#, r#"["a"]"#),
        ("toset", r#"[["b", "a", "b"]]"#, r#"["a","b"]"#),
        ("toset", r#"[[1, "a"]]"#, r#"["1","a"]"#),
        ("tolist", r#"[[1, "a"]]"#, r#"["1","a"]"#),
        ("flatten", r#"[[["a"], [["b"], "c"], null]]"#, r#"["a","b","c",null]"#),
        ("one", "[[]]", "null"),
        ("one", r#"[["a", "b"]]"#, "fails"),
        ("chunklist", r#"[["a", "b", "c"], 2]"#, r#"[["a","b"],["c"]]"#),
        ("setproduct", r#"[["a", "b"], [1, 2]]"#, r#"[["a",1],["a",2],["b",1],["b",2]]"#),
        ("matchkeys", r#"[["i-1", "i-2"], ["a", "b"], ["b"]]"#, r#"["i-2"]"#),
        ("setintersection", r#"[["a", "b"], ["b", "c"]]"#, r#"["b"]"#),
        ("setsubtract", r#"[["a", "b"], ["b"]]"#, r#"["a"]"#),
        ("setunion", r#"[["b"], ["a"]]"#, r#"["a","b"]"#),
        ("distinct", r#"[["a", "b", "a"]]"#, r#"["a","b"]"#),
        ("concat", r#"[["a"], ["b"]]"#, r#"["a","b"]"#),
        ("concat", r#"["a", ["b"]]"#, "fails"),
        ("reverse", "[[1, 2]]", "[2,1]"),
        ("index", r#"[["a", "b"], "b"]"#, "1"),
        ("index", r#"[["a"], "z"]"#, "fails"),
        ("slice", r#"[["a", "b", "c"], 1, 2]"#, r#"["b"]"#),
        ("slice", r#"[["a"], 0, 2]"#, "fails"),
        ("sort", r#"[["b", "a"]]"#, r#"["a","b"]"#),
        ("alltrue", "[[]]", "true"),
        ("alltrue", r#"[[true, "false"]]"#, "false"),
        ("anytrue", r#"[["true"]]"#, "true"),
        ("length", r#"["héé"]"#, "3"),
        ("length", "[null]", "fails"),
    ]);
}

#[test]
fn mappings() {
    table(&[
        ("lookup", r#"[{"a": 1}, "b"]"#, "fails"),
        ("lookup", r#"[{"a": 1}, "b", "x"]"#, r#""x""#),
        ("merge", r#"[{"a": 1}, null, {"b": 2}]"#, r#"{"a":1,"b":2}"#),
        ("merge", r#"[{"a": 1}, [1]]"#, "fails"),
        ("merge", "[null, null]", "null"),
        ("keys", r#"[{"b": 1, "a": null}]"#, r#"["a","b"]"#),
        ("keys", "[[1]]", "fails"),
        ("values", r#"[{"b": 1, "a": 2}]"#, "[2,1]"),
        ("zipmap", r#"[["b", "a"], [1, 2]]"#, r#"{"a":2,"b":1}"#),
        ("transpose", r#"[{"a": ["1", "2"], "b": ["2"]}]"#, r#"{"1":["a"],"2":["a","b"]}"#),
        ("tomap", r#"[{"a": 1, "b": "x"}]"#, r#"{"a":"1","b":"x"}"#),
    ]);
}

#[test]
fn numbers() {
    table(&[
        ("range", "[3]", "[0,1,2]"),
        ("range", "[1, 10, 3]", "[1,4,7]"),
        ("range", "[5, 1]", "[5,4,3,2]"),
        ("range", "[0, 1, 0.25]", "[0,0.25,0.5,0.75]"),
        ("range", "[5000]", "fails"),
        ("parseint", r#"["ff", 16]"#, "255"),
        ("signum", "[-3]", "-1"),
        ("log", "[8, 2]", "3"),
        ("pow", "[2, 0.5]", "1.4142135623730951"),
        ("ceil", "[1.2]", "2"),
        ("floor", "[-1.5]", "-2"),
        ("max", r#"[1, "3", 2]"#, "3"),
        ("max", "[]", "fails"),
        ("abs", "[-1.5]", "1.5"),
        ("sum", "[[1, 2.5]]", "3.5"),
        ("sum", "[[0.1, 0.2]]", "0.3"),
        ("tonumber", r#"["1.50"]"#, "1.5"),
        ("tonumber", r#"["x"]"#, "fails"),
        ("tobool", r#"["true"]"#, "true"),
        ("tostring", "[1.5]", r#""1.5""#),
        ("tostring", "[null]", "null"),
    ]);
}

#[test]
fn notations() {
    table(&[
        ("urlencode", r#"["a b/é~"]"#, r#""a+b%2F%C3%A9~""#),
        ("base64encode", r#"["hi"]"#, r#""aGk=""#),
        ("base64decode", r#"["aGk="]"#, r#""hi""#),
        ("jsonencode", r#"["a"]"#, r#""\"a\"""#),
        ("jsonencode", r#"[{"b": 1, "a": null}]"#, r#"{"a":null,"b":1}"#),
        ("jsondecode", r#"["3"]"#, "3"),
        ("jsondecode", r#"["[1,{\"a\":\"x${account}\"}]"]"#, r#"[1,{"a":"x${the account id}"}]"#),
        ("jsondecode", r#"["{"]"#, "fails"),
        ("jsondecode", r#"["${name}"]"#, "unknown"),
        (
            "yamldecode",
            r#"["a: yes\nb: 0x10\nc: ~\nd: 1e3\ne: on\nf: 012\ng: .5\nh: 2012-10-17\ni: \"yes\""]"#,
            r#"{"a":true,"b":16,"c":null,"d":1000,"e":true,"f":12,"g":0.5,"h":"2012-10-17T00:00:00Z","i":"yes"}"#,
        ),
        ("csvdecode", r#"["a,b\n1,\"x,y\"\n"]"#, r#"[{"a":"1","b":"x,y"}]"#),
        (
            "provider::aws::arn_parse",
            r#"["arn:${partition}:iam::${account}:role/a:b"]"#,
            r#"{"account_id":"${the account id}","partition":"${the partition}","region":"","resource":"role/a:b","service":"iam"}"#,
        ),
    ]);
}
