//! HCL: what each construct becomes, exact places, and what a broken block costs.

use trailproof::syntax::hcl::{self, Body, Expr, ExprKind, Part};

use super::{FILE, proper};

/// An expression as one line: operators before their operands in parentheses, places left out.
pub(super) fn shown(expr: &Expr) -> String {
    let all = |items: &[Expr]| items.iter().map(shown).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(text) => text.to_string(),
        ExprKind::Text(found) => format!("'{}'", parts(found)),
        ExprKind::List(items) => format!("[{}]", all(items)),
        ExprKind::Map(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{}={}", shown(key), shown(value))).collect();
            format!("{{{}}}", members.join(" "))
        }
        ExprKind::Variable(word) => word.to_string(),
        ExprKind::Attribute(of, name) => format!("{}.{}", shown(of), name.text),
        ExprKind::Index(of, key) => format!("{}[{}]", shown(of), shown(key)),
        ExprKind::Splat { over, each } => format!("(each {} {})", shown(over), shown(each)),
        ExprKind::Element => "@".to_owned(),
        ExprKind::Call { name, arguments, spread } => {
            format!("{}({}{})", name.text, all(arguments), if *spread { "..." } else { "" })
        }
        ExprKind::Conditional(test, yes, no) => format!("(? {} {} {})", shown(test), shown(yes), shown(no)),
        ExprKind::Unary(operator, of) => format!("({operator:?} {})", shown(of)),
        ExprKind::Binary(operator, left, right) => format!("({operator:?} {} {})", shown(left), shown(right)),
        ExprKind::For(made) => {
            let optional =
                |name: &str, expr: Option<&Expr>| expr.map_or(String::new(), |e| format!(" {name} {}", shown(e)));
            format!(
                "(for {},{} {}{} {}{}{})",
                made.key.as_deref().unwrap_or(""),
                made.value,
                shown(&made.over),
                optional("=>", made.key_made.as_ref()),
                shown(&made.value_made),
                if made.grouped { "..." } else { "" },
                optional("if", made.condition.as_ref()),
            )
        }
        ExprKind::Opaque(references) | ExprKind::Chosen(references) => format!("(opaque {})", all(references)),
    }
}

fn parts(found: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text, _) => text.to_string(),
        Part::Interpolation(expr) => format!("${{{}}}", shown(expr)),
        Part::If(test, yes, no) => format!("%if({}|{}|{})", shown(test), parts(yes), parts(no)),
        Part::For { key, value, over, body } => {
            format!("%for({},{value}|{}|{})", key.as_deref().unwrap_or(""), shown(over), parts(body))
        }
    };
    found.iter().map(part).collect()
}

/// Calls `see` with an expression and everything below it.
pub(super) fn walk<'e>(expr: &'e Expr, see: &mut dyn FnMut(&'e Expr)) {
    see(expr);
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Variable(_) | ExprKind::Element => {}
        ExprKind::Text(found) => walk_parts(found, see),
        ExprKind::List(items)
        | ExprKind::Opaque(items)
        | ExprKind::Chosen(items)
        | ExprKind::Call { arguments: items, .. } => {
            items.iter().for_each(|item| walk(item, see));
        }
        ExprKind::Map(members) => members.iter().for_each(|(key, value)| {
            walk(key, see);
            walk(value, see);
        }),
        ExprKind::Attribute(of, _) | ExprKind::Unary(_, of) => walk(of, see),
        ExprKind::Index(left, right)
        | ExprKind::Binary(_, left, right)
        | ExprKind::Splat { over: left, each: right } => {
            walk(left, see);
            walk(right, see);
        }
        ExprKind::Conditional(test, yes, no) => [test, yes, no].into_iter().for_each(|expr| walk(expr, see)),
        ExprKind::For(made) => {
            let optional = [made.key_made.as_ref(), made.condition.as_ref()];
            let all = [Some(&made.over), Some(&made.value_made)].into_iter().chain(optional);
            all.flatten().for_each(|expr| walk(expr, see));
        }
    }
}

