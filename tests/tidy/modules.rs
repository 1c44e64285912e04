//! What the sources look like, from their tokens: comments and strings cannot deceive these tests.

use super::{files, no, read};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The top-level modules, each of which may use only those before it. `lib` stands for what the crate's root declares.
const ORDER: [&str; 18] = [
    "source", "parallel", "value", "patterns", "syntax", "policies", "read", "model", "page", "checks", "judge",
    "input", "report", "policy", "collect", "lib", "cli", "main",
];

/// What a check may see.
const SEEN_BY_CHECKS: [&str; 4] = ["source", "value", "model", "page"];

fn sources() -> Vec<(String, TokenStream)> {
    let rust = files("src").into_iter().filter(|path| path.ends_with(".rs"));
    rust.map(|path| {
        let tokens = read(&path).parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        (path, tokens)
    })
    .collect()
}

/// The parts of a file's module path: `src/read/cloudformation.rs` is `read`, `cloudformation`.
fn module(path: &str) -> Vec<&str> {
    path.trim_start_matches("src/").trim_end_matches(".rs").split('/').collect()
}

/// The first names behind every `crate::` of a file, and behind every chain of `super::` that reaches the root; also
/// those of `trailproof::` in the binary.
fn roots(tokens: TokenStream, depth: usize, found: &mut Vec<(String, usize)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let ident = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    };
    let colons =
        |at: usize| (at..at + 2).all(|at| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == ':'));
    let mut at = 0;
    // Modules inside a file are one level further down.
    let mut inner = false;
    while at < tokens.len() {
        inner = inner || ident(at).as_deref() == Some("mod");
        if let TokenTree::Group(group) = &tokens[at] {
            let is_module = inner && group.delimiter() == Delimiter::Brace;
            roots(group.stream(), depth + usize::from(is_module), found);
            inner = inner && !is_module;
        }
        if matches!(&tokens[at], TokenTree::Punct(it) if it.as_char() == ';') {
            inner = false;
        }
        let mut supers = 0;
        let mut next = at;
        while ident(next).as_deref() == Some("super") && colons(next + 1) {
            supers += 1;
            next += 3;
        }
        let from_root = matches!(ident(at).as_deref(), Some("crate" | "trailproof")) && colons(at + 1);
        if from_root || (supers > 0 && supers >= depth) {
            let line = tokens[at].span().start().line;
            at = if from_root { at + 3 } else { next };
            match tokens.get(at) {
                Some(TokenTree::Ident(name)) => found.push((name.to_string(), line)),
                Some(TokenTree::Group(group)) => found.extend(heads(group).into_iter().map(|name| (name, line))),
                _ => {}
            }
        }
        at = at.max(next) + 1;
    }
}

/// The first name of each path in the braces of a `use`.
fn heads(group: &Group) -> Vec<String> {
    let mut names = Vec::new();
    let mut first = true;
    for token in group.stream() {
        match token {
            TokenTree::Ident(name) if first => {
                names.push(name.to_string());
                first = false;
            }
            TokenTree::Punct(it) if it.as_char() == ',' => first = true,
            _ => {}
        }
    }
    names
}

#[test]
fn modules_depend_one_way() {
    let rank = |name: &str| ORDER.iter().position(|known| *known == name);
    let mut complaints = Vec::new();
    for (path, tokens) in sources() {
        let own = module(&path);
        let Some(mine) = rank(own[0]) else {
            complaints.push(format!("{path}: where does `{}` stand in the order of modules?", own[0]));
            continue;
        };
        let mut found = Vec::new();
        let depth = if own == ["lib"] || own == ["main"] { usize::MAX } else { own.len() };
        roots(tokens, depth, &mut found);
        for (name, line) in found {
            // Whatever is no module is declared in the root.
            let theirs = rank(&name).or(rank("lib"));
            if own[0] != "lib" && name != own[0] && theirs >= Some(mine) {
                complaints.push(format!("{path}:{line}: `{}` may not use `{name}`", own[0]));
            }
            if own[0] == "checks" && own.len() > 1 && !SEEN_BY_CHECKS.contains(&name.as_str()) {
                complaints.push(format!("{path}:{line}: a check may not use `{name}`"));
            }
        }
    }
    no(complaints);
}

