//! Law 1: whatever the bytes, a run ends, in time, without a panic, and every place that it names lies inside its file
//! and on character boundaries.

use super::common::{Numbers, all_checks, corpus, each, none};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use trailproof::report::Report;
use trailproof::source::{FileId, Span};
use trailproof::{Options, input};

/// What one input may take, unoptimized and beside other tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// The places of a report that lie outside their files.
fn misplaced(report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut look = |what: String, span: Span| {
        let inside = report.sources.get(span.file).is_some_and(|file| {
            span.start <= span.end
                && file.text.get(span.range()).is_some()
                && file.position(span.end) >= file.position(span.start)
        });
        if !inside {
            wrong.push(format!("{what}: {span:?}"));
        }
    };
    for outcome in &report.outcomes {
        let id = outcome.check.id;
        look(format!("{id} of {}", outcome.subject.address), outcome.span);
        outcome.related.iter().for_each(|related| look(format!("{id}: {}", related.label), related.span));
        outcome.subject.serves.iter().for_each(|related| look(format!("{id} serves"), related.span));
        outcome
            .reasons
            .iter()
            .filter_map(|why| Some((why, why.place?)))
            .for_each(|(why, span)| look(format!("{id}: {}", why.text), span));
    }
    for problem in &report.problems {
        problem.span.iter().for_each(|span| look(problem.message.clone(), *span));
        problem.related.iter().for_each(|(span, label)| look((*label).to_owned(), *span));
    }
    wrong
}

fn run(files: &[(&str, &[u8])], options: &Options) -> Report {
    let load = |(n, (name, bytes)): (usize, &(&str, &[u8]))| input::load(FileId(n as u32), name, bytes.to_vec(), true);
    trailproof::check(files.iter().enumerate().map(load).collect(), options)
}

/// Runs files and complains of a panic, of a place outside, and of slowness.
fn complaint(what: &str, files: &[(&str, &[u8])], options: &Options) -> Option<String> {
    let start = Instant::now();
    let wrong = match catch_unwind(AssertUnwindSafe(|| misplaced(&run(files, options)))) {
        Err(_) => vec!["it panicked".to_owned()],
        Ok(wrong) => wrong,
    };
    let slow = (start.elapsed() > PATIENCE).then(|| format!("it took {:?}", start.elapsed()));
    let all: Vec<String> = wrong.into_iter().chain(slow).collect();
    let show = || {
        files
            .iter()
            .map(|(_, bytes)| String::from_utf8_lossy(&bytes[..bytes.len().min(4000)]).into_owned())
            .collect::<Vec<_>>()
    };
    (!all.is_empty()).then(|| format!("{what}: {}\n{}", all.join("; "), show().join("\n---- next file\n")))
}

#[test]
fn examples_name_places_inside_their_files() {
    let wrong = each(&corpus(), |case| complaint(&case.place, &[(&case.name(), case.text.as_bytes())], &case.options));
    none("total", wrong.into_iter().flatten().collect());
}

/// One change to some bytes, of the kinds that find bugs in parsers and in those who trust them.
fn mutate(bytes: &mut Vec<u8>, others: &[Vec<u8>], numbers: &mut Numbers) {
    const WORDS: [&str; 34] = [
        "var.x",
        "each.value",
        "%{ if ",
        "...",
        "[*]",
        "<<EOT\n",
        "for_each = ",
        " => ",
        "!Ref ",
        "!If ",
        "!Sub ",
        "!GetAtt ",
        "Fn::If",
        "Fn::ForEach::X",
        "Ref",
        "Condition: C",
        "${",
        "}",
        "[",
        "]",
        "{",
        ":",
        "\n",
        "  ",
        "&a ",
        "*a",
        "<<: ",
        "- ",
        "\"",
        "'",
        "é",
        "\u{1f600}",
        "AWS::NoValue",
        "\u{feff}",
    ];
    let (at, len) = (numbers.below(bytes.len() + 1), numbers.below(40));
    let end = (at + len).min(bytes.len());
    match numbers.below(8) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = numbers.next() as u8;
            }
        }
        1 => drop(bytes.drain(at..end)),
        2 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        3 => {
            let other = numbers.pick(others);
            let from = numbers.below(other.len());
            let to = (from + numbers.below(300)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        4 if numbers.once_in(4) => bytes.truncate(at),
        // A line elsewhere, as it is: this keeps most of the structure.
        4 | 5 => {
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let (from, to) = (numbers.below(lines.len()), numbers.below(lines.len()));
            let mut lines: Vec<&[u8]> = lines;
            if !lines.is_empty() {
                let line = lines.remove(from);
                lines.insert(to, line);
            }
            *bytes = lines.concat();
        }
        _ => {
            bytes.splice(at..at, numbers.pick(&WORDS).bytes());
        }
    }
}

