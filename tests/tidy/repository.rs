//! Manifest, changelog, licences: what strangers read.

use super::{files, no, read};

#[test]
fn every_dependency_and_every_lint_has_its_reason() {
    let manifest = read("Cargo.toml");
    let mut complaints = Vec::new();
    let (mut section, mut explained) = ("", false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if line.trim().is_empty() {
            explained = false;
        } else if section.contains("dependencies") && !explained {
            complaints.push(format!("Cargo.toml: no reason above `{line}`"));
        } else if section.contains("lints") && !explained {
            complaints.push(format!("Cargo.toml: no reason above `{line}`, nor above its group"));
        }
        if section.contains("dependencies") && !line.starts_with('#') {
            explained = false;
        }
    }
    no(complaints);
}

#[test]
fn no_machine_is_named() {
    // Put together here, so that this file does not name one.
    let marks = ["work", "root", "home", "farm"].map(|name| format!("/{name}/"));
    let mut complaints = Vec::new();
    for path in files("") {
        let Ok(text) = String::from_utf8(std::fs::read(super::root().join(&path)).unwrap()) else { continue };
        for (number, line) in text.lines().enumerate() {
            let names = |mark: &String| {
                let starts = line.match_indices(mark.as_str()).map(|(at, _)| line[..at].chars().next_back());
                starts.into_iter().any(|before| before.is_none_or(|c| !(c.is_alphanumeric() || "_-.*}/".contains(c))))
            };
            if marks.iter().any(names) || line.contains(&format!("{}/shared", "..")) {
                complaints.push(format!("{path}:{}: a path of one machine", number + 1));
            }
        }
    }
    no(complaints);
}

#[test]
fn the_changelog_knows_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("CHANGELOG.md").contains(&format!("\n## [{version}]")), "CHANGELOG.md says nothing of {version}");
    let known: Vec<String> = read("CHANGELOG.md")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("## [")?.split(']').next()?.to_owned()))
        .collect();
    let since = trailproof::checks::ALL.iter().filter(|check| !known.iter().any(|version| version == check.page.since));
    no(since
        .map(|check| format!("{}: since {}, which the changelog does not know", check.id, check.page.since))
        .collect());
}

#[test]
fn both_licences_are_there() {
    assert!(read("LICENSE-MIT").contains("WITHOUT WARRANTY OF"));
    assert!(read("LICENSE-APACHE").contains("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION"));
    let schemas = files("tests/schema").into_iter().filter(|path| path.ends_with(".json"));
    let readme = read("tests/schema/README.md");
    no(schemas
        .filter(|path| !readme.contains(path.rsplit('/').next().unwrap()))
        .map(|path| format!("{path}: whose is it?"))
        .collect());
}
