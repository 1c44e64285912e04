//! Lifecycle rules, and how long they let a log live.

use super::bucket::is_text;
use super::{Bucket, Trail, properties as p};
use crate::read::Block;
use crate::value::{Hole, Of, Origin, Piece, Text, Truth, Value, What};

/// A lifecycle rule.
#[derive(Clone, Debug)]
pub struct LifecycleRule {
    /// The rule's own place.
    pub origin: Origin,
    reach: Reach,
    sizes: [Value<Option<f64>>; 2],
    /// Days after which the live version is deleted.
    pub days: Value<Option<f64>>,
    /// A date at which everything there is deleted, and everything later at once.
    pub date: Value<Option<Text>>,
    /// Days after which a noncurrent version is deleted.
    pub noncurrent_days: Value<Option<f64>>,
    newer_versions: Value<Option<f64>>,
}

/// Which objects a rule is for.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// `Enabled` or `Disabled`.
    pub status: Value<Option<Text>>,
    /// What their keys begin with.
    pub prefix: Value<Option<Text>>,
    /// Whether they must carry tags.
    pub tag_filters: Value<bool>,
}

pub(super) fn lower(block: &Block) -> LifecycleRule {
    let noncurrent = block.number(&p::NONCURRENT_DAYS);
    let noncurrent_days = match noncurrent.what {
        What::Known(None) if block.given(&p::NONCURRENT).is(false).is_true() => {
            block.number(&p::NONCURRENT_DAYS_LEGACY)
        }
        _ => noncurrent,
    };
    LifecycleRule {
        origin: block.origin(),
        reach: Reach {
            status: block.word(&p::RULE_STATUS),
            prefix: block.text(&p::RULE_PREFIX),
            tag_filters: block.blocks(&p::RULE_TAG_FILTERS).map(&|filters| !filters.is_empty()),
        },
        sizes: [block.number(&p::RULE_LARGER_THAN), block.number(&p::RULE_SMALLER_THAN)],
        days: block.number(&p::EXPIRATION_DAYS),
        date: block.text(&p::EXPIRATION_DATE),
        noncurrent_days,
        newer_versions: block.number(&p::NEWER_NONCURRENT_VERSIONS),
    }
}

/// A rule that deletes logs too early.
#[derive(Clone, Debug)]
pub struct Loss {
    /// The rule.
    pub rule: Origin,
    /// Whether it does.
    pub truth: Truth,
    /// The noncurrent expirations that finish what the rule begins.
    pub finished_by: Vec<Origin>,
}

impl Reach {
    /// Whether it reaches the logs of any of the trails. CloudTrail writes no tags, so a rule for tagged objects does not.
    pub(super) fn reaches(&self, trails: &[&Trail]) -> Truth {
        let path = match trails {
            [] => self.covers(&Text::default()),
            trails => Truth::any(trails.iter().map(|trail| {
                trail.prefix.ask(&|prefix, _| match prefix {
                    Some(prefix) if !prefix.is_empty().is_true() => {
                        let below = self.covers(&Text::concat([prefix, &Text::from("/")]));
                        match prefix.is_empty() {
                            // Where the prefix may be nothing, the logs may also be at the root.
                            Truth::Unknown(..)
                                if !below.is_true() && below.is_false() != self.covers(&Text::default()).is_false() =>
                            {
                                prefix.is_empty()
                            }
                            _ => below,
                        }
                    }
                    _ => self.covers(&Text::default()),
                })
            })),
        };
        is_text(&self.status, "Enabled").and(self.tag_filters.is(false)).and(path)
    }

    /// Whether its prefix meets the keys below `before`: `before` `AWSLogs/` account `/CloudTrail…`.
    fn covers(&self, before: &Text) -> Truth {
        self.prefix.ask(&|prefix, origin| {
            let Some(prefix) = prefix else { return Truth::of(true, origin) };
            if before.strip_text(prefix).is_some() {
                return Truth::of(true, origin);
            }
            match prefix.strip_text(before) {
                Some(rest) => meets_log_path(&rest, origin),
                None => match (prefix.why(), before.why()) {
                    (None, None) => Truth::of(false, origin),
                    // The literal beginnings may tell them apart all the same.
                    (Some(why), _) | (None, Some(why)) => match (prefix.pieces().first(), before.pieces().first()) {
                        (Some(Piece::Literal(a)), Some(Piece::Literal(b)))
                            if !a.starts_with(&**b) && !b.starts_with(&**a) =>
                        {
                            Truth::of(false, origin)
                        }
                        _ => Truth::unknown(why),
                    },
                },
            }
        })
    }
}

impl LifecycleRule {
    /// Whether it is on.
    pub fn is_enabled(&self) -> Truth {
        is_text(&self.reach.status, "Enabled")
    }

