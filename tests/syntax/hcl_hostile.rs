//! Hostile HCL: an error at its place, in time, and never a crash.

use std::time::{Duration, Instant};

use trailproof::syntax::hcl;

use super::hcl::inside;
use super::{FILE, proper};

/// What the tests may take, unoptimized and on a busy machine. Work that doubles with each level takes years.
const PATIENCE: Duration = Duration::from_secs(120);

const MODULE: &str = r#"# The record
variable "days" {
  type    = number
  default = 365
}
resource "aws_s3_bucket" "größe" {
  count  = var.days > 0 && !local.off ? 1 : 0
  bucket = "${local.name}-x$${y}\n"
  policy = <<-EOT
    { "a": ${jsonencode(var.a)} }
    %{ for k, v in local.m ~}
    ${k}
    %{ endfor ~}
  EOT
  tags = { for k, v in var.tags : k => upper(v) if v != null }
  dynamic "rule" {
    for_each = aws_x.y[*].id /* all */
    content { id = rule.value.0.a["b"] } // one
  }
}
locals { a = -1 + (2 * 3) }
"#;

const JSON: &str = r#"{"resource": {"aws_s3_bucket": {"größe": {"bucket": "${a.b}\u00e9\n${\"x\"}", "n": [1, -2.5e3, null],
    "depends_on": ["a.b"], "dynamic": {"r": {"content": {}}}}}}}"#;

/// Each parser on a text: what it gives lies inside the text.
fn all(text: &str) {
    let (body, errors) = hcl::parse(FILE, text);
    inside(&body, text);
    errors.iter().for_each(|error| proper(error, text));
    let (body, errors) = hcl::parse_json(FILE, text);
    inside(&body, text);
    errors.iter().for_each(|error| proper(error, text));
    for error in [hcl::expression(FILE, text, 0).err(), hcl::template(FILE, text, 0).err()] {
        error.iter().for_each(|error| proper(error, text));
    }
}

