//! Root modules: what is judged as one, with everything that it calls.

use super::eval::Eval;
use super::folder::{Files, Folder, Values, join};
use super::formula::{COLLECTION, Formula, NULL};
use super::groups::Families;
use super::module::Module;
use super::plan::Plan;
use super::told::Told;
use super::variables::Variables;
use crate::read::tri::{Defaults, Tri};
use crate::read::{Again, Called, Change, Groups, Notice, NoticeKind, Record, Unit, World};
use crate::source::{FileId, Span};
use crate::value::{Condition, Hole, Instance, Of, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// So many steps of an evaluation count as much as a resource.
const STEPS_PER_RESOURCE: usize = 100;

/// The modules and files of a run, which its roots share.
#[derive(Debug, Default)]
pub(super) struct Library {
    pub(super) modules: Vec<Module>,
    by_path: BTreeMap<Arc<str>, usize>,
    /// The modules of the files, also of those that only expressions read.
    owners: BTreeMap<FileId, usize>,
    pub(super) files: Files,
}

/// A root module with the modules that it calls.
#[derive(Debug, Default)]
pub struct Root {
    pub(super) library: Arc<Library>,
    /// Its own module.
    pub(super) module: usize,
    /// Where its installed modules lie, by key.
    installed: BTreeMap<String, String>,
    base: u32,
    /// The provider configurations of all modules are instances of their own.
    providers: Vec<usize>,
    pub(super) given: Variables,
    /// The world in which nothing is taken as given.
    pub(super) nothing: World,
    /// What a plan or state knows.
    pub(super) plan: Option<Arc<Plan>>,
    /// What it tells of where things are.
    pub(super) homes: OnceLock<Told>,
    formulas: Mutex<BTreeMap<Arc<str>, Formula>>,
    /// The defaults of variables and of their parts, worked out once: every world asks for them.
    defaults: Mutex<BTreeMap<Hole, Option<Text>>>,
    pub(super) told: Mutex<Vec<Notice>>,
    /// What may be evaluated by itself, once that was asked for.
    pub(super) families: OnceLock<Families>,
    /// The most steps that one evaluation took: worlds are looked at in proportion.
    pub(super) steps: AtomicUsize,
}

/// The root modules of a run: the directories that were named and that no other one calls. Their instances begin at `first`.
pub fn roots(folders: Vec<Folder>, files: Files, values: &Values, first: u32) -> Vec<Root> {
    let mut library = Library { files, ..Library::default() };
    let mut candidates = Vec::new();
    let mut plans = Vec::new();
    for folder in folders {
        let index = library.modules.len();
        candidates.push((index, folder.named, folder.installed.clone(), folder.values.clone()));
        plans.push(folder.plan.clone());
        library.by_path.insert(folder.path.as_str().into(), index);
        library.owners.extend(folder.files.iter().map(|(_, file, _)| (*file, index)));
        library.modules.push(Module::new(folder));
    }
    library.own_texts();
    let library = Arc::new(library);
    let named: Vec<usize> = candidates.iter().filter(|(_, named, ..)| *named).map(|(index, ..)| *index).collect();
    let calls: Vec<Vec<usize>> =
        candidates.iter().map(|(index, _, installed, _)| library.calls(*index, installed)).collect();
    let free = uncalled(&named, &calls);
    let mut base = first;
    let mut all = Vec::new();
    for (index, named, installed, own) in candidates {
        let plan = plans.get(index).cloned().flatten();
        if plan.is_none() && (!named || !free.contains(&index)) {
            continue;
        }
        let Some(module) = library.modules.get(index) else { continue };
        let mut providers = Vec::new();
        let mut sum = 0;
        for module in &library.modules {
            providers.push(sum);
            sum += module.providers.len();
        }
        let root = Root {
            given: Variables::new(module, &own, values),
            library: library.clone(),
            module: index,
            installed,
            base,
            providers,
            plan,
            ..Root::default()
        };
        base = base.saturating_add(1).saturating_add(u32::try_from(sum).unwrap_or(u32::MAX));
        all.push(root);
    }
    all
}

/// The directories of which no other is a part. Of those that only call one another in a circle, the first.
fn uncalled(named: &[usize], calls: &[Vec<usize>]) -> BTreeSet<usize> {
    let called: BTreeSet<usize> = calls.iter().flatten().copied().collect();
    let mut roots: BTreeSet<usize> = named.iter().copied().filter(|index| !called.contains(index)).collect();
    let mut reached = BTreeSet::new();
    for root in roots.iter().copied().collect::<Vec<_>>().into_iter().chain(named.iter().copied()) {
        if !reached.contains(&root) {
            roots.insert(root);
        }
        let mut open = vec![root];
        while let Some(index) = open.pop() {
            if reached.insert(index) {
                open.extend(calls.get(index).into_iter().flatten());
            }
        }
    }
    roots
}

/// Whether the source of a module is a directory beside the one that calls it.
pub(super) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../") || source == "." || source == ".."
}

