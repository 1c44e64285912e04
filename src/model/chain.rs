//! What hangs together on the way from an event to a person: a trail's log group and its filters, a filter and the alarms
//! that watch its metric, an alarm and what it does.
//!
//! What no link of a template declares may be declared elsewhere; in an account that was asked, it is not there.

use super::alarm::{Alarm, Watched};
use super::link::{is_named, is_near, log_group_name, topic_name};
use super::listed::Handle;
use super::metric_filter::{Metric, MetricFilter};
use super::{Cx, Link, LogGroup, Scope, Topic, Trail};
use crate::value::{Origin, Piece, Text, Truth, Value, Why, WhyKind};

/// Alarms that watch alarms are followed so far.
const MAX_COMPOSITES: usize = 3;

impl<'a> Cx<'a> {
    /// Whether all that accounts have is in sight: in evidence, and not in templates.
    pub(super) fn sees_all(&self) -> bool {
        self.scope.live.is_some()
    }

    /// The filters on the log groups that some trails write to, as far as that can be true.
    pub(super) fn filters_of_trails(&self, trails: &[(&'a Trail, Truth)]) -> Vec<(&'a MetricFilter, Truth)> {
        let mut found: Vec<(&'a MetricFilter, Truth)> = Vec::new();
        let groups: Vec<&LogGroup> = self.estate.scopes.iter().flat_map(|scope| &scope.log_groups).collect();
        for (trail, counts) in trails {
            let names: Vec<Text> = trail.log_group.candidates().into_iter().flatten().map(log_group_name).collect();
            let meant = groups.iter().filter(|group| names.iter().any(|name| is_named(name, &group.at, &group.name)));
            let handles: Vec<Handle> = meant.flat_map(|group| Handle::of(&group.at, &group.name)).collect();
            let texts: Vec<&Text> = names.iter().collect();
            for scope in &self.estate.scopes {
                let known = scope.metric_filters.with_or_named(&handles, &texts);
                let known = known.into_iter().chain(names.iter().flat_map(|name| scope.metric_filters.named(name)));
                for filter in known.chain(scope.metric_filters.named(&open())) {
                    let truth = counts.clone().and(self.is_on_group_of(filter, scope, trail));
                    match found.iter_mut().find(|(other, _)| std::ptr::eq(*other, filter)) {
                        Some((_, known)) => *known = known.clone().or(truth),
                        None if !truth.is_false() => found.push((filter, truth)),
                        None => {}
                    }
                }
            }
        }
        found
    }

    /// Whether a filter is on the log group that a trail writes to.
    fn is_on_group_of(&self, filter: &MetricFilter, scope: &Scope, trail: &Trail) -> Truth {
        let is_own = std::ptr::eq(scope, self.scope);
        trail.log_group.ask(&|arn, _| {
            let Some(arn) = arn.as_ref().filter(|arn| !arn.is_empty().is_true()) else { return Truth::no() };
            let name = log_group_name(arn);
            let groups = self.estate.scopes.iter().flat_map(|scope| &scope.log_groups);
            let declared: Vec<_> = groups.filter(|group| is_named(&name, &group.at, &group.name)).collect();
            if !is_near(arn, &filter.at) {
                return Truth::no();
            }
            filter.group.ask(&|group, _| {
                let Some(group) = group else { return Truth::no() };
                let group = log_group_name(group);
                let is_same = |at: &&LogGroup| is_named(&group, &at.at, &at.name);
                if declared.iter().any(is_same) || (group == name && !name.pieces().is_empty()) {
                    return Truth::yes();
                }
                match is_own {
                    true => self.names().resolve(&group).same(&self.names().resolve(&name)),
                    false => Truth::no(),
                }
            })
        })
    }

    /// The trails of the run whose events a filter counts.
    pub fn trails_of_filter(&self, filter: &MetricFilter) -> Vec<&'a Trail> {
        let scopes = self.estate.scopes.iter();
        let trails = scopes.flat_map(|scope| &scope.trails);
        trails.filter(|trail| self.is_on_group_of(filter, self.scope, trail).is_true()).collect()
    }

    /// The filters that publish a metric of the name that an alarm watches, as far as can be told.
    pub fn filters_named_by(&self, alarm: &Alarm) -> Vec<&'a MetricFilter> {
        let names = alarm.watched().into_iter().flat_map(|watched| watched.name.candidates()).flatten();
        let mut all: Vec<Text> = names.map(|name| as_metric(&self.names().resolve(name))).collect();
        all.push(as_metric(&open()));
        let each =
            self.estate.scopes.iter().flat_map(|scope| all.iter().flat_map(|name| scope.metric_filters.named(name)));
        let mut found: Vec<&MetricFilter> = Vec::new();
        for filter in each.filter(|filter| !self.names_metric(alarm, filter).is_false()) {
            if !found.iter().any(|known| std::ptr::eq(*known, filter)) {
                found.push(filter);
            }
        }
        found
    }

    /// The alarms on a metric of the name that a filter publishes, as far as can be told.
    pub fn alarms_naming(&self, filter: &MetricFilter) -> Vec<&'a Alarm> {
        let metrics = filter.metrics.candidates().into_iter().flatten();
        let names = metrics.flat_map(|metric| metric.name.candidates()).flatten();
        let mut all: Vec<Text> = names.map(|name| self.names().resolve(name)).collect();
        all.push(open());
        let each = self.estate.scopes.iter().flat_map(|scope| all.iter().flat_map(|name| scope.alarms.named(name)));
        let mut found: Vec<&Alarm> = Vec::new();
        for alarm in each.filter(|alarm| !self.names_metric(alarm, filter).is_false()) {
            if !found.iter().any(|known| std::ptr::eq(*known, alarm)) {
                found.push(alarm);
            }
        }
        found
    }

