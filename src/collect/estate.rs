//! The accounts of a run: one, or those of an organization; and who of them owns what another's trail names.

use super::account::{Account, lock};
use super::credentials::{Renewed, Role, Source};
use super::evidence::Unanswered;
use super::organization::Member;
use super::refs::Refs;
use super::refusal::Refusal;
use super::{Options, Organization, Outcome, Run};
use aws_credential_types::provider::ProvideCredentials;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Accounts that are under way for each request that may be: most wait for what they asked before, or for their turn to
/// ask for the history.
const AHEAD: usize = 8;

/// What one account found, and what it could not.
struct Done {
    account: Arc<Account>,
    foreign: Refs,
    unanswered: Vec<Unanswered>,
    written: Result<std::path::PathBuf, String>,
}

/// Asks every account of the run.
pub(super) async fn ask(run: &Arc<Run>, caller: Account, options: &Options) -> Result<Outcome, String> {
    if options.resume {
        caller.resume();
    }
    let management = caller.management().await;
    let Some(wanted) = &options.organization else {
        // Nobody but the management account is sure to be allowed to see more.
        if management.is_ok_and(|id| id.as_deref() == Some(&caller.id)) {
            caller.members().await;
            caller.organization_policies().await;
        }
        run.progress.accounts.store(1, Ordering::Relaxed);
        let mut outcome = Outcome::default();
        finish(Box::pin(one(Arc::new(caller), true)).await, &mut outcome)?;
        return Ok(outcome);
    };
    match management {
        Ok(Some(_)) => {}
        Ok(None) => return Err(format!("account {} belongs to no organization", caller.id)),
        Err(refusal) => return Err(format!("the organization cannot be seen: {}: {}", refusal.code, refusal.message)),
    }
    let (members, refusals) = caller.members().await;
    if members.is_empty() {
        let why = refusals.first().map_or("it has no accounts".to_owned(), |it| format!("{}: {}", it.code, it.message));
        return Err(format!(
            "the accounts of the organization cannot be listed, which its management account and delegated \
             administrators may: {why}"
        ));
    }
    caller.organization_policies().await;
    let mut outcome = Outcome::default();
    let part = refusals.iter().map(|refusal| format!("part of the organization cannot be seen: {}", refusal.code));
    outcome.notes.extend(part);
    let chosen = choose(members, wanted, &mut outcome.notes);
    everyone(run, caller, chosen, wanted, options, &mut outcome).await?;
    Ok(outcome)
}

/// The accounts that are wanted and can be asked; those that cannot are named.
fn choose(members: Vec<Member>, wanted: &Organization, notes: &mut Vec<String>) -> Vec<Member> {
    let is_wanted = |member: &Member| {
        let everyone = wanted.units.is_empty() && wanted.accounts.is_empty();
        everyone
            || wanted.units.iter().any(|unit| member.is_below(unit))
            || wanted.accounts.iter().any(|name| member.is_called(name))
    };
    for name in &wanted.accounts {
        if !members.iter().any(|member| member.is_called(name)) {
            notes.push(format!("the organization has no account `{name}`"));
        }
    }
    for unit in &wanted.units {
        if !members.iter().any(|member| member.is_below(unit)) {
            notes.push(format!("the organization has no account below `{unit}`"));
        }
    }
    let (open, closed): (Vec<Member>, Vec<Member>) =
        members.into_iter().filter(is_wanted).partition(|member| member.closed.is_none());
    for member in closed {
        let (name, state) = (member.name.unwrap_or_default(), member.closed.unwrap_or_default());
        notes.push(format!("account {} ({name}) is left out: {state}", member.id));
    }
    open
}

/// Asks accounts side by side, then the owners of what others' trails name.
async fn everyone(
    run: &Arc<Run>,
    mut caller: Account,
    chosen: Vec<Member>,
    wanted: &Organization,
    options: &Options,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let sts = caller.sts(caller.leader());
    let own = chosen.iter().find(|member| member.id == caller.id).cloned();
    if let Some(own) = &own {
        caller.name.clone_from(&own.name);
        caller.path = Some(own.path.clone());
    }
    let caller = Arc::new(caller);
    let mut accounts = vec![(Arc::clone(&caller), own.is_some())];
    for member in chosen.into_iter().filter(|member| member.id != caller.id) {
        let role = Role {
            sts: sts.clone(),
            arn: format!("arn:{}:iam::{}:role/{}", run.partition, member.id, wanted.role),
            external_id: wanted.external_id.clone(),
            source_identity: wanted.source_identity.clone(),
            seconds: wanted.session,
        };
        let mut account = Account::new(run, &member.id, Renewed::new(Source::Role(role), run.clock.clone()));
        account.name = member.name;
        account.path = Some(member.path);
        accounts.push((Arc::new(account), true));
    }
    run.progress.accounts.store(accounts.len(), Ordering::Relaxed);
    let ahead = Arc::new(Semaphore::new(options.concurrency.max(1).saturating_mul(AHEAD)));
    let mut tasks = JoinSet::new();
    for (account, whole) in accounts {
        let (ahead, resume) = (Arc::clone(&ahead), options.resume);
        tasks.spawn(async move {
            // Nothing closes it.
            let _turn = ahead.acquire_owned().await;
            if resume {
                account.resume();
            }
            Box::pin(one(account, whole)).await
        });
    }
    let (mut everyone, mut foreign) = (BTreeMap::new(), Refs::default());
    while let Some(done) = tasks.join_next().await {
        let mut done = done.map_err(|error| format!("an account was given up: {error}"))?;
        foreign.extend(std::mem::take(&mut done.foreign));
        everyone.insert(done.account.id.clone(), Arc::clone(&done.account));
        finish(done, outcome)?;
    }
    owners(&everyone, foreign, outcome).await
}

