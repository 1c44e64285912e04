//! A check's page: what an auditor reads, compiled into the binary.
//!
//! The header is read at compile time, so a page without one of its fields does not build. The rest is used as it stands
//! by `explain`, by `list`, and as the help of SARIF rules; nothing in it is written twice.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Matters of hygiene.
    Low,
    /// Evidence is weaker than it should be.
    Medium,
    /// Evidence is missing or can be lost.
    High,
    /// There is no evidence, or anyone can change it.
    Critical,
}

impl Severity {
    /// From the mildest to the worst.
    pub const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// Its spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// A page taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The severity of the check's findings.
    pub severity: Severity,
    /// The version that shipped it first.
    pub since: &'static str,
    /// Whether it runs without being asked for.
    pub default_on: bool,
    /// What to do about a finding, in one line.
    pub fix: &'static str,
    /// The whole text.
    pub text: &'static str,
}

impl Page {
    /// Reads the header of a page.
    ///
    /// # Panics
    ///
    /// At compile time, where a field is missing or misspelt.
    #[allow(clippy::panic, reason = "it runs in constants only: a page without its header must not build")]
    pub const fn parse(text: &'static str) -> Page {
        let severity = match field(text, "severity: ") {
            Some(value) if equal(value, "low") => Severity::Low,
            Some(value) if equal(value, "medium") => Severity::Medium,
            Some(value) if equal(value, "high") => Severity::High,
            Some(value) if equal(value, "critical") => Severity::Critical,
            _ => panic!("a page begins with `severity: critical|high|medium|low`"),
        };
        let since = match field(text, "since: ") {
            Some(value) => value,
            None => panic!("a page's header has `since: VERSION`"),
        };
        let default_on = match field(text, "default: ") {
            None => true,
            Some(value) if equal(value, "off") => false,
            Some(_) => panic!("a page's header may have `default: off` and nothing else for `default`"),
        };
        let fix = match field(text, "fix: ") {
            Some(value) => value,
            None => panic!("a page's header has `fix: INSTRUCTION`"),
        };
        Page { severity, since, default_on, fix, text }
    }

    /// The page below its header.
    pub fn body(&self) -> &'static str {
        self.text.split_once("\n\n").map_or(self.text, |(_, body)| body)
    }

    /// What the check finds, as a heading states it.
    pub fn title(&self) -> &'static str {
        let heading = self.body().lines().find_map(|line| line.strip_prefix("# "));
        heading.unwrap_or_default()
    }

    /// Why it matters: the text between the heading and the first example.
    pub fn why(&self) -> &'static str {
        let after = self.body().split_once('\n').map_or("", |(_, rest)| rest);
        after.split("\n## ").next().unwrap_or(after).trim()
    }

    /// The shortest example of a section in a language, without the marks of the tests; none where there is none.
    pub fn example(&self, section: &str, language: &str) -> Option<String> {
        let (mut within, mut block): (bool, Option<Vec<&str>>) = (false, None);
        let mut shortest: Option<Vec<&str>> = None;
        for line in self.body().lines() {
            match (&mut block, line) {
                (Some(lines), "```") => {
                    if shortest.as_ref().is_none_or(|known| lines.len() < known.len()) {
                        shortest = block.take();
                    }
                    block = None;
                }
                (Some(lines), line) => lines.push(line),
                (None, line) if line.starts_with("## ") => within = line.get(3..) == Some(section),
                (None, line) if within && line.strip_prefix("```") == Some(language) => block = Some(Vec::new()),
                (None, _) => {}
            }
        }
        let unmarked = |line: &str| {
            let mark = ["# finding: ", "# unknown: "].iter().find_map(|mark| line.find(mark));
            line.get(..mark.unwrap_or(line.len())).unwrap_or(line).trim_end().to_owned()
        };
        shortest.map(|lines| lines.into_iter().map(unmarked).collect::<Vec<_>>().join("\n"))
    }
}

/// The value of a header line, from the beginning of the text to its first empty line.
const fn field(text: &'static str, name: &str) -> Option<&'static str> {
    let mut rest = text;
    loop {
        let (line, more) = match split_line(rest) {
            Some(parts) => parts,
            None => return None,
        };
        if line.is_empty() {
            return None;
        }
        if line.len() > name.len() {
            let (head, value) = line.split_at(name.len());
            if equal(head, name) {
                return Some(value);
            }
        }
        rest = more;
    }
}

const fn split_line(text: &'static str) -> Option<(&'static str, &'static str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        #[allow(
            clippy::indexing_slicing,
            reason = "the loop's condition keeps it in bounds, and it runs at compile time"
        )]
        if bytes[at] == b'\n' {
            let (line, rest) = text.split_at(at);
            let (_, rest) = rest.split_at(1);
            return Some((line, rest));
        }
        at += 1;
    }
    None
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        #[allow(clippy::indexing_slicing, reason = "both have the same length, and it runs at compile time")]
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
