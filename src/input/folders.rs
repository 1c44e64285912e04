//! Configuration files put together to folders: what belongs to which directory, and what stands for what.

use super::configuration::{self, Configuration, INSTALLED, Role};
use crate::read::terraform::plan::Plan;
use crate::read::terraform::{Files, Folder, join};
use crate::source::{FileId, SourceFile};
use crate::syntax::SyntaxError;
use crate::syntax::hcl::Body;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the files of a run make together.
#[derive(Debug, Default)]
pub struct Folders {
    by_path: BTreeMap<String, Folder>,
    /// The own values of each folder, with the names of their files.
    values: BTreeMap<String, Vec<(String, FileId, Body)>>,
    /// Values of variables for the run.
    pub given: Vec<(FileId, Body)>,
    /// The files that expressions may read.
    pub texts: Files,
    broken: BTreeMap<String, Vec<SyntaxError>>,
    /// Plans and states, with the names of their files.
    plans: Vec<(String, Plan)>,
    partial: Vec<String>,
}

/// Folders as a reader takes them, and what is to be said of their files.
#[derive(Debug)]
pub struct Sorted {
    /// The folders, by their paths.
    pub folders: Vec<Folder>,
    /// What is broken, with the names of the files.
    pub broken: Vec<(String, SyntaxError)>,
    /// Files in whose place another is read.
    pub replaced: Vec<String>,
    /// Plans whose sources are not there.
    pub alone: Vec<String>,
    /// Plans that leave something out on purpose.
    pub partial: Vec<String>,
}

impl Folders {
    /// Adds a file to its folder.
    pub fn add(&mut self, id: FileId, file: &SourceFile, configuration: Configuration) {
        self.texts.sources.insert(id, Arc::clone(&file.text));
        let (directory, name) = split(&file.name);
        let Configuration { body, errors, role, .. } = configuration;
        match role {
            Role::Part { judged } => {
                let folder = self.folder(directory);
                folder.files.push((name.to_owned(), id, body));
                folder.named |= judged;
            }
            Role::OwnValues => {
                self.values.entry(directory.to_owned()).or_default().push((name.to_owned(), id, body));
            }
            Role::GivenValues => self.given.push((id, body)),
        }
        if !errors.is_empty() {
            self.broken.insert(file.name.clone(), errors);
        }
    }

    /// Adds a plan or state.
    pub fn add_plan(&mut self, id: FileId, file: &SourceFile, mut plan: Plan) {
        self.texts.sources.insert(id, Arc::clone(&file.text));
        let odd = std::mem::take(&mut plan.problems);
        if !odd.is_empty() {
            self.broken.insert(file.name.clone(), odd);
        } else if !plan.complete {
            self.partial.push(file.name.clone());
        }
        self.plans.push((file.name.clone(), plan));
    }

    /// Adds the list of the modules that were installed for a directory.
    pub fn install(&mut self, file: &SourceFile, modules: BTreeMap<String, String>) {
        let directory = file.name.strip_suffix(INSTALLED).unwrap_or_default().trim_end_matches('/').to_owned();
        let modules = modules.into_iter().map(|(key, path)| (key, join(&directory, &path))).collect();
        self.folder(&directory).installed = modules;
    }

    /// Adds a file that expressions may read.
    pub fn add_text(&mut self, id: FileId, file: &SourceFile) {
        self.texts.sources.insert(id, Arc::clone(&file.text));
        self.texts.texts.insert(file.name.clone(), (id, Arc::clone(&file.text)));
    }

    fn folder(&mut self, path: &str) -> &mut Folder {
        self.by_path.entry(path.to_owned()).or_insert_with(|| Folder { path: path.to_owned(), ..Folder::default() })
    }

    /// Sorts the files of each folder as the tools do, those that count more last. `source` is the folder that plans were made
    /// from, where it was named.
    pub fn sorted(&mut self, source: Option<&str>) -> Sorted {
        let mut replaced = Vec::new();
        for folder in self.by_path.values_mut() {
            let names: BTreeSet<String> = folder.files.iter().map(|(name, ..)| name.clone()).collect();
            let path = folder.path.clone();
            folder.files.retain(|(name, ..)| {
                let stays = configuration::replacement(name).is_none_or(|other| !names.contains(&other));
                if !stays {
                    replaced.push(join(&path, name));
                }
                stays
            });
            folder.files.sort_by(|a, b| a.0.cmp(&b.0));
            let mut values = self.values.remove(&path).unwrap_or_default();
            values.sort_by_key(|(name, ..)| (rank(name), name.clone()));
            folder.values = values.into_iter().map(|(_, id, body)| (id, body)).collect();
        }
        let folders = std::mem::take(&mut self.by_path).into_values().filter(|folder| !folder.files.is_empty());
        let broken = std::mem::take(&mut self.broken).into_iter().filter(|(name, _)| !replaced.contains(name));
        let broken = broken.flat_map(|(name, errors)| errors.into_iter().map(move |error| (name.clone(), error)));
        let mut folders: Vec<Folder> = folders.collect();
        let alone = super::plans::attach(std::mem::take(&mut self.plans), &mut folders, source);
        Sorted { folders, broken: broken.collect(), replaced, alone, partial: std::mem::take(&mut self.partial) }
    }
}

/// `terraform.tfvars`, then its JSON form, then the others.
fn rank(name: &str) -> u8 {
    match name {
        "terraform.tfvars" => 0,
        "terraform.tfvars.json" => 1,
        _ => 2,
    }
}

/// The directory of a path and the name of the file in it.
fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some(parts) => parts,
        None => ("", path),
    }
}