/// Asks the accounts that own what the trails of others name.
async fn owners(everyone: &BTreeMap<String, Arc<Account>>, foreign: Refs, outcome: &mut Outcome) -> Result<(), String> {
    let mut each: BTreeMap<String, Refs> = BTreeMap::new();
    let buckets = foreign.buckets.clone();
    for id in foreign.accounts().into_iter().filter(|id| everyone.contains_key(id)) {
        let (own, _) = Refs { buckets: BTreeSet::new(), ..foreign.clone() }.split(&id);
        each.insert(id, own);
    }
    for bucket in buckets {
        if let Some(owner) = owner_of(everyone, &bucket).await {
            each.entry(owner).or_default().buckets.insert(bucket);
        }
    }
    let mut tasks = JoinSet::new();
    for (id, refs) in each {
        let Some(account) = everyone.get(&id).map(Arc::clone) else { continue };
        tasks.spawn(async move {
            // What it was asked before is in its file; its memory was given back.
            account.resume();
            let foreign = Box::pin(account.follow(refs, BTreeSet::new(), false)).await;
            end(account, foreign)
        });
    }
    while let Some(done) = tasks.join_next().await {
        let done = done.map_err(|error| format!("an account was given up: {error}"))?;
        outcome.unanswered.retain(|it| it.account != done.account.id);
        finish(done, outcome)?;
    }
    Ok(())
}

/// The account that owns a bucket. Accounts that its name speaks of are asked first, and nobody after the owner.
async fn owner_of(everyone: &BTreeMap<String, Arc<Account>>, bucket: &str) -> Option<String> {
    let open = everyone.values().filter(|account| !account.is_closed());
    let (named, others): (Vec<_>, Vec<_>) = open.partition(|account| bucket.contains(&account.id));
    for accounts in [named, others] {
        let mut tasks = JoinSet::new();
        for account in accounts {
            let (account, bucket) = (Arc::clone(account), bucket.to_owned());
            tasks.spawn(async move { account.region_of_own(&bucket).await.map(|_| account.id.clone()) });
        }
        // The rest is dropped with the tasks.
        while let Some(found) = tasks.join_next().await {
            if let Ok(Some(owner)) = found {
                return Some(owner);
            }
        }
    }
    None
}

/// One account from its credentials to its file.
async fn one(account: Arc<Account>, whole: bool) -> Done {
    lock(&account.run.open).insert(account.id.clone(), Arc::clone(&account));
    let mut foreign = Refs::default();
    if whole {
        match enter(&account).await {
            Ok(()) => foreign = Box::pin(account.whole()).await,
            Err(refusal) => {
                account.close();
                let input = json!({"Account": account.id});
                account.note(("sts", "AssumeRole"), account.leader(), &input, refusal);
            }
        }
    }
    account.run.progress.done.fetch_add(1, Ordering::Relaxed);
    end(account, foreign)
}

/// Writes the file of an account and gives its memory back.
fn end(account: Arc<Account>, foreign: Refs) -> Done {
    let written = account.write(true).map_err(|error| format!("the evidence of {}: {error}", account.id));
    let unanswered = account.unanswered();
    lock(&account.run.open).remove(&account.id);
    if written.is_ok() {
        account.forget();
    }
    Done { account, foreign, unanswered, written }
}

fn finish(done: Done, outcome: &mut Outcome) -> Result<(), String> {
    let path = done.written?;
    if !outcome.files.contains(&path) {
        outcome.files.push(path);
    }
    outcome.files.sort();
    outcome.unanswered.extend(done.unanswered);
    outcome.unanswered.sort_by(|a, b| (&a.account, &a.call, &a.region).cmp(&(&b.account, &b.call, &b.region)));
    Ok(())
}

/// Whether the account can be asked at all.
async fn enter(account: &Account) -> Result<(), Refusal> {
    let place = account.run.pace.place().await;
    let entered = account.credentials.provide_credentials().await;
    account.run.pace.give_back(place, false);
    let Err(error) = entered else { return Ok(()) };
    Err(Refusal::of_credentials(&error).unwrap_or_else(|| Refusal::own("NoCredentials", error.to_string())))
}
