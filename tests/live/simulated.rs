//! An organization of a thousand accounts: what it costs. Nothing but this file answers.

use super::http::{Request, Response};
use super::proxy::Proxy;
use super::wire::Asked;
use super::{asking, room};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

/// Members, beside the management account.
const MEMBERS: u64 = 1000;

/// The account that manages the organization, and owns its trail.
const MANAGEMENT: u64 = 100_000_000_000;

/// The account that owns the trail's bucket.
const ARCHIVE: u64 = MANAGEMENT + 500;

/// How long an answer takes: what a Region next door takes, on a good day.
const LATENCY: Duration = Duration::from_millis(80);

const CONCURRENCY: u32 = 16;

fn trail() -> String {
    format!("arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/organization")
}

fn answer(asked: &Asked, request: &Request) -> Response {
    std::thread::sleep(LATENCY);
    // The access key is the account; whoever starts the run is in the management account.
    let account: u64 = asked.key.parse().unwrap_or(MANAGEMENT);
    let input: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let xml = |body: String| Response::new(200, "text/xml", body);
    let text = request.text();
    let body = match asked.operation.as_str() {
        "GetCallerIdentity" => {
            return xml(format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{account}</Account>\
                 </GetCallerIdentityResult></GetCallerIdentityResponse>"
            ));
        }
        "AssumeRole" => {
            let id = text.split("iam%3A%3A").nth(1).and_then(|rest| rest.get(..12)).unwrap();
            return xml(format!(
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{id}</AccessKeyId>\
                 <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                 <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
            ));
        }
        "DescribeOrganization" => {
            json!({"Organization": {"Id": "o-a1b2c3d4e5", "MasterAccountId": MANAGEMENT.to_string()}})
        }
        "ListRoots" => json!({"Roots": [{"Id": "r-a1b2", "Name": "Root"}]}),
        "ListOrganizationalUnitsForParent" => json!({"OrganizationalUnits": []}),
        "ListAccountsForParent" => {
            let from: u64 = input["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
            let page =
                (from..=MEMBERS).take(20).map(|n| json!({"Id": (MANAGEMENT + n).to_string(), "State": "ACTIVE"}));
            let page: Vec<Value> = page.collect();
            let next = from + 20;
            if next > MEMBERS {
                json!({"Accounts": page})
            } else {
                json!({"Accounts": page, "NextToken": next.to_string()})
            }
        }
        "ListRegions" => json!({"Regions": [{"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"}]}),
        "DescribeTrails" => json!({"trailList": [{
            "Name": "organization", "TrailARN": trail(), "HomeRegion": "eu-west-1", "S3BucketName": "archive",
            "IsMultiRegionTrail": true, "IsOrganizationTrail": true,
        }]}),
        "ListBuckets" => {
            let own = if account == ARCHIVE {
                "<Bucket><Name>archive</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>"
            } else {
                ""
            };
            return xml(format!("<ListAllMyBucketsResult><Buckets>{own}</Buckets></ListAllMyBucketsResult>"));
        }
        "GetAccountAuthorizationDetails" => {
            let result = "<IsTruncated>false</IsTruncated><RoleDetailList/>";
            return xml(format!(
                "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult>{result}\
                 </GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>"
            ));
        }
        _ if asked.service.starts_with("s3") => return asked.error(404, "NoSuchThing", "there is none"),
        _ => json!({}),
    };
    Response::new(200, "application/x-amz-json-1.1", body.to_string())
}

/// The most memory that a process had, where the system tells.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[test]
fn a_thousand_accounts() {
    let proxy = Proxy::with(|_, _| None, answer);
    let out = room("simulated");
    let concurrency = CONCURRENCY.to_string();
    let arguments = ["--organization", "--role-name", "audit", "--region", "eu-west-1", "--concurrency", &concurrency];
    let since = Instant::now();
    // What was asked is judged at once, in the same process: its memory is that of a whole scan.
    let mut run = asking("scan", &proxy, &out, &arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
    let mut most = 0;
    let status = loop {
        most = most.max(memory(run.id()));
        match run.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let took = since.elapsed();
    // The trail of this organization is none to be proud of.
    assert_eq!(status.code(), Some(1));
    let asked = proxy.asked();
    let mut by_account: BTreeMap<&str, usize> = BTreeMap::new();
    asked.iter().for_each(|asked| *by_account.entry(&asked.key).or_default() += 1);
    // Regions, trails, stores, channels, four names in the history; and whether the bucket is its own.
    let usual = by_account.values().filter(|count| (8..=9).contains(*count)).count();
    assert!(usual as u64 >= MEMBERS - 1, "{usual} accounts were asked as little as they should be");
    let roles = asked.iter().filter(|asked| asked.operation == "AssumeRole").count();
    assert_eq!(roles as u64, MEMBERS);
    assert_eq!(std::fs::read_dir(&out).unwrap().count() as u64, MEMBERS + 1);
    let floor = LATENCY * u32::try_from(asked.len()).unwrap() / CONCURRENCY;
    let ratio = took.as_secs_f64() / floor.as_secs_f64();
    // Measured, and shown with `--nocapture`.
    let _ = writeln!(
        std::io::stderr(),
        "{} requests in {took:?}, {ratio:.2} times the floor of {floor:?}, {most} kB",
        asked.len()
    );
    assert!(most < 300_000, "{most} kB of memory");
    assert!(ratio <= 1.3, "{took:?} is {ratio:.2} times the floor of {floor:?}");
}
