//! Whether someone is told of events: by a metric filter on a trail's log group whose alarm acts, or by a rule of EventBridge
//! with a target. What filters and rules match is decided by their meaning, those of one trail together.

use super::event_rule::EventRule;
use super::metric_filter::MetricFilter;
use super::{AlarmKind, Cx, Declared, Trail};
use crate::patterns::{Cover, Formula, Kind, Reach, Refused, Set, Subject, cover, trail_tampering};
use crate::source::Span;
use crate::value::{Fact, Ground, Origin, Text, Truth, Verdict, Why, require};
use std::collections::BTreeSet;

/// The Regions where global services record (aws-facts §7.2).
const GLOBAL: [&str; 2] = ["us-east-1", "us-gov-west-1"];

/// Names of events that one message lists.
const MOST_NAMES: usize = 4;

/// A filter or rule, with what it means.
struct Watcher<'a> {
    formula: Formula,
    /// What AWS does not take of it.
    refused: Option<String>,
    /// Whether its pattern holds a word.
    mentions: Box<dyn Fn(&str) -> bool + 'a>,
    /// Whether what it matches is told to someone.
    live: Truth,
    at: &'a Declared,
    pattern: Origin,
    rule: Option<&'a EventRule>,
}

impl Watcher<'_> {
    fn event(&self, kind: &Kind) -> crate::patterns::Event {
        match self.rule {
            Some(rule) => kind.on_bus(&rule.at.home.account, &rule.at.home.region),
            None => kind.record.clone(),
        }
    }

    /// Whether it was meant for events of a kind: it names them, and matches some, or nothing at all.
    fn means(&self, kind: &Kind) -> bool {
        let is_dead = || cover(&[&self.formula], &any_event(self.rule)) == Cover::None;
        if self.refused.is_some() {
            return (self.mentions)(kind.name);
        }
        kind.is_named_by(&self.formula, self.rule.is_some())
            && (cover(&[&self.formula], &self.event(kind)) != Cover::None || is_dead())
    }
}

/// Any event of CloudTrail, as a log group or a bus receives it.
pub(super) fn any_event(rule: Option<&EventRule>) -> crate::patterns::Event {
    let record = crate::patterns::Event::record();
    match rule {
        Some(rule) => record.from_cloudtrail(&rule.at.home.account, &rule.at.home.region),
        None => record,
    }
}

/// A formula, and what AWS does not take of it.
fn read(formula: Result<Formula, Refused>, place: Span) -> (Formula, Option<String>) {
    match formula {
        Ok(formula) => (formula, None),
        Err(Refused::Invalid(_, words)) => (Formula::nothing(), Some(words)),
        Err(Refused::Unknown(why)) => (Formula::Unknown(why.at(place)), None),
    }
}

