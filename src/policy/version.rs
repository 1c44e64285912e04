//! Ranges of versions: `>=0.1, <1`.

/// Whether a version is in a range.
///
/// # Errors
///
/// Where it is not, or the range is none, in words for people.
pub(super) fn holds(range: &str, version: &str) -> Result<(), String> {
    let form = || format!("`{range}` is no range of versions: `>=0.1, <1`");
    let own = numbers(version).ok_or_else(form)?;
    for part in range.split(',').map(str::trim) {
        let operator = part.get(..part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len())).unwrap_or_default();
        let wanted = part.strip_prefix(operator).and_then(numbers).ok_or_else(form)?;
        let is_in = match operator.trim() {
            ">=" => own >= wanted,
            ">" => own > wanted,
            "<=" => own <= wanted,
            "<" => own < wanted,
            "=" | "" => own == wanted,
            _ => return Err(form()),
        };
        if !is_in {
            return Err(format!("this file is for trailproof {range}, and this is {version}"));
        }
    }
    Ok(())
}

/// Three numbers; those that are left out are zero.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let plain = text.split(['-', '+']).next()?;
    let mut all = [0; 3];
    let mut parts = plain.split('.');
    for (number, part) in all.iter_mut().zip(parts.by_ref()) {
        *number = part.trim().parse().ok()?;
    }
    parts.next().is_none().then_some(all)
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn ranges_are_kept() {
        for (range, is_in) in [(">=0.1, <1", true), ("0.1", true), (">0.1.0", false), ("<0.1", false), ("=0.1.0", true)]
        {
            assert_eq!(holds(range, "0.1.0").is_ok(), is_in, "{range}");
        }
        for wrong in ["", "~1", "1.2.3.4", "latest", ">= x"] {
            assert!(holds(wrong, "0.1.0").is_err_and(|why| why.contains("no range")), "{wrong}");
        }
    }
}
