//! What a plan or state tells of where things are: the account, Region and partition of a provider's configuration, from the
//! ARNs of what exists and from who was asked who he is. What contradicts itself tells nothing.

use super::eval::{Env, Eval, Frame};
use super::module::Resource;
use super::plan::Known;
use super::root::Root;
use super::types::{self, Identity};
use crate::read::{Arn, Datum, shape};
use crate::syntax::hcl::Body;
use crate::value::{Instance, is_account_id};
use std::collections::BTreeMap;
use std::rc::Rc;

/// One thing that is told: none where two say different things.
type Said = Option<Box<str>>;

/// Where what a provider makes is, by the instance of the account or Region.
#[derive(Debug, Default)]
pub(super) struct Told {
    accounts: BTreeMap<Instance, Said>,
    regions: BTreeMap<Instance, Said>,
    partitions: BTreeMap<Instance, Said>,
}

impl Told {
    pub(super) fn account(&self, of: Instance) -> Option<&str> {
        self.accounts.get(&of)?.as_deref()
    }

    pub(super) fn region(&self, of: Instance) -> Option<&str> {
        self.regions.get(&of)?.as_deref()
    }

    pub(super) fn partition(&self, of: Instance) -> Option<&str> {
        self.partitions.get(&of)?.as_deref()
    }
}

fn say(all: &mut BTreeMap<Instance, Said>, of: Instance, value: &str) {
    if !value.is_empty() {
        let said = all.entry(of).or_insert_with(|| Some(value.into()));
        *said = said.take().filter(|known| **known == *value);
    }
}

impl Root {
    /// The declaration that an address leads to, whatever its keys are, and the module that it is in; none where the sources do
    /// not declare it.
    pub(super) fn declaration(&self, address: &str) -> Option<(Rc<Frame<'_>>, &Resource)> {
        let (frame, rest) = self.frame_of(address)?;
        let resource = frame.module.resource(&rest)?;
        Some((frame, resource))
    }
}

impl Eval<'_> {
    /// What the plan or state tells of all providers, worked out once.
    pub(super) fn told(&self) -> &Told {
        self.root.homes.get_or_init(|| {
            let mut told = Told::default();
            let known = self.root.plan.iter().flat_map(|plan| plan.resources.values());
            known.for_each(|known| self.hear(known, &mut told));
            told
        })
    }

    fn hear(&self, known: &Known, told: &mut Told) {
        let text = |name: &str| {
            let value: &Datum = known.before.as_deref().or(known.after.as_deref())?;
            shape::member(value, name)?.as_text().literal().map(str::to_owned)
        };
        if known.is_data {
            if let Some(account) =
                text("account_id").filter(|id| &*known.kind == "aws_caller_identity" && is_account_id(id))
            {
                let (_, of) = self.holder(known);
                say(&mut told.accounts, of, &account);
            }
            return;
        }
        // What an organization has, and its trails and stores, bear the id of its management account, whoever made them.
        let is_organizations = || {
            let said = ["is_organization_trail", "organization_enabled"].map(text);
            said.iter().flatten().any(|said| said == "true")
        };
        let is_own = matches!(types::identity(&known.kind, "arn"), Some(Identity::Shape(_)));
        let Some(whole) = text("arn").filter(|_| is_own && !is_organizations()) else { return };
        let Some(arn) = Arn::parse(&whole).filter(|arn| arn.service != "organizations") else { return };
        let (own, of) = self.holder(known);
        if is_account_id(arn.account) {
            say(&mut told.accounts, of, arn.account);
        }
        say(&mut told.partitions, self.root.instance(), arn.partition);
        if let Some(own) = own {
            say(&mut told.regions, own, arn.region);
        }
    }

    /// Whose Region, and whose account, a resource is in, as [`Eval::home`] names them. One that says its Region itself is in
    /// that one.
    fn holder(&self, known: &Known) -> (Option<Instance>, Instance) {
        let base = self.root.instance();
        let nothing = Body::default();
        let declared = self.root.declaration(&known.address);
        let body = declared.as_ref().map_or(&nothing, |(_, resource)| &resource.body);
        let frame = declared.as_ref().map_or(&self.top, |(frame, _)| frame);
        let region = |own| body.get("region").is_none().then_some(own);
        match self.provider_of(&Env::of(frame), &known.kind, body) {
            Some((_, own, provider)) => (region(own), if provider.may_lead_elsewhere() { own } else { base }),
            None => (region(base), base),
        }
    }
}
