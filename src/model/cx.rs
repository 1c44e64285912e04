//! What a check is given: the estate, the scope that it looks at, and the settings.

use super::{Declared, Estate, Scope, Trail, Union};
use crate::value::{Text, Truth, Value, Verdict};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What a run was told to ask for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Days that logs must be kept. 365 where nobody says otherwise.
    pub required_days: f64,
    /// Tag keys that must be there; none means any tag at all.
    pub required_tags: Vec<String>,
    /// Whether every trail is judged by itself.
    pub each_trail: bool,
    /// Whether the account is known to belong to an organization.
    pub organization: bool,
    /// Buckets that hold the logs, beside those that a trail names: names or addresses, `*` for all.
    pub log_buckets: Vec<String>,
    /// The same for keys.
    pub log_keys: Vec<String>,
    /// The same for log groups.
    pub log_groups: Vec<String>,
    /// The same for topics.
    pub trail_topics: Vec<String>,
    /// The account that keeps the logs, where one is named.
    pub log_archive: Option<String>,
    /// Accounts, organizations and ARNs of principals that may have what the estate's own may: ids and ARNs.
    pub trusted: Vec<String>,
    /// Services whose calls through VPC endpoints must be recorded, as event sources: `s3.amazonaws.com`.
    pub network_activity: Vec<String>,
    /// Types of resources whose data events must be recorded: `AWS::SQS::Queue`.
    pub data_events: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            required_days: 365.0,
            required_tags: Vec::new(),
            each_trail: false,
            organization: false,
            log_buckets: Vec::new(),
            log_keys: Vec::new(),
            log_groups: Vec::new(),
            trail_topics: Vec::new(),
            log_archive: None,
            trusted: Vec::new(),
            network_activity: Vec::new(),
            data_events: Vec::new(),
        }
    }
}

/// The context of a check.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// Everything.
    pub estate: &'a Estate,
    /// The scope of the subject.
    pub scope: &'a Scope,
    /// What the run asks for.
    pub settings: &'a Settings,
    /// The check that asks.
    pub check: &'static str,
}

impl<'a> Cx<'a> {
    /// Judges coverage: once for the scope, at the widest of its trails, or for each trail where that is asked for.
    pub fn at_widest(&self, trail: &'a Trail, judge: impl Fn(&Union<'a>) -> Verdict) -> Verdict {
        if self.settings.each_trail {
            return judge(&Union::only(trail));
        }
        if let Some(known) = self.known_verdict(trail) {
            return known;
        }
        let union = Union::of(self.scope);
        // One verdict stands for all trails of the scope, so it cannot rest on a property of the one that is judged first.
        let verdict = match judge(&union) {
            Verdict::Pass(_, assumes) if self.scope.all_trails().nth(1).is_some() => {
                Verdict::Pass(Cow::from("the trails of this scope do so together").into(), assumes)
            }
            verdict => verdict,
        };
        if matches!(verdict, Verdict::Pass(..) | Verdict::NotApplicable(_)) {
            self.remember(&verdict);
            return verdict;
        }
        // Which trail is the widest may hang on a condition; then so does where this is reported.
        if let Some(why) = union.wavering() {
            return Verdict::Unknown(vec![why], Vec::new(), None);
        }
        if matches!(&verdict, Verdict::Unknown(whys, ..) if whys.iter().any(|why| why.condition.is_some())) {
            return verdict;
        }
        let elsewhere =
            Verdict::not_applicable("what the trails of this scope miss together is reported at the widest of them");
        let widest = self.scope.shared.widest.get_or_init(|| union.widest().map(|widest| widest.at.address.clone()));
        self.remember(&elsewhere);
        if widest.as_ref().is_none_or(|widest| *widest == trail.at.address) { verdict } else { elsewhere }
    }

    /// What this check said of the scope before, unless this is the trail at which it is reported.
    fn known_verdict(&self, trail: &Trail) -> Option<Verdict> {
        let verdicts = self.scope.shared.verdicts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = verdicts.get(self.check)?;
        let is_widest = self.scope.shared.widest.get().is_some_and(|widest| widest.as_ref() == Some(&trail.at.address));
        (matches!(known, Verdict::Pass(..)) || !is_widest).then(|| known.clone())
    }

    fn remember(&self, verdict: &Verdict) {
        let mut verdicts = self.scope.shared.verdicts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        verdicts.insert(self.check, verdict.clone());
    }

    /// Whether a resource carries the tags that the run requires.
    pub fn is_tagged(&self, tags: &Value<Vec<Value<Text>>>) -> Truth {
        tags.ask(&|keys, origin| {
            let required = &self.settings.required_tags;
            if required.is_empty() {
                return Truth::of(!keys.is_empty(), origin);
            }
            let has = |wanted: &String| {
                Truth::any(keys.iter().map(|key| key.ask(&|key, _| key.same(&wanted.as_str().into()))))
            };
            Truth::all(required.iter().map(has)).located(origin)
        })
    }

    /// Whether a resource of the trail was named to the run: by its address, its name, or `*`.
    pub fn is_listed(&self, list: &[String], at: &Declared, name: Option<&str>) -> bool {
        let names: BTreeSet<&str> = [&*at.address].into_iter().chain(name).collect();
        list.iter().any(|wanted| wanted == "*" || names.contains(wanted.as_str()))
    }
}
