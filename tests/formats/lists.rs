//! The formats that list results for other tools: each is what its reader takes, and says the same findings.

use super::{EVERYTHING, REPORTS, parsed};
use std::collections::{BTreeMap, BTreeSet};
use trailproof::judge::Answer;
use trailproof::report::{Format, Manner, Report, Show, human};

fn written(report: &Report, format: Format, show: Show) -> String {
    let style = human::Style { colour: false, width: 100 };
    let mut bytes = Vec::new();
    report.write(format, &Manner { show, style, link: None }, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Findings that nothing holds back, and exceptions that do not simply hold.
fn open(report: &Report) -> usize {
    report.failures().count() + report.exceptions.len()
}

/// One test for all of them, since to judge every page takes longer than to write the reports.
#[test]
fn every_list_is_what_its_reader_takes() {
    for report in REPORTS.iter() {
        short_is_a_line_for_each_result(report);
        github_gets_commands_within_its_limits(report);
        gitlab_takes_every_entry(report);
        junit_is_xml_with_a_case_for_each_result(report);
        sonarqube_takes_every_issue(report);
        csv_has_a_row_for_each_result(report);
        markdown_fits_a_comment_and_mentions_no_one(report);
        html_runs_nothing_and_shows_each_finding(report);
    }
}

fn short_is_a_line_for_each_result(report: &Report) {
    let text = written(report, Format::Short, EVERYTHING);
    let placed = report.outcomes.iter().filter(|one| report.sources.get(one.span.file).is_some()).count();
    assert_eq!(text.lines().count(), placed + report.exceptions.len() + report.problems.len() + 1, "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
}

fn github_gets_commands_within_its_limits(report: &Report) {
    let text = written(report, Format::Github, Show { unknown: true, ..Show::default() });
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        let (command, message) = line.strip_prefix("::").and_then(|line| line.split_once("::")).unwrap();
        let (level, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&level) && !message.is_empty(), "{line}");
        let properties: BTreeMap<&str, &str> =
            properties.split(',').map(|property| property.split_once('=').unwrap()).collect();
        assert!(properties.values().all(|value| !value.is_empty() && !value.contains(':')), "{line}");
        assert!(!properties.contains_key("col") || properties["line"] == properties["endLine"], "{line}");
        *levels.entry(level).or_default() += 1;
    }
    assert!(levels.values().all(|count| *count <= 10), "{levels:?}");
    let rows = open(report) + report.count(Answer::Unknown);
    let left = rows + report.problems.len() - levels.values().sum::<usize>().min(rows + report.problems.len());
    assert_eq!(left > 0, text.contains("more are not shown here"), "{text}");
}

fn gitlab_takes_every_entry(report: &Report) {
    let document = parsed(&written(report, Format::Gitlab, Show { unknown: true, ..Show::default() }));
    let mut seen = BTreeSet::new();
    for entry in document.as_array().unwrap() {
        for member in ["description", "check_name", "fingerprint", "severity"] {
            assert!(entry[member].as_str().is_some_and(|text| !text.is_empty()), "{entry}");
        }
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&entry["severity"].as_str().unwrap()));
        let path = entry["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/'), "{path}");
        assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(seen.insert(entry["fingerprint"].as_str().unwrap()), "twice: {entry}");
    }
}

fn junit_is_xml_with_a_case_for_each_result(report: &Report) {
    let text = written(report, Format::Junit, EVERYTHING);
    let document = roxmltree::Document::parse(&text).unwrap();
    let named = |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
    assert_eq!(named("failure").count(), open(report));
    assert_eq!(named("error").count(), report.problems.len());
    for suite in named("testsuite") {
        let number = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        let inside = |name: &'static str| suite.descendants().filter(move |node| node.has_tag_name(name)).count();
        assert_eq!(number("tests"), inside("testcase"));
        assert_eq!((number("failures"), number("skipped")), (inside("failure"), inside("skipped")));
    }
}