fn walk_parts<'e>(found: &'e [Part], see: &mut dyn FnMut(&'e Expr)) {
    for part in found {
        match part {
            Part::Literal(..) => {}
            Part::Interpolation(expr) => walk(expr, see),
            Part::If(test, yes, no) => {
                walk(test, see);
                walk_parts(yes, see);
                walk_parts(no, see);
            }
            Part::For { over, body, .. } => {
                walk(over, see);
                walk_parts(body, see);
            }
        }
    }
}

/// Every place in a body lies in the text and holds something.
pub(super) fn inside(body: &Body, text: &str) {
    let cut = |span: trailproof::source::Span| {
        assert_eq!(span.file, FILE);
        assert!(text.get(span.range()).is_some_and(|cut| !cut.is_empty()), "{span:?} in {text:?}");
    };
    for attribute in &body.attributes {
        cut(attribute.name.span);
        walk(&attribute.value, &mut |expr| cut(expr.span));
    }
    for block in &body.blocks {
        cut(block.kind.span);
        block.labels.iter().for_each(|label| cut(label.span));
        inside(&block.body, text);
    }
}

#[track_caller]
fn expression(text: &str) -> Expr {
    hcl::expression(FILE, text, 0).unwrap_or_else(|error| panic!("{text:?}: {error:?}"))
}

#[track_caller]
fn is(text: &str, expected: &str) {
    assert_eq!(shown(&expression(text)), expected, "{text:?}");
}

#[track_caller]
pub(super) fn body(text: &str) -> Body {
    let (body, errors) = hcl::parse(FILE, text);
    assert_eq!(errors, [], "{text:?}");
    inside(&body, text);
    body
}

/// A body as lines: attributes, then blocks with what they hold.
pub(super) fn lines(body: &Body) -> Vec<String> {
    let attributes =
        body.attributes.iter().map(|attribute| format!("{} = {}", attribute.name.text, shown(&attribute.value)));
    let blocks = body.blocks.iter().flat_map(|block| {
        let labels: String = block.labels.iter().map(|label| format!(" {}", label.text)).collect();
        let head = format!("{}{labels}", block.kind.text);
        let inner = lines(&block.body);
        std::iter::once(head.clone()).chain(inner.into_iter().map(move |line| format!("{head} / {line}")))
    });
    attributes.chain(blocks).collect()
}

#[test]
fn every_expression_has_its_shape() {
    is("null", "null");
    is(" true ", "true");
    is("-1.50e+3", "-1.50e+3");
    is("- 5", "-5");
    is("007", "007");
    is("-a", "(Minus a)");
    is("!a.b && c || d", "(Or (And (Not a.b) c) d)");
    is("a + b * c - d % 2", "(Minus (Plus a (Times b c)) (Modulo d 2))");
    is("(a + b) * c", "(Times (Plus a b) c)");
    is("a == b ? c : d ? e : f", "(? (Equal a b) c (? d e f))");
    is("a <= b\n || a >= c // note\n || a != 0", "(Or (Or (LessOrEqual a b) (GreaterOrEqual a c)) (NotEqual a 0))");
    is("[a, [1, \"x\"],\n b,]", "[a [1 'x'] b]");
    is("{a = 1, \"b\" : 2, (c) = 3\n d.e = 4, \"${f}x\" = 5}", "{'a'=1 'b'=2 c=3 d.e=4 '${f}x'=5}");
    is("f()", "f()");
    is("merge(a, [b]...)", "merge(a [b]...)");
    is("provider::aws::arn_parse(a)", "provider::aws::arn_parse(a)");
    is("[for v in a : v.b if v != null]", "(for ,v a v.b if (NotEqual v null))");
    is("{for k, v in a : v => k... if k}", "(for k,v a => v k... if k)");
    is("{for k in a : k =>\n k ?\n 1 : # note\n 2\n}", "(for ,k a => k (? k 1 2))");
}

