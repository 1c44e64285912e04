//! An access control list as the canned one that lets in the same groups (Amazon S3 User Guide, "Access control list (ACL)
//! overview"): what single accounts are granted says nothing about everybody.

use crate::read::{Content, Datum, shape};
use crate::value::Text;

const EVERYONE: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// The answer with the canned list, where it has grants.
pub(super) fn canned(mut answer: Datum) -> Datum {
    let Some(grants) = shape::member(&answer, "Grants").cloned() else { return answer };
    let Content::List(items) = &grants.content else { return answer };
    let mut found = Datum::text("Private", grants.span);
    let mut delivers = false;
    for grant in items {
        let uri = shape::member(grant, "Grantee").and_then(|grantee| shape::member(grantee, "URI"));
        let permission = shape::member(grant, "Permission").map(Datum::as_text);
        let reads = matches!(permission.as_ref().and_then(Text::literal), Some("READ" | "READ_ACP"));
        let word = match uri.map(Datum::as_text).as_ref().and_then(Text::literal) {
            Some(EVERYONE) if reads => "PublicRead",
            Some(EVERYONE) => "PublicReadWrite",
            Some(AUTHENTICATED) => "AuthenticatedRead",
            Some(DELIVERY) if !reads => "LogDeliveryWrite",
            _ => continue,
        };
        delivers |= word == "LogDeliveryWrite";
        // Writing is more than reading, and everyone is more than everyone with an account.
        match found.as_text().literal() {
            Some("PublicReadWrite") => {}
            Some("PublicRead") if word == "AuthenticatedRead" => {}
            // What everyone may do says more than that log delivery writes.
            Some("PublicRead" | "AuthenticatedRead") if word == "LogDeliveryWrite" => {}
            _ => found = Datum::text(word, uri.map_or(grant.span, |uri| uri.span)),
        }
    }
    let span = found.span;
    if let Some(public) = found.as_text().literal().filter(|word| delivers && *word != "LogDeliveryWrite") {
        found = Datum::text(format!("{public}, LogDeliveryWrite").as_str(), span);
    }
    shape::set(&mut answer, "CannedACL", span, found);
    answer
}
