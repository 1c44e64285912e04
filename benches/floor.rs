//! How far the tool is from the floor: reading and parsing the same files to nothing.
//!
//! `cargo bench --bench floor [DIRECTORY]…` writes 1,200 templates as the AWS CDK makes them (about 13 MB), and the same
//! estate once more in YAML, and measures those and every directory given: reading alone, the floor, the library, the
//! whole process. The contestants take turns, so that a busy machine is unkind to all of them alike. It prints figures
//! and asserts nothing.
#![allow(clippy::disallowed_methods, reason = "only the program itself keeps away from files and the environment")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark prints, and stops at the first surprise"
)]

#[path = "floor/generate.rs"]
mod generate;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use trailproof::source::FileId;
use trailproof::{Options, check, checks, input};

/// Rounds of one measurement; the median of their times is printed.
const ROUNDS: usize = 9;
const TEMPLATES: usize = 1200;

fn main() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let binary = Path::new(env!("CARGO_BIN_EXE_trailproof"));
    let given: Vec<PathBuf> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).map(PathBuf::from).collect();
    let mut sets =
        vec![("generated, JSON".to_owned(), home.join("json")), ("generated, YAML".to_owned(), home.join("yaml"))];
    generate::write(&sets[0].1, &sets[1].1, TEMPLATES);
    sets.extend(given.into_iter().map(|path| (path.display().to_string(), path)));
    for (name, folder) in sets {
        let files = files(&folder);
        if files.is_empty() {
            println!("\n{name}: no template here");
            continue;
        }
        measure(&name, &folder, &files, binary);
    }
    start_up(binary);
}

/// Every file below a directory whose name a template may have.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            let path = entry.path();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file()
                && path
                    .extension()
                    .is_some_and(|it| ["json", "yaml", "yml", "template"].iter().any(|ending| it == *ending))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

struct Row {
    name: &'static str,
    times: Vec<Duration>,
}

fn measure(name: &str, folder: &Path, files: &[PathBuf], binary: &Path) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let sizes: Vec<u64> = files.iter().map(|file| file.metadata().map_or(0, |data| data.len())).collect();
    let ours = files.iter().filter(|file| input::names_our_types(&std::fs::read(file).unwrap_or_default())).count();
    println!(
        "\n{name}: {} files, {:.1} MB, {ours} of them name a type that is read",
        files.len(),
        megabytes(sizes.iter().sum()),
    );
    let mut rows = [
        "read the bytes, one thread",
        "floor: read and parse to nothing, one thread",
        "floor, every core",
        "library: load and judge, one thread",
        "process: check --format json",
    ]
    .map(|name| Row { name, times: Vec::new() });
    let mut peak = 0;
    // One round more than is counted: the first warms the caches of the machine.
    for round in 0..=ROUNDS {
        let mut taken = Vec::new();
        taken.push(timed(|| files.iter().map(|file| bytes(file).len()).sum::<usize>()));
        taken.push(timed(|| files.iter().map(|file| parse(file)).sum::<usize>()));
        taken.push(timed(|| {
            std::thread::scope(|scope| {
                let work = |part| {
                    scope.spawn(move || files.iter().skip(part).step_by(threads).map(|file| parse(file)).sum::<usize>())
                };
                let parts: Vec<_> = (0..threads).map(work).collect();
                parts.into_iter().map(|part| part.join().unwrap()).sum::<usize>()
            })
        }));
        taken.push(timed(|| library(files)));
        taken.push(timed(|| {
            peak = peak.max(process(binary, folder));
        }));
        if round > 0 {
            rows.iter_mut().zip(taken).for_each(|(row, time)| row.times.push(time));
        }
    }
    let medians: Vec<f64> = rows.iter().map(|row| median(&row.times)).collect();
    println!("  {:<46} {:>9} {:>9} {:>9}", "median of nine rounds", "ms", "× floor", "MB/s");
    let total: u64 = sizes.iter().sum();
    for (at, row) in rows.iter().enumerate() {
        // The process uses every core, so it is held against the floor that does.
        let floor = if at == 2 || at == 4 { medians[2] } else { medians[1] };
        let rate = megabytes(total) / (medians[at] / 1000.0);
        println!("  {:<46} {:>9.1} {:>9.2} {:>9.0}", row.name, medians[at], medians[at] / floor, rate);
    }
    let mut largest = sizes;
    largest.sort_by(|a, b| b.cmp(a));
    let allowed = megabytes(largest.iter().take(threads).sum()) + 30.0;
    println!("  peak memory of the process: {:.1} MB (aim: below {allowed:.1} MB)", peak as f64 / 1024.0);
}

fn start_up(binary: &Path) {
    let run = || {
        let status = Command::new(binary).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        black_box(status.is_ok())
    };
    let times: Vec<Duration> = (0..50).map(|_| timed(run)).collect();
    println!("\nstart-up, trailproof --version: {:.1} ms, the median of fifty runs (aim: below 5 ms)", median(&times));
}

fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_default()
}

/// Reads and parses a file with the parsers that the tool uses, and drops what they say. Gives the number of events.
fn parse(file: &Path) -> usize {
    let Ok(text) = String::from_utf8(bytes(file)) else { return 0 };
    if text.trim_start().starts_with('{') { json(&text) } else { yaml(&text) }
}

fn json(text: &str) -> usize {
    let mut scanner = jsonc_parser::Scanner::new(text, &jsonc_parser::ScannerOptions::default());
    let mut tokens = 0;
    while let Ok(Some(token)) = scanner.scan() {
        black_box(&token);
        tokens += 1;
    }
    tokens
}

fn yaml(text: &str) -> usize {
    granit_parser::Parser::new_from_str(text).take_while(|event| black_box(event).is_ok()).count()
}

fn library(files: &[PathBuf]) -> usize {
    let options =
        Options { checks: checks::ALL.iter().filter(|check| check.page.default_on).collect(), ..Options::default() };
    let load = |(at, file): (usize, &PathBuf)| {
        input::load(FileId(u32::try_from(at).unwrap()), &file.display().to_string(), bytes(file), false)
    };
    let loaded = files.iter().enumerate().map(load).collect();
    check(loaded, &options).outcomes.len()
}

/// Runs the tool on a directory. Gives the most memory that it was seen to hold, in KiB: Linux only, and looked at every
/// millisecond, since it is gone once the process has ended.
fn process(binary: &Path, folder: &Path) -> u64 {
    let mut child = Command::new(binary)
        .args(["check", "--format", "json"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("the child is ours").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("");
        peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    peak
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

/// In milliseconds.
fn median(times: &[Duration]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2].as_secs_f64() * 1000.0
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
