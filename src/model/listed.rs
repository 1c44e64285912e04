//! Lists of declared things that know where each of them is: by its address, and by the texts that name it.
//!
//! An index only narrows a search. Whether a text names a thing is decided in `link`.

use super::link::reference;
use super::{
    Account, Alias, Bucket, BucketPolicy, Declared, DelegatedAdministrator, Identity, Key, LogGroup, Organization,
    OrganizationPolicy, Store, StorePolicy, Topic, TopicPolicy, Trail,
};
use crate::value::{Instance, Text, Value};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

/// By what a thing is found: its own declaration, or a text that is equal to its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Handle {
    Resource(Instance, Arc<str>),
    Name(Text),
}

impl Handle {
    /// The handles of what a text may name.
    pub(super) fn named(text: &Text) -> impl Iterator<Item = Handle> {
        let resource = reference(text).map(|(instance, address)| Handle::Resource(instance, address.clone()));
        let name = (!text.pieces().is_empty()).then(|| Handle::Name(text.clone()));
        resource.into_iter().chain(name)
    }

    /// The handles of a thing that has a name.
    pub(super) fn of(at: &Declared, name: &Value<Option<Text>>) -> Vec<Handle> {
        let names = name.candidates().into_iter().flatten().filter(|name| !name.pieces().is_empty());
        let declared = Handle::Resource(at.instance, at.address.clone());
        std::iter::once(declared).chain(names.map(|name| Handle::Name(name.clone()))).collect()
    }
}

/// What can be listed.
pub trait Listing {
    /// Its declaration.
    fn at(&self) -> &Declared;

    /// The texts by which it is looked for, itself aside: its names, and what a policy is for.
    fn texts(&self) -> Vec<Text> {
        Vec::new()
    }
}

/// A list with its index.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    all: Vec<T>,
    declared: HashMap<(Instance, Arc<str>), usize>,
    by_handle: HashMap<Handle, Vec<usize>>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed { all: Vec::new(), declared: HashMap::new(), by_handle: HashMap::new() }
    }
}

impl<T> Deref for Listed<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

impl<'a, T> IntoIterator for &'a Listed<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

impl<T: Listing> Extend<T> for Listed<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            let place = self.all.len();
            let at = item.at();
            self.declared.entry((at.instance, at.address.clone())).or_insert(place);
            let arn = at.arn().map(Text::from);
            for handle in arn.iter().chain(&item.texts()).flat_map(Handle::named) {
                let places = self.by_handle.entry(handle).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            self.all.push(item);
        }
    }
}

impl<T: Listing> Listed<T> {
    pub(super) fn push(&mut self, item: T) {
        self.extend([item]);
    }

    /// The thing of a declaration.
    pub fn of(&self, at: &Declared) -> Option<&T> {
        self.all.get(*self.declared.get(&(at.instance, at.address.clone()))?)
    }

    /// Everything with a text that means one of these, in the order of the list: the policies of a thing.
    pub(super) fn with(&self, handles: &[Handle]) -> Vec<&T> {
        self.with_or_named(handles, &[])
    }

    /// Everything that a text names, in the order of the list.
    pub(super) fn named(&self, text: &Text) -> Vec<&T> {
        self.with_or_named(&[Handle::Name(text.clone())], &[text])
    }

    /// The same, with what texts refer to.
    pub(super) fn with_or_named(&self, handles: &[Handle], texts: &[&Text]) -> Vec<&T> {
        let is_arn = |text: &&&Text| text.literal().is_some_and(|text| text.starts_with("arn:"));
        let arns = texts.iter().filter(is_arn).map(|text| Handle::Name((**text).clone()));
        let arns: Vec<usize> = arns.filter_map(|arn| self.by_handle.get(&arn)).flatten().copied().collect();
        let with = handles.iter().flat_map(|handle| self.by_handle.get(handle)).flatten().chain(&arns);
        let declared = |(instance, address): (Instance, &Arc<str>)| self.declared.get(&(instance, address.clone()));
        let referred = texts.iter().filter_map(|text| reference(text).and_then(declared));
        let mut places: Vec<usize> = with.chain(referred).copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| self.all.get(place)).collect()
    }
}

fn each(list: &Value<Option<Vec<Value<Text>>>>) -> impl Iterator<Item = &Text> {
    list.candidates().into_iter().flatten().flatten().flat_map(Value::candidates)
}

impl Listing for Bucket {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        self.name.candidates().into_iter().flatten().cloned().collect()
    }
}

impl Listing for BucketPolicy {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        self.bucket.candidates().into_iter().cloned().collect()
    }
}

impl Listing for Key {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        [&self.id, &self.arn].into_iter().flat_map(|name| name.candidates()).flatten().cloned().collect()
    }
}

impl Listing for Alias {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        self.name.candidates().into_iter().cloned().collect()
    }
}

impl Listing for TopicPolicy {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        each(&self.topics).map(super::link::topic_name).collect()
    }
}

impl Listing for Identity {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        each(&self.roles).map(super::link::identity_name).chain(self.arn_end.clone()).collect()
    }
}

impl Listing for StorePolicy {
    fn at(&self) -> &Declared {
        &self.at
    }

    fn texts(&self) -> Vec<Text> {
        self.resource.candidates().into_iter().cloned().collect()
    }
}

/// Things that are looked for by their declaration alone.
macro_rules! by_declaration {
    ($($name:ident)*) => {
        $(impl Listing for $name {
            fn at(&self) -> &Declared {
                &self.at
            }
        })*
    };
}

by_declaration! { Trail Store LogGroup Topic OrganizationPolicy Organization Account DelegatedAdministrator }