#[test]
fn the_scan_sees_what_it_must() {
    let found = |text: &str, depth| {
        let mut found = Vec::new();
        roots(text.parse().unwrap(), depth, &mut found);
        found.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(found("use crate::{a::b, c}; // crate::d\nfn f() { crate::e::g(\"crate::h\") }", 1), ["a", "c", "e"]);
    assert_eq!(found("use super::a; use super::super::b::c;", 2), ["b"]);
    assert_eq!(found("mod tests { use super::a; use super::super::b; }", 1), ["b"]);
}

#[test]
fn files_stay_small() {
    let limit = |path: &str| if path.starts_with("src/checks/") { 80 } else { 400 };
    let lines = |path: &String| read(path).lines().count();
    let long = files("src").into_iter().filter(|path| lines(path) > limit(path));
    no(long.map(|path| format!("{path}: {} lines, the limit is {}", lines(&path), limit(&path))).collect());
}

/// The functions that take words for people, and which argument those are.
const SPEAKERS: [(&str, usize); 10] = [
    ("label", 0),
    ("labelled", 0),
    ("because", 0),
    ("related", 0),
    ("pass", 0),
    ("not_applicable", 0),
    ("not_visible", 1),
    ("Skipped", 0),
    ("SyntaxError::new", 0),
    ("Why::new", 2),
];

#[test]
fn messages_are_in_the_house_style() {
    let mut complaints = Vec::new();
    let mut heard = 0;
    for (path, tokens) in sources() {
        let mut messages = Vec::new();
        listen(tokens, &mut messages);
        heard += messages.len();
        for (line, message) in messages {
            if let Some(why) = objection(&message) {
                complaints.push(format!("{path}:{line}: {why}: {message:?}"));
            }
        }
    }
    assert!(heard > 100, "only {heard} messages were found: the scan has gone deaf");
    no(complaints);
}

/// What is said to the functions that take words, each with its line.
fn listen(tokens: TokenStream, messages: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let ident = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Ident(ident)) => ident.to_string(),
        _ => String::new(),
    };
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        listen(group.stream(), messages);
        let (name, owner) = (ident(at.checked_sub(1)), ident(at.checked_sub(4)));
        let called = |speaker: &str| speaker == name || speaker == format!("{owner}::{name}");
        let Some((_, argument)) = SPEAKERS.iter().find(|(speaker, _)| called(speaker)) else { continue };
        if group.delimiter() == Delimiter::Parenthesis {
            let mut arguments: Vec<Vec<TokenTree>> = vec![Vec::new()];
            for token in group.stream() {
                match &token {
                    TokenTree::Punct(it) if it.as_char() == ',' => arguments.push(Vec::new()),
                    _ => arguments.last_mut().unwrap().push(token),
                }
            }
            if let Some(argument) = arguments.get(*argument) {
                messages.extend(first_literal(argument.iter().cloned().collect()));
            }
        }
    }
}

/// The first string in some tokens, also inside `format!`.
fn first_literal(tokens: TokenStream) -> Option<(usize, String)> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let inner = text.strip_prefix('"')?.strip_suffix('"')?.to_owned();
            Some((literal.span().start().line, inner))
        }
        TokenTree::Group(group) => first_literal(group.stream()),
        _ => None,
    })
}

/// What is wrong with a message.
fn objection(message: &str) -> Option<&'static str> {
    let first = message.split([' ', '\'', ',']).next().unwrap_or_default();
    // Names keep their capitals: CloudTrail, KMS, S3; those that look like other words are listed.
    let is_name = first.chars().skip(1).any(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        || ["Object", "Block", "Insights", "Lambda"].contains(&first);
    if message.starts_with(|c: char| c.is_uppercase()) && !is_name {
        Some("a message starts in lower case")
    } else if message.ends_with('.') {
        Some("a message has no full stop at its end")
    } else if message != message.trim() {
        Some("a message has no space at its ends")
    } else {
        None
    }
}

#[test]
fn objections_are_raised() {
    assert!(
        objection("Bucket is open").is_some() && objection("it is open.").is_some() && objection("open ").is_some()
    );
    assert!(objection("CloudTrail cannot write").is_none() && objection("`x` is off").is_none());
}
