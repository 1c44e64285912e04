//! Functions whose results nobody needs to know to judge a trail: they are told as not known, by their names.

use super::{Answer, Call, Function};
use crate::value::{Why, WhyKind};

/// What is computed, but not here.
const COMPUTED: [&str; 18] = [
    "base64gzip",
    "base64sha256",
    "base64sha512",
    "bcrypt",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "formatdate",
    "md5",
    "rsadecrypt",
    "sha1",
    "sha256",
    "sha512",
    "textdecodebase64",
    "textencodebase64",
    "timeadd",
    "type",
    "uuidv5",
];

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "timestamp" | "plantimestamp" | "uuid" => Function::writing(late),
        // No texts.
        "cidrsubnets" | "issensitive" | "timecmp" => Function::passing(computed),
        _ if COMPUTED.contains(&name) => Function::writing(computed),
        _ => None,
    }
}

fn late(call: &Call<'_>) -> Answer {
    let text = format!("the result of `{}` is known only once it is deployed", call.name);
    Err(Why::new(WhyKind::AfterApply, call.name, text))
}

fn computed(call: &Call<'_>) -> Answer {
    // What an argument leaves unknown is the better reason.
    let unknown =
        call.arguments.iter().find_map(|argument| call.text_of(argument).map_or_else(Some, |text| text.why()));
    Err(unknown.unwrap_or_else(|| call.beyond("only its name is known")))
}
