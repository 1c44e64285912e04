//! Where what exists is declared: findings in an account stand on the source that is given beside its evidence.
//!
//! Three things lead there, and the surest is asked first. A state knows the ARN of what each block made. CloudFormation
//! tags what it makes with the stack and the logical id. A name may be written in the source. What several declarations
//! may have made is nobody's to guess.

use super::subject::{Kind, subjects};
use super::{Answer, Outcome, Subject, estate};
use crate::model::{Declared, Scope};
use crate::read::account::Made;
use crate::read::cloudformation::Stack;
use crate::read::{Arn, Unit, World};
use crate::source::{FileId, Sources, Span};
use crate::value::{Related, Text, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Places by what leads to them; none where there are several.
type Places<K> = BTreeMap<K, Option<Span>>;

/// The places of declarations, and what tells which of them made what exists.
#[derive(Debug, Default)]
pub struct Anchors {
    /// By kind and literal name.
    named: Places<(&'static str, String)>,
    /// By what AWS calls them.
    deployed: Places<String>,
    /// By kind and logical id.
    logical: BTreeMap<(&'static str, String), Vec<Template>>,
    /// The names that declarations write, by their places; none where one is not written out, or is a default.
    written: BTreeMap<Span, Option<BTreeSet<String>>>,
    /// What stacks have made, by ARN.
    made: BTreeMap<String, Made>,
    /// The first place of each account in a list of accounts.
    listed: BTreeMap<String, Span>,
}

/// A declaration in a template.
#[derive(Debug)]
struct Template {
    span: Span,
    /// The file of the template.
    file: String,
    /// The file of the template that includes it, by others or itself, and the logical ids that lead there.
    root: String,
    path: Vec<String>,
}

impl Template {
    /// Whether a stack is called like the template's file or its directory. A nested one is called by CloudFormation: the
    /// stack around it, its logical id and something random, `-` between them.
    fn is_of(&self, stack: &str) -> bool {
        let nested = |root: &str| {
            let rest = self.path.iter().try_fold(stack.strip_prefix(root)?, |rest, id| {
                let random = rest.strip_prefix('-')?.strip_prefix(id.as_str())?.strip_prefix('-')?;
                Some(random.trim_start_matches(|character| character != '-'))
            });
            rest.filter(|rest| rest.is_empty())
        };
        called(&self.file).any(|name| name == stack) || called(&self.root).any(|root| nested(root).is_some())
    }
}

/// What a template in a file may be called: the file's name up to the first dot, and its directory's.
fn called(file: &str) -> impl Iterator<Item = &str> {
    let mut parts = file.rsplit('/');
    let stem = parts.next().and_then(|name| name.split('.').next());
    stem.into_iter().chain(parts.next()).filter(|name| !name.is_empty())
}

impl Anchors {
    /// Adds what units declare.
    pub fn add(&mut self, unit: &dyn Unit) {
        self.add_names(&estate::lower(unit, &World::default()));
    }

    /// Adds what a stack's templates declare, also by logical id.
    pub fn add_stack(&mut self, stack: &Stack, sources: &Sources) {
        let scope = estate::lower(stack, &World::default());
        let root = stack.templates().next().map_or("", |template| template.name());
        for (kind, at) in subjects(&scope) {
            let file = sources.get(at.span.file).map_or("", |file| &file.name);
            let mut path: Vec<String> = at.address.split('/').map(str::to_owned).collect();
            let id = path.pop().unwrap_or_default();
            let template = Template { span: at.span, file: file.to_owned(), root: root.to_owned(), path };
            self.logical.entry((kind.name(), id)).or_default().push(template);
        }
        self.add_names(&scope);
    }

    fn add_names(&mut self, scope: &Scope) {
        for (kind, name, at) in names(scope) {
            let literal = literal(name);
            let written = literal.clone().filter(|_| name.assumes.is_empty());
            let known = self.written.entry(at.span).or_insert_with(|| Some(BTreeSet::new()));
            *known = known.take().zip(written).map(|(mut known, name)| {
                known.insert(name);
                known
            });
            if let Some(name) = literal {
                add(&mut self.named, (kind, name), at.span);
            }
        }
    }

    /// Adds what states know, once it is known what is declared: what AWS calls a resource, and where that is declared.
    /// A block that writes another name is not what the state was made from.
    pub fn deploy<'n>(&mut self, places: impl IntoIterator<Item = (&'n str, Span)>) {
        for (address, span) in places {
            // Older providers name a log group with all its streams.
            let address = address.strip_suffix(":*").unwrap_or(address);
            if self.writes(span, name(address)) != Some(false) {
                add(&mut self.deployed, address.to_owned(), span);
            }
        }
    }

    /// Whether a declaration writes a name or another one; none where it may be either.
    fn writes(&self, span: Span, name: Option<&str>) -> Option<bool> {
        let written = self.written.get(&span)?.as_ref()?;
        Some(name.is_some_and(|name| written.contains(name)))
    }

    /// Adds what stacks have made, by ARN.
    pub fn tag(&mut self, made: impl IntoIterator<Item = (String, Made)>) {
        self.made.extend(made);
    }

    /// Adds a list of accounts: whatever text it is, an account stands where its id stands first.
    pub fn list(&mut self, file: FileId, text: &str) {
        let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        for (start, _) in text.match_indices(|character: char| character.is_ascii_digit()) {
            let is_id = (start..start + 12).all(is_digit) && !is_digit(start + 12);
            if is_id && !start.checked_sub(1).is_some_and(is_digit) {
                let id = text.get(start..start + 12).unwrap_or_default().to_owned();
                self.listed.entry(id).or_insert(Span::new(file, start..start + 12));
            }
        }
    }

    /// Adds accounts that are named, where no list names them.
    pub fn name(&mut self, accounts: &BTreeMap<String, Span>) {
        for (id, span) in accounts {
            self.listed.entry(id.clone()).or_insert(*span);
        }
    }

    /// Moves what stands on evidence to where it is declared, or else to where its account is listed. The answer of AWS
    /// stays beside it. `declared` is what is said of the declarations themselves: where it says otherwise, so does the
    /// finding.
    pub fn settle(
        &self,
        outcomes: &mut [Outcome],
        evidence: &BTreeSet<FileId>,
        declared: &[Outcome],
        sources: &Sources,
    ) {
        let passes = declared.iter().filter(|outcome| outcome.answer == Answer::Pass);
        let passes = passes.flat_map(|pass| {
            // What a module declares may stand on its call.
            let places = [pass.span].into_iter().chain(pass.related.iter().map(|related| related.span));
            places.map(move |place| ((pass.check.id, place), pass))
        });
        let passes: BTreeMap<(&str, Span), &Outcome> = passes.collect();
        for outcome in outcomes.iter_mut().filter(|outcome| evidence.contains(&outcome.span.file)) {
            if let Some(place) = self.place(&outcome.subject) {
                let pass = passes.get(&(outcome.check.id, place)).filter(|_| outcome.answer == Answer::Fail);
                pass.into_iter().for_each(|pass| differ(outcome, pass, sources));
                outcome.related.insert(0, Related { label: "AWS says so here".into(), span: outcome.span });
                outcome.span = place;
            }
        }
    }

    fn place(&self, subject: &Subject) -> Option<Span> {
        let deployed = self.deployed.get(&*subject.address).copied();
        let declared = deployed.or_else(|| self.by_stack(subject)).or_else(|| self.by_name(subject));
        // Where the surest that tells anything leads to several, the others are not asked.
        declared.flatten().or_else(|| self.listed.get(subject.account.as_deref()?).copied())
    }

    /// The declaration of the logical id, in a template that is told to be the stack's, or that writes the
    /// name; of several that write it, in the one that is the stack's.
    fn by_stack(&self, subject: &Subject) -> Option<Option<Span>> {
        let made = self.made.get(&*subject.address)?;
        let all = self.logical.get(&(subject.kind, made.logical_id.clone()))?;
        let is_of = |template: &&Template| template.is_of(&made.stack);
        let fits = |template: &&Template| {
            self.writes(template.span, name(&subject.address)).unwrap_or_else(|| is_of(template))
        };
        let fitting = || all.iter().filter(fits);
        let only_fitting = only(fitting())?;
        Some(only_fitting.or_else(|| only(fitting().filter(is_of)).flatten()))
    }

    fn by_name(&self, subject: &Subject) -> Option<Option<Span>> {
        self.named.get(&(subject.kind, name(&subject.address)?.to_owned())).copied()
    }
}

/// Says that a declaration is right and what exists is not, with both values.
fn differ(outcome: &mut Outcome, declared: &Outcome, sources: &Sources) {
    let aws = value(sources, outcome.span);
    // Where AWS has no value, the finding stands on the name.
    let is_name = outcome.subject.address.ends_with(aws.trim_matches(['`', '"']));
    let aws = if is_name { "not so in AWS".to_owned() } else { format!("{aws} in AWS") };
    let source = match declared.rests_on {
        Some(place) => {
            outcome.related.insert(0, Related { label: "the source says otherwise here".into(), span: place });
            format!("{} in the source", value(sources, place))
        }
        None => "right as it is declared".to_owned(),
    };
    let words = format!("source and account differ: {source}, {aws}");
    outcome.label = if outcome.label.is_empty() { words } else { format!("{}; {words}", outcome.label) };
}

/// The beginning of what is written at a place.
fn value(sources: &Sources, span: Span) -> String {
    let text = sources.get(span.file).map_or("", |file| file.cut(span));
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONG) {
        None if line.len() == text.len() => format!("`{line}`"),
        None => format!("`{line} …`"),
        Some((end, _)) => format!("`{} …`", line.get(..end).unwrap_or_default()),
    }
}