#[test]
fn nesting_of_every_kind_is_refused_in_time() {
    let start = Instant::now();
    let kinds = [
        ("(", "x", ")"),
        ("[", "x", "]"),
        ("{a=", "1", "}"),
        ("{(a)=", "1", "}"),
        ("{(", "x", ")=1}"),
        ("f(", "x", ")"),
        ("a[", "x", "]"),
        ("\"${", "x", "}\""),
        ("\"%{if a}${", "x", "}%{endif}\""),
        ("\"%{if ", "x", "}%{endif}\""),
        ("[for a in b : ", "x", "]"),
        ("[for a in ", "x", ": a]"),
        ("{for a in b : c => ", "x", "}"),
        ("!", "x", ""),
        ("-", "x", ""),
        ("- ", "1", ""),
        ("a?b:", "x", ""),
        ("a?", "x", ":b"),
        ("a+", "x", ""),
        ("a&&b==", "x", ""),
        ("a+b*c+(", "x", ")"),
        ("", "a", ".b"),
        ("", "a", "[0]"),
        ("", "a", ".0"),
        ("", "a", "[*]"),
        ("", "a", ".*"),
        ("-a?!f([\"${", "x", "}\"]):b"),
        ("<<A\n${", "x", "}\nA\n"),
    ];
    for (open, middle, close) in kinds {
        let nested = |levels: usize| format!("{}{middle}{}", open.repeat(levels), close.repeat(levels));
        let few = nested(5);
        assert!(hcl::expression(FILE, &few, 0).is_ok(), "{few}: {:?}", hcl::expression(FILE, &few, 0));
        for levels in [30, 38, 40, 60, 64, 130, 250, 10_000, 100_000] {
            let text = nested(levels);
            let result = hcl::expression(FILE, &text, 0);
            assert!(result.is_ok() || levels > 20, "{open} {levels}");
            match result {
                Ok(_) => assert!(levels < 1000, "{open}: {levels} levels were read"),
                Err(error) => proper(&error, &text),
            }
            let (_, errors) = hcl::parse(FILE, &format!("a = {text}\nb = 1\n"));
            assert!(errors.len() <= 2, "{open}: {errors:?}");
        }
    }
    for levels in [10, 39, 1000, 100_000] {
        let text = format!("{}{}", "a {\n".repeat(levels), "}\n".repeat(levels));
        let (body, errors) = hcl::parse(FILE, &text);
        assert_eq!((body.blocks.len() == 1, errors.is_empty()), (levels < 40, levels < 40), "{levels}");
    }
    let directives = format!("{}x{}", "%{ if a }".repeat(100_000), "%{ endif }".repeat(100_000));
    assert!(hcl::template(FILE, &directives, 0).unwrap_err().message.starts_with("nested deeper"));
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

/// JSON and the templates in its strings nest in one another.
#[test]
fn json_around_deep_templates_fits_the_stack() {
    for depth in [10, 190] {
        for (open, middle, close) in [("(", "x", ")"), ("{a=", "1", "}"), ("f(", "x", ")"), ("a?b:", "x", "")] {
            let levels = if open == "a?b:" { 60 } else { 37 };
            let string = format!("${{{}{middle}{}}}", open.repeat(levels), close.repeat(levels));
            let text = format!("{{\"locals\": {{\"a\": {}\"{string}\"{}}}}}", "[".repeat(depth), "]".repeat(depth));
            all(&text);
        }
    }
}

/// The parser tries again what fails in the operand of an operator.
#[test]
fn failures_inside_operands_do_not_double_with_each_level() {
    let start = Instant::now();
    let broken = [
        "<x",
        "\"%{ x }\"",
        "\"%{ else }\"",
        "a !b",
        "a & b",
        "a | b",
        "a.99999999999999999999999",
        "a.",
        "\"${",
        "\"",
        "(",
        "{a",
        "{a =",
        "{",
        "<<A",
        "<<A\n",
        "1e",
        "x\r",
        "\"\\q\"",
        "\"${a b}\"",
        "\"%{ if }\"",
        "\"%{ for a in b }\"",
        "-",
        "!",
        "a ?",
        "a ? b",
        "[for",
        "[for a in",
        "{for a in b : c}",
        "f(",
        "f(a b)",
        "a::",
        "a::b",
        "::a",
        "a[",
        "a[]",
        "a..b",
        "a...",
        ",",
        ":",
        "=",
        "=>",
        "#",
        "//",
        "/*",
        "~}",
        "$",
        "%",
        "@",
        "\\",
        "'a'",
        "\0",
        "\u{a0}",
        "é",
        "\u{301}",
        "²",
        "Ⅷ",
        "a²",
    ];
    let digits = "9".repeat(400);
    for broken in broken.into_iter().chain([&*digits]) {
        for (open, close) in [
            ("a+b+(", ")"),
            ("a+b+!(", ")"),
            ("a+b+{a=", "}"),
            ("a+b+\"${", "}\""),
            ("a+b+\"%{if ", "}%{endif}\""),
            ("a+b+(a?b:", ")"),
            ("a+b+c[", "]"),
        ] {
            let text = format!("{}{broken}{}", open.repeat(30), close.repeat(30));
            let one = Instant::now();
            let _ = hcl::expression(FILE, &text, 0);
            assert!(one.elapsed() < Duration::from_secs(5), "{open} {broken:?}: {:?}", one.elapsed());
        }
    }
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn much_of_one_thing_neither_hangs_nor_overflows() {
    let start = Instant::now();
    let units = [
        "(",
        "[",
        "{",
        "}",
        "\"",
        "\"\n",
        "${",
        "%{",
        "%{ if a }",
        "<<A\n",
        "<<-A\n \n",
        "a {\n",
        "a = 1\n",
        "a \"b\" {\n}\n",
        "a = \"\n",
        "a = <<E\n",
        "a = [\n",
        "a.",
        "a[0].",
        "a ? ",
        "a ? b : ",
        "!",
        "-",
        "1",
        ".",
        ",",
        "=",
        "a=1,",
        "{a=1},",
        "#\n",
        "/*",
        "//",
        "/**/",
        "\\",
        "$",
        "$$",
        "$${",
        "\r",
        "\r\n",
        " ",
        "\n",
        "é",
        "\u{feff}",
        "\0",
        "a::",
        "f(",
        "x\n",
        "EOT\n",
        "\"${a}\",",
        "\\u",
        "\\n",
    ];
    for unit in units {
        let text = unit.repeat(20_000 / unit.len());
        all(&text);
        for (before, after) in
            [("a = [", "]\n"), ("a = \"", "\"\n"), ("a = {\n", "}\n"), ("a = <<E\n", "\nE\n"), ("{\"a\": \"", "\"}")]
        {
            all(&format!("{before}{text}{after}"));
        }
    }
    let keys: String = (0..100_000).map(|n| format!("k{n} = {n}\n")).collect();
    assert_eq!(hcl::parse(FILE, &keys).0.attributes.len(), 100_000);
    assert!(hcl::parse(FILE, &format!("a = {{\n{keys}}}\n")).1[0].message.contains("more than 5000 items"));
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

/// Random edits: whatever a file holds, there is a tree or an error, with places inside it.
#[test]
fn mutated_files_never_break_the_parsers() {
    let pieces = [
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\0",
        "é",
        "\u{feff}",
        "'",
        "\"",
        "\\",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ",",
        ":",
        "::",
        "= ",
        "==",
        "=>",
        "#",
        "//",
        "/*",
        "*/",
        "${",
        "%{",
        "~}",
        "$${",
        "%{ if a }",
        "%{ else }",
        "%{ endif }",
        "%{ for a in b }",
        "%{ endfor }",
        "<<E\n",
        "<<-EOT\n",
        "EOT\n",
        "?",
        "!",
        "-",
        "...",
        ".",
        ".*",
        "[*]",
        ".0",
        "for ",
        " in ",
        " if ",
        "null",
        "\\u00e9",
        "\\ud834\\udd1e",
        "𝄞",
        "1e5",
        "&&",
        "||",
        "<",
        ">=",
        "/",
        "%",
        "a",
        "x = 1\n",
        "y {\n",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (mut whole, mut parts) = (0, 0);
    for round in 0..1_500 {
        let mut chars: Vec<char> = if round % 3 == 0 { JSON } else { MODULE }.chars().collect();
        for _ in 0..=random(4) {
            let at = random(chars.len());
            match random(3) {
                0 => drop(chars.drain(at..(at + 1 + random(8)).min(chars.len()))),
                1 => drop(chars.splice(at..at, pieces[random(pieces.len())].chars())),
                _ => {
                    let from = random(chars.len());
                    let copied: Vec<char> = chars[from..(from + random(30)).min(chars.len())].to_vec();
                    drop(chars.splice(at..at, copied));
                }
            }
            if chars.is_empty() {
                chars.push('x');
            }
        }
        let text: String = chars.into_iter().collect();
        let one = Instant::now();
        all(&text);
        assert!(one.elapsed() < Duration::from_secs(10), "{:?}: {text}", one.elapsed());
        let (body, errors) = hcl::parse(FILE, &text);
        whole += usize::from(errors.is_empty());
        parts += usize::from(!errors.is_empty() && !body.blocks.is_empty());
    }
    assert!(whole > 50 && parts > 300, "{whole} {parts}");
    for round in 0..1_000 {
        let bytes: Vec<u8> =
            (0..random(80)).map(|_| u8::try_from(random(if round % 2 == 0 { 128 } else { 256 })).unwrap()).collect();
        all(&String::from_utf8_lossy(&bytes));
        let text: String = (0..random(20)).map(|_| pieces[random(pieces.len())]).collect();
        all(&text);
    }
}
