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
    /// Whether it is judged where no other directory calls it; false where it was read only because one does.
    pub named: bool,
}

/// Files that expressions may read: those below the directories of a run's modules. What is not here is not read.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Their texts, by path as reports show it.
    pub texts: BTreeMap<String, (FileId, Arc<str>)>,
}

/// Values of variables given to a run.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// `--var-file`, and where asked for the environment, in order: the later ones count more.
    pub files: Vec<(FileId, Body)>,
    /// `--var NAME=VALUE`: the value as written.
    pub flags: BTreeMap<String, String>,
    /// The account, partition and Region that were given for the run.
    pub home: crate::read::cloudformation::Given,
}
