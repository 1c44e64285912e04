//! Which template of a run includes which: by the path or the file name at the end of a nested stack's `TemplateURL`, or
//! by the file that the CDK notes beside it.

use super::template::{Resource, Template};
use super::unseen::{ITSELF, Unfollowed, is_container};
use crate::read::containers::container;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which template includes which.
pub(super) struct Includes {
    by_path: BTreeMap<Arc<str>, usize>,
    by_file_name: BTreeMap<String, Vec<usize>>,
    /// The files of the run that declare nothing to judge, by path and by name.
    empty: BTreeSet<String>,
    children: Vec<BTreeMap<usize, usize>>,
}

impl Includes {
    /// `empty` are the paths of files that were looked at and declare nothing to judge.
    pub(super) fn new(templates: &[Arc<Template>], empty: &[String]) -> Includes {
        let empty = empty.iter().flat_map(|path| [path.clone(), file_name(path).to_owned()]).collect();
        let mut includes =
            Includes { by_path: BTreeMap::new(), by_file_name: BTreeMap::new(), empty, children: Vec::new() };
        for (index, template) in templates.iter().enumerate() {
            includes.by_path.insert(template.name.clone(), index);
            includes.by_file_name.entry(file_name(&template.name).to_owned()).or_default().push(index);
        }
        let children = templates.iter().enumerate().map(|(index, template)| includes.of(index, template)).collect();
        Includes { children, ..includes }
    }

    /// The template that an address means, none for one that declares nothing to judge; else why it is not known.
    fn find(&self, parent: &Template, url: &str) -> Result<Option<usize>, &'static str> {
        let beside = join(&parent.name, url);
        if let Some(found) = self.by_path.get(beside.as_str()) {
            return Ok(Some(*found));
        }
        match self.by_file_name.get(file_name(url)).map(Vec::as_slice) {
            _ if self.empty.contains(&beside) => Ok(None),
            Some([only]) if url.contains('/') => Ok(Some(*only)),
            None if url.contains('/') && self.empty.contains(file_name(url)) => Ok(None),
            Some([_, _, ..]) => Err("may be any of several files of that name: which one is not known"),
            _ => Err("is not among the files of this run; name it too, and it is judged"),
        }
    }

    /// The templates that the resources of a template include, by the indices of both.
    pub(super) fn of(&self, index: usize, template: &Template) -> BTreeMap<usize, usize> {
        let nested = template.resources.iter().enumerate().filter(|(_, resource)| is_nested(&resource.kind));
        let found = nested.filter_map(|(at, resource)| {
            let child = self.find(template, &address(resource)?).ok()??;
            (child != index).then_some((at, child))
        });
        found.collect()
    }

    /// The resources whose templates are not followed.
    pub(super) fn unfollowed(&self, index: usize, template: &Template) -> Vec<Unfollowed> {
        let each = |(at, resource): (usize, &Resource)| {
            let address = address(resource);
            let found = address.as_deref().map(|address| self.find(template, address));
            let why = match (is_nested(&resource.kind), found) {
                (true, Some(Ok(Some(child)))) if child == index => Some(ITSELF),
                // What is in the run is judged, below its parent or by itself.
                (_, Some(Ok(_))) => return None,
                (true, Some(Err(why))) => Some(why),
                (true, None) => Some("has an address that is not written out, so that nothing is known of it"),
                (false, _) => None,
            };
            Some(Unfollowed { resource: at, address, why })
        };
        template.resources.iter().enumerate().filter(|(_, one)| is_container(&one.kind)).filter_map(each).collect()
    }

    /// The templates that nobody includes; where templates include one another in a ring, the first of the ring too.
    pub(super) fn roots(&self) -> Vec<usize> {
        let included: BTreeSet<usize> = self.children.iter().flat_map(|each| each.values().copied()).collect();
        let mut roots: Vec<usize> = (0..self.children.len()).filter(|index| !included.contains(index)).collect();
        let mut reached: BTreeSet<usize> = BTreeSet::new();
        let mut open = roots.clone();
        for index in 0..self.children.len() {
            while let Some(next) = open.pop() {
                if reached.insert(next) {
                    open.extend(self.children.get(next).into_iter().flat_map(|each| each.values().copied()));
                }
            }
            if !reached.contains(&index) {
                roots.push(index);
                open.push(index);
            }
        }
        roots.sort_unstable();
        roots
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path of `relative`, written in the file `base`.
fn join(base: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether a resource makes what a template declares within the stack, and is given its parameters.
pub(super) fn is_nested(kind: &str) -> bool {
    matches!(kind, "AWS::CloudFormation::Stack" | "AWS::Serverless::Application")
}

/// Where a resource's template is: the file that the CDK notes, a local path before packaging, or the literal end of an S3
/// address.
fn address(resource: &Resource) -> Option<String> {
    if let Some(asset) = resource.asset.as_deref().filter(|_| is_nested(&resource.kind)) {
        return Some(asset.to_owned());
    }
    let property = container(&resource.kind)?.address.0;
    let mut node = resource.body.get("Properties")?.get(property)?;
    loop {
        if let Some(text) = node.text() {
            let ending = text.rsplit('}').next().unwrap_or(text);
            return Some(ending.split('?').next().unwrap_or(ending).to_owned()).filter(|ending| !ending.is_empty());
        }
        node = match node.entries() {
            [(key, argument)] => match &*key.text {
                "Fn::Sub" => argument.items().first().unwrap_or(argument),
                "Fn::Join" => argument.items().get(1)?.items().last()?,
                _ => return None,
            },
            _ => return None,
        };
    }
}
