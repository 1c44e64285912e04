//! What goes wrong on the way: nothing of it ends a run, or touches what it does not concern.

use super::proxy::{Fault, Proxy};
use super::wire::Asked;
use super::{ACCOUNT, Evidence, collect, command, room};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;
use trailproof::read::account::{CALLS, Call};

const ONE_REGION: [&str; 2] = ["--region", "eu-west-1"];

/// A run in one Region, with faults.
fn evidence(name: &str, faults: impl Fn(&Asked, usize) -> Option<Fault> + Send + Sync + 'static) -> (Evidence, String) {
    let ran = collect(&Proxy::new(faults), &room(name), &ONE_REGION);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    (ran.evidence(ACCOUNT), ran.said())
}

/// The answers by question, without what goes on by itself.
fn answers(evidence: &Evidence) -> Vec<(String, Value)> {
    let question =
        |call: &Value| format!("{}:{}@{} {}", call["service"], call["operation"], call["region"], call["input"]);
    let answer = |call: &Value| {
        let mut output = call.get("output").cloned().unwrap_or_default();
        output.as_object_mut().map(|members| members.remove("LatestDeliveryTime"));
        output
    };
    evidence.calls().iter().map(|call| (question(call), answer(call))).collect()
}

/// Without what is asked only because of another answer, a denied call changes nothing but itself.
#[test]
fn each_call_denied_is_told_and_changes_no_other() {
    let (whole, _) = evidence("denied-none", |_, _| None);
    let whole_answers = answers(&whole);
    let made: BTreeSet<(&str, &str)> =
        CALLS.iter().map(|it| (it.service, it.operation)).filter(|it| !whole.all(it.0, it.1).is_empty()).collect();
    // Of a member account nothing but this is asked for here, and without the first nobody is known.
    let elsewhere = [("sts", "AssumeRole"), ("sts", "GetCallerIdentity"), ("s3", "GetBucketLocation")];
    for call in CALLS.iter().filter(|call| !elsewhere.contains(&(call.service, call.operation))) {
        assert!(made.contains(&(call.service, call.operation)), "{}:{} is never made", call.service, call.operation);
    }
    let denied: Vec<&'static Call> =
        CALLS.iter().filter(|call| !elsewhere.contains(&(call.service, call.operation))).collect();
    for calls in denied.chunks(8) {
        std::thread::scope(|scope| {
            for call in calls {
                let whole_answers = &whole_answers;
                scope.spawn(move || {
                    let name = format!("denied-{}-{}", call.service, call.operation);
                    let (evidence, said) = evidence(&name, |asked, _| {
                        let code = if asked.service == "s3" { "AccessDenied" } else { "AccessDeniedException" };
                        asked.is(call.service, call.operation).then_some(Fault::Error(403, code, "not authorized"))
                    });
                    assert_eq!(evidence.0["complete"], !call.is_judged, "{name}");
                    let all = evidence.all(call.service, call.operation);
                    assert!(!all.is_empty(), "{name}");
                    for one in all {
                        assert_eq!(one["error"]["permission"], call.permission, "{name}");
                        assert!(one.get("output").is_none(), "{name}");
                    }
                    assert!(said.contains(&format!("allow `{}`", call.permission)), "{name}: {said}");
                    let denied = format!("\"{}\":\"{}\"", call.service, call.operation);
                    for (question, answer) in answers(&evidence).iter().filter(|(it, _)| !it.starts_with(&denied)) {
                        let before = whole_answers.iter().find(|(it, _)| it == question);
                        let before = before.unwrap_or_else(|| panic!("{name}: {question} is new"));
                        assert_eq!(&before.1, answer, "{name}: {question}");
                    }
                });
            }
        });
    }
}