#[test]
fn traversals_and_splats_take_what_is_theirs() {
    is("a.b[0].c[\"d\"][e.f]", "a.b[0].c['d'][e.f]");
    is("a.0.b", "a[0].b");
    is("a[*].b[0].c", "(each a @.b[0].c)");
    is("a[*].b[*].c", "(each a (each @.b @.c))");
    is("a.*.b.c[0].d", "(each a @.b.c)[0].d");
    is("a.*.b.0", "(each a @.b[0])");
    is("a[*]", "(each a @)");
    is("f(a)[0].b", "f(a)[0].b");
    is("[a][*].b", "(each [a] @.b)");
}

#[test]
fn strings_resolve_escapes_and_keep_templates() {
    is(r#""""#, "''");
    is(r#""a\n\"\\\u00e9\U0001d11e""#, "'a\n\"\\é𝄞'");
    is(r#""$${a}%%{b}$c%d$""#, "'${a}%{b}$c%d$'");
    is(r#""a${b}c${"d${e}"}""#, "'a${b}c${'d${e}'}'");
    is(r#""${a}""#, "'${a}'");
    is(r#""%{ if a }\"b\"%{ else }c\n%{ endif }""#, "'%if(a|\"b\"|c\n)'");
    is(r#""%{ for k, v in a }${k}%{ for x in v }-%{ endfor }%{ endfor }""#, "'%for(k,v|a|${k}%for(,x|v|-))'");
    is(r#""a  ${~ b ~}  c""#, "'a${b}c'");
    is(r#""a %{~ if b ~} c %{~ else ~} d %{~ endif ~} e""#, "'a%if(b|c|d)e'");
}

#[test]
fn heredocs_lose_the_indentation_that_terraform_takes() {
    is("<<E\n  a\n${b}\nE\n", "'  a\n${b}\n'");
    is("<<E\nE\n", "''");
    is("<<-E\n    a\n      b ${c}\n\n    d\n  E\n", "'a\n  b ${c}\n\nd\n'");
    // A line of spaces does not count and keeps them; an interpolation at the start of a line leaves nothing to take.
    is("<<-E\n    a\n  \n    b\n    E\n", "'a\n  \nb\n'");
    is("<<-E\n    a\n${b}\n    E\n", "'    a\n${b}\n'");
    is("<<-E\n\t\ta\n\t\t\tb\n\tE\n", "'a\n\tb\n'");
    is("<<-E\n  \\n $${a} \"q\"\n  E\n", "'\\n ${a} \"q\"\n'");
    // A strip marker reaches to the end of its line, and what it joins is no new line.
    is("<<E\n%{ for a in b ~}\n  x ${a}\n%{ endfor ~}\n  y\nE\n", "'%for(,a|b|  x ${a}\n)  y\n'");
    is("<<E\na\n%{~ if b }c%{ endif ~}\n\nd\nE\n", "'a%if(b|c|)\nd\n'");
    is("f(<<A\nx\nA\n, 1)", "f('x\n' 1)");
}

#[test]
fn places_are_those_of_the_text_as_written() {
    let text = "x = [ (a + b) , f(c.d, \"é${ g }\").h[*].i , -1 ]\n";
    let found = body(text);
    let mut cuts = Vec::new();
    walk(&found.attributes[0].value, &mut |expr| cuts.push(&text[expr.span.range()]));
    let expected = [
        "[ (a + b) , f(c.d, \"é${ g }\").h[*].i , -1 ]",
        "(a + b)",
        "a",
        "b",
        "f(c.d, \"é${ g }\").h[*].i",
        "f(c.d, \"é${ g }\").h",
        "f(c.d, \"é${ g }\")",
        "c.d",
        "c",
        "\"é${ g }\"",
        "g",
        "[*].i",
        "[*]",
        "-1",
    ];
    assert_eq!(cuts, expected);
    let text = "\u{feff}resource \"a\" b {\r\n  c = <<-E\r\n    ${d}\r\n    E\r\n  \"e\" {}\r\n}\r\n";
    let (_, errors) = hcl::parse(FILE, text);
    assert_eq!(errors.len(), 1);
    let text = "\u{feff}resource \"a\" b {\r\n  c = <<-E\r\n    ${d}\r\n    E\r\n  e {}\r\n}\r\n";
    let found = body(text);
    let block = &found.blocks[0];
    let cut = |span: trailproof::source::Span| &text[span.range()];
    assert_eq!(
        (cut(block.kind.span), cut(block.labels[0].span), cut(block.labels[1].span)),
        ("resource", "\"a\"", "b")
    );
    assert_eq!(&*block.labels[0].text, "a");
    assert_eq!(cut(block.body.attributes[0].value.span), "<<-E\r\n    ${d}\r\n    E");
    let offset = hcl::expression(FILE, "a.b", 100).unwrap();
    assert_eq!(offset.span.range(), 100..103);
}

#[test]
fn a_broken_block_costs_itself_alone() {
    let text = "a \"1\" {\n  x = 1\n}\nb \"2\" {\n  x = [1\n}\nc \"3\" {\n  y = \"open\n}\nd {}\n}\ne {\n  z = 1 +\n}\nf {\n  u = ]\n}\ng = 1\ng = 2\nh {\n";
    let (found, errors) = hcl::parse(FILE, text);
    inside(&found, text);
    // Of a broken block its words are known.
    assert_eq!(lines(&found), ["g = 1", "a 1", "a 1 / x = 1", "b 2", "c 3", "d", "e", "f", "h"]);
    let broken = found.blocks.iter().filter(|block| block.body.is_broken);
    assert_eq!(broken.map(|block| &*block.kind.text).collect::<String>(), "bcefh");
    let told: Vec<_> = errors
        .iter()
        .map(|error| {
            proper(error, text);
            (text[..error.span.start as usize].matches('\n').count() + 1, &*error.message)
        })
        .collect();
    let expected = [
        (6, "`}` stands where `]` is missing"),
        (8, "this string is not closed"),
        (11, "this `}` closes nothing"),
        (13, "expected a value"),
        (16, "`]` stands where `}` is missing"),
        (19, "this attribute is set twice"),
        (20, "this is not closed: a `}` is missing"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn errors_say_what_and_where() {
    let cases = [
        ("", "expected"),
        ("a b", "expected `)`"),
        ("a) + (b", "closes nothing"),
        ("[1, 2", "a `]` is missing"),
        ("\"a", "not closed"),
        ("\"\\q\"", "unknown escape"),
        ("\"\\u12\"", "four hexadecimal digits"),
        ("\"${a\"", "not closed"),
        ("\"%{ if a }b\"", "`%{ endif }` is missing"),
        ("\"%{ else }\"", "ends nothing"),
        ("\"%{ foo }\"", "takes `if`"),
        ("<<E\na\n", "holds `E` alone"),
        ("<E", "expected a value"),
        ("a !b", "cannot stand here"),
        ("a & b", "cannot stand here"),
        ("{a 1}", "expected `=` or `:`"),
        ("{a = 1 b = 2}", "expected `,`"),
        ("a.", "after `.`"),
        ("a ; b", "cannot stand here"),
        ("/* a", "comment is not closed"),
        ("1e", "digit"),
    ];
    for (text, words) in cases {
        let error = hcl::expression(FILE, text, 0).expect_err(text);
        proper(&error, text);
        assert!(error.message.contains(words), "{text:?}: {error:?}");
    }
}

#[test]
fn template_files_have_no_quotes() {
    let text = "a \"b\" ${ c }\n  %{ if d ~}\n  e\n%{ endif }$${f}\\n\n";
    let found = hcl::template(FILE, text, 7).unwrap();
    assert_eq!(parts(&found), "a \"b\" ${c}\n  %if(d|  e\n|)${f}\\n\n");
    walk_parts(&found, &mut |expr| {
        assert!(matches!(&text[expr.span.start as usize - 7..expr.span.end as usize - 7], "c" | "d"))
    });
    assert_eq!(hcl::template(FILE, "", 0).unwrap(), []);
    assert!(hcl::template(FILE, "${a", 0).unwrap_err().message.contains("not closed"));
}
