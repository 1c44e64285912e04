//! An organization: its tree, its members, who owns what others' trails name.

use super::proxy::Proxy;
use super::{ACCOUNT, collect, moto, room};

#[test]
fn an_organization_is_walked() {
    let accounts = &moto::shared().accounts;
    let id = |name: &str| accounts[name].as_str().unwrap().to_owned();
    let proxy = Proxy::new(|_, _| None);
    let arguments = ["--region", "eu-west-1", "--organization", "--role-name", "audit", "--external-id", "x"];
    let ran = collect(&proxy, &room("organization"), &arguments);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    let archive = ran.evidence(&id("log-archive"));
    assert_eq!((&archive.0["name"], &archive.0["path"]), (&"log-archive".into(), &"Root/Security".into()));
    // A bucket is asked about in the account that owns it, though nothing there names it.
    let bucket = format!("archive-{}", id("log-archive"));
    assert_eq!(archive.only("s3", "GetBucketPolicy")["Policy"].as_str().map(|it| it.contains(&bucket)), Some(true));
    let management = ran.evidence(ACCOUNT);
    let named = |call: &&&serde_json::Value| call["input"]["Bucket"] == bucket.as_str();
    assert_eq!(management.all("s3", "GetBucketPolicy").iter().filter(named).count(), 0);
    // A bucket that is nobody's.
    let lost = ran.evidence(&id("workload"));
    assert_eq!(lost.all("s3", "GetBucketLocation")[0]["error"]["code"], "NoSuchBucket");
    assert!(ran.said().contains("(closed) is left out: "), "{}", ran.said());
    assert!(!ran.out.join(format!("{}.json", id("closed"))).exists());
    // Each role is assumed once, whatever is asked with it.
    let roles = proxy.asked().iter().filter(|asked| asked.is("sts", "AssumeRole")).count();
    assert_eq!(roles, 2);
    assert!(!management.all("organizations", "DescribePolicy").is_empty());
    assert!(archive.all("organizations", "DescribePolicy").is_empty());
}

#[test]
fn accounts_are_chosen_by_unit_and_name() {
    let accounts = &moto::shared().accounts;
    let id = |name: &str| format!("{}.json", accounts[name].as_str().unwrap());
    let walk = ["--region", "eu-west-1", "--organization", "--role-name", "audit"];
    for (limit, name, chosen, left) in
        [("--ou", "Root/Security", "log-archive", "workload"), ("--account", "workload", "workload", "log-archive")]
    {
        let proxy = Proxy::new(|_, _| None);
        let ran = collect(&proxy, &room(&format!("chosen{limit}")), &[&walk[..], &[limit, name]].concat());
        assert_eq!(ran.code(), Some(0), "{}", ran.said());
        assert!(ran.out.join(id(chosen)).exists() && !ran.out.join(id(left)).exists(), "{limit}: {}", ran.said());
        // The facts of the organization are the asker's, who is not asked for anything else.
        let management = ran.evidence(ACCOUNT);
        assert!(!management.all("organizations", "ListRoots").is_empty());
        assert!(management.all("cloudtrail", "DescribeTrails").is_empty());
    }
}
