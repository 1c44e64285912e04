//! The configuration of a run: found, read, and put together with the flags, which win.

use super::arguments::JudgeArgs;
use super::base::Tree;
use super::check;
use super::files::{self, plain, read_bytes, shown, too_large};
use super::filter::{Filter, Patterns};
use super::{Failure, print};
use crate::Options;
use crate::checks::{self, Check};
use crate::page::Severity;
use crate::policy::config::{Config, NAMES, Spanned};
use crate::report::{Problem, Report};
use crate::source::{FileId, MAX_FILE_BYTES, SourceFile};
use crate::syntax::SyntaxError;
use clap::{Args, Subcommand};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Args)]
pub(super) struct ConfigArgs {
    /// The configuration. Without it, `TRAILPROOF_CONFIG` names it, or `trailproof.yaml` is looked for from the first path
    /// up to the root of its repository.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Decisions")]
    config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long, help_heading = "Decisions")]
    no_config: bool,
    /// The configuration of a central team: what it demands can be tightened and not loosened.
    #[arg(long, value_name = "FILE", help_heading = "Decisions")]
    policy: Option<PathBuf>,
}

/// A configuration that was read.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The file as reports show it.
    pub(super) name: String,
    /// The directory that its paths begin in.
    pub(super) directory: PathBuf,
    pub(super) text: String,
}

/// What a run goes by.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub(super) args: &'a JudgeArgs,
    pub(super) options: Options,
    /// What the files say together.
    pub(super) config: Config,
    /// The configuration of the repository, and of a central team.
    pub(super) file: Option<Loaded>,
    pub(super) policy: Option<Loaded>,
    /// The configuration of a change, where that of its base counts.
    pub(super) head: Option<Loaded>,
    /// The trees of the change and of its base.
    pub(super) tree: Option<Tree>,
    /// Where the paths of reports begin; without it, at the root of the repository that holds a file.
    pub(super) root: Option<PathBuf>,
    /// Whether a baseline that is named has to be there.
    pub(super) needs_baseline: bool,
}

/// Why a run cannot begin.
pub(super) enum Trouble {
    Failure(Failure),
    /// A configuration is broken: the report says where.
    Broken(Box<Report>),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Failure(failure)
    }
}

impl ConfigArgs {
    /// The configurations that count for a path; with a base, those of the base.
    pub(super) fn read(
        &self,
        from: &Path,
        tree: Option<&Tree>,
    ) -> Result<(Config, Option<Loaded>, Option<Loaded>), Trouble> {
        let place = |path: &Path| tree.map_or_else(|| path.to_owned(), |tree| tree.of(path));
        let from = &place(from);
        let path = match (&self.config, self.no_config) {
            (Some(path), _) => Some(place(path)).filter(|path| tree.is_none() || path.exists()),
            (None, true) => None,
            (None, false) => match of_environment() {
                Some(path) => Some(place(&path)),
                None => found(from)?,
            },
        };
        let (mut config, file) = match path {
            Some(path) => load(&path).map(|(config, loaded)| (config, Some(loaded)))?,
            None => (Config::default(), None),
        };
        let named = |loaded: &Loaded| config.policy.as_ref().map(|policy| loaded.directory.join(&policy.value));
        let path = self.policy.as_deref().map(place).or_else(|| file.as_ref().and_then(named));
        let policy = match path {
            Some(path) => {
                let (policy, loaded) = load(&path)?;
                config = config.under(&policy);
                Some(loaded)
            }
            None => None,
        };
        Ok((config, file, policy))
    }
}

