//! Which other files the expressions of a configuration may read: found before anything is evaluated, by what is written of
//! their paths.

use crate::syntax::hcl::{Body, Expr, ExprKind, Part};

/// The functions that read a file, or list some.
const READERS: [&str; 5] = ["file", "fileexists", "filebase64", "templatefile", "fileset"];

/// What is known of a path: the pieces that are written, in order, anything between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pieces: Vec<String>,
    /// Whether the path ends with the last piece.
    closed: bool,
}

impl Wanted {
    /// Whether a path below a directory may be meant. It begins with `/`.
    pub fn matches(&self, path: &str) -> bool {
        let (last, before) = match (self.closed, self.pieces.split_last()) {
            (true, Some((last, before))) => (last.as_str(), before),
            _ => ("", self.pieces.as_slice()),
        };
        let Some(mut rest) = path.strip_suffix(last) else { return false };
        before.iter().all(|piece| match rest.split_once(piece.as_str()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    }
}

/// The paths that a configuration reads, as far as they are written. Those of which nothing is are left out.
pub fn wanted(body: &Body) -> Vec<Wanted> {
    let mut all = Vec::new();
    in_body(body, &mut all);
    all.sort();
    all.dedup();
    all
}

fn in_body(body: &Body, all: &mut Vec<Wanted>) {
    body.attributes.iter().for_each(|attribute| in_expression(&attribute.value, all));
    for block in &body.blocks {
        in_body(&block.body, all);
        // This data source reads a file as `file` does.
        if &*block.kind.text == "data" && block.labels.first().is_some_and(|kind| &*kind.text == "local_file") {
            all.extend(block.body.get("filename").and_then(|name| path(std::slice::from_ref(name))));
        }
    }
}

fn in_expression(expr: &Expr, all: &mut Vec<Wanted>) {
    if let ExprKind::Call { name, arguments, .. } = &expr.kind {
        let function = name.text.rsplit("::").next().unwrap_or(&name.text);
        if READERS.contains(&function) {
            all.extend(path(arguments.get(..if function == "fileset" { 2 } else { 1 }).unwrap_or(arguments)));
        }
    }
    match &expr.kind {
        ExprKind::Text(parts) => in_parts(parts, all),
        ExprKind::List(items) | ExprKind::Opaque(items) | ExprKind::Chosen(items) => {
            items.iter().for_each(|item| in_expression(item, all))
        }
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(|argument| in_expression(argument, all)),
        ExprKind::Map(entries) => entries.iter().for_each(|(key, value)| {
            in_expression(key, all);
            in_expression(value, all);
        }),
        ExprKind::Attribute(of, _) | ExprKind::Unary(_, of) => in_expression(of, all),
        ExprKind::Index(one, two) | ExprKind::Binary(_, one, two) | ExprKind::Splat { over: one, each: two } => {
            in_expression(one, all);
            in_expression(two, all);
        }
        ExprKind::Conditional(condition, yes, no) => {
            [condition, yes, no].into_iter().for_each(|inner| in_expression(inner, all));
        }
        ExprKind::For(of) => {
            [Some(&of.over), of.key_made.as_ref(), Some(&of.value_made), of.condition.as_ref()]
                .into_iter()
                .flatten()
                .for_each(|inner| in_expression(inner, all));
        }
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Variable(_) | ExprKind::Element => {}
    }
}

fn in_parts(parts: &[Part], all: &mut Vec<Wanted>) {
    for part in parts {
        match part {
            Part::Literal(..) => {}
            Part::Interpolation(expr) => in_expression(expr, all),
            Part::If(condition, yes, no) => {
                in_expression(condition, all);
                in_parts(yes, all);
                in_parts(no, all);
            }
            Part::For { over, body, .. } => {
                in_expression(over, all);
                in_parts(body, all);
            }
        }
    }
}

/// What is written of the path that some arguments make, `/` between them.
fn path(arguments: &[Expr]) -> Option<Wanted> {
    // Each gap is a character that no path has.
    const GAP: char = '\0';
    let mut text = String::new();
    for (number, argument) in arguments.iter().enumerate() {
        if number > 0 {
            text.push('/');
        }
        match &argument.kind {
            ExprKind::Text(parts) => parts.iter().for_each(|part| match part {
                Part::Literal(literal, _) if number == 0 => text.push_str(literal),
                // The pattern of `fileset`.
                Part::Literal(literal, _) => {
                    // Alternatives may be anything, and what follows them is looked at when the files are listed.
                    let plain = literal.split(['[', '{']).next().unwrap_or("");
                    text.push_str(&plain.replace(['*', '?'], "\0"));
                    if plain.len() < literal.len() {
                        text.push(GAP);
                    }
                }
                _ => text.push(GAP),
            }),
            _ => text.push(GAP),
        }
    }
    // What stands before a way up is not on the path.
    let text = text.rsplit("../").next().unwrap_or_default();
    let text = text.strip_prefix("./").unwrap_or(text).replace("/./", "/");
    let closed = !text.ends_with(GAP);
    let pieces: Vec<String> = text.split(GAP).filter(|piece| !piece.is_empty()).map(str::to_owned).collect();
    let tells = pieces.iter().any(|piece| piece.chars().any(char::is_alphanumeric));
    tells.then_some(Wanted { pieces, closed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::hcl;

    fn of(text: &str) -> Vec<Wanted> {
        wanted(&hcl::parse(FileId(0), text).0)
    }

    #[test]
    fn what_is_written_of_paths_is_found() {
        let found = |text: &str, path: &str| of(text).iter().any(|wanted| wanted.matches(path));
        let policy = "p = jsondecode(file(\"${path.module}/policies/bucket.json\"))\n";
        assert!(found(policy, "/policies/bucket.json") && found(policy, "/x/policies/bucket.json"));
        assert!(!found(policy, "/policies/other.json") && !found(policy, "/bucket.json"));
        let each = "r \"a\" \"b\" {\n  p = [for f in fileset(path.module, \"p/*.json\") : templatefile(\"${path.module}/${f}\", {})]\n}\n";
        assert!(found(each, "/p/a.json") && !found(each, "/q/a.json") && !found(each, "/p/a.yaml"));
        assert!(found("p = file(\"../common/./x.tpl\")\n", "/common/x.tpl"));
        assert!(found("p = file(\"${var.dir}/${each.key}.json\")\n", "/a/b.json"));
        assert_eq!(of("p = file(var.path)\n"), []);
        assert_eq!(of("p = \"${path.module}/x.json\"\n"), []);
    }
}
