//! An evidence file: its header and its calls, as they stand there.
//!
//! Of a file that was read no tree is kept but its header and its text: an organization has a thousand of them. Whoever
//! needs the calls parses them again, one account at a time.

use crate::read::Arn;
use crate::read::partition::partition_of;
use crate::source::{FileId, Span};
use crate::syntax::{self, Key, Kind, Node, SyntaxError};
use crate::value::is_account_id;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// The schema that is read.
const SCHEMA: &str = "trailproof.evidence/1";

/// What AWS answered about one account.
#[derive(Debug)]
pub struct Evidence {
    pub(super) text: Arc<str>,
    file: FileId,
    pub(super) partition: String,
    pub(super) account: String,
    /// Where the account's id stands.
    pub(super) span: Span,
    /// The Regions in which it was asked.
    pub(super) regions: Vec<(String, Span)>,
    /// Whether it says that the account was asked in no Region.
    pub(super) is_of_no_region: bool,
    is_whole: bool,
    name: Option<String>,
    path: Option<String>,
    caller: Option<String>,
    /// When the first and the last of its answers were given.
    as_of: Option<(Timestamp, Timestamp)>,
    digest: String,
}

/// The calls of one file.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) all: Vec<Call>,
    by_operation: HashMap<(String, String), Vec<usize>>,
}

/// One call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) region: String,
    pub(super) input: Option<Node>,
    pub(super) answer: Answer,
    /// When it was made.
    pub(super) at: Option<Node>,
}

/// What came back.
#[derive(Debug)]
pub(super) enum Answer {
    /// The key that the output stands below, and the output.
    Output(Key, Node),
    /// The call was refused or failed.
    Failure { code: String, message: String, permission: Option<String>, span: Span },
}

/// Whether bytes may be evidence of some version.
pub fn looks_like_evidence(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf));
    first == Some(&b'{') && memchr::memmem::find(bytes, b"trailproof.evidence/").is_some()
}

fn wrong(message: &str, span: Span) -> SyntaxError {
    SyntaxError { message: message.to_owned(), span, related: None }
}

/// The SHA-256 of the bytes of a file, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

impl Evidence {
    /// Reads the header, and sees that the calls are calls. `digest` is that of the file, which may be in another encoding
    /// than its text.
    ///
    /// # Errors
    ///
    /// Where it is no JSON, or a part is missing without which the rest means nothing, in words for people.
    pub fn parse(file: FileId, text: Arc<str>, digest: String) -> Result<Evidence, SyntaxError> {
        let root = syntax::json::parse(file, &text)?;
        let evidence = Evidence::header(file, text, digest, &root)?;
        Calls::new(root)?;
        Ok(evidence)
    }

    fn header(file: FileId, text_of_file: Arc<str>, digest: String, root: &Node) -> Result<Evidence, SyntaxError> {
        match root.get("schema") {
            Some(schema) if schema.text() == Some(SCHEMA) => {}
            Some(schema) => {
                return Err(wrong("this evidence is of another schema than `trailproof.evidence/1`", schema.span));
            }
            None => return Err(wrong("evidence names its `schema`: `trailproof.evidence/1`", root.span)),
        }
        let account = root.get("account").ok_or_else(|| wrong("evidence names its `account`", root.span))?;
        let id = account.text().filter(|id| is_account_id(id));
        let id = id.ok_or_else(|| wrong("an account's id is twelve digits in quotes", account.span))?;
        let (account, span) = (id.to_owned(), account.span);
        let [partition, name, path, caller] = ["partition", "name", "path", "caller"].map(|key| text(root, key));
        let is_whole = root.get("complete").and_then(Node::text) != Some("false");
        let listed = root.get("regions").map(Node::items);
        let is_of_no_region = listed.is_some_and(<[Node]>::is_empty);
        let regions = listed.unwrap_or_default().iter();
        let regions = regions.filter_map(|node| Some((node.text()?.to_owned(), node.span))).collect();
        let asked = root.get("calls").map(Node::items).unwrap_or_default();
        let of_region =
            || asked.iter().filter_map(|call| partition_of(call.get("region")?.text()?)).next().unwrap_or("aws");
        let partition = partition.unwrap_or_else(|| of_region().to_owned());
        let times = || asked.iter().filter_map(|call| call.get("at")?.text()?.parse::<Timestamp>().ok());
        let as_of = times().min().zip(times().max());
        Ok(Evidence {
            text: text_of_file,
            file,
            regions,
            is_of_no_region,
            partition,
            account,
            span,
            is_whole,
            name,
            path,
            caller,
            as_of,
            digest,
        })
    }

    /// The calls, parsed anew.
    pub(super) fn calls(&self) -> Calls {
        // It was parsed before: there is no error to be had.
        syntax::json::parse(self.file, &self.text).and_then(Calls::new).unwrap_or_default()
    }