fn sonarqube_takes_every_issue(report: &Report) {
    let document = parsed(&written(report, Format::Sonarqube, Show::default()));
    let rules: BTreeSet<&str> =
        document["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let issues = document["issues"].as_array().unwrap();
    assert_eq!(issues.len(), open(report));
    let lines: BTreeMap<String, Vec<usize>> = report
        .sources
        .iter()
        .map(|(_, file)| {
            let on_disk = super::on_disk(file);
            (format!("deploy/{}", file.name), on_disk.lines().map(|line| line.encode_utf16().count()).collect())
        })
        .collect();
    for issue in issues {
        assert!(rules.contains(issue["ruleId"].as_str().unwrap()), "{issue}");
        let others = issue["secondaryLocations"].as_array().into_iter().flatten();
        for place in [&issue["primaryLocation"]].into_iter().chain(others) {
            assert!(place["message"].as_str().is_some_and(|text| !text.is_empty()), "{place}");
            let range = &place["textRange"];
            let number = |name: &str| range[name].as_u64().map(|it| it as usize);
            let (Some(start), Some(end)) = (number("startColumn"), number("endColumn")) else { continue };
            let lengths = &lengths_of(&lines, place["filePath"].as_str().unwrap());
            assert!(start < end && end <= lengths[number("startLine").unwrap() - 1], "{issue}");
        }
    }
}

fn lengths_of<'l>(lines: &'l BTreeMap<String, Vec<usize>>, path: &str) -> &'l [usize] {
    lines.get(path).unwrap_or_else(|| panic!("{path} is no file of the run"))
}

/// The cells of a text, read as RFC 4180 says.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        let row = rows.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => row.last_mut().unwrap().extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(characters.next(), Some('\n'));
                rows.push(vec![String::new()]);
            }
            other => row.last_mut().unwrap().push(other),
        }
    }
    assert_eq!(rows.pop().unwrap(), [""], "the last line ends, too");
    rows
}

fn csv_has_a_row_for_each_result(report: &Report) {
    let rows = cells(&written(report, Format::Csv, EVERYTHING));
    let width = rows[0].len();
    assert!(rows.iter().all(|row| row.len() == width));
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    let failures = rows.iter().filter(|row| row[0] == "fail").count();
    assert_eq!(failures, report.failures().count());
    let prints: BTreeSet<&String> = rows[1..].iter().map(|row| &row[width - 1]).collect();
    assert_eq!(prints.len(), rows.len() - 1, "each is told from the others");
}

fn markdown_fits_a_comment_and_mentions_no_one(report: &Report) {
    let text = written(report, Format::Markdown, Show { unknown: true, ..Show::default() });
    assert!(text.chars().count() < 65_536);
    let rows = text.lines().filter(|line| line.starts_with("| ")).count();
    let left: usize = text
        .lines()
        .find_map(|line| line.strip_suffix(" more are left out here."))
        .map_or(0, |count| count.parse().unwrap());
    let shown = open(report) + report.count(Answer::Unknown);
    assert!(shown == 0 || rows + left == shown + 1, "{rows} rows, {left} left out, {shown} shown");
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let borders = line.replace("\\|", "").matches('|').count();
        assert_eq!(borders, 5, "{line}");
        let outside: String = line.split('`').step_by(2).collect();
        assert!(!outside.contains("<b") && !outside.contains("](") && !outside.contains("@m"), "{line}");
    }
}

fn html_runs_nothing_and_shows_each_finding(report: &Report) {
    let page = written(report, Format::Html, EVERYTHING);
    assert_eq!(page.matches("<article").count(), open(report));
    for forbidden in ["<script", "javascript:", " onload", "src=", "url(", "@import"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for link in page.split("href=\"").skip(1) {
        assert!(link.starts_with("https://github.com/"), "{link}");
    }
    // Whatever is opened is closed, so no text of an input makes markup.
    for element in ["article", "p", "code", "pre", "mark", "b", "details", "ul", "li", "svg", "div", "table", "td"] {
        let opened = page.matches(&format!("<{element}>")).count() + page.matches(&format!("<{element} ")).count();
        assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
    }
}
