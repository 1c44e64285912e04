//! Where resources are deployed to, as far as the configuration of their providers tells.

use super::eval::{Env, Eval, Frame};
use super::functions;
use super::module::Provider;
use crate::read::{Content, Datum, Home, Member};
use crate::syntax::hcl::{Body, Expr, ExprKind};
use crate::value::{Hole, Instance, Of, Text};
use std::rc::Rc;

/// Providers that are configured by module calls are followed no further than this.
const MAX_DEPTH: usize = 24;

impl<'a> Eval<'a> {
    /// The tags that a provider puts on everything that it makes, below those of a resource itself.
    pub(super) fn tagged(&self, env: &Env<'a>, kind: &str, body: &Body, content: Content) -> Content {
        let Content::Map { mut members, rest } = content else { return content };
        let own = self.provider_of(env, kind, body);
        let tags = own.and_then(|(frame, _, provider)| {
            let block = provider.body.blocks("default_tags").next()?;
            Some(self.expr(&Env::of(&frame), block.body.get("tags")?))
        });
        if let Some(tags) = tags {
            let own = members.iter().position(|member| &*member.key == "tags").map(|at| members.remove(at));
            let value = match own {
                Some(own) => {
                    let span = own.value.span;
                    functions::call("merge", &[tags, own.value], span).map(|value| Datum { span, ..value })
                }
                None => Some(tags),
            };
            let member = value.map(|value| Member { key: "tags".into(), span: value.span, value });
            members.extend(member);
        }
        Content::Map { members, rest }
    }

    pub(super) fn provider_of(
        &self,
        env: &Env<'a>,
        kind: &str,
        body: &Body,
    ) -> Option<(Rc<Frame<'a>>, Instance, &'a Provider)> {
        let provider = kind.split('_').next().unwrap_or(kind);
        let (provider, alias) = match body.get("provider").and_then(reference) {
            Some((provider, alias)) => (provider, alias),
            None => (provider.to_owned(), None),
        };
        self.provider(&env.frame, &provider, alias.as_deref(), 0)
    }

    /// Where a resource is deployed to.
    pub(super) fn home(&self, env: &Env<'a>, kind: &str, body: &Body) -> Home {
        let found = self.provider_of(env, kind, body);
        let base = self.root.instance();
        let (own, configured) = match &found {
            Some((frame, instance, provider)) => (*instance, Some((Env::of(frame), *provider))),
            None => (base, None),
        };
        // Since version 6 of the provider a resource may say its Region itself.
        let region = body.get("region").map(|region| self.expr(env, region));
        let region = region.or_else(|| {
            let (env, provider) = configured.as_ref()?;
            Some(self.expr(env, provider.body.get("region")?))
        });
        let region = region.filter(|region| region.content != Content::Absent).map(|region| region.as_text());
        let hole = |instance: Instance, of: Of| Text::from(Hole { instance, of });
        let region = match (region, self.root.pseudo(&Of::Region)) {
            (Some(region), _) => region,
            (None, Some(given)) => given.into(),
            (None, None) => self.told().region(own).map_or_else(|| hole(own, Of::Region), Text::from),
        };
        let partition = region
            .literal()
            .and_then(crate::read::partition::partition_of)
            .or_else(|| self.root.pseudo(&Of::Partition))
            .or_else(|| self.told().partition(base));
        let partition = partition.map_or_else(|| hole(base, Of::Partition), Text::from);
        let account = configured.as_ref().and_then(|(env, provider)| self.account(env, &provider.body));
        let account = match (account, self.root.pseudo(&Of::Account)) {
            (Some(Some(account)), _) => account,
            // Another role, profile or key may lead to another account.
            (Some(None), _) => self.told().account(own).map_or_else(|| hole(own, Of::Account), Text::from),
            (None, Some(given)) => given.into(),
            (None, None) => self.told().account(base).map_or_else(|| hole(base, Of::Account), Text::from),
        };
        Home { partition, region, account }
    }

    /// The account that a provider's configuration leads to; none where it says nothing of its own.
    fn account(&self, env: &Env<'a>, body: &Body) -> Option<Option<Text>> {
        let role = body.blocks("assume_role").next().and_then(|block| block.body.get("role_arn"));
        let role = role.map(|role| self.expr(env, role)).filter(|role| role.content != Content::Absent);
        if let Some(role) = role {
            let account = role.as_text().after("::").and_then(|rest| rest.before(':'));
            return Some(account.filter(|account| account.why().is_none()));
        }
        if let Some(allowed) = body.get("allowed_account_ids").map(|allowed| self.expr(env, allowed))
            && let Content::List(items) = &allowed.content
            && let [only] = items.as_slice()
        {
            return Some(Some(only.as_text()));
        }
        speaks_of_credentials(body).then_some(None)
    }

    /// The configuration of a provider as a module sees it: its own, or the one that its caller passes or has.
    fn provider(
        &self,
        frame: &Rc<Frame<'a>>,
        kind: &str,
        alias: Option<&str>,
        depth: usize,
    ) -> Option<(Rc<Frame<'a>>, Instance, &'a Provider)> {
        if let Some((index, provider)) = frame.module.provider(kind, alias) {
            return Some((frame.clone(), self.root.provider_instance(frame.index, index), provider));
        }
        let (call, above, _) = frame.above.as_ref()?;
        if depth >= MAX_DEPTH {
            return None;
        }
        let passed = call.body.get("providers").and_then(|passed| match &passed.kind {
            ExprKind::Map(entries) => entries.iter().find(|(key, _)| {
                let wanted = alias.map_or_else(|| kind.to_owned(), |alias| format!("{kind}.{alias}"));
                key.literal() == Some(&*wanted) || super::references::shown(key) == wanted
            }),
            _ => None,
        });
        match passed.and_then(|(_, value)| reference(value)) {
            Some((kind, alias)) => self.provider(above, &kind, alias.as_deref(), depth + 1),
            // Only default configurations are inherited.
            None if alias.is_none() => self.provider(above, kind, None, depth + 1),
            None => None,
        }
    }
}

impl Provider {
    /// Whether it may lead to another account than that which the configuration is about.
    pub(super) fn may_lead_elsewhere(&self) -> bool {
        let assumes = self.body.blocks("assume_role").next().is_some();
        assumes || self.body.get("allowed_account_ids").is_some() || speaks_of_credentials(&self.body)
    }
}

/// Whether a configuration has credentials of its own. The default provider's account is the one that all of the
/// configuration is about.
fn speaks_of_credentials(body: &Body) -> bool {
    let speaks = ["profile", "access_key", "shared_credentials_files"].iter().any(|name| body.get(name).is_some());
    speaks && body.get("alias").is_some()
}

/// `aws`, `aws.other`, or either in quotes as old code has it.
fn reference(expr: &Expr) -> Option<(String, Option<String>)> {
    let text = match &expr.kind {
        ExprKind::Variable(_) | ExprKind::Attribute(..) => super::references::shown(expr),
        _ => expr.literal()?.to_owned(),
    };
    Some(match text.split_once('.') {
        Some((kind, alias)) => (kind.to_owned(), Some(alias.to_owned())),
        None => (text, None),
    })
}
