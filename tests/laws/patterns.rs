//! Law 8, the ground below: wildcards over texts with holes, against every text of a small alphabet.

use super::common::{Numbers, each, none};
use super::naive::matching::{like_text, pieces};
use trailproof::value::{Case, Fit, Hole, Instance, Match, Of, Pattern, Piece, Text, Truth};

const PATTERNS: u64 = 4000;

/// Everything that a hole or a question may stand for, as far as it is tried.
const STRINGS: [&str; 8] = ["", "a", "b", ":", "ab", "ba", "aa", "b:"];
const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "121212121212"];

/// A part of a pattern or of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Literal(&'static str),
    Parameter(&'static str),
    /// The name of a resource: never empty, and without colons.
    Resource,
    Account,
    Any,
}

impl Part {
    fn piece(self) -> Piece {
        let hole = |of: Of| Piece::Hole(Hole { instance: Instance(0), of });
        match self {
            Part::Literal(text) => Piece::Literal(text.into()),
            Part::Parameter(name) => hole(Of::Parameter { name: name.into(), filled: false, plain: false }),
            Part::Resource => hole(Of::Resource { address: "R".into(), attribute: "id".into() }),
            Part::Account => hole(Of::Account),
            Part::Any => Piece::Hole(Of::any()),
        }
    }
}

/// What parts that are no literals become.
#[derive(Clone, Debug)]
struct Filling {
    p: &'static str,
    q: &'static str,
    resource: &'static str,
    account: &'static str,
    any: String,
}

/// What a question may range over to meet a pattern, if it can: each part of it, its wildcards as few characters as can be.
fn rangings(pattern: &str, wild: bool) -> Vec<String> {
    let fewest = if wild { pattern.replace('*', "").replace('?', "a") } else { pattern.to_owned() };
    let parts = (0..=fewest.len()).flat_map(|from| (from..=fewest.len()).map(move |to| (from, to)));
    let parts = parts.map(|(from, to)| fewest[from..to].to_owned());
    parts.chain(STRINGS.map(str::to_owned)).collect()
}

fn filled(parts: &[Part], filling: &Filling) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(match part {
            Part::Literal(text) => text,
            Part::Parameter("P") => filling.p,
            Part::Parameter(_) => filling.q,
            Part::Resource => filling.resource,
            Part::Account => filling.account,
            Part::Any => &filling.any,
        });
    }
    text
}

fn draw(numbers: &mut Numbers, pattern: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    for _ in 0..numbers.below(5) {
        parts.push(match numbers.below(9) {
            0 | 1 => *numbers.pick(&["a", "b", "ab", ":"].map(Part::Literal)),
            2 | 3 if pattern => Part::Literal("*"),
            4 if pattern => Part::Literal("?"),
            2 | 3 if !parts.contains(&Part::Any) => Part::Any,
            5 => Part::Parameter("P"),
            6 => Part::Parameter("Q"),
            7 => Part::Resource,
            8 => *numbers.pick(&[Part::Account, Part::Literal("1"), Part::Literal("111111111111")]),
            _ => Part::Literal("a"),
        });
    }
    parts
}

fn text(parts: &[Part]) -> Text {
    let mut text = Text::default();
    parts.iter().for_each(|part| text.push(part.piece()));
    text
}

/// Whether a pattern matches some and all of what the question ranges over, for each filling of the holes.
fn tried(pattern: &[Part], subject: &[Part], wild: bool) -> Vec<(bool, bool, Filling)> {
    let both: Vec<Part> = pattern.iter().chain(subject).copied().collect();
    let choices = |part: Part, all: &'static [&'static str]| if both.contains(&part) { all } else { &all[..1] };
    let ranges = subject.contains(&Part::Any);
    let mut results = Vec::new();
    for p in choices(Part::Parameter("P"), &STRINGS) {
        for q in choices(Part::Parameter("Q"), &STRINGS) {
            for resource in choices(Part::Resource, &["a", "b", "ab"]) {
                for account in choices(Part::Account, &ACCOUNTS) {
                    let (mut some, mut every) = (false, true);
                    let mut filling = Filling { p, q, resource, account, any: String::new() };
                    let pattern = filled(pattern, &filling);
                    for any in if ranges { rangings(&pattern, wild) } else { vec![String::new()] } {
                        filling.any = any;
                        let subject = filled(subject, &filling);
                        let fits = match wild {
                            true => like_text(&pieces(&pattern, None).unwrap(), &subject),
                            false => pattern == subject,
                        };
                        some |= fits;
                        every &= fits;
                    }
                    results.push((some, every, filling));
                }
            }
        }
    }
    results
}

fn complaint(seed: u64) -> Option<String> {
    let mut numbers = Numbers::new(seed);
    let (pattern, subject) = (draw(&mut numbers, true), draw(&mut numbers, false));
    let wild = !numbers.once_in(4);
    let wildcards = if wild { Match::Wild } else { Match::Exact };
    let Fit { some, all } =
        Pattern::new(&text(&pattern), wildcards, Case::Matters).fits(&Pattern::subject(&text(&subject), Case::Matters));
    let results = tried(&pattern, &subject, wild);
    let ranges = subject.contains(&Part::Any);
    let wrong = |truth: &Truth, of: &dyn Fn(&(bool, bool, Filling)) -> bool| match truth {
        Truth::True(_) => results.iter().find(|it| !of(it)),
        Truth::False(_) => results.iter().find(|it| of(it)),
        Truth::Unknown(..) => None,
    };
    // Few texts are tried for what a question ranges over: that all of them match proves nothing.
    let matches_all = |it: &(bool, bool, Filling)| it.1 && !(ranges && all.is_false());
    let found = wrong(&some, &|it| it.0).or_else(|| wrong(&all, &matches_all))?;
    Some(format!("seed {seed}: {pattern:?} on {subject:?}, wild {wild}: some {some:?}, all {all:?}, yet {found:?}"))
}

#[test]
fn wildcards_match_as_if_every_hole_were_filled() {
    let seeds: Vec<u64> = (1..=PATTERNS).collect();
    none("law 8, wildcards", each(&seeds, |seed| complaint(*seed)).into_iter().flatten().collect());
}
