//! The names that were meant: a few that are near to what was written, never the whole list.

/// Most names that are suggested.
const MOST: usize = 5;

/// Longest name that is compared.
const MAX_LENGTH: usize = 100;

/// Words that suggest the names nearest to what was written; empty where none is near.
pub fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> String {
    let near = near(written, names);
    match near.as_slice() {
        [] => String::new(),
        [only] => format!("; did you mean `{only}`?"),
        several => format!("; did you mean one of `{}`?", several.join("`, `")),
    }
}

/// The names nearest to what was written, the nearest first, five at most.
pub fn near<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    if written.len() > MAX_LENGTH {
        return Vec::new();
    }
    let written = written.to_lowercase().replace('-', "_");
    let mut known: Vec<(usize, &str)> = names.map(|name| (distance(&written, name), name)).collect();
    known.sort();
    let best = known.first().map_or(0, |(distance, _)| *distance);
    // A third of the letters may differ; of names as near as the nearest, and little further, all are shown.
    let most = (written.chars().count() / 3).max(2);
    let close = known.into_iter().filter(|(distance, _)| *distance <= most && *distance <= best + 2);
    close.take(MOST).map(|(_, name)| name).collect()
}

/// How many letters have to be put in, left out, changed or swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().take(MAX_LENGTH).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, own) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&last, j) + usize::from(own != other)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(own);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_letters() {
        for (a, b, wanted) in
            [("", "abc", 3), ("abc", "acb", 1), ("abc", "abc", 0), ("trail", "tral", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), wanted, "{a} {b}");
        }
    }

    #[test]
    fn few_names_are_suggested() {
        let ids = || crate::checks::ALL.iter().map(|check| check.id);
        assert_eq!(nearest("trail_stoped", ids()), "; did you mean `trail_stopped`?");
        assert_eq!(nearest("trail-stopped", ids()), "; did you mean `trail_stopped`?");
        assert_eq!(nearest("entirely_different_words", ids()), "");
        assert!(near("bucket", ids()).len() <= MOST);
    }
}