#[expect(clippy::disallowed_methods, reason = "the environment is the command line's business")]
fn of_environment() -> Option<PathBuf> {
    std::env::var_os("TRAILPROOF_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Reads a configuration.
fn load(path: &Path) -> Result<(Config, Loaded), Trouble> {
    let refuse = |why: String| Failure(format!("{}: {why}", path.display()));
    let bytes = read_bytes(path, MAX_FILE_BYTES).map_err(|error| refuse(plain(&error)))?;
    let text = crate::input::decode(bytes.ok_or_else(|| refuse(too_large()))?).map_err(|why| refuse(why.to_owned()))?;
    let name = files::named(path);
    let mut directory = path.parent().map(Path::to_owned).unwrap_or_default();
    if directory.file_name().is_some_and(|name| name == ".github") {
        directory.pop();
    }
    match Config::parse(FileId(0), &text) {
        Ok(config) => Ok((config, Loaded { name, directory, text })),
        Err(errors) => Err(Trouble::Broken(Box::new(broken(name, text, errors)))),
    }
}

/// The report of a run that a broken configuration keeps from beginning.
fn broken(name: String, text: String, errors: Vec<SyntaxError>) -> Report {
    let mut report = Report::failed(String::new(), Vec::new());
    report.problems = errors.into_iter().map(|error| Problem::of_syntax(name.clone(), error)).collect();
    report.sources.add(SourceFile::new(name, text));
    report
}

/// The configuration that is nearest above a path, no further up than the root of its repository; without a repository, than
/// the current directory.
fn found(from: &Path) -> Result<Option<PathBuf>, Failure> {
    let begin = if from.is_dir() { from } else { from.parent().unwrap_or(Path::new("")) };
    let begin = if begin.as_os_str().is_empty() { Path::new(".") } else { begin };
    let Ok(begin) = begin.canonicalize() else { return Ok(None) };
    let here = Path::new(".").canonicalize().ok();
    let root = begin.ancestors().find(|directory| directory.join(".git").exists());
    let root = root.or(here.as_deref().filter(|here| begin.starts_with(here))).unwrap_or(&begin);
    for directory in begin.ancestors().take_while(|directory| directory.starts_with(root)) {
        let there: Vec<PathBuf> = NAMES.iter().map(|name| directory.join(name)).filter(|path| path.is_file()).collect();
        match there.as_slice() {
            [] => {}
            [only] => return Ok(Some(only.clone())),
            [first, second, ..] => {
                let (first, second) = (shown(first, here.as_deref()), shown(second, here.as_deref()));
                return Err(Failure(format!(
                    "{first} and {second} are both a configuration: keep one, or name it by --config"
                )));
            }
        }
    }
    Ok(None)
}

impl JudgeArgs {
    /// What a run goes by that begins with a path.
    pub(super) fn wish(&self, from: &Path, tree: Option<&Tree>) -> Result<Wish<'_>, Trouble> {
        let (config, file, policy) = self.decisions.read(from, tree)?;
        Ok(Wish { config, file, policy, ..self.without_config()? }.with_options()?)
    }

    /// The same without any configuration.
    pub(super) fn without_config(&self) -> Result<Wish<'_>, Failure> {
        let config = Config::default();
        Ok(Wish {
            args: self,
            options: self.options(&config, Path::new(""))?,
            config,
            file: None,
            policy: None,
            head: None,
            tree: None,
            root: None,
            needs_baseline: true,
        })
    }
}

