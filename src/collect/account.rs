//! One account: who is asked there, what was asked, what was answered. Every call goes through [`Account::ask`].

use super::Run;
use super::credentials::Renewed;
use super::history::{self, Turns};
use super::listen::listen;
use super::refusal::Refusal;
use super::wire;
use crate::read::account::Call;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// An account that is asked.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) run: Arc<Run>,
    pub(super) id: String,
    /// What the organization calls it.
    pub(super) name: Option<String>,
    /// The names of the root and the organizational units above it.
    pub(super) path: Option<String>,
    pub(super) credentials: Renewed,
    /// The Regions that were asked, and those that are not enabled.
    pub(super) regions: Mutex<(Vec<String>, Vec<String>)>,
    /// What its file holds; held while it is written, which happens now and then while it is asked.
    pub(super) kept: Mutex<Kept>,
    /// When the history of a Region may be asked again.
    history: Turns,
    /// Whether it let nobody in: then it is asked nothing more.
    closed: AtomicBool,
    asked: Mutex<BTreeMap<Question, Arc<OnceCell<Asked>>>>,
}

/// What the file of an account holds.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Whether the account was asked for everything that this run wants of it.
    pub(super) finished: bool,
    /// The number of its answers.
    pub(super) answers: usize,
    /// Whether an earlier run, whose answers it holds too, did not come to its end.
    pub(super) is_partial: bool,
}

/// What is asked: service, operation, Region, input.
pub(super) type Question = (String, String, String, String);

/// What came of a question.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) answer: Result<Value, Refusal>,
    pub(super) at: String,
}

impl Account {
    pub(super) fn new(run: &Arc<Run>, id: &str, credentials: Renewed) -> Account {
        Account {
            run: Arc::clone(run),
            id: id.to_owned(),
            name: None,
            path: None,
            credentials,
            regions: Mutex::default(),
            kept: Mutex::default(),
            history: Turns::default(),
            closed: AtomicBool::new(false),
            asked: Mutex::default(),
        }
    }

    /// Asks once; whoever asks the same again gets the same answer. `send` sends the request for a page.
    pub(super) async fn ask<T, E, F>(
        &self,
        (service, operation): (&str, &str),
        region: &str,
        input: Value,
        send: impl Fn(Option<String>) -> F,
    ) -> Result<Value, Refusal>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let question = question((service, operation), region, &input);
        let cell = Arc::clone(lock(&self.asked).entry(question).or_default());
        let asked = cell.get_or_init(|| async {
            let answer = match Call::find(service, operation) {
                Some(call) => Box::pin(self.pages(call, region, send)).await,
                // The table is the whole of what may be asked: a test holds every call to it.
                None => Err(Refusal::own("NotInTable", format!("{service}:{operation} is not in the table of calls"))),
            };
            let progress = &self.run.progress;
            progress.calls.fetch_add(1, Ordering::Relaxed);
            let absent = |refusal: &Refusal| is_absent(service, operation, &refusal.code);
            if answer.as_ref().is_err_and(|refusal| !absent(refusal)) {
                progress.failed.fetch_add(1, Ordering::Relaxed);
            }
            Asked { answer, at: self.run.now() }
        });
        asked.await.answer.clone()
    }

    /// Every page of an answer as one.
    async fn pages<T, E, F>(
        &self,
        call: &Call,
        region: &str,
        send: impl Fn(Option<String>) -> F,
    ) -> Result<Value, Refusal>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let mut whole = json!({});
        let mut next = None;
        loop {
            let page = self.page(call, region, &send, next.clone()).await?;
            wire::merge(&mut whole, page.kept);
            if page.next.is_none() {
                return Ok(whole);
            }
            if page.next == next {
                return Err(Refusal::own("PagesInACircle", "a page asks for itself as the next"));
            }
            next = page.next;
        }
    }

    /// One page; once more where the credentials came to their end, or the clock was wrong.
    async fn page<T, E, F>(
        &self,
        call: &Call,
        region: &str,
        send: &impl Fn(Option<String>) -> F,
        next: Option<String>,
    ) -> Result<wire::Answer, Refusal>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (mut renewed, mut tries) = (false, 0);
        let is_history = history::is_asked_by(call);
        loop {
            let used = self.credentials.current().await;
            if is_history {
                self.history.turn(region, tries).await;
            }
            let place = self.run.pace.place().await;
            if is_history {
                self.history.begin(region);
            }
            // The SDK's futures are large, and there are many at once.
            let (result, heard) = listen(Box::pin(send(next.clone()))).await;
            // The history has a quota of its own, which says nothing of others.
            self.run.pace.give_back(place, heard.throttled && !is_history);
            let refusal = match result.as_ref().map_err(|error| Refusal::of(error, call)) {
                Ok(_) => {
                    return wire::read(call, &heard.bytes)
                        .ok_or_else(|| Refusal::own("UnreadableAnswer", "the answer is in no known format"));
                }
                Err(refusal) => refusal,
            };
            tries += 1;
            if is_history && tries < history::TRIES && (heard.throttled || refusal.is_passing()) {
                continue;
            }
            if renewed || !(refusal.is_expired() || heard.late) {
                return Err(refusal);
            }
            renewed = true;
            if refusal.is_expired() {
                self.credentials.forget(used.as_ref()).await;
            }
        }
    }

    /// What an earlier run heard is not asked again.
    pub(super) fn remember(&self, question: Question, asked: Asked) {
        lock(&self.asked).insert(question, Arc::new(OnceCell::new_with(Some(asked))));
    }

    /// Whether it was answered already.
    pub(super) fn has(&self, question: &Question) -> bool {
        lock(&self.asked).get(question).is_some_and(|cell| cell.initialized())
    }

    /// Writes down what was answered elsewhere than in a call of the table of this account.
    pub(super) fn note(&self, operation: (&str, &str), region: &str, input: &Value, refusal: Refusal) {
        self.remember(question(operation, region, input), Asked { answer: Err(refusal), at: self.run.now() });
    }

    /// Notes that the account lets nobody in.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Gives the memory back: what was asked is written.
    pub(super) fn forget(&self) {
        lock(&self.asked).clear();
    }

    /// How much was answered.
    pub(super) fn answers(&self) -> usize {
        lock(&self.asked).values().filter(|cell| cell.initialized()).count()
    }

    /// Everything that was asked and answered, in a fixed order.
    pub(super) fn answered(&self) -> Vec<(Question, Asked)> {
        let asked = lock(&self.asked);
        asked.iter().filter_map(|(question, cell)| Some((question.clone(), cell.get()?.clone()))).collect()
    }
}

fn question((service, operation): (&str, &str), region: &str, input: &Value) -> Question {
    (service.to_owned(), operation.to_owned(), region.to_owned(), input.to_string())
}

/// Whether an error says that there is none of what was asked for.
pub(super) fn is_absent(service: &str, operation: &str, code: &str) -> bool {
    Call::find(service, operation).is_some_and(|call| call.absent.contains(&code))
}

/// A lock whose holder panicked guards nothing that was half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run {
    /// The time, as evidence has it.
    pub(super) fn now(&self) -> String {
        let mut now = DateTime::from(self.clock.time());
        now.set_subsec_nanos(0);
        now.fmt(Format::DateTime).unwrap_or_default()
    }
}
