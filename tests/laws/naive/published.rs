//! The published meaning of the policy language, sentence by sentence, held against the naive evaluator itself.

use super::conditions::hold;
use super::matching::{like_text, pieces};
use super::*;
use serde_json::json;

fn request(context: Value) -> Request {
    Request::read(&json!({
        "caller": "arn:aws:iam::111111111111:role/Auditor", "action": "s3:GetObject",
        "resource": "arn:aws:s3:::logs/AWSLogs/a:b", "owner": "111111111111", "context": context,
    }))
}

/// Whether a condition holds.
fn holds(operator: &str, key: &str, wanted: Value, context: Value) -> bool {
    hold(&json!({ operator: { key: wanted } }), &request(context), true)
}

fn statement(parts: Value) -> bool {
    applies(&parts, &request(json!({"aws:PrincipalTag/team": "blue"})), true)
}

#[test]
fn stars_and_question_marks() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("**", "", true),
        ("?", "", false),
        ("a*c", "abbc", true),
        ("a*c", "abcb", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*a*b*", "xxaxxbxx", true),
        ("*ab*ab*", "xxabxx", false),
        ("", "a", false),
    ] {
        assert_eq!(like_text(&pieces(pattern, None).unwrap(), text), expected, "{pattern} {text}");
    }
}

#[test]
fn actions() {
    let about = |parts: Value| {
        let mut whole = json!({"Resource": "*"});
        whole.as_object_mut().unwrap().append(&mut parts.as_object().unwrap().clone());
        statement(whole)
    };
    assert!(about(json!({"Action": "S3:getobject"})));
    assert!(about(json!({"Action": ["x:Y", "s3:*Obj??t"]})));
    assert!(!about(json!({"Action": "s3:Put*"})));
    assert!(about(json!({"NotAction": "s3:Put*"})));
    assert!(!about(json!({"NotAction": ["s3:Put*", "s3:Get*"]})));
    assert!(about(json!({"NotAction": "kms:*"})), "NotAction reaches into every other service");
}

#[test]
fn resources() {
    let about = |pattern: &str| statement(json!({"Action": "*", "Resource": pattern}));
    assert!(about("arn:aws:s3:::logs/*"), "the star of the last segment crosses slashes and colons");
    assert!(about("arn:aws:s3:*:*:logs/*"));
    assert!(about("arn:aws:s3"), "what an incomplete ARN leaves out is a star");
    assert!(about("arn:aws:*"), "even where the star seems to stand for the rest");
    assert!(!about("arn:aws:s3:::LOGS/*"), "case counts");
    assert!(!about("arn:aws:s3:::logs"));
    assert!(!about("arn:*/a:b"), "a star does not cross segments");
    assert!(statement(json!({"Action": "*", "NotResource": "arn:aws:s3:::other/*"})));
    assert!(!statement(json!({"Action": "*", "NotResource": ["arn:aws:s3:::logs/*"]})));
    assert!(statement(json!({"Action": "*"})), "trust policies name no resource");
}

#[test]
fn variables() {
    let about = |version: &str, pattern: &str, context: Value| {
        let policy = json!({"Version": version, "Statement": {"Effect": "Allow", "Action": "*", "Resource": pattern}});
        says(&policy, "Allow", &request(context))
    };
    let own = "arn:aws:s3:::logs/${aws:PrincipalTag/who}/*";
    let who = |value: &str| json!({"aws:principaltag/WHO": value});
    assert!(about("2012-10-17", own, who("AWSLogs")));
    assert!(!about("2012-10-17", own, who("*")), "a star in a value is a star");
    assert!(!about("2008-10-17", own, who("AWSLogs")), "older policies know no variables");
    assert!(!about("2012-10-17", own, json!({})));
    assert!(!about("2012-10-17", own, json!({"aws:PrincipalTag/who": ["AWSLogs", "x"]})));
    assert!(about("2012-10-17", "arn:aws:s3:::logs/${aws:PrincipalTag/who, 'AWSLogs'}/*", json!({})));
    assert!(!about("2012-10-17", "arn:aws:s3:::logs/${*}", json!({})), "a star in braces is no wildcard");
    let plain = |context: Value| holds("StringEquals", "aws:username", json!("${aws:PrincipalTag/who}-${$}"), context);
    assert!(plain(json!({"aws:username": "ann-$", "aws:PrincipalTag/who": "ann"})));
    assert!(!plain(json!({"aws:username": "bob-$", "aws:PrincipalTag/who": "ann"})));
    assert!(!holds("NumericEquals", "x:N", json!("${x:M}"), json!({"x:N": "1", "x:M": "1"})), "not in numbers");
}