/// Characters of a value that are shown.
const LONG: usize = 60;

/// The place of the declarations, where there are any; none where there are several.
fn only<'t>(mut templates: impl Iterator<Item = &'t Template>) -> Option<Option<Span>> {
    let first = templates.next()?.span;
    Some(Some(first).filter(|_| templates.all(|other| other.span == first)))
}

fn add<K: Ord>(places: &mut Places<K>, key: K, span: Span) {
    let known = places.entry(key).or_insert(Some(span));
    *known = known.filter(|known| *known == span);
}

/// The name in an ARN. Those of log groups may have slashes in them.
fn name(address: &str) -> Option<&str> {
    let arn = Arn::parse(address)?;
    Some(arn.log_group().unwrap_or_else(|| arn.name()))
}

/// What may have a name: its kind and name.
fn names(scope: &Scope) -> impl Iterator<Item = (&'static str, &Value<Option<Text>>, &Declared)> {
    let trails = scope.trails.iter().map(|it| (Kind::Trail.name(), &it.name, &it.at));
    let buckets = scope.buckets.iter().map(|it| (Kind::Bucket.name(), &it.name, &it.at));
    let groups = scope.log_groups.iter().map(|it| (Kind::LogGroup.name(), &it.name, &it.at));
    let topics = scope.topics.iter().map(|it| (Kind::Topic.name(), &it.name, &it.at));
    let identities = scope.identities.iter().map(|it| (it.kind, &it.name, &it.at));
    trails.chain(buckets).chain(groups).chain(topics).chain(identities)
}

fn literal(name: &Value<Option<Text>>) -> Option<String> {
    name.get()?.as_ref()?.literal().map(str::to_owned)
}
