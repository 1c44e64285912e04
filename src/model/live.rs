//! What evidence says of an account itself: where *none* can be told from *not visible*, and what happened in it.

use super::{Cx, Declared, Link, Reading, Trail, Union, cannot_tell, properties as p};
use crate::read::{Block, Record};
use crate::source::Span;
use crate::value::{Text, Truth, Value, Verdict, Why, bare, forbid, require};

/// An account whose evidence is read.
#[derive(Clone, Debug)]
pub struct Live {
    /// Address, place.
    pub at: Declared,
    /// Whether it was asked what it has itself, and not about its organization alone.
    pub asked_itself: Value<bool>,
    /// Whether it belongs to an organization.
    pub in_organization: Value<bool>,
    /// Whether any list of trails was given.
    pub trails_listed: Value<bool>,
    /// Whether the trails of every enabled Region were listed.
    pub all_trails_listed: Value<bool>,
    /// Whether every policy of its organization was listed.
    pub policies_listed: Value<bool>,
    /// Unknown where the units and accounts of its organization could not be listed.
    pub tree_listed: Value<bool>,
    /// Unknown where its roles and users could not be listed.
    pub identities_listed: Value<bool>,
    /// Unknown where the accounts that administer services for its organization could not be listed.
    pub administrators_listed: Value<bool>,
    /// Its enabled Regions.
    pub regions: Value<Option<Vec<Value<Text>>>>,
    /// Unknown where its enabled Regions could not be listed, so that there may be more.
    pub regions_listed: Value<bool>,
    /// How many trails are seen in each Region.
    pub counts: Vec<Count>,
    /// What was done to trails and event data stores in the last 90 days, as far as it was asked for.
    pub events: Vec<Happened>,
    /// Whether the event history of every enabled Region was asked for that.
    pub events_listed: Value<bool>,
    /// The names of those that were asked for; none where all were.
    pub events_asked: Value<Option<Vec<Value<Text>>>>,
}

/// The trails of a Region.
#[derive(Clone, Debug)]
pub struct Count {
    /// The Region.
    pub region: String,
    /// How many are seen there, those of other Regions and of the organization too.
    pub trails: usize,
    /// Where they are listed.
    pub span: Span,
}

/// An event of the history.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The name of the call.
    pub name: String,
    /// When: as the history writes it.
    pub time: String,
    /// Who, as far as the history says.
    pub user: String,
    /// Where it stands.
    pub span: Span,
}

/// Something that a trail names and that AWS says is not there.
#[derive(Clone, Debug)]
pub struct Gone {
    kind: &'static str,
    name: Value<Option<Text>>,
}

impl Gone {
    pub(super) fn lower(record: &Record, kind: &'static str) -> Gone {
        Gone { kind, name: record.block().text(&p::GONE_NAME) }
    }

    fn is(&self, kind: &str, name: &Text) -> bool {
        self.kind == kind && self.name.get().is_some_and(|own| own.as_ref() == Some(name))
    }
}

impl Live {
    pub(super) fn lower(record: &Record) -> Live {
        let block = record.block();
        let text = |block: &Block, property| {
            let value = block.text(property);
            value.get().and_then(|text| text.as_ref()?.literal().map(str::to_owned)).unwrap_or_default()
        };
        let count = |block: &Block| Count {
            region: text(block, &p::COUNT_REGION),
            trails: text(block, &p::COUNT_TRAILS).parse().unwrap_or(0),
            span: block.origin().span,
        };
        let happened = |block: &Block| Happened {
            name: text(block, &p::EVENT_NAME),
            time: text(block, &p::EVENT_TIME),
            user: Some(text(block, &p::EVENT_USER))
                .filter(|user| !user.is_empty())
                .unwrap_or_else(|| "somebody".to_owned()),
            span: block.text(&p::EVENT_NAME).origin.span,
        };
        Live {
            at: Declared::new(record),
            asked_itself: block.bool(&p::ASKED_ITSELF),
            in_organization: block.bool(&p::IN_ORGANIZATION),
            trails_listed: block.bool(&p::TRAILS_LISTED),
            all_trails_listed: block.bool(&p::ALL_TRAILS_LISTED),
            policies_listed: block.bool(&p::POLICIES_LISTED),
            tree_listed: block.bool(&p::TREE_LISTED),
            identities_listed: block.bool(&p::IDENTITIES_LISTED),
            administrators_listed: block.bool(&p::ADMINISTRATORS_LISTED),
            regions: block.texts(&p::ACCOUNT_REGIONS),
            regions_listed: block.bool(&p::REGIONS_LISTED),
            counts: known(block.blocks(&p::TRAIL_COUNTS)).iter().map(count).collect(),
            events: known(block.blocks(&p::ACCOUNT_EVENTS)).iter().map(happened).collect(),
            events_listed: block.bool(&p::EVENTS_LISTED),
            events_asked: block.texts(&p::EVENTS_ASKED),
        }
    }

    /// Why the tree of its organization is not seen from an account that may list its policies.
    pub(super) fn unlisted_tree(&self) -> Option<Why> {
        self.tree_listed.why().filter(|_| self.policies_listed.is(true).is_true())
    }

    /// Unknown where trails may be out of sight; false where all are in sight.
    pub fn unlisted(&self) -> Truth {
        bare(self.all_trails_listed.is(true)).not()
    }

    /// The verdict about trails that are out of sight: unknown where there may be any, else none.
    pub fn lists_all_trails(&self) -> Verdict {
        match self.all_trails_listed.why() {
            Some(why) => cannot_tell(why),
            None => Verdict::not_applicable("every trail is in sight"),
        }
    }