#[test]
fn texts_in_conditions() {
    let name = |value: &str| json!({"aws:username": value});
    assert!(!holds("StringEquals", "aws:username", json!("a*"), name("ab")), "the star is literal");
    assert!(holds("StringEquals", "aws:username", json!("a*"), name("a*")));
    assert!(holds("StringLike", "aws:username", json!("a*"), name("ab")));
    assert!(holds("stringequals", "AWS:USERNAME", json!("ab"), name("ab")), "names of operators and keys have no case");
    assert!(!holds("StringEquals", "aws:username", json!("AB"), name("ab")));
    assert!(holds("StringEqualsIgnoreCase", "aws:username", json!("AB"), name("ab")));
    assert!(!holds("StringNotEqualsIgnoreCase", "aws:username", json!("AB"), name("ab")));
    assert!(holds("StringEquals", "aws:username", json!(["x", "ab"]), name("ab")), "one value is enough");
    assert!(!holds("StringNotEquals", "aws:username", json!(["x", "ab"]), name("ab")), "none may match");
    assert!(holds("StringNotLike", "aws:username", json!(["x*", "y*"]), name("ab")));
    assert!(holds("BinaryEquals", "x:B", json!("QmluYXJ5"), json!({"x:B": "QmluYXJ5"})));
}

#[test]
fn absent_keys() {
    let absent = |operator: &str| holds(operator, "aws:username", json!("x"), json!({}));
    for operator in ["StringEquals", "StringLike", "ArnLike", "NumericLessThan", "DateEquals", "Bool", "IpAddress"] {
        assert!(!absent(operator), "{operator}");
        assert!(absent(&format!("{operator}IfExists")), "{operator}IfExists");
        assert!(absent(&format!("ForAllValues:{operator}")), "ForAllValues is vacuous: {operator}");
        assert!(!absent(&format!("ForAnyValue:{operator}")), "ForAnyValue:{operator}");
    }
    for operator in
        ["StringNotEquals", "StringNotLike", "ArnNotLike", "NumericNotEquals", "DateNotEquals", "NotIpAddress"]
    {
        assert!(absent(operator), "{operator}");
        assert!(!absent(&format!("ForAnyValue:{operator}")), "ForAnyValue:{operator}");
    }
    assert!(holds("Null", "aws:username", json!("true"), json!({})));
    assert!(!holds("Null", "aws:username", json!(false), json!({})));
    assert!(!holds("Null", "aws:username", json!("true"), json!({"aws:username": "x"})));
    assert!(holds("Null", "aws:username", json!(false), json!({"aws:username": "x"})));
    assert!(!holds("StringEqualsIfExists", "aws:username", json!("x"), json!({"aws:username": "y"})));
}

#[test]
fn keys_with_several_values() {
    let tags =
        |operator: &str, wanted: Value| holds(operator, "aws:TagKeys", wanted, json!({"aws:TagKeys": ["a", "b"]}));
    assert!(tags("ForAllValues:StringEquals", json!(["a", "b", "c"])));
    assert!(!tags("ForAllValues:StringEquals", json!(["a", "c"])));
    assert!(tags("ForAnyValue:StringEquals", json!(["a", "c"])));
    assert!(!tags("ForAnyValue:StringEquals", json!("c")));
    assert!(tags("ForAnyValue:StringNotEquals", json!("a")), "b is not a");
    assert!(!tags("ForAnyValue:StringNotEquals", json!(["a", "b"])));
    assert!(!tags("ForAllValues:StringNotEquals", json!("a")));
    assert!(tags("ForAllValues:StringNotLike", json!("c*")));
}

