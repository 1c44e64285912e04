//! The printed policies of a scan against what a scan really asks: each request is decided by our own evaluator, the trust
//! of the role included, and each action that a policy allows is asked for.

use super::proxy::Proxy;
use super::wire::Asked;
use super::{collect, room};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use trailproof::model::Scope;
use trailproof::model::iam::{Caller, Context, Known, Policy, Request, weigh};
use trailproof::policies::{self, Form, Values};
use trailproof::read::account::Call;
use trailproof::read::cloudformation::{Given, Template, stacks};
use trailproof::read::{Unit, World};
use trailproof::source::FileId;
use trailproof::syntax::json;

/// Who runs the scan, as the local AWS knows it, and as the role's trust does.
const CALLER: &str = "AKIDCALLER";
const ROLE: &str = "arn:aws:iam::123456789012:role/scanner";

/// A document as it is printed, read back by the reader of templates.
fn printed(name: &str, external_id: Option<&str>) -> Scope {
    let mut given = vec![("account", "123456789012")];
    given.extend(external_id.map(|id| ("external-id", id)));
    let text = policies::find(name).unwrap().render(&Values::new(&given).unwrap(), Form::Json).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let (kind, properties) = match name {
        "role/scan" => ("AWS::IAM::Role", document),
        _ => ("AWS::IAM::ManagedPolicy", json!({"PolicyDocument": document})),
    };
    let text = json!({"Resources": {"It": {"Type": kind, "Properties": properties}}}).to_string();
    let root = json::parse(FileId(0), &text).unwrap();
    let template = Template::new(FileId(0), "template.json", text.into(), root).unwrap();
    Scope::lower(&stacks(vec![template], &[], Given::default())[0].records(&World::default(), &|_| true))
}

fn identity(scope: &Scope) -> Vec<&Policy> {
    let all = scope.identities.iter().flat_map(|it| it.documents.get().unwrap());
    all.filter_map(|it| it.get().unwrap().as_ref()).collect()
}

fn trust(scope: &Scope) -> Vec<&Policy> {
    scope.identities.iter().flat_map(|it| it.trust.get().unwrap()).collect()
}

fn is_allowed(
    policies: Vec<&Policy>,
    scope: &Scope,
    caller: Caller,
    action: &str,
    resource: &str,
    context: Context,
) -> bool {
    let request = Request { caller, action, resource: resource.into(), context, names: &scope.names };
    weigh(policies, &request).allowed().is_true()
}

/// A parameter of a request in the query protocol.
fn parameter(asked: &Asked, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let found = asked.input.split(['&', ' ']).find_map(|pair| pair.strip_prefix(start.as_str()))?;
    Some(found.replace("%3A", ":").replace("%2F", "/"))
}

#[test]
fn every_request_is_allowed_by_the_printed_policies_and_nothing_is_surplus() {
    let walk =
        ["--organization", "--role-name", "trailproof-scan", "--source-identity", "auditor", "--external-id", "xy"];
    let proxy = Proxy::new(|_, _| None);
    let ran = collect(&proxy, &room("allowed"), &walk);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    let (role, caller) = (printed("role/scan", Some("xy")), printed("role/scan_caller", None));
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for asked in proxy.asked() {
        let action = Call::find(&asked.service, &asked.operation).unwrap().permission;
        let nothing = || Context::of(Known::Absent);
        let own = asked.key == CALLER;
        if asked.operation == "GetCallerIdentity" {
            // Needs no permission (STS API reference).
            continue;
        }
        used.insert(action);
        let resource = match asked.operation.as_str() {
            "AssumeRole" => parameter(&asked, "RoleArn").unwrap(),
            _ => "*".to_owned(),
        };
        let scope = if own { &caller } else { &role };
        assert!(is_allowed(identity(scope), scope, Caller::Member, action, &resource, nothing()), "{asked:?}");
        if asked.operation == "AssumeRole" {
            let given = |key: &str| parameter(&asked, key).map_or(Known::Absent, |text| Known::One((&*text).into()));
            let context = nothing()
                .with("sts:SourceIdentity", given("SourceIdentity"))
                .with("sts:ExternalId", given("ExternalId"));
            for action in ["sts:AssumeRole", "sts:SetSourceIdentity"] {
                // The external id is a key of the first alone.
                let caller = Caller::Named(ROLE.into());
                assert!(is_allowed(trust(&role), &role, caller, action, &resource, context.clone()), "{action}");
            }
            let unnamed = nothing().with("sts:ExternalId", given("ExternalId"));
            let named = Caller::Named(ROLE.into());
            assert!(!is_allowed(trust(&role), &role, named, "sts:AssumeRole", &resource, unnamed));
        }
    }
    used.insert("sts:SetSourceIdentity");
    for (name, scope, but) in
        [("role/scan", &role, &["sts:", "organizations:"][..]), ("role/scan_caller", &caller, &[])]
    {
        let allowed = identity(scope).into_iter().flat_map(|it| it.statements().unwrap());
        let allowed: BTreeSet<String> = allowed.flat_map(|statement| statement.literal_actions()).collect();
        let wanted = used.iter().filter(|action| !but.iter().any(|start| action.starts_with(start)));
        let wanted: BTreeSet<String> = wanted.map(|action| action.to_ascii_lowercase()).collect();
        let allowed: BTreeSet<String> = allowed.iter().map(|action| action.to_ascii_lowercase()).collect();
        assert_eq!(allowed, wanted, "{name}: allowed and asked for");
    }
}

