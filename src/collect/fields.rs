//! What is kept of an answer: the paths of the table of calls, as one tree. Knows no format on the wire.

use crate::read::account::STACK_TAGS;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::Value;

/// What the services call the key of a tag.
pub(super) const KEYS: [&str; 2] = ["Key", "TagKey"];

/// What is kept below one name.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) name: &'static str,
    /// Whether this name holds a list; what is kept is kept of each item.
    pub(super) list: bool,
    /// Of a list only the items are kept in which this member is true.
    only: Option<&'static str>,
    kind: Kind,
    /// What is kept below; nothing said means everything.
    pub(super) below: Vec<Kept>,
}

/// What the AWS CLI makes of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Kind {
    #[default]
    AsIs,
    Time,
    Int,
    Number,
    Bool,
    /// A policy document, as text or encoded as in an URL.
    Document,
    /// JSON as text, of which only some members are kept.
    Json,
    /// Part of a tag, which is kept where CloudFormation names by it what it made.
    Stack,
}

impl Kept {
    /// The tree of a call's paths.
    pub(super) fn of(fields: &[&'static str]) -> Kept {
        let mut root = Kept::default();
        for field in fields {
            let (way, names) = match field.split_once('{') {
                Some((way, names)) => (way.trim_end_matches('.'), names.trim_end_matches('}')),
                None => field.rsplit_once('.').unwrap_or(("", field)),
            };
            let mut segments = way.split('.').filter(|segment| !segment.is_empty());
            let end = segments.try_fold(&mut root, |at, segment| {
                let (name, list) = segment.split_once('[').map_or((segment, None), |(name, list)| (name, Some(list)));
                let at = at.enter(name)?;
                at.list |= list.is_some();
                at.only = at.only.or(list.and_then(|list| list.strip_prefix('?')?.strip_suffix(']')));
                Some(at)
            });
            if let Some(end) = end {
                names.split(',').for_each(|name| end.leaf(name));
            }
        }
        root
    }

    fn enter(&mut self, name: &'static str) -> Option<&mut Kept> {
        if !self.below.iter().any(|kept| kept.name == name) {
            self.below.push(Kept { name, ..Kept::default() });
        }
        self.below.iter_mut().find(|kept| kept.name == name)
    }

    fn leaf(&mut self, name: &'static str) {
        if let Some((text, member)) = name.split_once('>') {
            if let Some(json) = self.enter(text) {
                json.kind = Kind::Json;
                json.enter(member);
            }
            return;
        }
        let (name, kind) = match name.split_once(':') {
            Some((name, "time")) => (name, Kind::Time),
            Some((name, "int")) => (name, Kind::Int),
            Some((name, "number")) => (name, Kind::Number),
            Some((name, "bool")) => (name, Kind::Bool),
            Some((name, "document")) => (name, Kind::Document),
            Some((name, "stack")) => (name, Kind::Stack),
            _ => (name, Kind::AsIs),
        };
        let list = name.ends_with("[]");
        if let Some(leaf) = self.enter(name.trim_end_matches("[]")) {
            leaf.list |= list;
            leaf.kind = kind;
        }
    }

    /// A text as this leaf shows it; as it is where it cannot be read.
    pub(super) fn text(&self, text: &str) -> Value {
        let read = match self.kind {
            Kind::Int => text.trim().parse::<i64>().ok().map(Value::from),
            Kind::Number => text.trim().parse::<f64>().ok().map(Value::from),
            Kind::Bool => text.trim().parse::<bool>().ok().map(Value::from),
            Kind::Document => serde_json::from_str(&decoded(text)).ok(),
            Kind::Json => serde_json::from_str(text).ok().map(|inside| {
                let members = Kept { kind: Kind::AsIs, below: self.members(), ..Kept::default() };
                members.of_json(&inside).to_string().into()
            }),
            Kind::AsIs | Kind::Time | Kind::Stack => None,
        };
        read.unwrap_or_else(|| text.into())
    }

    /// What is kept below, of a tag of this key: the values of tags are private, but for those that lead to a template.
    pub(super) fn kept(&self, key: Option<&str>) -> impl Iterator<Item = &Kept> {
        let is_of_stack = key.is_some_and(|key| STACK_TAGS.contains(&key));
        self.below.iter().filter(move |below| below.kind != Kind::Stack || is_of_stack)
    }

    fn members(&self) -> Vec<Kept> {
        self.below.iter().map(|kept| Kept { name: kept.name, ..Kept::default() }).collect()
    }

    /// Whether an item of a list is kept at all, by what is kept of it.
    pub(super) fn counts(&self, item: &Value) -> bool {
        self.only.is_none_or(|member| item.get(member).is_some_and(|it| *it == true))
    }

    /// What is kept of a JSON value. Nulls are left out, as what is absent is.
    pub(super) fn of_json(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) if self.list => {
                let is_kept = |item: &&Value| self.below.is_empty() || self.kept(key(item)).next().is_some();
                let items = items.iter().filter(is_kept).map(|item| self.item(item));
                items.filter(|item| self.counts(item)).collect()
            }
            value => self.item(value),
        }
    }

    fn item(&self, value: &Value) -> Value {
        match (value, self.kind) {
            (Value::Number(seconds), Kind::Time) => seconds.as_f64().and_then(time).unwrap_or_else(|| value.clone()),
            (Value::String(text), kind) if kind != Kind::AsIs => self.text(text),
            (Value::Object(members), _) if !self.below.is_empty() => {
                let kept = self.kept(key(value)).filter_map(|kept| {
                    let value = members.get(kept.name).filter(|value| !value.is_null())?;
                    Some((kept.name.to_owned(), kept.of_json(value)))
                });
                Value::Object(kept.collect())
            }
            (value, _) => value.clone(),
        }
    }
}