#[test]
fn numbers_dates_booleans_and_addresses() {
    let number = |operator: &str, wanted: Value| holds(operator, "s3:max-keys", wanted, json!({"s3:max-keys": "10"}));
    assert!(number("NumericEquals", json!("10.0")));
    assert!(number("NumericLessThanEquals", json!(10)) && !number("NumericLessThan", json!(10)));
    assert!(number("NumericGreaterThan", json!(9)) && number("NumericGreaterThanEquals", json!([12, 10])));
    assert!(!number("NumericNotEquals", json!([9, 10])));
    let date = |operator: &str, wanted: Value| {
        holds(operator, "aws:CurrentTime", wanted, json!({"aws:CurrentTime": "2024-02-29T12:00:00Z"}))
    };
    assert!(date("DateEquals", json!("1709208000")), "seconds since 1970 are a date");
    assert!(date("DateGreaterThan", json!("2024-02-29")) && date("DateLessThan", json!("2024-03-01T00:00:00Z")));
    assert!(!date("DateNotEquals", json!("2024-02-29T12:00:00Z")));
    let secure = |wanted: Value, given: &str| {
        holds("Bool", "aws:SecureTransport", wanted, json!({"aws:SecureTransport": given}))
    };
    assert!(secure(json!(true), "true") && secure(json!("True"), "true"));
    assert!(!secure(json!("false"), "true") && secure(json!(["true", "false"]), "true"));
    let from = |operator: &str, range: &str, given: &str| {
        holds(operator, "aws:SourceIp", json!(range), json!({"aws:SourceIp": given}))
    };
    assert!(from("IpAddress", "203.0.113.0/24", "203.0.113.9") && !from("IpAddress", "203.0.113.0/24", "203.0.114.9"));
    assert!(from("IpAddress", "203.0.113.9", "203.0.113.9") && from("NotIpAddress", "203.0.113.0/28", "203.0.113.16"));
    assert!(from("IpAddress", "2001:db8::/32", "2001:db8:1::1") && !from("IpAddress", "0.0.0.0/0", "2001:db8::1"));
    assert!(from("IpAddress", "0.0.0.0/0", "9.9.9.9"));
}

#[test]
fn arns_in_conditions() {
    let trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/main";
    let source =
        |operator: &str, wanted: &str| holds(operator, "aws:SourceArn", json!(wanted), json!({"aws:SourceArn": trail}));
    for operator in ["ArnLike", "ArnEquals"] {
        assert!(source(operator, "arn:aws:cloudtrail:*:111111111111:trail/*"));
        assert!(source(operator, "arn:aws:cloudtrail:*:*:*") && source(operator, "*"));
        assert!(!source(operator, "arn:aws:cloudtrail:*:trail/main"), "each segment for itself");
    }
    assert!(!source("ArnNotLike", "arn:aws:cloudtrail:*:*:*") && source("ArnNotEquals", "arn:aws:s3:::b"));
    assert!(source("StringLike", "arn:aws:cloudtrail:*trail/main"), "a text's star crosses colons");
    let broken =
        |operator: &str| holds(operator, "aws:SourceArn", json!("arn:aws:*:*:*:*"), json!({"aws:SourceArn": "x"}));
    assert!(!broken("ArnLike") && broken("ArnNotLike"));
}

#[test]
fn principals() {
    let near = |principal: Value, caller: &str| {
        let mut whole = json!({"action": "a:b", "resource": "*", "owner": "1", "context": {}});
        whole["caller"] = json!(caller);
        nearness(&principal, &Request::read(&whole).caller)
    };
    let role = "arn:aws:iam::111111111111:role/Auditor";
    let session = "arn:aws:sts::111111111111:assumed-role/Auditor/ann";
    for everyone in [json!("*"), json!({"AWS": "*"}), json!({"Service": "x", "AWS": ["*"]})] {
        for caller in ["anonymous", "cloudtrail.amazonaws.com", role, session] {
            assert_eq!(near(everyone.clone(), caller), Nearness::Caller, "{everyone} {caller}");
        }
    }
    assert_eq!(near(json!({"AWS": "111111111111"}), role), Nearness::Account);
    assert_eq!(near(json!({"AWS": "arn:aws:iam::111111111111:root"}), session), Nearness::Account);
    assert_eq!(near(json!({"AWS": "111111111111"}), "arn:aws:iam::111111111111:root"), Nearness::Caller);
    assert_eq!(near(json!({"AWS": ["222222222222", role]}), role), Nearness::Caller);
    assert_eq!(near(json!({"AWS": role}), session), Nearness::Caller);
    assert_eq!(near(json!({"AWS": session}), session), Nearness::Session);
    assert_eq!(near(json!({"AWS": "222222222222"}), role), Nearness::No);
    assert_eq!(near(json!({"AWS": "arn:aws:iam::111111111111:role/*"}), role), Nearness::No, "no partial wildcards");
    assert_eq!(near(json!({"Service": "cloudtrail.amazonaws.com"}), "cloudtrail.amazonaws.com"), Nearness::Caller);
    assert_eq!(near(json!({"Service": "config.amazonaws.com"}), "cloudtrail.amazonaws.com"), Nearness::No);
    assert_eq!(near(json!({"AWS": "111111111111"}), "anonymous"), Nearness::No);
}