    /// The account's id.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The account's name, where the file says it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The names of the root and the organizational units above the account, where the file says them.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The ARN of whoever asked, where the file says it.
    pub fn caller(&self) -> Option<&str> {
        self.caller.as_deref()
    }

    /// The Regions in which it was asked.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(|(region, _)| region.as_str())
    }

    /// When the first and the last of its answers were given, where it says so.
    pub fn as_of(&self) -> Option<(Timestamp, Timestamp)> {
        self.as_of
    }

    /// The SHA-256 of the file, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether every answer is there that was meant to be, as far as the file says.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}

impl Calls {
    fn new(root: Node) -> Result<Calls, SyntaxError> {
        let place = root.span;
        let calls = entries(root).into_iter().find(|(key, _)| &*key.text == "calls").map(|(_, calls)| calls.kind);
        let Some(Kind::List(calls)) = calls else { return Err(wrong("evidence has a list of `calls`", place)) };
        let all = calls.into_iter().map(call).collect::<Result<Vec<Call>, SyntaxError>>()?;
        let mut by_operation: HashMap<(String, String), Vec<usize>> = HashMap::new();
        for (place, call) in all.iter().enumerate() {
            by_operation.entry((call.service.clone(), call.operation.clone())).or_default().push(place);
        }
        Ok(Calls { all, by_operation })
    }

    /// The calls of an operation, in the order of the file.
    pub(super) fn of(&self, service: &str, operation: &str) -> impl Iterator<Item = &Call> {
        let places = self.by_operation.get(&(service.to_owned(), operation.to_owned()));
        places.into_iter().flatten().filter_map(|place| self.all.get(*place))
    }
}

/// The entries of a mapping, taken out of it: answers are large.
fn entries(node: Node) -> Vec<(Key, Node)> {
    match node.kind {
        Kind::Map(entries) => entries,
        _ => Vec::new(),
    }
}

fn call(node: Node) -> Result<Call, SyntaxError> {
    let needed = |key: &str| text(&node, key).ok_or_else(|| wrong(&format!("a call names its `{key}`"), node.span));
    let names = (needed("service"), needed("operation"), text(&node, "region").unwrap_or_default());
    let place = node.span;
    let (mut input, mut output, mut error, mut at) = (None, None, None, None);
    for (key, value) in entries(node) {
        match &*key.text {
            "input" => input = Some(value),
            "output" => output = Some((key, value)),
            "error" => error = Some(value),
            "at" => at = Some(value),
            _ => {}
        }
    }
    let answer = match (output, error) {
        (Some((_, output)), Some(_)) => {
            return Err(wrong("a call has an `output` or an `error`, and never both", output.span));
        }
        (Some((key, output)), None) if matches!(output.kind, Kind::Map(_)) => Answer::Output(key, output),
        (Some((_, output)), None) => {
            return Err(wrong("an `output` is a mapping: `{}` where the AWS CLI prints nothing", output.span));
        }
        (None, Some(error)) => {
            let code = error.get("code").ok_or_else(|| wrong("an error has a `code`", error.span))?;
            Answer::Failure {
                code: code.text().unwrap_or_default().to_owned(),
                message: text(&error, "message").unwrap_or_default(),
                permission: text(&error, "permission"),
                span: code.span,
            }
        }
        (None, None) => return Err(wrong("a call has an `output` or an `error`", place)),
    };
    let (service, operation, region) = names;
    Ok(Call { service: service?, operation: operation?, region, input, answer, at })
}

impl Call {
    /// An argument.
    pub(super) fn argument(&self, parameter: &str) -> Option<&Node> {
        self.input.as_ref()?.get(parameter)
    }

    /// A text that is an argument, and where it stands.
    pub(super) fn text(&self, parameter: &str) -> Option<(&str, &Node)> {
        let node = self.argument(parameter)?;
        Some((node.text()?, node))
    }

    /// Whether an argument, or one of those in a list, is one of these.
    pub(super) fn is_about(&self, parameter: &str, names: &[&str]) -> bool {
        let Some(given) = self.argument(parameter) else { return false };
        let is = |node: &Node| node.text().is_some_and(|text| names.contains(&text));
        is(given) || given.items().iter().any(is)
    }

    /// Whether it asks about something of another account: nobody is owed an answer to that.
    pub(super) fn is_about_others(&self, own: &str) -> bool {
        let arns = self.input.iter().flat_map(Node::entries).filter_map(|(_, value)| Arn::parse(value.text()?));
        arns.map(|arn| arn.account).any(|account| !account.is_empty() && account != own)
    }

    /// The output, where there is one.
    pub(super) fn output(&self) -> Option<&Node> {
        match &self.answer {
            Answer::Output(_, output) => Some(output),
            Answer::Failure { .. } => None,
        }
    }
}
