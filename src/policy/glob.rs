//! Patterns over names: `*` stands for any characters, `?` for one. In a path `*` stays inside one name, and `**` goes
//! through directories. Everything else stands for itself, also the brackets of an address.

/// Longest pattern, and longest name that is compared: the work is their product.
const MAX_LENGTH: usize = 2_000;

/// Whether a pattern means a whole name: an address, an ARN, an account.
pub fn matches(pattern: &str, name: &str) -> bool {
    compare(pattern, name, false)
}

/// Whether a pattern means a path, or a directory that holds it.
pub fn matches_path(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    compare(pattern, path, true) || compare(&format!("{pattern}/**"), path, true)
}

/// Compares from the left to the right, keeping every place in the pattern that what was read may have led to.
fn compare(pattern: &str, name: &str, is_path: bool) -> bool {
    if pattern.len() > MAX_LENGTH || name.len() > MAX_LENGTH {
        return false;
    }
    let tokens = tokens(pattern, is_path);
    let mut open = vec![false; tokens.len() + 1];
    set(&mut open, 0);
    pass(&tokens, &mut open, true);
    for character in name.chars() {
        let mut next = vec![false; tokens.len() + 1];
        for (at, token) in tokens.iter().enumerate().filter(|(at, _)| open.get(*at) == Some(&true)) {
            let (stays, goes) = match token {
                Token::Just(wanted) => (false, *wanted == character),
                Token::Any => (false, !is_path || character != '/'),
                Token::Star => (!is_path || character != '/', false),
                Token::All => (true, false),
                // Whole names, each with the stroke that ends it.
                Token::Directories => (true, character == '/'),
            };
            if stays {
                set(&mut next, at);
            }
            if goes {
                set(&mut next, at + 1);
            }
        }
        pass(&tokens, &mut next, character == '/');
        open = next;
    }
    open.last() == Some(&true)
}

fn set(open: &mut [bool], at: usize) {
    open.iter_mut().skip(at).take(1).for_each(|it| *it = true);
}

/// Passes over what may stand for nothing; directories only where a name begins.
fn pass(tokens: &[Token], open: &mut [bool], begins: bool) {
    for (at, token) in tokens.iter().enumerate() {
        let is_nothing = matches!(token, Token::Star | Token::All) || (*token == Token::Directories && begins);
        if is_nothing && open.get(at) == Some(&true) {
            set(open, at + 1);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Just(char),
    Any,
    Star,
    /// `**` at the end.
    All,
    /// `**/`.
    Directories,
}

fn tokens(pattern: &str, is_path: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let begins = matches!(tokens.last(), None | Some(Token::Just('/') | Token::Directories));
        if let Some(after) = rest.strip_prefix("**/").filter(|_| is_path && begins) {
            tokens.push(Token::Directories);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**") {
            tokens.push(if is_path { Token::All } else { Token::Star });
            rest = after;
        } else {
            tokens.push(match first {
                '*' => Token::Star,
                '?' => Token::Any,
                other => Token::Just(other),
            });
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_whole() {
        for (pattern, name, wanted) in [
            ("module.a[\"x\"].*", "module.a[\"x\"].aws_s3_bucket.b", true),
            ("aws_s3_bucket.*[0]", "aws_s3_bucket.b[0]", true),
            ("aws_s3_bucket.b", "aws_s3_bucket.b2", false),
            ("*", "", true),
            ("a?c*", "abc/d", true),
            ("arn:aws:s3:::logs-*", "arn:aws:s3:::logs-eu", true),
            ("logs", "my-logs", false),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }

    #[test]
    fn paths_keep_their_directories() {
        for (pattern, path, wanted) in [
            ("infra/*.tf", "infra/a.tf", true),
            ("infra/*.tf", "infra/x/a.tf", false),
            ("infra/**", "infra/x/a.tf", true),
            ("infra", "infra/x/a.tf", true),
            ("infra/", "infrared/a.tf", false),
            ("**/main.tf", "main.tf", true),
            ("**/main.tf", "a/b/main.tf", true),
            ("**/main.tf", "a/domain.tf", false),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true),
            ("a/**/b", "a/xb", false),
            ("./a.yaml", "a.yaml", true),
        ] {
            assert_eq!(matches_path(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn hostile_patterns_take_no_time() {
        let (stars, name) = ("*a".repeat(900), "a".repeat(1_900));
        assert!(matches(&stars, &name) && !matches(&format!("{stars}b"), &name));
    }
}
