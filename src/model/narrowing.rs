//! What filters and rules leave out of the events that they name.

use super::Cx;
use super::detection::{any_event, known_kinds};
use super::event_rule::EventRule;
use super::metric_filter::MetricFilter;
use crate::patterns::{Cover, Event, Formula, Gap, Kind, Path, Refused, cover};
use crate::source::Span;
use crate::value::{Fact, Ground, Origin, Truth};

/// Names of events that one message lists.
const MOST_NAMES: usize = 4;

/// What is wrong with a pattern.
enum Wrong {
    /// AWS does not take it.
    Refused(String, usize),
    /// It matches no event of CloudTrail.
    Never,
    /// It misses these, though it names them; what keeps some of them out.
    Misses(Vec<&'static str>, Option<Gap>),
}

impl<'a> Cx<'a> {
    /// Whether a filter on a trail's log group matches all events of the kinds that it names, by itself or with the others
    /// on that group.
    pub fn is_whole(&self, filter: &'a MetricFilter) -> Truth {
        let origin = &filter.pattern.origin;
        let trails: Vec<_> = self.trails_of_filter(filter).into_iter().map(|trail| (trail, Truth::yes())).collect();
        let others = self.filters_of_trails(&trails).into_iter().map(|(other, _)| other);
        let others = others.filter(|other| !std::ptr::eq(*other, filter)).filter_map(|other| other.formula().ok());
        let others: Vec<Formula> = others.collect();
        let event = |kind: &Kind| kind.record.clone();
        judged(filter.formula(), &others, &any_event(None), &event, false, origin, &|_| None)
    }

    /// Whether a rule on CloudTrail's calls matches all events of the kinds that it names.
    pub fn is_rule_whole(&self, rule: &'a EventRule) -> Truth {
        let Some(formula) = rule.formula() else { return Truth::yes() };
        let home = &rule.at.home;
        let event = |kind: &Kind| kind.on_bus(&home.account, &home.region);
        let place = |at: usize| rule.place(at);
        judged(formula, &[], &any_event(Some(rule)), &event, true, &rule.pattern.origin, &place)
    }

    /// Whether a rule is about CloudTrail's own calls: it names one of them, or CloudTrail itself.
    pub fn is_about_cloudtrail(&self, rule: &EventRule) -> bool {
        let Some(Ok(formula)) = rule.formula() else {
            return matches!(rule.formula(), Some(Err(Refused::Invalid(..)))) && rule.mentions("cloudtrail");
        };
        let is_own = |kind: &&Kind| kind.service() == Some("cloudtrail");
        formula.names(&Path::of(&["source"]), "aws.cloudtrail")
            || formula.names(&Path::of(&["source"]), "cloudtrail.amazonaws.com")
            || formula.names(&Path::of(&["detail", "eventSource"]), "cloudtrail.amazonaws.com")
            || known_kinds().iter().filter(is_own).any(|kind| kind.is_named_by(&formula, true))
    }
}

fn judged(
    formula: Result<Formula, Refused>,
    others: &[Formula],
    any: &Event,
    event: &dyn Fn(&Kind) -> Event,
    in_rule: bool,
    origin: &Origin,
    place: &dyn Fn(usize) -> Option<Span>,
) -> Truth {
    let what = if in_rule { "rule" } else { "filter" };
    let wrong = match formula {
        Err(Refused::Unknown(why)) => return Truth::unknown(why.at(origin.span)),
        Err(Refused::Invalid(at, words)) => Wrong::Refused(words, at),
        Ok(formula) => match wrong(&formula, others, any, event, in_rule) {
            Ok(None) => return Truth::of(true, origin),
            Ok(Some(wrong)) => wrong,
            Err(truth) => return truth.placed(origin.span),
        },
    };
    let (words, at) = match wrong {
        Wrong::Refused(words, at) => (format!("AWS does not take this pattern: {words}"), place(at)),
        Wrong::Never => (format!("this {what} can match no event of CloudTrail"), None),
        Wrong::Misses(names, gap) => {
            let named: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
            let more = names.len().saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named = named.join(", ") + &more;
            match gap {
                Some(gap) => (format!("of {named} this {what} leaves out {gap}"), gap.at.and_then(place)),
                None => (format!("this {what} names {named} and does not match them"), None),
            }
        }
    };
    let fact = Fact { span: at.unwrap_or(origin.span), label: Some(words.into()), ..Fact::from(origin) };
    Truth::False(Ground { facts: vec![fact], assumes: Vec::new() })
}

fn wrong(
    formula: &Formula,
    others: &[Formula],
    any: &Event,
    event: &dyn Fn(&Kind) -> Event,
    in_rule: bool,
) -> Result<Option<Wrong>, Truth> {
    if cover(&[formula], any) == Cover::None {
        return Ok(Some(Wrong::Never));
    }
    let known = known_kinds();
    let named: Vec<&Kind> = known.iter().filter(|kind| kind.is_named_by(formula, in_rule)).collect();
    let has_call = named.iter().any(|kind| kind.is_call());
    let has_other = named.iter().any(|kind| !kind.is_call());
    // Of the root user, or of refusals, that do one thing, that thing alone is meant.
    if has_call && has_other {
        return Ok(None);
    }
    let mut missed: Vec<(&'static str, Option<Gap>)> = Vec::new();
    let mut unknown = None;
    let mut names: Vec<&'static str> = named.iter().map(|kind| kind.name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let all: Vec<&Formula> = std::iter::once(formula).chain(others).collect();
        let covers: Vec<Cover> =
            named.iter().filter(|kind| kind.name == name).map(|kind| cover(&all, &event(kind))).collect();
        if covers.contains(&Cover::All) {
            continue;
        }
        let mut gap = None;
        let mut is_sure = true;
        for one in covers {
            match one {
                Cover::But(gaps) => gap = gap.or(gaps.into_iter().next()),
                Cover::Unknown(why) => {
                    is_sure = false;
                    unknown = Some(why);
                }
                Cover::All | Cover::None => {}
            }
        }
        if is_sure {
            missed.push((name, gap));
        }
    }
    match (missed.split_first(), unknown) {
        (Some(((_, gap), _)), _) => {
            let alike = missed.iter().filter(|(_, other)| other.is_some() == gap.is_some()).map(|(name, _)| *name);
            Ok(Some(Wrong::Misses(alike.collect(), gap.clone())))
        }
        (None, Some(why)) => Err(Truth::unknown(why)),
        (None, None) => Ok(None),
    }
}
