//! Tables of calls. Arguments are a JSON list; `${account}` in a text is a hole, the text `?x` is unknown, and a
//! mapping with `if`, `then`, `else` has two sides. The results of known arguments are those of Terraform 1.11.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::{call, failed};
use crate::read::terraform::sample::{SPAN, given, shown};
use crate::read::{Content, Datum};
use crate::value::{Assumption, Instance};

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

#[test]
fn holes_stay_where_nothing_can_reach_into_them() {
    table(&[
        ("join", r#"[":", ["arn", "${partition}", "${account}"]]"#, r#""arn:${the partition}:${the account id}""#),
        ("join", r#"[",", ["a", "?x"]]"#, r#""a,?""#),
        ("join", r#"[",", "?x"]"#, r#""?""#),
        ("format", r#"["arn:%s:s3:::%s/*", "${partition}", "${bucket}"]"#, r#""arn:${the partition}:s3:::${id}/*""#),
        ("format", r#"["arn:${partition}:s3:::%s/*", "x"]"#, r#""arn:${the partition}:s3:::x/*""#),
        ("format", r#"["${bucket}-%s-${account}", "x"]"#, r#""${id}-x-${the account id}""#),
        ("format", r#"["${bucket}%", "x"]"#, "fails"),
        ("format", r#"["%5${bucket}", "x"]"#, r#""?""#),
        ("format", r#"["?x-%s", "x"]"#, r#""?""#),
        ("formatlist", r#"["${bucket}/%s", ["a", "b"]]"#, r#"["${id}/a","${id}/b"]"#),
        ("format", r#"["%20s", "${bucket}"]"#, r#""?""#),
        ("format", r#"["%v", ["${account}"]]"#, r#""[\"${the account id}\"]""#),
        ("formatlist", r#"["%s/*", ["${bucket}", "?x", "b"]]"#, r#"["${id}/*",?,"b/*"]"#),
        ("formatlist", r#"["%s%s", ["a", "?x", "b"], ["c", "d", "e"]]"#, r#"["ac",?]"#),
        ("replace", r#"["${bucket}:${account}", ":", "/"]"#, r#""${id}/${the account id}""#),
        ("replace", r#"["${name}:a", ":", "/"]"#, r#""?""#),
        ("replace", r#"["${account}", "", "-"]"#, r#""?""#),
        ("replace", r#"["ab", "", "-"]"#, r#""-a-b-""#),
        ("upper", r#"["ß"]"#, r#""ß""#),
        ("title", r#"["${account}ab"]"#, r#""?""#),
        ("replace", r#"["a-b", "-", "${account}"]"#, r#""a${the account id}b""#),
        (
            "split",
            r#"[":", "arn:aws:iam:${region}:${account}:x"]"#,
            r#"["arn","aws","iam","${the Region}","${the account id}","x"]"#,
        ),
        ("split", r#"[":", "a:x${name}y:b"]"#, r#"["a",?,"b"]"#),
        ("split", r#"[":", "${name}"]"#, "unknown"),
        ("split", r#"["/", "${thing}/a"]"#, r#"[?,"a"]"#),
        ("lower", r#"["A${region}${account}${bucket}"]"#, r#""a${the Region}${the account id}${id}""#),
        ("lower", r#"["A${name}"]"#, r#""a?""#),
        ("upper", r#"["a${region}${account}"]"#, r#""A?${the account id}""#),
        ("trimprefix", r#"["arn:${name}", "arn:"]"#, r#""${name}""#),
        ("trimprefix", r#"["${name}", "arn:"]"#, r#""?""#),
        ("trimsuffix", r#"["x${name}:*", ":*"]"#, r#""x${name}""#),
        ("trimsuffix", r#"["x${account}", ":*"]"#, r#""x${the account id}""#),
        ("trimsuffix", r#"["x${name}", ":*"]"#, r#""?""#),
        ("trimspace", r#"[" ${bucket} "]"#, r#""${id}""#),
        ("trimspace", r#"[" ${name} a "]"#, r#""?""#),
        ("substr", r#"["abc${name}", 0, 3]"#, r#""abc""#),
        ("substr", r#"["abc${name}", 0, 4]"#, r#""?""#),
        ("startswith", r#"["arn:${name}", "arn:"]"#, "true"),
        ("startswith", r#"["${name}", "arn:"]"#, "unknown"),
        ("endswith", r#"["${account}", ":*"]"#, "false"),
        ("strcontains", r#"["a:b${name}", ":"]"#, "true"),
        ("strcontains", r#"["b${account}", ":"]"#, "false"),
        ("strcontains", r#"["b${name}", ":"]"#, "unknown"),
        ("regex", r#"["a", "${name}"]"#, "unknown"),
        ("base64encode", r#"["${name}"]"#, r#""?""#),
        ("md5", r#"["a"]"#, r#""?""#),
    ]);
}

#[test]
fn what_is_not_known_of_collections_stays_so() {
    table(&[
        ("coalesce", r#"["${bucket}", "x"]"#, r#""${id}""#),
        ("coalesce", r#"["${name}", "x"]"#, "unknown"),
        ("coalesce", r#"["${name}", null, "${name}"]"#, r#""${name}""#),
        ("compact", r#"[["${bucket}", "${name}", "", "b"]]"#, r#"["${id}",?,"b"]"#),
        ("contains", r#"[["a", "${name}"], "a"]"#, "true"),
        ("contains", r#"[["b", "${account}"], "a"]"#, "false"),
        ("contains", r#"[["b", "${name}"], "a"]"#, "unknown"),
        ("contains", r#"[["?x", "a"], "a"]"#, "true"),
        ("contains", r#"["?x", "a"]"#, "unknown"),
        ("concat", r#"[["a"], "?x", ["b"]]"#, r#"["a",?,"b"]"#),
        ("length", r#"[["a", "?x"]]"#, "unknown"),
        ("length", r#"[["a", "${name}"]]"#, "2"),
        ("element", r#"[["a", "?x", "b"], 0]"#, r#""a""#),
        ("element", r#"[["a", "?x", "b"], 2]"#, "unknown"),
        ("one", r#"[["?x"]]"#, "unknown"),
        ("one", r#"[[{"if": "C", "then": "a", "else": null}]]"#, r#"C ? "a" : null"#),
        ("merge", r#"[{"a": 1}, "?x", {"b": 2}]"#, r#"{"a":?,"b":2?}"#),
        ("lookup", r#"[{"a": 1, "b": 2}, "${name}"]"#, r#"one of 1 | 2 as "?""#),
        ("lookup", r#"[{"a": 1, "b": 1}, "${name}"]"#, "1"),
        ("lookup", r#"["?x", "a", 1]"#, "unknown"),
        ("toset", r#"[["b", "${name}", "a", "${name}"]]"#, r#"["a","b","${name}"]"#),
        ("setsubtract", r#"[["a", "b"], ["${name}"]]"#, "[?,?]"),
        ("alltrue", r#"[["?x", false]]"#, "false"),
        ("alltrue", r#"[["?x", true]]"#, "unknown"),
        ("slice", r#"[["a", "?x"], 0, 1]"#, r#"["a"]"#),
        ("flatten", r#"[[["a"], "?x"]]"#, r#"["a",?]"#),
        ("keys", r#"["${thing}"]"#, "unknown"),
    ]);
}

#[test]
fn sides_are_worked_out_one_by_one() {
    let c = |name: &str| format!(r#"{{"if": "{name}", "then": "a", "else": "b"}}"#);
    table(&[
        ("upper", r#"[{"if": "C", "then": "a", "else": "b"}]"#, r#"C ? "A" : "B""#),
        ("lower", r#"[{"if": "C", "then": "a", "else": "A"}]"#, r#""a""#),
        // One condition is taken the same way wherever it stands.
        ("format", &format!(r#"["%s%s", {}, {}]"#, c("C"), c("C")), r#"C ? "aa" : "bb""#),
        ("concat", r#"[{"if": "C", "then": ["a"], "else": []}, ["b"]]"#, r#"C ? ["a","b"] : ["b"]"#),
        ("join", r#"[",", [{"if": "C", "then": "a", "else": null}, "b"]]"#, r#"C ? "a,b" : "b""#),
        ("flatten", r#"[[{"if": "C", "then": ["a"], "else": []}, ["b"]]]"#, r#"C ? ["a","b"] : ["b"]"#),
        ("length", r#"[{"if": "C", "then": ["a"], "else": ["b"]}]"#, "1"),
        ("length", r#"[[{"if": "C", "then": "a", "else": "b"}]]"#, "1"),
        ("length", r#"[[{"if": "C", "then": "a", "else": null}]]"#, "unknown"),
        ("tonumber", r#"[{"if": "C", "then": "x", "else": "1"}]"#, "C ? fails : 1"),
        ("format", r#"["x-%s", {"oneof": ["a", "b"]}]"#, r#"one of "x-a" | "x-b" as "x-${the account id}""#),
        ("contains", r#"[["a", "b"], {"oneof": ["a", "b"]}]"#, "true"),
    ]);
    let many = format!("[\"%s%s%s%s\", {}, {}, {}, {}]", c("C"), c("D"), c("E"), c("F"));
    let found = call("format", &given(&many), SPAN).unwrap();
    fn deepest(datum: &Datum) -> &Datum {
        if let Content::Either(_, yes, _) = &datum.content { deepest(yes) } else { datum }
    }
    let Content::Unknown(why) = &deepest(&found).content else { panic!("{}", shown(&found)) };
    assert_eq!(why.condition.as_ref().map(|condition| &*condition.name), Some("F"));
    assert!(!failed(why));
}

#[test]
fn results_rest_on_what_they_are_made_of() {
    let assumption = |name: &str| Assumption { instance: Instance(0), name: name.into(), place: SPAN };
    let text = |text: &str| Datum::text(text, SPAN).assuming(&[assumption(text)]);
    let list = || Datum::new(Content::List(vec![text("a"), text("b")]), SPAN);
    let names = |datum: Option<Datum>| -> Vec<String> {
        datum.unwrap().assumes.iter().map(|assumption| assumption.name.to_string()).collect()
    };
    assert_eq!(names(call("join", &[Datum::text(",", SPAN), list()], SPAN)), ["a", "b"]);
    let at = Datum::text("1", SPAN);
    assert_eq!(names(call("element", &[list(), at], SPAN)), ["b"]);
}

#[test]
fn results_stay_small() {
    let long = format!("\"{}\"", "a".repeat(60_000));
    table(&[
        ("format", r#"["%999999999d", 1]"#, r#""?""#),
        ("format", r#"["%99999999999999999999d", 1]"#, r#""?""#),
        ("format", r#"["%.999999999f", 1]"#, r#""?""#),
        ("indent", r#"[999999999, "a\nb"]"#, r#""?""#),
        ("replace", &format!("[{long}, \"a\", {long}]"), r#""?""#),
        ("replace", &format!("[{long}, \"/(a+)/\", \"{}\"]", "$1".repeat(1000)), r#""?""#),
        ("regex", r#"["(a{1000}){1000}", "a"]"#, "unknown"),
        ("join", &format!("[{long}, [{}]]", vec!["\"a\""; 100].join(",")), r#""?""#),
    ]);
    let hundred = format!("[{}]", vec!["1"; 100].join(","));
    table(&[("setproduct", &format!("[{hundred},{hundred},{hundred},{hundred}]"), "unknown")]);
    let mut list = given("[[1, 2, 3, 4]]");
    for _ in 0..40 {
        list = vec![call("concat", &[list.clone(), list].concat(), SPAN).unwrap()];
    }
    assert_eq!(shown(&list.remove(0)), "[?]");
    let mut deep = Datum::new(Content::List(Vec::new()), SPAN);
    for _ in 0..1_000 {
        deep = Datum::new(Content::List(vec![deep]), SPAN);
    }
    assert_eq!(shown(&call("flatten", &[deep.clone()], SPAN).unwrap()), "unknown");
    assert!(call("format", &[Datum::text("%v", SPAN), deep.clone()], SPAN).is_some());
    assert!(call("contains", &[deep.clone(), deep], SPAN).is_some());
}

#[test]
fn what_is_made_of_what_has_no_value_is_named_by_its_call() {
    let made = |name: &str, arguments: &str| call(name, &given(arguments), SPAN).unwrap().as_text();
    let named = |name: &str, arguments: &str| made(name, arguments).hole().map(|hole| hole.name());
    assert_eq!(named("lower", r#"["A${name}"]"#).as_deref(), None, "a part that is known is kept");
    assert_eq!(named("lower", r#"["${name}"]"#).as_deref(), Some("lower(name)"));
    assert_eq!(
        named("replace", r#"["x\"${name}", "y", "z"]"#).as_deref(),
        Some(r#"replace("x\"${name}", "y", "z")"#),
        "what is written is told from what is interpolated"
    );
    assert_eq!(named("substr", r#"["${name}", 0, 8]"#).as_deref(), Some("substr(name, 0, 8)"));
    assert_eq!(named("jsonencode", r#"["${name}"]"#), None, "it is kept as what it says");
    assert_eq!(named("sha256", r#"["a"]"#), None, "that could be worked out");
    for (name, arguments) in
        [("lower", r#"["?x"]"#), ("uuid", "[]"), ("bcrypt", r#"["a"]"#), ("join", r#"["-", "?x"]"#)]
    {
        assert_eq!(named(name, arguments), None, "{name}{arguments}");
    }
    let long = format!(r#"["${{name}}{}"]"#, "a".repeat(2_000));
    assert_eq!(named("strrev", &long), None, "no name is without end");
}