    /// Whether the event history holds none of some calls: each one that it holds is a fault.
    pub fn has_not_seen(&self, calls: &[&str]) -> Verdict {
        let seen = self.events.iter().filter(|event| calls.contains(&event.name.as_str()));
        let each = seen.map(|event| {
            let label = format!("{} called {} at {}", event.user, event.name, event.time);
            forbid(Truth::yes()).or_at(event.span).part(&format!("{} {}", event.name, event.time)).label(label)
        });
        let asked = Truth::all(calls.iter().map(|call| self.is_asked_for(call)));
        let none = require(bare(self.events_listed.is(true).and(asked))).or_at(self.at.span);
        each.fold(none, Verdict::and)
    }

    /// Whether the event history was asked for a call.
    fn is_asked_for(&self, call: &str) -> Truth {
        let is_it = |name: &Value<Text>| name.get().and_then(Text::literal) == Some(call);
        self.events_asked.ask(&|names, _| match names {
            Some(names) if !names.iter().any(is_it) => {
                let text = format!(
                    "the event history was not asked for `{call}` everywhere; `collect --changes` asks for all"
                );
                Truth::unknown(Why::not_visible("LookupEvents", text))
            }
            _ => Truth::yes(),
        })
    }
}

impl Cx<'_> {
    /// Why there may be trails of the account that are not seen, where that is so.
    pub(super) fn unlisted_trails(&self) -> Option<Why> {
        self.scope.live.as_ref()?.trails_listed.why()
    }

    /// Whether the account has, or sees, any trail.
    pub fn has_trail(&self, live: &Live) -> Truth {
        if self.scope.all_trails().next().is_none() { live.unlisted() } else { Truth::yes() }
    }

    /// Whether the bucket that a trail names exists.
    pub fn bucket_is_there(&self, trail: &Trail) -> Truth {
        trail.bucket.ask(&|name, _| {
            let Some(name) = name else { return Truth::no() };
            let is_gone = self.scope.gone.iter().any(|gone| gone.is("bucket", name));
            match self.bucket_named(name) {
                _ if is_gone => Truth::no(),
                // Of what nothing was answered, not even that it is there is known.
                Link::One(bucket) => match (bucket.at.home.account.why(), bucket.versioning.why()) {
                    (Some(_), Some(why)) => Truth::unknown(why),
                    _ => Truth::yes(),
                },
                link => Truth::unknown(link.why("bucket")),
            }
        })
    }

    /// Whether the bucket that a trail names is in an account.
    pub fn bucket_is_in(&self, trail: &Trail, account: &str) -> Truth {
        trail.bucket.ask(&|name, _| {
            let name = name.clone().unwrap_or_default();
            match self.bucket_named(&name) {
                Link::One(bucket) => bucket.at.home.account.same(&account.into()),
                link => Truth::unknown(link.why("bucket")),
            }
        })
    }

    /// Whether the log group that a trail names exists.
    pub fn log_group_is_there(&self, trail: &Trail) -> Truth {
        trail.log_group.ask(&|arn, _| {
            let Some(arn) = arn else { return Truth::no() };
            let is_gone = self.scope.gone.iter().any(|gone| gone.is("log group", arn));
            let mut named = self
                .scope
                .log_groups
                .iter()
                .filter(|group| self.trails_of_log_group(group).iter().any(|it| std::ptr::eq(it.trail, trail)));
            match named.next() {
                _ if is_gone => Truth::no(),
                Some(group) => group.retention.why().map_or_else(Truth::yes, Truth::unknown),
                None => Truth::unknown(Why::not_visible("log group", "the log group is not in this run's evidence")),
            }
        })
    }

    /// Whether logging trails together record management events of a Region, reads and writes. What they leave out by source
    /// or name is told at them, and what a trail of another account leaves out is told there.
    pub fn is_recorded(&self, live: &Live, region: &str) -> Truth {
        self.is_taken_in(region, Trail::logs).or(live.unlisted())
    }

    /// Whether the trails that count together take in management events of a Region.
    fn is_taken_in(&self, region: &str, does_count: impl Fn(&Trail) -> Truth) -> Truth {
        let reaches = |trail: &Trail| match trail.at.home.region.literal() {
            Some(home) if home == region => Truth::yes(),
            _ => trail.multi_region.is(true),
        };
        let counts = |trail: &Trail| does_count(trail).and(reaches(trail));
        let own = Union::of_those(self.scope, counts);
        let management = own.management();
        let both = Truth::all(Reading::BOTH.map(|reading| management.any_of(reading)));
        let shadows = self.scope.shadows.iter().map(|trail| counts(trail).and(trail.selectors.management().any()));
        both.or(Truth::any(shadows))
    }

    /// Whether trails record what happens in Regions that the account may have enabled and that could not be listed.
    pub fn records_unlisted_regions(&self, live: &Live) -> Truth {
        match live.regions_listed.why() {
            None => Truth::yes(),
            Some(why) => self.is_taken_in("", Trail::logs).or(Truth::unknown(why)),
        }
    }

    /// Whether it is told at a trail that Regions are not recorded: a stopped one would record them, or one of the account's
    /// own is the widest of those that count, at which it is reported what all of them leave out.
    pub fn is_told_at_a_trail(&self, regions: &[&str]) -> bool {
        let is_stopped = self.scope.all_trails().any(|trail| trail.logs().is_false());
        let would_be = |region: &&str| self.is_taken_in(region, |_| Truth::yes()).is_true();
        let widest = Union::of(self.scope).widest();
        let is_own = widest.is_some_and(|widest| self.scope.trails.of(&widest.at).is_some());
        is_own || (is_stopped && regions.iter().all(would_be))
    }
}

/// A list, as far as it is known.
fn known<T: Clone>(list: Value<Vec<T>>) -> Vec<T> {
    list.get().cloned().unwrap_or_default()
}
