//! `data "aws_iam_policy_document"`: the document that its arguments make (documentation of the AWS provider; its
//! merging of documents by `Sid`).

mod statement;
#[cfg(test)]
mod tests;

use super::lift::{Reach, lift};
use crate::read::{Content, Datum, Member, embedded};
use crate::source::Span;
use crate::value::{Text, Truth, Why, WhyKind};
use statement::statement;

/// No document has more statements; a policy of AWS has far fewer.
const MAX_STATEMENTS: usize = 1_000;

/// Most comparisons of `Sid`s for one document.
const MAX_COMPARISONS: usize = 1_000_000;

/// The document as the mapping that its JSON is. `body` is the evaluated data source: attributes as they are, blocks as
/// lists of mappings.
pub(super) fn document(body: &Datum, span: Span) -> Datum {
    lift(std::slice::from_ref(body), span, Reach::Top, &|bodies| match bodies {
        [Datum { content: Content::Map { .. }, .. }] => {
            bodies.first().map_or_else(|| unread(span), |body| documents(body, span))
        }
        [Datum { content: Content::Unknown(why), .. }] => Datum::unknown(why.clone(), span),
        _ => unread(span),
    })
}

fn unread(span: Span) -> Datum {
    Datum::unknown(
        Why::new(WhyKind::Unsupported, "aws_iam_policy_document", "the document has no arguments").at(span),
        span,
    )
}

/// The document, on each side of what its sources hang on.
fn documents(body: &Datum, span: Span) -> Datum {
    // What is not known of the arguments may be any of them.
    let none = || match &body.content {
        Content::Map { rest: Some(why), .. } => Datum::unknown(why.clone(), span),
        _ => Datum::new(Content::Absent, span),
    };
    let argument = |name: &str| member(body, name).map_or_else(none, |member| member.value.clone());
    let outer = ["source_json", "source_policy_documents", "override_policy_documents", "override_json"].map(argument);
    lift(&outer, span, Reach::Lists, &|outer| {
        let own = [argument("statement")];
        lift(&own, span, Reach::Top, &|own| {
            let (before, after) = outer.split_at(2);
            assembled(body, before, own, after, span)
        })
    })
}

fn member<'d>(mapping: &'d Datum, name: &str) -> Option<&'d Member> {
    let Content::Map { members, .. } = &mapping.content else { return None };
    members.iter().find(|member| &*member.key == name && member.value.content != Content::Absent)
}

fn assembled(body: &Datum, before: &[Datum], own: &[Datum], after: &[Datum], span: Span) -> Datum {
    let sources: Vec<Datum> = before.iter().flat_map(read).collect();
    let overrides: Vec<Datum> = after.iter().flat_map(read).collect();
    let mut merged = Merged::default();
    sources.iter().for_each(|source| merged.add(statements_of(source)));
    let blocks = own.iter().flat_map(|list| match &list.content {
        Content::List(blocks) => blocks.clone(),
        Content::Absent => Vec::new(),
        _ => vec![list.clone()],
    });
    merged.add(blocks.map(|block| statement(&block)).collect());
    overrides.iter().for_each(|source| merged.add(statements_of(source)));

    let place = |name: &str| member(body, name).map_or(span, |member| member.span);
    let mut members = vec![Member {
        key: "Version".into(),
        span: place("version"),
        value: version(body, &sources, &overrides, span),
    }];
    let id = |document: &Datum| member(document, "Id").cloned();
    let own_id = member(body, "policy_id").filter(|id| id.value.as_text().literal() != Some("")).cloned();
    let id = overrides.iter().rev().find_map(id).or(own_id).or_else(|| sources.iter().rev().find_map(id));
    members.extend(id.map(|id| Member { key: "Id".into(), ..id }));
    let value = Datum::new(Content::List(merged.statements), place("statement"));
    members.push(Member { key: "Statement".into(), span: place("statement"), value });
    // What is not known of the arguments is not known of the document.
    let Content::Map { rest, .. } = &body.content else { return unread(span) };
    Datum::new(Content::Map { members, rest: rest.clone() }, span)
}

/// The highest version among those of the documents and the own one.
fn version(body: &Datum, sources: &[Datum], overrides: &[Datum], span: Span) -> Datum {
    const NEWEST: &str = "2012-10-17";
    let own = member(body, "version").map(|member| member.value.clone());
    let Some(own) = own else { return Datum::text(NEWEST, span) };
    if own.as_text().literal().is_none_or(|own| own == NEWEST) {
        return own;
    }
    let mut unknown = None;
    for document in sources.iter().chain(overrides) {
        match member(document, "Version").map(|member| &member.value) {
            Some(version) if version.as_text().literal() == Some(NEWEST) => return version.clone(),
            Some(version) => unknown = unknown.or_else(|| version.as_text().why()),
            None => {
                unknown = unknown
                    .or_else(|| document.as_text().why().filter(|_| matches!(document.content, Content::Unknown(_))))
            }
        }
    }
    unknown.map_or(own, |why| Datum::unknown(why, span))
}