impl Library {
    /// The other modules that a module calls.
    fn calls(&self, index: usize, installed: &BTreeMap<String, String>) -> Vec<usize> {
        let Some(module) = self.modules.get(index) else { return Vec::new() };
        let target = |call: &super::module::Call| {
            let source = call.source.as_ref().map(|(_, source)| &**source);
            self.target(module, source, installed, &call.name).filter(|target| *target != index)
        };
        module.calls.iter().filter_map(target).collect()
    }

    /// The module that a call leads to, from its source as written; an installed one by its key.
    pub(super) fn target(
        &self,
        from: &Module,
        source: Option<&str>,
        installed: &BTreeMap<String, String>,
        key: &str,
    ) -> Option<usize> {
        let source = source?;
        let path = if is_local(source) { join(&from.path, source) } else { installed.get(key)?.clone() };
        self.by_path.get(path.as_str()).copied()
    }

    /// A text belongs to the nearest module around it.
    fn own_texts(&mut self) {
        for (path, (file, _)) in &self.files.texts {
            let mut directories = std::iter::successors(Some(path.as_str()), |path| match path.rsplit_once('/') {
                Some((above, _)) => Some(above),
                None => (!path.is_empty()).then_some(""),
            });
            let owner = directories.find_map(|directory| self.by_path.get(directory));
            self.owners.extend(owner.map(|owner| (*file, *owner)));
        }
    }

    /// The module that a file is part of.
    pub(super) fn owner(&self, file: FileId) -> Option<usize> {
        self.owners.get(&file).copied()
    }

    /// Whether a piece of a file is on one line.
    pub(super) fn is_one_line(&self, span: Span) -> bool {
        let text = self.files.sources.get(&span.file).and_then(|text| text.get(span.range()));
        text.is_none_or(|text| text.len() < 4096 && !text.contains('\n'))
    }

    /// The text of a place.
    pub(super) fn cut(&self, span: Span) -> &str {
        self.files.sources.get(&span.file).and_then(|text| text.get(span.range())).unwrap_or("")
    }
}

impl Root {
    /// A root of the same account and Region that consists of nothing but a state.
    pub(super) fn beside(&self, state: Plan) -> Root {
        let module = Module::new(Folder { path: self.path().to_owned(), ..Folder::default() });
        let library = Library { modules: vec![module], ..Library::default() };
        let (given, plan) = (self.given.at_home(), Some(Arc::new(state)));
        Root { library: Arc::new(library), base: self.base, providers: vec![0], given, plan, ..Root::default() }
    }

    /// The account, partition or Region that was given to the run.
    pub(super) fn pseudo(&self, of: &Of) -> Option<&str> {
        self.given.pseudo(of)
    }

    /// Its instance: that of its resources and variables.
    pub(super) fn instance(&self) -> Instance {
        Instance(self.base)
    }

    /// The instance of a provider configuration: what its account and Region belong to.
    pub(super) fn provider_instance(&self, module: usize, provider: usize) -> Instance {
        let before = self.providers.get(module).copied().unwrap_or(0);
        Instance(self.base.saturating_add(1).saturating_add(u32::try_from(before + provider).unwrap_or(u32::MAX)))
    }

    /// The directory's path as reports show it.
    pub fn path(&self) -> &str {
        self.library.modules.get(self.module).map_or("", |module| &module.path)
    }

    /// Whether a plan or state says what it makes.
    pub fn has_plan(&self) -> bool {
        self.plan.is_some()
    }

    pub(super) fn problem(&self, message: String, span: Span) {
        self.notice(Notice { span, message, kind: NoticeKind::Problem });
    }

    /// Notes that a value does not count, since its key stands again further down.
    pub(super) fn lost(&self, key: &str, span: Span) {
        let message = format!("this value does not count: the key `{key}` stands again below, and the last one counts");
        self.notice(Notice { span, message, kind: NoticeKind::Lost });
    }

    pub(super) fn notice(&self, notice: Notice) {
        let mut notices = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }

    /// The module that a call leads to.
    pub(super) fn target(&self, from: &Module, source: Option<&str>, key: &str) -> Option<usize> {
        self.library.target(from, source, &self.installed, key)
    }

    /// The condition of a formula.
    pub(super) fn condition(&self, formula: Formula) -> Condition {
        let name: Arc<str> = formula.to_string().into();
        let mut formulas = self.formulas.lock().unwrap_or_else(PoisonError::into_inner);
        formulas.entry(name.clone()).or_insert(formula);
        Condition { instance: self.instance(), name }
    }

    /// The formula of a condition.
    pub(super) fn formula(&self, condition: &Condition) -> Option<Formula> {
        let formulas = self.formulas.lock().unwrap_or_else(PoisonError::into_inner);
        formulas.get(&condition.name).filter(|_| condition.instance == self.instance()).cloned()
    }

    /// The default of a variable, or of a part of one, as a text; null as [`NULL`], a collection as [`COLLECTION`].
    pub(super) fn default_of(&self, hole: &Hole) -> Option<Text> {
        if let Some(known) = self.defaults.lock().unwrap_or_else(PoisonError::into_inner).get(hole) {
            return known.clone();
        }
        let default = self.evaluated_default(hole);
        self.defaults.lock().unwrap_or_else(PoisonError::into_inner).insert(hole.clone(), default.clone());
        default
    }