    /// Whether it reaches the logs of any of the trails; how large log objects are is not known beforehand.
    fn reaches(&self, trails: &[&Trail]) -> Truth {
        let sizes = Truth::all(self.sizes.iter().map(|size| {
            size.ask(&|size, origin| match size {
                None => Truth::yes(),
                Some(_) => Truth::unknown(
                    crate::value::Why::not_visible(
                        "object size",
                        "the rule is for objects of some sizes, and the sizes of log objects are not known",
                    )
                    .at(origin.span),
                ),
            })
        }));
        self.reach.reaches(trails).and(sizes)
    }

    /// Whether it deletes noncurrent versions of a log that was live for so many days before the required number is over.
    fn finishes(&self, live: f64, required: f64, trails: &[&Trail]) -> Truth {
        let short = self.noncurrent_days.test(|days| days.is_some_and(|days| live + days < required));
        let keeps = self.newer_versions.test(|count| count.is_some_and(|count| count > 0.0));
        short.and(keeps.not()).and(self.reaches(trails))
    }

    fn expires(&self, required: f64, then: &dyn Fn(f64) -> Truth) -> Truth {
        let date = self.date.ask(&|date, origin| match date {
            Some(_) => Truth::of(0.0 < required, origin).and(then(0.0)).located(origin),
            None => Truth::of(false, origin),
        });
        self.days.ask(&|days, origin| match days {
            Some(days) => Truth::of(*days < required, origin).and(then(*days)).located(origin),
            None => date.clone(),
        })
    }
}

/// Whether a prefix meets `AWSLogs/ACCOUNT/CloudTrail…` or, for organization trails, `AWSLogs/ORGANIZATION/ACCOUNT/…`.
fn meets_log_path(prefix: &Text, origin: &Origin) -> Truth {
    // An account id is a segment that fits whatever it is; other holes may be anything.
    const ACCOUNT: &str = "000000000000";
    let mut path = String::new();
    for piece in prefix.pieces() {
        match piece {
            Piece::Literal(literal) => path.push_str(literal),
            Piece::Hole(Hole { of: Of::Account, .. }) => path.push_str(ACCOUNT),
            Piece::Hole(hole) if "AWSLogs/".starts_with(&path) || path.starts_with("AWSLogs/") => {
                return Truth::unknown(hole.why());
            }
            Piece::Hole(_) => return Truth::of(false, origin),
            Piece::Unknown(why) => return Truth::unknown(why.clone()),
        }
    }
    let meets = |segment: &str, name: &str| name.starts_with(segment) || segment.starts_with(name);
    let mut segments = path.split('/');
    let met = match (segments.next(), segments.next(), segments.next(), segments.next()) {
        (Some(root), None, ..) => "AWSLogs".starts_with(root),
        (Some("AWSLogs"), Some(_), None, _) => true,
        (Some("AWSLogs"), Some(owner), Some(_), None) if owner.starts_with("o-") => true,
        (Some("AWSLogs"), Some(owner), Some(_), Some(kind)) if owner.starts_with("o-") => meets(kind, "CloudTrail"),
        (Some("AWSLogs"), Some(_), Some(kind), _) => meets(kind, "CloudTrail"),
        _ => false,
    };
    Truth::of(met, origin)
}

impl Bucket {
    /// The rules that delete the trails' logs before so many days are over.
    ///
    /// In a versioned bucket expiration only hides a log; a noncurrent expiration deletes it. A lock that retains long
    /// enough keeps both from doing harm.
    pub fn early_losses(&self, required: f64, trails: &[&Trail]) -> Value<Vec<Loss>> {
        let locked = self.lock.is_on().and(self.lock.retains(required));
        let versioned = self.is_versioned();
        self.lifecycle.map(&|rules| {
            let loss = |rule: &LifecycleRule| {
                let gone = |live: f64| {
                    let finished = Truth::any(rules.iter().map(|other| other.finishes(live, required, trails)));
                    versioned.clone().not().or(finished)
                };
                let truth = rule.expires(required, &gone).and(locked.clone().not());
                let truth = rule.reaches(trails).and(truth.clone());
                let finishing = rules.iter().filter(|other| !other.finishes(0.0, required, trails).is_false());
                let place = if rule.days.is_set().is_false() { &rule.date.origin } else { &rule.days.origin };
                Loss {
                    rule: rule.origin.clone(),
                    truth: truth.located(place),
                    finished_by: if versioned.is_false() {
                        Vec::new()
                    } else {
                        finishing.map(|other| other.noncurrent_days.origin.clone()).collect()
                    },
                }
            };
            rules.iter().map(loss).collect()
        })
    }
}
