//! The accounts of a run: one, or those of an organization; and who of them owns what another's trail names.

use super::account::{Account, lock};
use super::credentials::{Renewed, Role, Source};
use super::evidence::Unanswered;
use super::organization::Member;
use super::refs::Refs;
use super::refusal::Refusal;
use super::{Options, Organization, Outcome, Run, choice, earlier};
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
    written: Result<(), String>,
    /// What the user may not expect of its file.
    note: Option<String>,
}

/// What an account is asked for.
#[derive(Clone, Copy, Debug)]
struct Wish {
    /// Its own trails and what they rest on.
    whole: bool,
    /// The policies of its organization.
    policies: bool,
    /// The tree of its organization, where that was not asked for before.
    tree: bool,
}

/// A member: itself alone.
const MEMBER: Wish = Wish { whole: true, policies: false, tree: false };

/// Asks every account of the run.
pub(super) async fn ask(run: &Arc<Run>, caller: Account, options: &Options) -> Result<Outcome, String> {
    if let Some(since) = run.resumes {
        caller.resume(Some(since));
    }
    caller.spare();
    choice::regions(&caller).await?;
    let management = caller.management().await;
    let Some(wanted) = &options.organization else {
        // Nobody but the management account is sure to be allowed to see more.
        let manages = management.is_ok_and(|id| id.as_deref() == Some(&caller.id));
        let wish = Wish { policies: manages, tree: manages, ..MEMBER };
        run.progress.accounts.store(1, Ordering::Relaxed);
        earlier::are_not_narrowed(run, [caller.id.as_str()].into_iter())?;
        let mut outcome = Outcome::default();
        let caller = Arc::new(caller);
        finish(Box::pin(one(Arc::clone(&caller), wish)).await, &mut outcome)?;
        choice::asked_somewhere(run, &[caller])?;
        outcome.notes.extend(earlier::of_others(run, None));
        return Ok(outcome);
    };
    match management {
        Ok(Some(_)) => {}
        Ok(None) => return Err(format!("account {} belongs to no organization", caller.id)),
        Err(refusal) => return Err(format!("the organization cannot be seen: {}: {}", refusal.code, refusal.message)),
    }
    let tree = caller.tree().await;
    if tree.members.is_empty() {
        let first = tree.refusals.first();
        let why = first.map_or("it has no accounts".to_owned(), |it| format!("{}: {}", it.code, it.message));
        return Err(format!(
            "the accounts of the organization cannot be listed, which its management account and delegated \
             administrators may: {why}"
        ));
    }
    let mut outcome = Outcome::default();
    let part = tree.refusals.iter().map(|refusal| format!("part of the organization cannot be seen: {}", refusal.code));
    outcome.notes.extend(part);
    let is_seen = tree.refusals.is_empty();
    let listed: BTreeSet<String> = tree.members.iter().map(|member| member.id.clone()).collect();
    let chosen = choice::members(tree, wanted, &mut outcome.notes)?;
    earlier::are_not_narrowed(run, chosen.iter().map(|member| member.id.as_str()))?;
    everyone(run, caller, chosen, wanted, options, &mut outcome).await?;
    outcome.notes.extend(earlier::of_others(run, is_seen.then_some(&listed)));
    Ok(outcome)
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
    let asker = Wish { whole: own.is_some(), policies: true, tree: false };
    let mut accounts = vec![(Arc::clone(&caller), asker)];
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
        accounts.push((Arc::new(account), MEMBER));
    }
    let asked = accounts.iter().filter(|(_, wish)| wish.whole).map(|(account, _)| account.id.clone());
    // It is set once, here.
    let _ = run.members.set(asked.collect());
    run.progress.accounts.store(accounts.len(), Ordering::Relaxed);
    let ahead = Arc::new(Semaphore::new(options.concurrency.max(1).saturating_mul(AHEAD)));
    let mut tasks = JoinSet::new();
    for (account, wish) in accounts {
        let (ahead, since) = (Arc::clone(&ahead), run.resumes);
        tasks.spawn(async move {
            // Nothing closes it.
            let _turn = ahead.acquire_owned().await;
            if since.is_some() {
                account.resume(since);
            }
            account.spare();
            Box::pin(one(account, wish)).await
        });
    }
    let (mut everyone, mut foreign) = (BTreeMap::new(), Refs::default());
    while let Some(done) = tasks.join_next().await {
        let mut done = done.map_err(|error| format!("an account was given up: {error}"))?;
        foreign.extend(std::mem::take(&mut done.foreign));
        everyone.insert(done.account.id.clone(), Arc::clone(&done.account));
        finish(done, outcome)?;
    }
    let all: Vec<Arc<Account>> = everyone.values().cloned().collect();
    owners(&everyone, foreign, outcome).await?;
    choice::asked_somewhere(run, &all)
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
            account.resume(None);
            let foreign = Box::pin(account.follow(refs, false)).await;
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
async fn one(account: Arc<Account>, wish: Wish) -> Done {
    lock(&account.run.open).insert(account.id.clone(), Arc::clone(&account));
    let policies = async {
        if wish.policies {
            account.organization_policies().await;
        }
    };
    let tree = async {
        if wish.tree {
            account.tree().await;
        }
    };
    let ((foreign, note), ..) =
        tokio::join!(Box::pin(itself(&account, wish.whole)), Box::pin(policies), Box::pin(tree));
    let done = end(Arc::clone(&account), foreign);
    account.run.progress.done.fetch_add(usize::from(done.written.is_ok()), Ordering::Relaxed);
    Done { note, ..done }
}

/// What an account has: what of it is another's, and what the user may not expect of its file.
async fn itself(account: &Account, whole: bool) -> (Refs, Option<String>) {
    if !whole {
        // The asker alone, for what it knows of the organization.
        let note = account.adopt().map(|(count, first)| {
            format!("{count} older answers of account {}, since {first}, stay: this run did not ask it", account.id)
        });
        return (Refs::default(), note);
    }
    let Err(refusal) = enter(account).await else { return (Box::pin(account.whole()).await, None) };
    let before = lock(&account.kept).answers;
    let note = format!("{} replaces {before} older answers of account {}", refusal.code, account.id);
    account.close();
    account.note(("sts", "AssumeRole"), account.leader(), &json!({"Account": account.id}), refusal);
    (Refs::default(), (before > 0).then_some(note))
}

/// Writes the file of an account and gives its memory back.
fn end(account: Arc<Account>, foreign: Refs) -> Done {
    let written = account.write(true).map_err(|error| format!("the evidence of {}: {error}", account.id));
    let unanswered = account.unanswered();
    lock(&account.run.open).remove(&account.id);
    if written.is_ok() {
        account.forget();
    }
    Done { account, foreign, unanswered, written, note: None }
}

fn finish(done: Done, outcome: &mut Outcome) -> Result<(), String> {
    done.written?;
    outcome.notes.extend(done.note);
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
