//! Lists of declared things that know where each of them is: by its address, and by the texts that name it.
//!
//! An index only narrows a search. Whether a text names a thing is decided in `link`.

use super::link::reference;
use super::{
    Account, Alias, AutoDelete, Bucket, BucketPolicy, Channel, Declared, DelegatedAdministrator, Identity, Key,
    LogGroup, LogPolicy, Organization, OrganizationPolicy, Store, StorePolicy, Topic, TopicPolicy, Trail, Unit,
};
use crate::value::{Instance, Text, Value};
use std::collections::{BTreeSet, HashMap};
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

/// A list with its index. What it holds is shared with the same list in other worlds.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    all: Vec<Option<Arc<T>>>,
    index: Arc<Index>,
    /// The places whose things were put in later, and what they are found by now.
    changed: BTreeSet<usize>,
    added: Index,
}

/// The places of things, by what they are found by.
#[derive(Clone, Debug, Default)]
struct Index {
    declared: HashMap<(Instance, Arc<str>), usize>,
    by_handle: HashMap<Handle, Vec<usize>>,
}

impl Index {
    fn add(&mut self, place: usize, item: &impl Listing) {
        let at = item.at();
        self.declared.entry((at.instance, at.address.clone())).or_insert(place);
        for handle in handles(item) {
            let places = self.by_handle.entry(handle).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
}

/// By what a thing is found, its declaration aside.
fn handles(item: &impl Listing) -> Vec<Handle> {
    let arn = item.at().arn().map(Text::from);
    arn.iter().chain(&item.texts()).flat_map(Handle::named).collect()
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed { all: Vec::new(), index: Arc::default(), changed: BTreeSet::new(), added: Index::default() }
    }
}

impl<T> Listed<T> {
    /// What there is, in the order of the source.
    pub fn iter(&self) -> Iter<'_, T> {
        self.all.iter().filter_map(Option::as_deref)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// How many places it has.
    pub(super) fn places(&self) -> usize {
        self.all.len()
    }
}

/// Goes through what a list holds.
type Iter<'a, T> = std::iter::FilterMap<std::slice::Iter<'a, Option<Arc<T>>>, fn(&'a Option<Arc<T>>) -> Option<&'a T>>;

impl<'a, T> IntoIterator for &'a Listed<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Listing> Extend<T> for Listed<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl<T: Listing> Listed<T> {
    /// Adds something; its place.
    pub(super) fn push(&mut self, item: T) -> usize {
        self.share(Some(Arc::new(item)));
        self.all.len() - 1
    }

    /// Adds something that another list holds too.
    pub(super) fn share(&mut self, item: Option<Arc<T>>) {
        let place = self.all.len();
        if let Some(item) = &item {
            match Arc::get_mut(&mut self.index).filter(|_| self.changed.is_empty()) {
                Some(index) => index.add(place, &**item),
                // The index is that of other worlds too.
                None => self.added.add(place, &**item),
            }
        }
        self.all.push(item);
    }

    /// Puts something else in a place, or nothing.
    pub(super) fn replace(&mut self, place: usize, item: Option<Arc<T>>) {
        let Some(here) = self.all.get_mut(place) else { return };
        let is_found_alike = match (&*here, &item) {
            (Some(old), Some(new)) => handles(&**old) == handles(&**new),
            _ => false,
        };
        if !is_found_alike {
            self.changed.insert(place);
            item.iter().for_each(|item| self.added.add(place, &**item));
        }
        *here = item;
    }

    /// Leaves out what stands behind some of the places.
    pub(super) fn truncate(&mut self, places: usize) {
        if places < self.all.len() {
            self.changed.extend(places..self.all.len());
            self.all.truncate(places);
        }
    }

    /// The declaration of what stands in a place.
    pub(super) fn declared_in(&self, place: usize) -> Option<&Declared> {
        self.all.get(place)?.as_deref().map(Listing::at)
    }

    /// What stands in a place.
    pub(super) fn at(&self, place: usize) -> Option<Arc<T>> {
        self.all.get(place)?.clone()
    }

    fn declared(&self, instance: Instance, address: &Arc<str>) -> Option<usize> {
        let key = (instance, address.clone());
        self.added.declared.get(&key).or_else(|| self.index.declared.get(&key)).copied()
    }

    fn by_handle<'h>(&'h self, handle: &Handle) -> impl Iterator<Item = usize> + 'h {
        let first = self.index.by_handle.get(handle).into_iter().flatten();
        let first = first.filter(|place| !self.changed.contains(place));
        first.chain(self.added.by_handle.get(handle).into_iter().flatten()).copied()
    }

    /// The thing of a declaration.
    pub fn of(&self, at: &Declared) -> Option<&T> {
        self.all.get(self.declared(at.instance, &at.address)?)?.as_deref()
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
        let arns: Vec<Handle> = texts.iter().filter(is_arn).map(|text| Handle::Name((**text).clone())).collect();
        let with = handles.iter().chain(&arns).flat_map(|handle| self.by_handle(handle));
        let referred = texts.iter().filter_map(|text| reference(text));
        let referred = referred.filter_map(|(instance, address)| self.declared(instance, address));
        let mut places: Vec<usize> = with.chain(referred).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| self.all.get(place)?.as_deref()).collect()
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

by_declaration! {
    Trail Store LogGroup Topic OrganizationPolicy Organization Account DelegatedAdministrator AutoDelete LogPolicy Channel Unit
}
