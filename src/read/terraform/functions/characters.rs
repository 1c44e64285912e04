//! What a hole cannot contain: where a text may be cut although parts of it are not known.

use crate::value::{Hole, Of, Piece, Text};

/// Types whose names are plain words, and the attributes that give such a name (naming rules of each service).
const NAMED: [(&str, &[&str]); 9] = [
    ("aws_s3_bucket", &["id", "bucket"]),
    ("aws_kms_key", &["id", "key_id"]),
    ("aws_iam_role", &["id", "name", "unique_id"]),
    ("aws_iam_user", &["id", "name", "unique_id"]),
    ("aws_iam_group", &["id", "name", "unique_id"]),
    ("aws_iam_policy", &["name", "policy_id"]),
    ("aws_sns_topic", &["name"]),
    ("aws_cloudtrail", &["name"]),
    ("aws_cloudwatch_log_group", &["id", "name"]),
];

/// Whether a piece of a text surely holds none of these characters.
pub(super) fn excludes(piece: &Piece, characters: &str) -> bool {
    match piece {
        Piece::Literal(literal) => !characters.chars().any(|one| literal.contains(one)),
        Piece::Hole(hole) => !characters.chars().any(|one| may_hold(hole, one)),
        Piece::Unknown(_) => characters.is_empty(),
    }
}

fn may_hold(hole: &Hole, one: char) -> bool {
    let word = one.is_ascii_lowercase() || one == '-';
    match &hole.of {
        Of::Account => one.is_ascii_digit(),
        Of::Partition => word,
        Of::Region | Of::Organization => word || one.is_ascii_digit(),
        Of::Resource { address, attribute } => match kind(address, attribute) {
            Some("aws_s3_bucket") => {
                word || one.is_ascii_digit() || matches!(one, '.' | '_') || one.is_ascii_uppercase()
            }
            Some("aws_cloudwatch_log_group") => one.is_ascii_alphanumeric() || "_-./#".contains(one),
            Some(_) => one.is_ascii_alphanumeric() || "_-.+=,@".contains(one),
            None => !one.is_whitespace(),
        },
        _ => true,
    }
}

/// The type of a resource whose attribute is a name of fixed characters.
fn kind(address: &str, attribute: &str) -> Option<&'static str> {
    let named = |kind: &str| {
        let below = address.match_indices(kind);
        below.into_iter().any(|(at, found)| {
            let starts = address.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('.'));
            starts && address.get(at + found.len()..).is_some_and(|after| after.starts_with('.'))
        })
    };
    let (kind, _) = NAMED.iter().find(|(kind, attributes)| attributes.contains(&attribute) && named(kind))?;
    Some(kind)
}

/// Whether a change of letters leaves a hole as it is.
pub(super) fn keeps(piece: &Piece, change: fn(&str) -> String) -> bool {
    let letters = ["a", "A"].into_iter().filter(|letter| change(letter) != *letter);
    match piece {
        Piece::Literal(literal) => change(literal) == **literal,
        // Names of buckets are in lower case: those that are older than the rule are not made any more.
        Piece::Hole(hole @ Hole { of: Of::Resource { address, attribute }, .. }) => {
            kind(address, attribute) == Some("aws_s3_bucket") && change("a") == "a" && may_hold(hole, 'a')
        }
        hole => letters.into_iter().all(|letter| {
            excludes(hole, if letter == "a" { "abcdefghijklmnopqrstuvwxyz" } else { "ABCDEFGHIJKLMNOPQRSTUVWXYZ" })
        }),
    }
}

/// Whether a literal can begin or end anywhere but inside the known characters of a text.
pub(super) fn apart(text: &Text, needle: &str) -> bool {
    text.pieces().iter().all(|piece| matches!(piece, Piece::Literal(_)) || excludes(piece, needle))
}
