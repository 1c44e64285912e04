//! Law 9: the same input says the same, down to the order and the words, whichever thread was faster.

use super::common::{corpus, each, none};
use trailproof::source::FileId;
use trailproof::{Options, input};

#[test]
fn the_same_template_says_the_same() {
    let wrong = each(&corpus(), |case| {
        let [one, other] =
            [case.run(), case.run()].map(|report| format!("{:#?}{:?}", report.outcomes, report.problems));
        (one != other).then(|| format!("{}: two runs differ", case.place))
    });
    none("deterministic", wrong.into_iter().flatten().collect());
}

#[test]
fn a_run_over_many_files_says_the_same() {
    let cases = corpus();
    let run = || {
        let options = super::common::all_checks(Options::default());
        let file = |(n, case): (usize, &super::common::Case)| {
            input::load(FileId(n as u32), &format!("{n}/{}", case.name()), case.text.clone().into_bytes(), true)
        };
        let report = trailproof::check(cases.iter().take(200).enumerate().map(file).collect(), &options);
        format!("{:?}{:?}", report.outcomes, report.problems)
    };
    let first = run();
    assert!(first.len() > 10_000, "nothing was judged");
    assert!(first == run(), "two runs over many files differ");
}