    fn evaluated_default(&self, hole: &Hole) -> Option<Text> {
        let Of::Parameter { name, .. } = &hole.of else { return None };
        let mut parts = name.strip_prefix("var.")?.split('.');
        let eval = Eval::new(self, &self.nothing, Defaults::Count);
        let mut datum = eval.default_of(parts.next()?)?;
        for part in parts {
            datum = eval.access(&datum, part, datum.span);
        }
        match &datum.content {
            crate::read::Content::Absent => Some(NULL.into()),
            crate::read::Content::Text { text, .. } => Some(text.clone()),
            // No text, and yet a default: it is not null, and what is made of it (`length(var.names) > 0`) is decided by it.
            crate::read::Content::List(_) | crate::read::Content::Map { .. } => Some(COLLECTION.into()),
            _ => None,
        }
    }

    /// The value of a formula in a world.
    pub(super) fn decide(&self, formula: &Formula, world: &World, defaults: Defaults) -> Tri {
        let default = |hole: &Hole| match defaults {
            Defaults::Count => self.default_of(hole),
            Defaults::Ignore => None,
        };
        formula.value(world, &default)
    }

    fn consistent(&self, world: &World) -> bool {
        world.assigned().iter().all(|(condition, value)| {
            let formula = self.formula(condition);
            formula.is_none_or(|formula| self.decide(&formula, world, Defaults::Ignore).value != Some(!value))
        })
    }
}

impl Unit for Root {
    fn records(&self, world: &World, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        let eval = Eval::new(self, world, Defaults::Count);
        let records = eval.records(wanted);
        self.steps.fetch_max(eval.shared.steps.get(), Ordering::Relaxed);
        records
    }

    fn groups(&self, wanted: &dyn Fn(&str) -> bool) -> Option<Groups> {
        self.grouped(wanted)
    }

    fn groups_in(&self, world: &World, wanted: &dyn Fn(&str) -> bool, places: &[usize]) -> Option<Again> {
        let eval = Eval::new(self, world, Defaults::Count);
        let records = eval.groups_of(self.families.get()?, places, wanted)?;
        Some(Again { records, effort: places.len().max(eval.shared.steps.get() / STEPS_PER_RESOURCE) })
    }

    fn assume(&self, world: &World, condition: &Condition, value: bool) -> Option<World> {
        let mut next = world.clone();
        if let Some(known) = next.get(condition) {
            return (known == value).then_some(next);
        }
        next.assign(condition.clone(), value);
        let Some(formula) = self.formula(condition) else { return Some(next) };
        if self.decide(&formula, world, Defaults::Ignore).value == Some(!value) || !formula.imply(&mut next, value, 0) {
            return None;
        }
        // Where defaults still say the opposite, they count no more: the world was reached by giving other values.
        if self.decide(&formula, &next, Defaults::Count).value == Some(!value) {
            let mut holes = Vec::new();
            formula.holes(&mut holes);
            holes.iter().for_each(|hole| next.release(hole));
        }
        self.consistent(&next).then_some(next)
    }

    fn by_default(&self, world: &World, condition: &Condition) -> Option<bool> {
        match world.get(condition) {
            Some(value) => Some(value),
            None => self.decide(&self.formula(condition)?, world, Defaults::Count).value,
        }
    }

    fn parameters_of(&self, condition: &Condition) -> Vec<String> {
        let mut holes = Vec::new();
        self.formula(condition).into_iter().for_each(|formula| formula.holes(&mut holes));
        let with_default = holes.iter().filter(|hole| self.default_of(hole).is_some());
        let name = |hole: &Hole| match &hole.of {
            Of::Parameter { name, .. } => Some(name.to_string()),
            _ => None,
        };
        with_default.filter_map(name).collect()
    }

    fn first_instance(&self) -> Instance {
        self.instance()
    }

    fn holds(&self, instance: Instance) -> bool {
        let providers: usize = self.library.modules.iter().map(|module| module.providers.len()).sum();
        let last = self.base.saturating_add(u32::try_from(providers).unwrap_or(u32::MAX));
        (self.base..=last).contains(&instance.0)
    }

    fn exports_values(&self) -> bool {
        false
    }

    fn file(&self) -> Option<FileId> {
        self.library.modules.get(self.module)?.file
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices = self.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        notices.sort();
        notices.dedup();
        notices
    }

    fn change(&self) -> Option<Change<'_>> {
        self.planned_change()
    }

    fn calls_to(&self, address: &str, file: FileId) -> Option<Called> {
        self.calls_to(address, file)
    }

    fn calls_around(&self, address: &str) -> Vec<Span> {
        self.calls_around(address)
    }

    fn size(&self) -> usize {
        let declared =
            self.library.modules.get(self.module).map_or(0, |module| module.resources.len() + 10 * module.calls.len());
        // What few resources hang on may be much to work out.
        declared.max(self.steps.load(Ordering::Relaxed) / STEPS_PER_RESOURCE)
    }
}