impl Wish<'_> {
    fn with_options(self) -> Result<Self, Failure> {
        Ok(Wish { options: self.args.options(&self.config, &self.directory())?, ..self })
    }

    /// The mildest severity that makes the run fail: a central team's counts where it is stricter.
    pub(super) fn fail_on(&self) -> Severity {
        let config = self.config.fail_on.as_ref().map(|it| it.value);
        let forced = self.policy.as_ref().and(config);
        let asked = self.args.fail_on.map(Severity::from).or(config).unwrap_or(Severity::Medium);
        forced.map_or(asked, |forced| asked.min(forced))
    }

    pub(super) fn is_strict(&self) -> bool {
        self.args.strict || self.config.strict.as_ref().is_some_and(|it| it.value)
    }

    pub(super) fn fails_on_exceptions(&self) -> bool {
        self.args.fail_on_exceptions || self.config.fail_on_exceptions.as_ref().is_some_and(|it| it.value)
    }

    /// Where the paths of the configuration begin; without one, the current directory.
    pub(super) fn directory(&self) -> PathBuf {
        let directory = self.file.as_ref().map(|file| file.directory.clone()).unwrap_or_default();
        self.tree.as_ref().map_or(directory.clone(), |tree| tree.back(&directory))
    }

    /// The file of the baseline.
    pub(super) fn baseline(&self) -> Option<PathBuf> {
        let configured = || self.config.baseline.as_ref().map(|path| self.directory().join(&path.value));
        let path = self.args.baseline.clone().or_else(configured).filter(|_| !self.args.no_baseline)?;
        Some(self.tree.as_ref().map_or(path.clone(), |tree| tree.of(&path)))
    }

    /// What a search of directories leaves out.
    pub(super) fn filter(&self) -> Filter {
        let texts = |list: &[Spanned<String>]| list.iter().map(|it| it.value.clone()).collect();
        let (directory, here) = (self.directory(), PathBuf::new());
        let flag = Patterns { directory: here, patterns: self.args.exclude.clone() };
        let excluded = Patterns { directory: directory.clone(), patterns: texts(&self.config.exclude) };
        let included = Patterns { directory, patterns: texts(&self.config.include) };
        Filter::new(vec![flag, excluded], included, self.args.no_gitignore)
    }

    /// The files that a pattern of the configuration means.
    pub(super) fn files(&self, patterns: &[Spanned<String>]) -> Result<Vec<PathBuf>, Failure> {
        let directory = self.directory();
        let mut all = Vec::new();
        for pattern in patterns {
            let found = expand(&directory, &pattern.value);
            if found.is_empty() {
                let name = self.file.as_ref().map_or("", |file| &file.name);
                return Err(Failure(format!("{name}: `{}` means no file", pattern.value)));
            }
            all.extend(found);
        }
        Ok(all)
    }
}

/// The checks to run: by flags alone where these name some, else the default with what the configuration changes.
pub(super) fn checks(args: &JudgeArgs, config: &Config, asked: &BTreeSet<&str>) -> Vec<&'static Check> {
    let is_in = |list: &[Spanned<&'static Check>], check: &Check| list.iter().any(|it| it.value.id == check.id);
    let wanted = |check: &&Check| match args.only.is_empty() {
        true => {
            (args.all_checks || check.page.default_on || asked.contains(check.id) || is_in(&config.enable, check))
                && !is_in(&config.disable, check)
        }
        false => args.only.iter().any(|id| id == check.id),
    };
    let severity = |check: &'static Check| match config.severities.iter().find(|(it, _)| it.id == check.id) {
        Some((_, severity)) => checks::with_severity(check, severity.value),
        None => check,
    };
    checks::ALL.iter().filter(wanted).map(severity).collect()
}

/// The files below a directory that a pattern means, in order; `*` stands for any characters of a name.
fn expand(directory: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut open = vec![directory.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let mut next = Vec::new();
        for place in open {
            if !part.contains(['*', '?']) {
                next.push(place.join(part));
                continue;
            }
            let listed = if place.as_os_str().is_empty() { Path::new(".") } else { &place };
            let entries = std::fs::read_dir(listed).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            next.extend(names.filter(|name| crate::policy::is_like(part, name)).map(|name| place.join(name)));
        }
        next.sort();
        open = next;
    }
    open.retain(|path| path.is_file());
    open
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print the JSON Schema of `trailproof.yaml`.
    Schema,
    /// Print what is in force for a path, and where each value comes from.
    Show {
        /// A file or directory.
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

pub(super) fn run(command: &ConfigCommand) -> Result<u8, Failure> {
    match command {
        ConfigCommand::Schema => print(&crate::policy::schema())?,
        ConfigCommand::Show { path, config } => match config.read(path, None) {
            Ok((_, file, policy)) => {
                let pair = |loaded: &Option<Loaded>| loaded.as_ref().map(|it| (it.name.clone(), it.text.clone()));
                print(&crate::policy::shown(pair(&file), pair(&policy)))?;
            }
            Err(Trouble::Failure(failure)) => return Err(failure),
            Err(Trouble::Broken(report)) => {
                print(&check::plain(&report))?;
                return Ok(2);
            }
        },
    }
    Ok(0)
}