/// Terminal tools of AWS that find a proxy in the environment ask it for a tunnel; so does the scan.
#[test]
fn a_proxy_of_the_environment_is_used_and_exceptions_are_not() {
    let proxy = Proxy::new(|_, _| None);
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", elsewhere.local_addr().unwrap().port());
    let asks = |no_proxy: &str, out: &str| {
        let mut command = super::command(&proxy, &room(out), &["--region", "eu-west-1", "--timeout", "2"]);
        command.env("HTTP_PROXY", &url).env("NO_PROXY", no_proxy);
        command.output().unwrap()
    };
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = elsewhere.accept().unwrap();
        let mut first = [0; 512];
        let read = std::io::Read::read(&mut stream, &mut first).unwrap();
        String::from_utf8_lossy(&first[..read]).into_owned()
    });
    let through = asks("", "proxy");
    // A request through a proxy names the whole URL.
    let first = heard.join().unwrap();
    assert!(first.starts_with(&format!("POST {}", proxy.url)) || first.starts_with("CONNECT "), "{first}");
    assert_eq!(through.status.code(), Some(2), "nothing answers there");
    let around = asks("127.0.0.1", "no-proxy");
    assert_eq!(around.status.code(), Some(0), "{}", String::from_utf8_lossy(&around.stderr));
}

#[test]
fn what_cannot_be_reached_or_used_is_named() {
    let proxy = Proxy::new(|_, _| None);
    let said = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = super::command(&proxy, &room("named"), arguments);
        let output = command.env(variable.0, variable.1).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let none = ("NOTHING", "");
    let bundle = room("bundle").with_extension("pem");
    for (text, words) in [
        ("no certificate\n", "there is no certificate in it"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "a certificate in it cannot be read"),
    ] {
        std::fs::create_dir_all(bundle.parent().unwrap()).unwrap();
        std::fs::write(&bundle, text).unwrap();
        let said = said(&[], ("AWS_CA_BUNDLE", bundle.to_str().unwrap()));
        assert!(said.contains("AWS_CA_BUNDLE") && said.contains(words), "{said}");
    }
    let missing = said(&[], ("AWS_CA_BUNDLE", "nowhere.pem"));
    assert!(missing.contains("AWS_CA_BUNDLE, nowhere.pem: "), "{missing}");
    assert!(said(&["--timeout", "0"], none).contains("--timeout"));
    assert!(said(&["--concurrency", "0"], none).contains("--concurrency"));
}

#[test]
fn a_profile_and_an_endpoint_that_are_wrong_are_told_apart() {
    let room = room("wrong");
    let run = |arguments: &[&str], has_keys: bool| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_trailproof"));
        command.args(["collect", "--region", "eu-west-1", "--timeout", "1", "--out"]).arg(&room).args(arguments);
        command.env_clear().env("HOME", &room).env("AWS_EC2_METADATA_DISABLED", "true");
        if has_keys {
            command.env("AWS_ACCESS_KEY_ID", CALLER).env("AWS_SECRET_ACCESS_KEY", "secret");
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let profile = run(&["--aws-profile", "audti"], false);
    assert!(profile.contains("NoCredentials") && profile.contains("`audti`"), "{profile}");
    assert!(run(&["--endpoint-url", "localhost:5000"], true).contains("a URL begins with"));
    // Something listens and hangs up.
    let hangs_up = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", hangs_up.local_addr().unwrap().port());
    std::thread::spawn(move || hangs_up.incoming().for_each(drop));
    let endpoint = run(&["--endpoint-url", &url], true);
    assert!(endpoint.contains("ConnectionFailed") && endpoint.contains(&url), "{endpoint}");
    assert!(!endpoint.contains("NoCredentials"), "{endpoint}");
}