#[test]
fn an_organization_that_denies_is_no_missing_permission() {
    let words = "User is not authorized to perform this with an explicit deny in a service control policy";
    let (evidence, said) = evidence("scp", move |asked, _| {
        asked.is("kms", "GetKeyPolicy").then_some(Fault::Error(400, "AccessDeniedException", words))
    });
    for call in evidence.all("kms", "GetKeyPolicy") {
        assert_eq!(call["error"], json!({"code": "AccessDeniedException", "message": words}));
    }
    assert!(said.contains("a policy of the organization denies it"), "{said}");
}

#[test]
fn what_passes_is_tried_again() {
    let (whole, _) = evidence("passing-none", |_, _| None);
    let (evidence, said) = evidence("passing", |asked, before| match (asked.operation.as_str(), before) {
        ("DescribeTrails", 0..2) => Some(Fault::Error(400, "ThrottlingException", "Rate exceeded")),
        ("GetBucketPolicy", 0) => Some(Fault::Error(503, "SlowDown", "Please reduce your request rate.")),
        ("DescribeKey", 0) => Some(Fault::Error(500, "KMSInternalException", "")),
        ("GetTopicAttributes", 0) => Some(Fault::Reset),
        _ => None,
    });
    assert_eq!(evidence.0["complete"], true, "{said}");
    assert_eq!(answers(&whole), answers(&evidence));
}

#[test]
fn what_lasts_is_told() {
    let out = room("lasting");
    let proxy = Proxy::new(|asked, _| match asked.operation.as_str() {
        "GetBucketAcl" => Some(Fault::Slow(Duration::from_secs(20))),
        "GetKeyRotationStatus" => Some(Fault::Answer(super::http::Response::new(500, "text/html", "<html>"))),
        "ListChannels" => {
            Some(Fault::Answer(super::http::Response::new(200, "application/x-amz-json-1.1", "{\"Channels\": ")))
        }
        _ => None,
    });
    let ran = collect(&proxy, &out, &[&ONE_REGION[..], &["--timeout", "1"]].concat());
    let evidence = ran.evidence(ACCOUNT);
    assert_eq!(evidence.all("s3", "GetBucketAcl")[0]["error"]["code"], "Timeout");
    assert_eq!(evidence.all("kms", "GetKeyRotationStatus")[0]["error"]["code"], "HTTP500");
    assert_eq!(evidence.all("cloudtrail", "ListChannels")[0]["error"]["code"], "UnreadableAnswer");
    assert!(!evidence.all("s3", "GetBucketPolicy").is_empty(), "the rest goes on");
    assert!(ran.said().contains("not answered: s3:GetBucketAcl"), "{}", ran.said());
}

#[test]
fn credentials_that_end_half_way_are_renewed() {
    let proxy = Proxy::new(|asked, before| {
        (asked.is("s3", "GetBucketPolicy") && before == 0).then_some(Fault::Error(
            400,
            "ExpiredToken",
            "The provided token has expired.",
        ))
    });
    let ran = collect(&proxy, &room("expired"), &ONE_REGION);
    assert_eq!(ran.evidence(ACCOUNT).0["complete"], true, "{}", ran.said());
}

#[test]
fn a_clock_that_is_wrong_is_set_right() {
    let (port, hour) = (super::moto::shared().port, 3600);
    // The services' clock is an hour ahead, and they are strict.
    let ahead = move || DateTime::from_secs(DateTime::from(std::time::SystemTime::now()).secs() + hour);
    let proxy = Proxy::with(
        |_, _| None,
        move |asked, request| {
            let signed = request.header("x-amz-date").get(..11).unwrap_or_default().to_owned();
            let now = ahead().fmt(Format::DateTime).unwrap().replace(['-', ':'], "");
            if signed != now[..11] {
                let date = ahead().fmt(Format::HttpDate).unwrap();
                return asked.error(403, "RequestTimeTooSkewed", "the difference is too large").with("date", &date);
            }
            super::peer::answer(asked, request, port).unwrap_or_else(|| request.forward(port).unwrap())
        },
    );
    let ran = collect(&proxy, &room("skewed"), &ONE_REGION);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    assert_eq!(ran.evidence(ACCOUNT).0["complete"], true, "{}", ran.said());
}