/// The documents that an argument holds: mappings, and what is not known.
fn read(argument: &Datum) -> Vec<Datum> {
    match &argument.content {
        Content::List(items) => items.iter().flat_map(read).map(|one| one.assuming(&argument.assumes)).collect(),
        Content::Absent => Vec::new(),
        Content::Text { text, .. } => {
            if text.literal().is_some_and(|text| text.trim().is_empty()) {
                return Vec::new();
            }
            let malformed = || Why::new(WhyKind::Unsupported, "JSON", "this is no JSON of a policy").at(argument.span);
            let unknown = || Datum::unknown(text.why().unwrap_or_else(malformed), argument.span);
            vec![embedded::document(text, argument.span, None).unwrap_or_else(unknown).assuming(&argument.assumes)]
        }
        _ => vec![argument.clone()],
    }
}

/// The statements of another document.
fn statements_of(document: &Datum) -> Vec<Datum> {
    let assuming = |datum: &Datum| datum.clone().assuming(&document.assumes);
    match (&document.content, member(document, "Statement").map(|member| &member.value)) {
        (Content::Map { rest, .. }, found) => {
            let unknown = rest.as_ref().map(|why| Datum::unknown(why.clone(), document.span));
            match found.map(|list| (list, &list.content)) {
                Some((_, Content::List(statements))) => statements.iter().map(assuming).collect(),
                Some((one, _)) => vec![assuming(one)],
                None => unknown.into_iter().collect(),
            }
        }
        (Content::Unknown(why), _) => vec![Datum::unknown(why.clone(), document.span)],
        _ => vec![Datum::unknown(
            Why::new(WhyKind::Unsupported, "Statement", "this document is no policy").at(document.span),
            document.span,
        )],
    }
}

/// Statements, joined document by document.
#[derive(Default)]
struct Merged {
    statements: Vec<Datum>,
    comparisons: usize,
}

impl Merged {
    /// Adds the statements of a document: one with the `Sid` of an earlier document takes its place.
    fn add(&mut self, document: Vec<Datum>) {
        let earlier = self.statements.len();
        for new in document {
            self.comparisons += earlier;
            if self.statements.len() >= MAX_STATEMENTS || self.comparisons > MAX_COMPARISONS {
                let why = Why::new(WhyKind::Unsupported, "Statement", "the document has too many statements to join");
                let unknown = Datum::unknown(why.at(new.span), new.span);
                return self.statements = vec![unknown];
            }
            if self.place(&new, earlier) {
                self.statements.push(new);
            }
        }
    }

    /// Looks for the statement that a new one replaces; true where it is to be added at the end.
    fn place(&mut self, new: &Datum, earlier: usize) -> bool {
        let sid = sid(new);
        if matches!(&sid, Sid::Known(sid) if sid.is_empty().is_true()) {
            return true;
        }
        for old in self.statements.iter_mut().take(earlier) {
            let why = match (&sid, sid_of(old)) {
                (_, Sid::Known(old)) if old.is_empty().is_true() => continue,
                (Sid::Known(new), Sid::Known(old)) => match new.same(&old) {
                    Truth::False(_) => continue,
                    Truth::Unknown(whys, _) => whys.into_iter().next(),
                    Truth::True(_) => None,
                },
                (Sid::Unknown(why), _) => Some(why.clone()),
                (_, Sid::Unknown(why)) => Some(why),
            };
            match why {
                None => {
                    // One that hangs on a condition leaves the old one where it is not there.
                    *old = standing_in(new, old);
                    return false;
                }
                // It may be replaced, or stay.
                Some(why) => *old = Datum::unknown(why, old.span),
            }
        }
        true
    }
}

enum Sid {
    Known(Text),
    Unknown(Why),
}

fn sid(statement: &Datum) -> Sid {
    match &statement.content {
        Content::Map { rest: Some(why), .. } if member(statement, "Sid").is_none() => Sid::Unknown(why.clone()),
        Content::Map { .. } => match member(statement, "Sid").map(|member| &member.value) {
            None => Sid::Known(Text::default()),
            Some(Datum { content: Content::Text { text, .. }, .. }) => Sid::Known(text.clone()),
            Some(other) => other.as_text().why().map_or_else(|| Sid::Known(other.as_text()), Sid::Unknown),
        },
        Content::Either(condition, yes, no) => match (sid(yes), sid(no)) {
            (Sid::Known(yes), Sid::Known(no)) if yes == no || no == Text::default() => Sid::Known(yes),
            (Sid::Known(yes), Sid::Known(no)) if yes == Text::default() => Sid::Known(no),
            (Sid::Unknown(why), _) | (_, Sid::Unknown(why)) => Sid::Unknown(why),
            _ => Sid::Unknown(Why::condition(condition.clone())),
        },
        Content::Absent => Sid::Known(Text::default()),
        Content::Unknown(why) => Sid::Unknown(why.clone()),
        Content::OneOf { why, .. } => Sid::Unknown(why.clone()),
        _ => Sid::Known(Text::default()),
    }
}

/// The `Sid` of a statement that is there already. What is unknown as a whole stays so, and nothing replaces it.
fn sid_of(old: &Datum) -> Sid {
    match &old.content {
        Content::Unknown(_) => Sid::Known(Text::default()),
        _ => sid(old),
    }
}

fn standing_in(new: &Datum, old: &Datum) -> Datum {
    match &new.content {
        Content::Absent => old.clone(),
        Content::Either(condition, yes, no) => {
            let content =
                Content::Either(condition.clone(), Box::new(standing_in(yes, old)), Box::new(standing_in(no, old)));
            Datum { content, ..new.clone() }
        }
        _ => new.clone(),
    }
}
