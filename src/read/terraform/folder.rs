//! What a run hands over: directories of configuration files, the other files that expressions may read, and values.

use crate::source::FileId;
use crate::syntax::hcl::Body;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A directory with configuration files: a module.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Its path as reports show it: `/` between the parts, empty for the current directory.
    pub path: String,
    /// Its configuration files by name, in the order of their names (`main.tf`, `x_override.tf`, `y.tf.json`).
    pub files: Vec<(String, FileId, Body)>,
    /// Its `terraform.tfvars` and `*.auto.tfvars`, those that count more last.
    pub values: Vec<(FileId, Body)>,
    /// The modules that were installed for it, by their key (`network`, `network.inner`): the paths of their directories.
    pub installed: BTreeMap<String, String>,
    /// What a plan or state knows of it, where it is a root module.
    pub plan: Option<Arc<super::plan::Plan>>,
    /// Whether it is judged where no other directory calls it; false where it was read only because one does.
    pub named: bool,
}

impl Folder {
    /// Whether a variable of this name is declared in it.
    pub fn declares(&self, variable: &str) -> bool {
        let mut blocks = self.files.iter().flat_map(|(_, _, body)| body.blocks("variable"));
        blocks.any(|block| block.labels.first().is_some_and(|label| &*label.text == variable))
    }
}

/// Files that expressions may read: those below the directories of a run's modules. What is not here is not read.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Their texts, by path as reports show it.
    pub texts: BTreeMap<String, (FileId, Arc<str>)>,
    /// The text of every file of the run that has a part in its configurations, to cut places out of.
    pub sources: BTreeMap<FileId, Arc<str>>,
}

/// Values given to a run. What counts most comes last: the environment, a folder's own values, files, flags.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// `TF_VAR_name` of the environment, where asked for: the value as written.
    pub environment: BTreeMap<String, String>,
    /// `--var-file`, in order: the later ones count more.
    pub files: Vec<(FileId, Body)>,
    /// `--var NAME=VALUE`: the value as written.
    pub flags: BTreeMap<String, String>,
    /// Where everything is deployed whose provider does not say it, as far as that is given.
    pub home: Given,
}

/// The account, Region and partition that are given to a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The account's id.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The partition: as given, else that of the Region.
    pub partition: Option<String>,
}

/// The path of `relative`, written in a file of the directory `base`: `.` and `..` are worked out as far as the paths go.
pub fn join(base: &str, relative: &str) -> String {
    let absolute = base.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

/// The path of `to` as it is written from the directory `from`; none where the way back is not known.
pub(super) fn relative(from: &str, to: &str) -> Option<String> {
    let parts =
        |path: &'_ str| -> Vec<String> { path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect() };
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let back = from.get(common..).unwrap_or_default();
    if back.iter().any(|part| part == "..") {
        return None;
    }
    let way: Vec<&str> = back.iter().map(|_| "..").chain(to.iter().skip(common).map(String::as_str)).collect();
    Some(if way.is_empty() { ".".to_owned() } else { way.join("/") })
}

#[cfg(test)]
mod tests {
    use super::{join, relative};

    #[test]
    fn ways_lead_from_one_directory_to_another() {
        for (from, to, way) in [
            ("envs/prod", "modules/logs", Some("../../modules/logs")),
            ("envs/prod", "envs/prod", Some(".")),
            ("", "logs", Some("logs")),
            ("/srv/a", "/srv/b", Some("../b")),
            ("../a", "../a/b", Some("b")),
            ("../a", "b", None),
        ] {
            assert_eq!(relative(from, to).as_deref(), way, "{from} {to}");
            assert!(way.is_none_or(|way| join(from, way) == to), "{from} {to}");
        }
    }

    #[test]
    fn paths_are_worked_out() {
        assert_eq!(join("envs/prod", "../../modules/logs"), "modules/logs");
        assert_eq!(join("", "./logs/"), "logs");
        assert_eq!(join("logs", ".."), "");
        assert_eq!(join("", "../a"), "../a");
        assert_eq!(join("../a", "../../b"), "../../b");
        assert_eq!(join("/srv/a", "../../../b"), "/b");
    }
}
