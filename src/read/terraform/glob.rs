//! Patterns of `fileset`: `*`, `?`, `[abc]`, `{a,b}` inside one name, `**` through directories. It knows no files.

/// Longest pattern, and longest path that is compared.
const MAX_LENGTH: usize = 1_000;

/// Most patterns that the alternatives of one make.
const MAX_ALTERNATIVES: usize = 64;

/// A pattern.
pub(super) struct Glob(Vec<Vec<Token>>);

enum Token {
    Just(char),
    /// One of these; any other where it is turned round.
    OneOf(Vec<(char, char)>, bool),
    /// Any one character of a name.
    Any,
    /// Any part of a name.
    Star,
    /// Any number of directories.
    Directories,
    /// Whatever follows.
    Rest,
}

impl Glob {
    /// None where it is broken, or too much.
    pub(super) fn new(pattern: &str) -> Option<Glob> {
        let mut open = vec![pattern.to_owned()];
        let mut whole = Vec::new();
        while let Some(pattern) = open.pop() {
            if pattern.len() > MAX_LENGTH || open.len() + whole.len() > MAX_ALTERNATIVES {
                return None;
            }
            match pattern.split_once('{') {
                Some((before, rest)) => {
                    let (inside, after) = rest.split_once('}').filter(|(inside, _)| !inside.contains('{'))?;
                    open.extend(inside.split(',').map(|one| format!("{before}{one}{after}")));
                }
                None => whole.push(tokens(&pattern)?),
            }
        }
        Some(Glob(whole))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        path.len() <= MAX_LENGTH && self.0.iter().any(|tokens| is_match(tokens, &path))
    }
}

fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let begins = matches!(tokens.last(), None | Some(Token::Just('/') | Token::Directories));
        if let Some(after) = rest.strip_prefix("**/").filter(|_| begins) {
            tokens.push(Token::Directories);
            rest = after;
            continue;
        }
        if rest == "**" && begins {
            tokens.push(Token::Rest);
            break;
        }
        rest = rest.get(first.len_utf8()..)?;
        tokens.push(match first {
            '*' => Token::Star,
            '?' => Token::Any,
            '[' => {
                let (class, after) = rest.split_once(']')?;
                rest = after;
                let turned = class.strip_prefix(['^', '!']);
                let mut characters = turned.unwrap_or(class).chars().peekable();
                let mut ranges = Vec::new();
                while let Some(from) = characters.next() {
                    let to = if characters.next_if_eq(&'-').is_some() { characters.next()? } else { from };
                    ranges.push((from, to));
                }
                Token::OneOf(ranges, turned.is_some())
            }
            '\\' => {
                let next = rest.chars().next()?;
                rest = rest.get(next.len_utf8()..)?;
                Token::Just(next)
            }
            other => Token::Just(other),
        });
    }
    Some(tokens)
}

/// From the last token to the first: which ends of the path match what is left of the pattern.
fn is_match(tokens: &[Token], path: &[char]) -> bool {
    let mut after: Vec<bool> = (0..=path.len()).map(|at| at == path.len()).collect();
    for token in tokens.iter().rev() {
        let mut here = vec![false; path.len() + 1];
        let mut beyond_slash = false;
        for at in (0..=path.len()).rev() {
            let next = |ends: &[bool]| ends.get(at + 1).copied().unwrap_or(false);
            let ends = after.get(at).copied().unwrap_or(false);
            let name = path.get(at).copied().filter(|c| *c != '/');
            let holds = match token {
                Token::Just(c) => path.get(at) == Some(c) && next(&after),
                Token::Any => name.is_some() && next(&after),
                Token::OneOf(ranges, turned) => {
                    let is_in = |c: char| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
                    name.is_some_and(|c| is_in(c) != *turned) && next(&after)
                }
                Token::Star => ends || (name.is_some() && next(&here)),
                Token::Directories => {
                    if path.get(at) == Some(&'/') {
                        beyond_slash = beyond_slash || next(&after);
                    }
                    ends || beyond_slash
                }
                Token::Rest => true,
            };
            if let Some(one) = here.get_mut(at) {
                *one = holds;
            }
        }
        after = here;
    }
    after.first().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn paths_are_as_patterns_say() {
        for (pattern, yes, no) in [
            ("*.json", &["a.json", ".json"][..], &["d/a.json", "a.jso"][..]),
            ("p/*.json", &["p/a.json"], &["p/q/a.json", "a.json"]),
            ("**/*.json", &["a.json", "p/a.json", "p/q/a.json"], &["a.yaml", "p/a.json/b"]),
            ("p/**", &["p/a", "p/q/a"], &["q/a", "p"]),
            ("p/**/x.json", &["p/x.json", "p/q/r/x.json"], &["p/qx.json", "x.json"]),
            ("?[a-c].{json,tf}", &["xa.json", "xc.tf"], &["xd.tf", "a.tf", "xa.yaml"]),
            ("[!a]", &["b"], &["a", "/"]),
        ] {
            let glob = Glob::new(pattern).unwrap();
            assert!(yes.iter().all(|path| glob.matches(path)), "{pattern}");
            assert!(!no.iter().any(|path| glob.matches(path)), "{pattern}");
        }
        assert!(Glob::new("[a").is_none() && Glob::new("{a").is_none());
    }
}
