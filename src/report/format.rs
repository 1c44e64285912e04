//! The formats of a report: a row and a file each. A new one is a variant here, and the compiler asks for the rest.

use super::human::{self, Style};
use super::{Report, Show, controls, csv, github, gitlab, html, json, junit, markdown, sarif, short, sonarqube};
use std::io::{Result, Write};

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Snippets, then a summary.
    Human,
    /// A line for each result.
    Short,
    /// SARIF 2.1.0.
    Sarif,
    /// `trailproof.report/1`.
    Json,
    /// Commands of GitHub's runner.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// SonarQube's generic issues.
    Sonarqube,
    /// Comma-separated values.
    Csv,
    /// Markdown.
    Markdown,
    /// One file for a browser.
    Html,
    /// The controls of profiles, in Markdown.
    ControlsMarkdown,
    /// The controls of profiles, as comma-separated values.
    ControlsCsv,
}

/// How a report is shown.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    /// What is listed beside findings.
    pub show: Show,
    /// How what people read on a terminal is drawn.
    pub style: Style,
    /// Where the files can be seen, up to their paths in the repository: `https://github.com/o/r/blob/COMMIT`.
    pub link: Option<&'a str>,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 13] = [
        Format::Human,
        Format::Short,
        Format::Sarif,
        Format::Json,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Sonarqube,
        Format::Csv,
        Format::Markdown,
        Format::Html,
        Format::ControlsMarkdown,
        Format::ControlsCsv,
    ];

    /// What a command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Sarif => "sarif",
            Format::Json => "json",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Sonarqube => "sonarqube",
            Format::Csv => "csv",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::ControlsMarkdown => "controls-markdown",
            Format::ControlsCsv => "controls-csv",
        }
    }

    /// What it is for.
    pub fn purpose(self) -> &'static str {
        match self {
            Format::Human => "For people: snippets, then a summary",
            Format::Short => "One line for each result: place, severity, check, message; for editors and many files",
            Format::Sarif => "SARIF 2.1.0, as GitHub code scanning takes it",
            Format::Json => "Every verdict, `trailproof.report/1`",
            Format::Github => "Annotations of a GitHub workflow, the most severe first",
            Format::Gitlab => "A Code Quality report of GitLab",
            Format::Junit => "JUnit XML, a test case for each result",
            Format::Sonarqube => "Generic issues of SonarQube 10.3 and later",
            Format::Csv => "Comma-separated values, a row for each result",
            Format::Markdown => "Markdown for step summaries and comments on pull requests",
            Format::Html => "One file for a browser, without script or network",
            Format::ControlsMarkdown => "The controls of the profiles, as tables in Markdown",
            Format::ControlsCsv => "The controls of the profiles, as comma-separated values",
        }
    }

    /// Whether it shows what came of controls, and no findings.
    pub fn is_of_controls(self) -> bool {
        matches!(self, Format::ControlsMarkdown | Format::ControlsCsv)
    }
}

impl Report {
    /// Writes the report in a format.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, format: Format, manner: &Manner, to: &mut dyn Write) -> Result<()> {
        match format {
            Format::Human => to.write_all(human::render(self, manner.show, manner.style).as_bytes()),
            Format::Short => short::write(self, manner.show, to),
            Format::Sarif => to.write_all(sarif::render(self, manner.show).as_bytes()),
            Format::Json => to.write_all(json::render(self).as_bytes()),
            Format::Github => github::write(self, manner.show, to),
            Format::Gitlab => gitlab::write(self, manner.show, to),
            Format::Junit => junit::write(self, manner.show, to),
            Format::Sonarqube => sonarqube::write(self, manner.show, to),
            Format::Csv => csv::write(self, manner.show, to),
            Format::Markdown => markdown::write(self, manner, to),
            Format::Html => html::write(self, manner.show, to),
            Format::ControlsMarkdown => to.write_all(controls::markdown(self).as_bytes()),
            Format::ControlsCsv => to.write_all(controls::csv(self).as_bytes()),
        }
    }
}
