//! Which template of a run includes which: by the path or the file name at the end of a nested stack's `TemplateURL`.

use super::template::{Resource, Template};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which template includes which.
pub(super) struct Includes {
    by_path: BTreeMap<Arc<str>, usize>,
    by_file_name: BTreeMap<String, Vec<usize>>,
    children: Vec<BTreeMap<usize, usize>>,
}

impl Includes {
    pub(super) fn new(templates: &[Arc<Template>]) -> Includes {
        let mut includes = Includes { by_path: BTreeMap::new(), by_file_name: BTreeMap::new(), children: Vec::new() };
        for (index, template) in templates.iter().enumerate() {
            includes.by_path.insert(template.name.clone(), index);
            includes.by_file_name.entry(file_name(&template.name).to_owned()).or_default().push(index);
        }
        let children = templates.iter().enumerate().map(|(index, template)| includes.of(index, template)).collect();
        Includes { children, ..includes }
    }

    fn find(&self, parent: &Template, url: &str) -> Option<usize> {
        let beside = join(&parent.name, url);
        self.by_path.get(beside.as_str()).copied().or_else(|| match self.by_file_name.get(file_name(url))?.as_slice() {
            [only] if url.contains('/') => Some(*only),
            _ => None,
        })
    }

    /// The templates that the resources of a template include, by the indices of both.
    pub(super) fn of(&self, index: usize, template: &Template) -> BTreeMap<usize, usize> {
        let nested = template.resources.iter().enumerate().filter(|(_, r)| &*r.kind == "AWS::CloudFormation::Stack");
        let found = nested.filter_map(|(at, resource)| {
            let child = self.find(template, &url_ending(resource)?)?;
            (child != index).then_some((at, child))
        });
        found.collect()
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

/// The literal end of a nested stack's `TemplateURL`: a local path before packaging, or the end of an S3 address.
fn url_ending(resource: &Resource) -> Option<String> {
    let mut node = resource.body.get("Properties")?.get("TemplateURL")?;
    loop {
        if let Some(text) = node.text() {
            let ending = text.rsplit('}').next().unwrap_or(text);
            return Some(ending.split('?').next().unwrap_or(ending).to_owned());
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
