//! The JSON Schema of `trailproof.yaml`, from the table that the reader reads by.

use super::directive::KINDS;
use super::entry::{WHERE, WHY};
use super::table::{ACCOUNT, KEYS, Key, Shape};
use crate::checks;
use crate::page::Severity;
use serde_json::{Map, Value, json};

/// The schema, with a line break at its end.
pub fn schema() -> String {
    let mut schema = keys(KEYS);
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("title".to_owned(), json!("trailproof.yaml"));
        let ids: Vec<&str> = checks::ALL.iter().map(|check| check.id).collect();
        object.insert("$defs".to_owned(), json!({ "check": { "enum": ids } }));
    }
    // It is made of texts and lists alone.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn keys(keys: &[Key]) -> Value {
    let properties = keys.iter().map(|key| {
        let mut value = shape(key.shape);
        if let Some(object) = value.as_object_mut() {
            object.insert("description".to_owned(), json!(key.about));
        }
        // Nothing written is nothing said.
        (key.name.to_owned(), json!({ "description": key.about, "anyOf": [value, { "type": "null" }] }))
    });
    let properties: Map<String, Value> = properties.collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// Scalars are read as texts, however they are written.
fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"], "minLength": 1 })
}

fn shape(shape: Shape) -> Value {
    let check = || json!({ "$ref": "#/$defs/check" });
    let severity = || json!({ "enum": Severity::ALL.map(Severity::as_str) });
    match shape {
        Shape::Text => text(),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Count => json!({ "type": "integer", "minimum": 1, "maximum": 100_000 }),
        Shape::Texts => json!({ "anyOf": [text(), { "type": "array", "items": text() }] }),
        Shape::Words(words) => json!({ "type": "array", "items": { "enum": words } }),
        Shape::Checks => json!({ "type": "array", "items": check() }),
        Shape::Severity => severity(),
        Shape::Severities => {
            json!({ "type": "object", "propertyNames": check(), "additionalProperties": severity() })
        }
        Shape::Values => json!({ "type": "object" }),
        Shape::Accounts => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[0-9]{12}$" },
            "additionalProperties": keys(&ACCOUNT),
        }),
        Shape::Allows => json!({ "type": "array", "items": allow() }),
        Shape::Keys(inner) => keys(inner),
    }
}

/// An exception.
fn allow() -> Value {
    let mut properties: Map<String, Value> = WHY.iter().chain(&WHERE).map(|key| ((*key).to_owned(), text())).collect();
    let check = json!({ "$ref": "#/$defs/check" });
    let checks = json!({ "anyOf": [check, { "type": "array", "minItems": 1, "items": check }] });
    properties.insert("check".to_owned(), checks);
    properties.insert("reason".to_owned(), json!({ "type": "string", "minLength": super::allow::REASON }));
    properties.insert("kind".to_owned(), json!({ "enum": KINDS }));
    properties.insert("until".to_owned(), json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }));
    properties.insert("everywhere".to_owned(), json!({ "const": true }));
    let one_of = WHERE.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": ["check", "reason"],
        "anyOf": one_of,
    })
}
