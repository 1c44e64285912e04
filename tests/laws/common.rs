//! What the laws share: the corpus, a generator of numbers, and what a run says reduced to what a law compares.

use crate::support;
use std::collections::BTreeSet;
use trailproof::Options;
use trailproof::judge::Answer;
use trailproof::report::Report;
use trailproof::source::FileId;
use trailproof::syntax::{Node, json, yaml};

/// One template of the corpus, with the options that its page asks for and every check switched on.
pub(crate) struct Case {
    /// Page and line.
    pub(crate) place: String,
    pub(crate) language: String,
    pub(crate) text: String,
    pub(crate) options: Options,
}

impl Case {
    /// The file that it is run as.
    pub(crate) fn name(&self) -> String {
        support::name(&self.language)
    }

    /// Its tree; none where it is no template.
    pub(crate) fn tree(&self) -> Option<Node> {
        match self.language.as_str() {
            "json" => json::parse(FileId(0), &self.text).ok(),
            "yaml" => yaml::parse(FileId(0), &self.text).ok(),
            _ => None,
        }
    }

    pub(crate) fn run(&self) -> Report {
        self.run_as(&self.text)
    }

    /// Runs another text in the place of this one.
    pub(crate) fn run_as(&self, text: &str) -> Report {
        trailproof::check_text(&self.name(), text, &self.options)
    }
}

/// Every block of every page and case, equal ones once. `PAGE` in the environment narrows it to pages that hold it in
/// their path.
pub(crate) fn corpus() -> Vec<Case> {
    let only = std::env::var("PAGE").unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    for page in support::all() {
        let path = page.path.strip_prefix(support::root()).unwrap().display().to_string();
        for block in page.blocks.iter().filter(|_| path.contains(&only)) {
            if seen.insert((block.text.clone(), block.flags.clone())) {
                cases.push(Case {
                    place: format!("{path}:{}", block.line),
                    language: block.language.clone(),
                    text: block.text.clone(),
                    options: all_checks(support::options(&page.id, &block.flags)),
                });
            }
        }
    }
    assert!(cases.len() > 300 || !only.is_empty(), "the corpus is lost: {} templates", cases.len());
    cases
}

/// The same options with every check on.
pub(crate) fn all_checks(options: Options) -> Options {
    Options { checks: trailproof::checks::ALL.iter().collect(), ..options }
}

/// Works on every item on every core, and gives what came out in order.
pub(crate) fn each<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    trailproof::parallel::map(items.len(), |n| work(&items[n]))
}

/// Fails with the first complaints, and says how many there are.
pub(crate) fn none(law: &str, complaints: Vec<String>) {
    let shown: Vec<&str> = complaints.iter().take(20).map(String::as_str).collect();
    assert!(complaints.is_empty(), "{law}: {} violations\n\n{}", complaints.len(), shown.join("\n\n"));
}

/// Whether knowing less says something else: a pass for a fail, or nothing where no link was cut.
pub(crate) fn says_else(was: Answer, now: Option<Answer>, linked: bool) -> bool {
    match (was, now) {
        (Answer::Pass | Answer::Fail | Answer::Unknown, None) => !linked,
        (Answer::Pass, Some(Answer::Fail)) | (Answer::Fail, Some(Answer::Pass)) => true,
        _ => false,
    }
}

/// Numbers that are the same in every run (xorshift64*).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below a bound; zero for a bound of zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { ((self.next() >> 33) as usize) % bound }
    }

    /// Once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.below(items.len());
        &items[at]
    }
}