    /// Every composite alarm of the run.
    fn composites(&self) -> impl Iterator<Item = &'a Alarm> + use<'a> {
        let all = self.estate.scopes.iter().flat_map(|scope| scope.alarms.named(&composite()));
        all.collect::<Vec<_>>().into_iter()
    }

    /// Whether an alarm watches a metric of a filter.
    pub fn watches(&self, alarm: &Alarm, filter: &MetricFilter) -> Truth {
        let here = (&alarm.at.home, &filter.at.home);
        let differ = |one: &Text, other: &Text| one.literal().zip(other.literal()).is_some_and(|(a, b)| a != b);
        if differ(&here.0.region, &here.1.region) || differ(&here.0.account, &here.1.account) {
            return Truth::no();
        }
        filter.metrics.ask(&|metrics, _| {
            let each =
                metrics.iter().flat_map(|metric| alarm.watched().into_iter().map(move |watched| (metric, watched)));
            Truth::any(each.map(|(metric, watched)| self.is_watched(metric, watched)))
        })
    }

    fn is_watched(&self, metric: &Metric, watched: &Watched) -> Truth {
        let named = self
            .is_same_text(&watched.name, &metric.name)
            .and(self.is_same_text(&watched.namespace, &metric.namespace));
        if named.is_false() {
            return named;
        }
        named.and(dimensions_agree(metric, watched))
    }

    /// Whether an alarm names the metric of a filter, whatever else it says of it.
    pub fn names_metric(&self, alarm: &Alarm, filter: &MetricFilter) -> Truth {
        filter.metrics.ask(&|metrics, _| {
            let each =
                metrics.iter().flat_map(|metric| alarm.watched().into_iter().map(move |watched| (metric, watched)));
            Truth::any(each.map(|(metric, watched)| self.is_same_text(&watched.name, &metric.name)))
        })
    }

    fn is_same_text(&self, one: &Value<Option<Text>>, other: &Value<Option<Text>>) -> Truth {
        one.ask(&|one, origin| match one {
            None => Truth::of(false, origin),
            Some(one) => other.ask(&|other, _| match other {
                None => Truth::of(false, origin),
                Some(other) if one == other => Truth::yes(),
                Some(other) => match self.names().resolve(one).same(&self.names().resolve(other)) {
                    Truth::False(_) => Truth::of(false, origin),
                    truth => truth,
                },
            }),
        })
    }

    /// Whether someone is told once an alarm fires: by itself, or by an alarm that watches it.
    pub fn is_heard(&self, alarm: &Alarm) -> Truth {
        self.is_heard_by(alarm, MAX_COMPOSITES)
    }

    fn is_heard_by(&self, alarm: &Alarm, depth: usize) -> Truth {
        let own = alarm.acts();
        if own.is_true() || depth == 0 {
            return own;
        }
        let above = Truth::any(self.composites().map(|other| match self.is_part_of(alarm, other) {
            no @ Truth::False(_) => no,
            part => part.and(self.is_heard_by(other, depth - 1)),
        }));
        match above {
            // What is wrong is wrong with the alarm itself.
            Truth::False(_) => own,
            truth => own.or(truth),
        }
    }

