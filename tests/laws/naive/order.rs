//! The published order of the decision, held against the naive evaluator itself.

use super::*;
use serde_json::json;

const ROLE: &str = "arn:aws:iam::111111111111:role/Auditor";

fn allow(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

fn deny(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": action, "Resource": "*"}})
}

fn to(mut policy: Value, principal: Value) -> Value {
    match &mut policy["Statement"] {
        Value::Array(items) => items[0]["Principal"] = principal,
        one => one["Principal"] = principal,
    }
    policy
}

fn asks(caller: &str, action: &str, owner: &str) -> Request {
    Request::read(
        &json!({"caller": caller, "action": action, "resource": "arn:aws:s3:::logs", "owner": owner, "context": {}}),
    )
}

fn own(policies: &Policies) -> Verdict {
    decide(policies, &asks(ROLE, "s3:GetObject", "111111111111"))
}

fn foreign(policies: &Policies) -> Verdict {
    decide(policies, &asks(ROLE, "s3:GetObject", "222222222222"))
}

use Verdict::{Allowed, ExplicitlyDenied, ImplicitlyDenied};

#[test]
fn one_account() {
    let nothing = Policies::default();
    assert_eq!(own(&nothing), ImplicitlyDenied);
    let identity = Policies { identity: vec![allow("s3:*")], ..nothing.clone() };
    assert_eq!(own(&identity), Allowed);
    assert_eq!(own(&Policies { identity: vec![allow("*"), deny("s3:Get*")], ..nothing.clone() }), ExplicitlyDenied);
    let resource = |principal: Value| Policies { resource: Some(to(allow("s3:*"), principal)), ..nothing.clone() };
    assert_eq!(own(&resource(json!({"AWS": ROLE}))), Allowed, "the resource's word is enough");
    assert_eq!(own(&resource(json!("*"))), Allowed);
    assert_eq!(own(&resource(json!({"AWS": "111111111111"}))), ImplicitlyDenied, "the account must hand it on");
    let boundary = Some(allow("ec2:*"));
    assert_eq!(own(&Policies { boundary: boundary.clone(), ..identity.clone() }), ImplicitlyDenied);
    assert_eq!(own(&Policies { session: boundary.clone(), ..identity }), ImplicitlyDenied);
    let session = "arn:aws:sts::111111111111:assumed-role/Auditor/ann";
    let named = Policies { boundary, ..resource(json!({"AWS": session})) };
    assert_eq!(
        decide(&named, &asks(session, "s3:GetObject", "111111111111")),
        Allowed,
        "a session that is named is not bound"
    );
}

#[test]
fn two_accounts() {
    let identity = Policies { identity: vec![allow("s3:*")], ..Policies::default() };
    assert_eq!(foreign(&identity), ImplicitlyDenied);
    for principal in [json!("*"), json!({"AWS": "111111111111"}), json!({"AWS": ROLE})] {
        let resource = Some(to(allow("s3:*"), principal));
        assert_eq!(foreign(&Policies { resource: resource.clone(), ..Policies::default() }), ImplicitlyDenied);
        assert_eq!(foreign(&Policies { resource, ..identity.clone() }), Allowed);
    }
    assert_eq!(foreign(&Policies { resource: Some(to(deny("*"), json!("*"))), ..identity }), ExplicitlyDenied);
}

#[test]
fn keys_and_trust_policies_must_say_yes() {
    for action in ["kms:Decrypt", "sts:AssumeRole"] {
        let ask = |policies: &Policies| decide(policies, &asks(ROLE, action, "111111111111"));
        let identity = Policies { identity: vec![allow("*")], ..Policies::default() };
        assert_eq!(ask(&identity), ImplicitlyDenied);
        let delegated = Some(to(allow("*"), json!({"AWS": "arn:aws:iam::111111111111:root"})));
        assert_eq!(ask(&Policies { resource: delegated.clone(), ..Policies::default() }), ImplicitlyDenied);
        assert_eq!(ask(&Policies { resource: delegated, ..identity }), Allowed);
        let direct = Some(to(allow("*"), json!({"AWS": ROLE})));
        assert_eq!(ask(&Policies { resource: direct, ..Policies::default() }), Allowed);
    }
}

#[test]
fn the_organization() {
    let open = Policies {
        identity: vec![allow("*")],
        scps: vec![vec![allow("*")], vec![allow("*")], vec![allow("*")]],
        rcps: vec![vec![to(allow("*"), json!("*"))]],
        ..Policies::default()
    };
    assert_eq!(own(&open), Allowed);
    for level in 0..3 {
        let mut denied = open.clone();
        denied.scps[level].push(deny("s3:*"));
        assert_eq!(own(&denied), ExplicitlyDenied, "level {level}");
        denied.scps[level] = vec![allow("ec2:*")];
        assert_eq!(own(&denied), ImplicitlyDenied, "every level must allow: {level}");
    }
    let mut denied = open.clone();
    denied.rcps.push(vec![to(allow("*"), json!("*")), to(deny("s3:*"), json!("*"))]);
    assert_eq!(own(&denied), ExplicitlyDenied);
    let mut bound = open;
    bound.scps[0] = vec![deny("*")];
    bound.resource = Some(to(allow("*"), json!("*")));
    let service = asks("cloudtrail.amazonaws.com", "s3:GetObject", "111111111111");
    assert_eq!(decide(&bound, &service), Allowed, "services are not bound by SCPs");
    let linked =
        asks("arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/X", "s3:GetObject", "111111111111");
    assert_eq!(decide(&bound, &linked), Allowed, "nor are the roles that are linked to them");
    assert_eq!(own(&bound), ExplicitlyDenied);
}

#[test]
fn who_is_not_meant() {
    let but = |effect: &str, not: Value| {
        let statement = json!({"Effect": effect, "NotPrincipal": not, "Action": "*", "Resource": "*"});
        Policies {
            resource: Some(json!({"Statement": [statement]})),
            identity: vec![allow("*")],
            ..Policies::default()
        }
    };
    assert_eq!(own(&but("Deny", json!({"AWS": [ROLE, "111111111111"]}))), Allowed);
    assert_eq!(own(&but("Deny", json!({"AWS": "arn:aws:iam::111111111111:role/Other"}))), ExplicitlyDenied);
    let anonymous = asks("anonymous", "s3:GetObject", "111111111111");
    assert_eq!(decide(&but("Allow", json!({"AWS": ROLE})), &anonymous), Allowed, "all the world but one");
}