/// What stands after a line's first `: ` is put behind that of another line: mostly still a template, so that what reads
/// trees meets surprises too, and not the parser alone.
fn exchange(text: &str, other: &str, numbers: &mut Numbers) -> String {
    let value = |line: &str| line.find(": ").map(|at| at + 2).or_else(|| line.find("= ").map(|at| at + 2));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let own: Vec<usize> = (0..lines.len()).filter(|n| value(&lines[*n]).is_some()).collect();
    let theirs: Vec<&str> = other.lines().filter_map(|line| line.get(value(line)?..)).collect();
    if let (false, false) = (own.is_empty(), theirs.is_empty()) {
        let line = &mut lines[*numbers.pick(&own)];
        let at = value(line).unwrap();
        line.truncate(at);
        line.push_str(theirs[numbers.below(theirs.len())]);
    }
    lines.join("\n") + "\n"
}

#[test]
fn mutated_examples_are_survived() {
    let cases = corpus();
    let texts: Vec<Vec<u8>> = cases.iter().map(|case| case.text.clone().into_bytes()).collect();
    let start = Instant::now();
    let seeds: Vec<usize> = (0..cases.len() * 6).collect();
    let templates = std::sync::atomic::AtomicUsize::new(0);
    let wrong = each(&seeds, |seed| {
        let case = &cases[seed % cases.len()];
        let mut numbers = Numbers::new(*seed as u64 + 1);
        let mut bytes = case.text.clone().into_bytes();
        for _ in 0..=numbers.below(3) {
            if numbers.once_in(3) {
                mutate(&mut bytes, &texts, &mut numbers);
            } else if let Ok(text) = std::str::from_utf8(&bytes) {
                bytes = exchange(text, &numbers.pick(&cases).text, &mut numbers).into_bytes();
            }
        }
        let name = case.name();
        let is_template = match input::load(FileId(0), &name, bytes.clone(), true).1 {
            input::Input::Template(_) => true,
            input::Input::Configuration(configuration) => configuration.errors.is_empty(),
            _ => false,
        };
        templates.fetch_add(usize::from(is_template), std::sync::atomic::Ordering::Relaxed);
        complaint(&format!("{} with seed {seed}", case.place), &[(&name, &bytes)], &case.options)
    });
    let templates = templates.into_inner();
    eprintln!("{} mutated texts, {templates} of them templates, in {:?}", seeds.len(), start.elapsed());
    assert!(templates > seeds.len() / 4, "too few of them are still templates: {templates}");
    none("total", wrong.into_iter().flatten().collect());
}

#[test]
fn random_bytes_are_survived() {
    let options = all_checks(Options::default());
    let seeds: Vec<u64> = (0..2_000).collect();
    let wrong = each(&seeds, |seed| {
        let mut numbers = Numbers::new(*seed);
        let mut bytes: Vec<u8> = b"Resources: {T: {Type: AWS::CloudTrail::Trail}}\n".to_vec();
        if numbers.once_in(3) {
            let mark: [u8; 2] = *numbers.pick(&[[0xff, 0xfe], [0xfe, 0xff]]);
            bytes.splice(0..0, mark);
        }
        const ALPHABET: &[u8] = b"{}[],:\"'!&*#|>-? \n\taA0\\u%@`\xc3\xa9\x00";
        let printable = numbers.once_in(2);
        let random =
            (0..numbers.below(400)).map(|_| if printable { *numbers.pick(ALPHABET) } else { numbers.next() as u8 });
        let random: Vec<u8> = random.collect();
        let at = if numbers.once_in(2) { bytes.len() } else { 0 };
        bytes.splice(at..at, random);
        complaint(&format!("seed {seed}"), &[("t.yaml", &bytes)], &options)
    });
    none("total", wrong.into_iter().flatten().collect());
}