    /// Whether a composite alarm fires once another one does.
    fn is_part_of(&self, alarm: &Alarm, composite: &Alarm) -> Truth {
        composite.rule.ask(&|rule, origin| {
            let Some(rule) = rule else { return Truth::no() };
            let names: Vec<&Text> = alarm.name.candidates().into_iter().flatten().collect();
            let parts = alarms_in(rule);
            let named = Truth::any(parts.iter().map(|part| {
                let part = part.after(":alarm:").unwrap_or_else(|| part.clone());
                match is_named(&part, &alarm.at, &alarm.name) {
                    true => Truth::yes(),
                    false => Truth::any(names.iter().map(|name| part.same(name))),
                }
            }));
            if named.is_false() {
                return named;
            }
            let joins =
                |piece: &Piece| matches!(piece, Piece::Literal(it) if it.contains(" AND ") || it.contains("NOT "));
            match rule.pieces().iter().any(joins) {
                true => Truth::unknown(
                    Why::new(
                        WhyKind::AfterApply,
                        "AlarmRule",
                        "what this rule makes of several alarms is not followed",
                    )
                    .at(origin.span),
                ),
                false => named,
            }
        })
    }

    /// The topics of the run that an alarm publishes to, with where each is named.
    pub fn topics_of_alarm(&self, alarm: &'a Alarm) -> Vec<(&'a Topic, &'a Origin)> {
        let actions = alarm.actions.candidates().into_iter().flatten().flatten();
        let named = actions.flat_map(|action| action.candidates().into_iter().map(|arn| (arn, &action.origin)));
        named.filter_map(|(arn, origin)| Some((self.topic_named(arn).one()?, origin))).collect()
    }

    /// The topic of this name or ARN.
    pub fn topic_named(&self, arn: &Text) -> Link<'a, Topic> {
        let name = topic_name(arn);
        let topics = self.estate.scopes.iter().flat_map(|scope| &scope.topics);
        let meant = |topic: &&Topic| is_named(&name, &topic.at, &topic.name) && is_near(arn, &topic.at);
        Link::of(topics.filter(meant).collect())
    }
}

fn dimensions_agree(metric: &Metric, watched: &Watched) -> Truth {
    metric.has_dimensions.ask(&|has, origin| {
        watched.has_dimensions.ask(&|wants, place| match (has, wants) {
            (false, false) => Truth::yes(),
            (true, true) => {
                let text =
                    "of a metric with dimensions an alarm watches one value, and which events have it is not known";
                Truth::unknown(Why::new(WhyKind::AfterApply, "dimensions", text).at(place.span))
            }
            (true, false) => Truth::of(false, origin),
            (false, true) => Truth::of(false, place),
        })
    })
}

/// What stands for a name that is not written whole: whatever has one may be meant.
pub(super) fn open() -> Text {
    "\u{1}open".into()
}

/// What stands for every composite alarm.
pub(super) fn composite() -> Text {
    "\u{1}composite".into()
}

/// The name of a metric, told from that of a log group.
pub(super) fn as_metric(name: &Text) -> Text {
    Text::concat([&"\u{1}metric:".into(), name])
}

/// Names to be found by; where one of them is not whole, it may be any.
pub(super) fn or_open<'t>(names: impl Iterator<Item = &'t Value<Option<Text>>>) -> Vec<Text> {
    let mut all = Vec::new();
    for name in names {
        let candidates: Vec<&Text> = name.candidates().into_iter().flatten().collect();
        let is_whole = name.get().is_some() && candidates.iter().all(|text| text.literal().is_some());
        all.extend(candidates.into_iter().cloned());
        all.extend((!is_whole).then(open));
    }
    all
}

/// The names and ARNs in the `ALARM(…)` of a rule.
fn alarms_in(rule: &Text) -> Vec<Text> {
    let mut found = Vec::new();
    let mut rest = rule.clone();
    while let Some(after) = rest.after("ALARM(") {
        if let Some(part) = after.before(')') {
            let bare = part.strip_prefix("\"").or_else(|| part.strip_prefix("'")).unwrap_or_else(|| part.clone());
            found.push(bare.strip_suffix("\"").or_else(|| bare.strip_suffix("'")).unwrap_or(bare));
        }
        rest = after;
    }
    found
}
