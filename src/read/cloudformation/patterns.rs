//! What a parameter's `AllowedPattern` rules out: no engine for regular expressions, only the one question that policies
//! ask, whether a value may hold `*` or `?`.

/// Whether no text that the pattern matches, which it must do as a whole, holds a wildcard. What is not understood may.
pub(super) fn excludes_wildcards(pattern: &str) -> bool {
    let mut rest = pattern.chars();
    while let Some(letter) = rest.next() {
        let plain = match letter {
            '\\' => rest.next().is_some_and(is_plain_escape),
            '[' => class(&mut rest),
            // Below a brace stand numbers only; after an opening parenthesis, `?` begins a group of another kind.
            '(' => !rest.as_str().starts_with('?') || rest.as_str().starts_with("?:"),
            '.' => false,
            _ => true,
        };
        if !plain {
            return false;
        }
    }
    !pattern.is_empty()
}

fn is_plain_escape(escaped: char) -> bool {
    matches!(escaped, 'd' | 'w' | 's' | 'b' | '.' | '-' | '/' | '_' | ':' | '+' | '@' | '=' | ',')
}

/// The rest of a character class, up to its bracket.
fn class(rest: &mut std::str::Chars) -> bool {
    // What a dash may make a range of: the letter before it, where it is one.
    let mut before = Some('[');
    while let Some(letter) = rest.next() {
        let next = rest.as_str().chars().next();
        let plain = match (letter, before) {
            (']', Some('[')) => false,
            (']', _) => return true,
            ('^', Some('[')) | ('*' | '?' | '[', _) => false,
            ('\\', _) => rest.next().is_some_and(is_plain_escape),
            ('-', Some(start)) if start.is_ascii_alphanumeric() && !matches!(next, None | Some(']' | '\\')) => {
                rest.next().is_some_and(|end| end.is_ascii_alphanumeric())
            }
            // Between signs there may be any sign.
            ('-', Some(start)) => start == '[' || matches!(next, None | Some(']' | '\\')),
            _ => true,
        };
        if !plain {
            return false;
        }
        before = Some(letter).filter(|letter| !matches!(letter, '-' | '\\'));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::excludes_wildcards;

    #[test]
    fn ids_are_plain_and_anything_is_not() {
        for pattern in [r"^\d{12}$", "[0-9]{12}", "^o-[a-z0-9]{10,32}$", r"^$|^[\w.-]+$", "(?:a|b)?c*", "[a-zA-Z0-9-]*"]
        {
            assert!(excludes_wildcards(pattern), "{pattern}");
        }
        for pattern in ["", ".*", "^.+$", r"\S+", "[^a]*", "[*]", r"\*", "[!-z]", "(?i)a", "[a", r"[\W]", "[ -~]"] {
            assert!(!excludes_wildcards(pattern), "{pattern}");
        }
    }
}