#[test]
fn nobody_is_asked_without_credentials() {
    let proxy = Proxy::new(|_, _| None);
    let output = command(&proxy, &room("nobody"), &[]).env_remove("AWS_ACCESS_KEY_ID").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: who asks is not known: "));
    let refused = Proxy::new(|asked, _| {
        asked.is("sts", "GetCallerIdentity").then_some(Fault::Error(403, "InvalidClientTokenId", "invalid"))
    });
    let ran = collect(&refused, &room("refused"), &[]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.said().contains("InvalidClientTokenId"), "{}", ran.said());
}

#[test]
fn a_region_that_nobody_enabled_is_no_failure() {
    let faults = |asked: &Asked, _| match asked.operation.as_str() {
        "ListRegions" => Some(Fault::Error(403, "AccessDeniedException", "not authorized")),
        "DescribeTrails" if asked.region != "us-east-1" => {
            Some(Fault::Error(400, "UnrecognizedClientException", "The security token is invalid."))
        }
        _ => None,
    };
    let ran = collect(&Proxy::new(faults), &room("disabled"), &["--region", "us-east-1"]);
    assert_eq!(ran.evidence(ACCOUNT).0["regions"], json!(["us-east-1"]), "{}", ran.said());
    let ran = collect(&Proxy::new(faults), &room("disabled-all"), &[]);
    let evidence = ran.evidence(ACCOUNT);
    assert_eq!((ran.code(), &evidence.0["regions"]), (Some(0), &json!(["us-east-1"])), "{}", ran.said());
    assert_eq!(evidence.0["disabled"].as_array().unwrap().len(), 16);
    assert!(!ran.said().contains("DescribeTrails"), "{}", ran.said());
    // Whoever asked for such a Region alone asked nobody.
    let ran = collect(&Proxy::new(faults), &room("disabled-one"), &ONE_REGION);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.said().contains("eu-west-1 is enabled in no account that was asked"), "{}", ran.said());
}

/// Also where nothing but tags was denied, on which no verdict rests: the evidence is complete without them.
#[test]
fn a_run_goes_on_where_it_stopped() {
    for (operation, complete) in [("GetKeyPolicy", false), ("ListResourceTags", true)] {
        let out = room(&format!("resumed-{operation}"));
        let broken = Proxy::new(move |asked, _| {
            let denied = Fault::Error(400, "AccessDeniedException", "not authorized");
            asked.is("kms", operation).then_some(denied)
        });
        let first = collect(&broken, &out, &ONE_REGION);
        assert_eq!(first.evidence(ACCOUNT).0["complete"], complete);
        let mended = Proxy::new(|_, _| None);
        let second = collect(&mended, &out, &[&ONE_REGION[..], &["--resume"]].concat());
        assert_eq!(second.evidence(ACCOUNT).0["complete"], true, "{}", second.said());
        let asked: BTreeSet<String> = mended.asked().into_iter().map(|asked| asked.operation).collect();
        assert_eq!(asked, ["GetCallerIdentity", operation].map(str::to_owned).into());
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_keeps_what_it_has() {
    let out = room("stopped");
    let proxy = Proxy::new(|asked, _| {
        asked.is("iam", "GetAccountAuthorizationDetails").then_some(Fault::Slow(Duration::from_secs(60)))
    });
    let mut run = command(&proxy, &out, &ONE_REGION).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !proxy.asked().iter().any(|asked| asked.operation == "GetAccountAuthorizationDetails") {
        assert!(run.try_wait().unwrap().is_none(), "the run ended too early");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`--resume` goes on"));
    let text = std::fs::read_to_string(out.join(format!("{ACCOUNT}.json"))).unwrap();
    let evidence = Evidence(serde_json::from_str(&text).unwrap());
    assert_eq!(evidence.0["complete"], false);
    assert!(!evidence.all("cloudtrail", "DescribeTrails").is_empty());
}