/// The key of a tag.
fn key(tag: &Value) -> Option<&str> {
    KEYS.iter().find_map(|key| tag.get(key)?.as_str())
}

/// Seconds since 1970 as ISO 8601.
fn time(seconds: f64) -> Option<Value> {
    DateTime::from_secs_f64(seconds).fmt(Format::DateTime).ok().map(Value::from)
}

/// Text that may be encoded as in an URL. JSON has no `%` outside of strings, so plain JSON begins as it is.
fn decoded(text: &str) -> String {
    if text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.split_at_checked(2).filter(|_| *first == b'%');
        let code = digits
            .and_then(|(digits, rest)| Some((u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?, rest)));
        let (byte, left) = code.unwrap_or((*first, after));
        bytes.push(byte);
        rest = left;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use serde_json::json;

    #[test]
    fn only_what_the_table_names_is_kept() {
        let kept = Kept::of(&["list[].{Name,At:time}", "list[].Inner.Deep", "Whole"]);
        let answer = json!({
            "list": [{"Name": "a", "At": 1_700_000_000.0, "Secret": 1, "Inner": {"Deep": 2, "Other": 3}}, {"Name": null}],
            "Whole": {"a": {"b": [1]}},
            "Else": true,
        });
        let expected = json!({
            "list": [{"Name": "a", "At": "2023-11-14T22:13:20Z", "Inner": {"Deep": 2}}, {}],
            "Whole": {"a": {"b": [1]}},
        });
        assert_eq!(kept.of_json(&answer), expected);
    }

    #[test]
    fn of_a_list_only_what_counts_is_kept() {
        let kept = Kept::of(&["list[?Counts].{Name,Counts:bool}", "list[?Counts].Deep[].Name"]);
        let answer = json!({"list": [
            {"Name": "a", "Counts": true, "Deep": [{"Name": "b"}]}, {"Name": "c", "Counts": false}, {"Name": "d"},
        ]});
        let expected = json!({"list": [{"Name": "a", "Counts": true, "Deep": [{"Name": "b"}]}]});
        assert_eq!(kept.of_json(&answer), expected);
    }

    #[test]
    fn texts_become_what_the_cli_shows() {
        let kept = Kept::of(&["{Days:int,On:bool,Doc:document,Event>errorCode,Threshold:number}"]);
        let answer = json!({
            "Days": "30", "On": "true", "Doc": "%7B%22Version%22%3A%20%22%2b%22%7D", "Threshold": "1.5",
            "Event": "{\"errorCode\":\"AccessDenied\",\"accessKeyId\":\"AKIA\"}",
        });
        let expected = json!({
            "Days": 30, "On": true, "Doc": {"Version": "+"}, "Threshold": 1.5,
            "Event": "{\"errorCode\":\"AccessDenied\"}",
        });
        assert_eq!(kept.of_json(&answer), expected);
    }

    #[test]
    fn the_values_of_tags_are_private() {
        let [stack, id] = crate::read::account::STACK_TAGS;
        let tag = |key: &str| json!({"Key": key, "Value": "v"});
        let answer = json!({"Tags": [tag("owner"), tag(stack), tag("aws:cloudformation:stack-id"), tag(id)]});
        let keys = Kept::of(&["Tags[].{Key,Value:stack}"]).of_json(&answer);
        let bare = |key: &str| json!({"Key": key});
        let expected = [bare("owner"), tag(stack), bare("aws:cloudformation:stack-id"), tag(id)];
        assert_eq!(keys, json!({"Tags": expected}));
        assert_eq!(
            Kept::of(&["Tags[].{Key:stack,Value:stack}"]).of_json(&answer),
            json!({"Tags": [tag(stack), tag(id)]})
        );
        let mapped = json!({"tags": {"owner": "v", stack: "v"}});
        let fields = crate::read::account::Call::find("logs", "ListTagsForResource").unwrap().fields;
        assert_eq!(Kept::of(fields).of_json(&mapped), json!({"tags": {stack: "v"}}));
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_is() {
        let kept = Kept::of(&["Days:int", "Doc:document"]);
        let answer = json!({"Days": "many", "Doc": "100%"});
        assert_eq!(kept.of_json(&answer), answer);
    }
}
