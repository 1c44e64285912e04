//! scratch driver
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "scratch")]
fn main() {
    let mut files = Vec::new();
    fn walk(p: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
        if p.is_dir() { let mut v: Vec<_> = std::fs::read_dir(p).unwrap().map(|e| e.unwrap().path()).collect(); v.sort(); for c in v { walk(&c, out); } }
        else if p.extension().is_some_and(|e| ["yaml","yml","json","template"].contains(&e.to_str().unwrap())) { out.push(p.to_owned()); }
    }
    let mut paths = Vec::new();
    for a in std::env::args().skip(1) { walk(std::path::Path::new(&a), &mut paths); }
    let t = std::time::Instant::now();
    for (i, p) in paths.iter().enumerate() {
        files.push(trailproof::input::load(trailproof::source::FileId(i as u32), &p.display().to_string(), std::fs::read(p).unwrap()));
    }
    let loaded = t.elapsed();
    let options = trailproof::Options { checks: trailproof::checks::ALL.iter().filter(|c| c.page.default_on).collect(), ..Default::default() };
    let report = trailproof::check(files, &options);
    for p in &report.problems { println!("PROBLEM {} {}", p.file, p.message); }
    for o in &report.outcomes {
        if matches!(o.answer, trailproof::judge::Answer::Fail | trailproof::judge::Answer::Unknown) {
            let f = report.sources.get(o.span.file).unwrap();
            println!("{} {} {}:{} {} | {} | {:?}", o.answer.as_str(), o.check.id, f.name, f.position(o.span.start).line, o.subject.address, o.message(), f.cut(o.span).chars().take(60).collect::<String>());
        }
    }
    println!("load {loaded:?} all {:?} read {} skipped {}", t.elapsed(), report.coverage.files_read, report.coverage.files_skipped.len());
}