impl<'a> Cx<'a> {
    /// Whether someone is told of all events of a set that some trails record.
    ///
    /// Where nothing of that is declared, it may be elsewhere; not so with `declared`.
    pub(super) fn is_told(&self, trails: &[(&'a Trail, Truth)], set: &Set, declared: bool) -> Truth {
        let filters = self.watching_filters(trails);
        let rules = self.watching_rules();
        let all: Vec<&Watcher> = filters.iter().chain(&rules).collect();
        let is_meant = declared || all.iter().any(|watcher| set.kinds.iter().any(|kind| watcher.means(kind)));
        let mut missed: Vec<(&Kind, Vec<Fact>, String)> = Vec::new();
        let mut unknown = Truth::yes();
        for kind in &set.kinds {
            let by_filters = watched(&filters, kind);
            if by_filters.is_true() {
                continue;
            }
            let truth = by_filters.or(self.watched_by_rules(&rules, kind, trails));
            match truth {
                Truth::True(_) => {}
                Truth::Unknown(..) => unknown = unknown.and(truth),
                Truth::False(_) if !self.sees_all() && !is_meant => unknown = unknown.and(Truth::unknown(unseen(set))),
                Truth::False(_) if self.has_log_alarm() => {
                    let text = "an alarm on a query of logs is declared, and what its query finds is not followed";
                    unknown = unknown.and(Truth::unknown(Why::not_visible("LogAlarm", text)));
                }
                Truth::False(_) => {
                    let (facts, words) = blame(&all, kind, set);
                    missed.push((kind, facts, words));
                }
            }
        }
        match missed.split_first() {
            None => unknown,
            Some(((_, facts, words), rest)) => {
                let same: Vec<&Kind> =
                    missed.iter().filter(|(.., other)| other == words).map(|(kind, ..)| *kind).collect();
                let label = format!("no one is told of {}: {words}", names(&same, set));
                let more = rest.iter().flat_map(|(_, facts, _)| facts);
                let mut facts: Vec<Fact> = facts.iter().chain(more).cloned().collect();
                if let Some(first) = facts.first_mut() {
                    first.label = Some(label.into());
                }
                Truth::False(Ground { facts, assumes: Vec::new() })
            }
        }
    }

    /// Whether rules of the Region in which a trail is tell of all events of a set.
    pub(super) fn is_ruled(&self, trail: &'a Trail, set: &Set) -> Truth {
        let rules = self.watching_rules();
        let here = |rule: &&Watcher| !rule.at.home.region.same(&trail.at.home.region).is_false();
        let here: Vec<&Watcher> = rules.iter().filter(here).collect();
        let (mut missed, mut unknown) = (Vec::new(), Truth::yes());
        for kind in &set.kinds {
            match watched_of(&here, kind) {
                Truth::True(_) => {}
                Truth::False(_) => missed.push(kind),
                truth => unknown = unknown.and(truth),
            }
        }
        if missed.is_empty() {
            return unknown;
        }
        let words = format!("no rule tells of {}", names(&missed, set));
        let place = Fact { span: trail.at.span, property: "".into(), written: true, label: Some(words.into()) };
        Truth::False(Ground { facts: vec![place], assumes: Vec::new() })
    }

    /// The verdict of a control: whether someone is told of its events, whichever trail of the scope records them.
    pub fn has_alarm_for(&self, trail: &'a Trail, subject: Subject) -> Verdict {
        let set = subject.set();
        self.at_widest(trail, |union| told(self.is_told(union.trails(), &set, false), trail, &set))
    }

    fn has_log_alarm(&self) -> bool {
        self.estate.scopes.iter().any(|scope| scope.alarms.iter().any(|alarm| alarm.kind == AlarmKind::Log))
    }

    fn watching_filters(&self, trails: &[(&'a Trail, Truth)]) -> Vec<Watcher<'a>> {
        let each = self.filters_of_trails(trails).into_iter().map(|(filter, on)| {
            let (formula, refused) = read(filter.formula(), filter.pattern.origin.span);
            let live = on.and(filter.at.exists()).and(self.is_alarmed(filter));
            let text = filter.pattern.get().and_then(|text| text.as_ref()?.literal());
            let mentions = Box::new(move |word: &str| text.is_some_and(|text| text.contains(word)));
            let pattern = filter.pattern.origin.clone();
            Watcher { formula, refused, mentions, live, at: &filter.at, pattern, rule: None }
        });
        each.collect()
    }

    /// Whether someone is told of what a filter counts.
    pub fn is_alarmed(&self, filter: &'a MetricFilter) -> Truth {
        let counts = filter.metrics.ask(&|metrics, origin| match metrics.as_slice() {
            [] => Truth::of(false, origin),
            some => Truth::any(some.iter().map(super::metric_filter::Metric::counts)),
        });
        let counts = said(counts, "what it counts comes to nothing");
        let alarms: Vec<_> = self.alarms_naming(filter);
        if alarms.is_empty() {
            return counts.and(self.no_alarm(filter));
        }
        let each = alarms.into_iter().map(|alarm| {
            let watches =
                said(self.watches(alarm, filter), "the alarm watches another metric than the filter publishes");
            let fires = said(alarm.can_fire(), "the alarm cannot fire once an event was counted");
            let heard = said(self.is_heard(alarm), "the alarm does nothing");
            let reaches = said(self.reaches(alarm), "what the alarm says reaches no one");
            watches.and(alarm.at.exists()).and(fires).and(heard).and(reaches)
        });
        counts.and(Truth::any(each))
    }

    /// That no alarm is there for a filter: in sight, or declared elsewhere.
    pub fn no_alarm(&self, filter: &MetricFilter) -> Truth {
        match self.sees_all() {
            true => said(Truth::of(false, &filter.metrics.origin), "no alarm watches its metric"),
            false => {
                let text = "no alarm on the metric of this filter is declared in this run";
                Truth::unknown(Why::not_visible("alarm", text).at(filter.at.span))
            }
        }
    }

    fn watching_rules(&self) -> Vec<Watcher<'a>> {
        let rules = self.estate.scopes.iter().flat_map(|scope| &scope.event_rules);
        let each = rules.filter_map(|rule| {
            let (formula, refused) = read(rule.formula()?, rule.pattern.origin.span);
            let enabled = said(rule.is_enabled(), "the rule is off");
            let target = said(rule.has_target(), "the rule has no target");
            let bus = said(rule.is_on_default_bus(), "events of CloudTrail come to the default bus only");
            let live = rule.at.exists().and(enabled).and(target).and(bus);
            let mentions = Box::new(|word: &str| rule.mentions(word));
            let pattern = rule.pattern.origin.clone();
            Some(Watcher { formula, refused, mentions, live, at: &rule.at, pattern, rule: Some(rule) })
        });
        each.collect()
    }

    /// Whether rules tell of a kind of events everywhere where trails record it.
    fn watched_by_rules(&self, rules: &[Watcher], kind: &Kind, trails: &[(&Trail, Truth)]) -> Truth {
        let in_region = |region: &Text| {
            let here = |watcher: &&Watcher| match watcher.at.home.region.same(region) {
                Truth::True(_) => true,
                Truth::False(_) => false,
                // What one stack deploys is in one Region.
                Truth::Unknown(..) => watcher.at.home.region == *region,
            };
            watched_of(&rules.iter().filter(here).collect::<Vec<_>>(), kind)
        };
        let homes: BTreeSet<&Text> = trails.iter().map(|(trail, _)| &trail.at.home.region).collect();
        let at_home = || Truth::any(homes.iter().map(|region| in_region(region)));
        let everywhere = trails.iter().any(|(trail, _)| !trail.multi_region.is(true).is_false());
        match kind.reach() {
            Reach::Home => at_home(),
            Reach::Global => {
                Truth::any(GLOBAL.iter().map(|region| in_region(&(*region).into()))).or(self.elsewhere(at_home()))
            }
            Reach::Everywhere if !everywhere => at_home(),
            Reach::Everywhere => match self.scope.live.as_ref().and_then(|live| live.regions.get()) {
                Some(Some(regions)) => {
                    Truth::all(regions.iter().map(|region| region.ask(&|region, _| in_region(region))))
                }
                _ => self.elsewhere(at_home()),
            },
        }
    }

    /// What rules of one Region say of others: in a template, that there may be such rules too.
    fn elsewhere(&self, at_home: Truth) -> Truth {
        let text = "a rule tells of the events of its own Region, and whether there is one in each cannot be seen";
        match at_home {
            no @ Truth::False(_) => no,
            _ if self.sees_all() => Truth::no(),
            _ => Truth::unknown(Why::not_visible("rule", text)),
        }
    }
}

/// What someone is told of, as a verdict on a trail.
pub(super) fn told(truth: Truth, trail: &Trail, set: &Set) -> Verdict {
    require(truth)
        .or_at(trail.at.span)
        .label(format!("no one is told of {}", set.words))
        .related("the trail that records them", trail.at.span)
        .because(format!("someone is told of {}", set.words))
}

/// The same truth with words for the place where it breaks.
fn said(truth: Truth, words: &'static str) -> Truth {
    match truth {
        Truth::False(mut ground) => {
            for fact in ground.facts.iter_mut().filter(|fact| fact.label.is_none()) {
                fact.label = Some(words.into());
            }
            Truth::False(ground)
        }
        truth => truth,
    }
}

fn unseen(set: &Set) -> Why {
    Why::not_visible("alarm", format!("nothing that tells of {} is declared in this run", set.words))
}

fn watched(all: &[Watcher], kind: &Kind) -> Truth {
    watched_of(&all.iter().collect::<Vec<_>>(), kind)
}

/// Whether events of a kind are told of, by all that watch together.
fn watched_of(all: &[&Watcher], kind: &Kind) -> Truth {
    let Some(event) = all.first().map(|watcher| watcher.event(kind)) else { return Truth::no() };
    let with = |is: &dyn Fn(&Truth) -> bool| {
        let formulas: Vec<&Formula> = all.iter().filter(|it| is(&it.live)).map(|it| &it.formula).collect();
        cover(&formulas, &event)
    };
    if with(&Truth::is_true) == Cover::All {
        return Truth::yes();
    }
    match with(&|live| !live.is_false()) {
        Cover::None | Cover::But(_) => Truth::no(),
        Cover::Unknown(why) => Truth::unknown(why),
        Cover::All => {
            let lives = all.iter().map(|watcher| &watcher.live).filter(|live| matches!(live, Truth::Unknown(..)));
            Truth::all(lives.cloned())
        }
    }
}

/// Where it breaks for a kind of events, and how: at what matches it and is not told, else at the pattern that was meant.
fn blame(all: &[&Watcher], kind: &Kind, set: &Set) -> (Vec<Fact>, String) {
    let matching = all.iter().filter(|it| cover(&[&it.formula], &it.event(kind)) == Cover::All);
    if let Some(Truth::False(ground)) = matching.map(|watcher| &watcher.live).find(|live| live.is_false()) {
        let words = ground.facts.first().and_then(|fact| fact.label.clone()).unwrap_or_default().into_owned();
        return (ground.facts.clone(), words);
    }
    let meant = |it: &&&Watcher| set.kinds.iter().any(|kind| it.means(kind));
    let changes = Subject::TrailChanges.set();
    let beside = |it: &&&Watcher| kind.reach() == Reach::Home && changes.kinds.iter().any(|other| it.means(other));
    let first = all.iter().find(|it| it.means(kind)).or_else(|| all.iter().find(meant));
    let first = first.or_else(|| all.iter().find(beside));
    let Some(watcher) = first else { return (Vec::new(), "nothing watches for them".to_owned()) };
    let what = if watcher.rule.is_some() { "the rule" } else { "the filter" };
    let words = match (&watcher.refused, cover(&[&watcher.formula], &watcher.event(kind))) {
        (Some(words), _) => format!("{what} does not deploy, {words}"),
        (None, Cover::But(gaps)) => match gaps.first() {
            Some(gap) => format!("{what} leaves out {gap}"),
            None => format!("{what} leaves some out"),
        },
        _ => format!("{what} does not match them"),
    };
    (vec![Fact::from(&watcher.pattern)], words)
}

/// The names of some kinds, or the words for all of a set.
fn names(kinds: &[&Kind], set: &Set) -> String {
    if kinds.len() == set.kinds.len() {
        return set.words.to_owned();
    }
    let named: Vec<String> = kinds.iter().take(MOST_NAMES).map(|kind| format!("`{}`", kind.name)).collect();
    match kinds.len().saturating_sub(MOST_NAMES) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Calls that a rule or filter may be about: those of the controls, and those that tamper with trails.
pub(super) fn known_kinds() -> Vec<Kind> {
    let tampering = trail_tampering(true).kinds;
    Subject::ALL.iter().flat_map(|subject| subject.set().kinds).chain(tampering).collect()
}
