//! Organizations of a thousand accounts and of 21: what they cost. Nothing but this file answers.

use super::http::{Request, Response};
use super::proxy::Proxy;
use super::wire::Asked;
use super::{asking, room};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An organization, and how far away it is.
#[derive(Clone, Copy)]
struct Estate {
    /// Members, beside the management account.
    members: u64,
    /// The member that owns the trail's bucket.
    archive: u64,
    /// Regions that are enabled.
    regions: usize,
    /// How long an answer takes.
    latency: Duration,
    concurrency: u32,
}

/// The account that manages the organization, and owns its trail.
const MANAGEMENT: u64 = 100_000_000_000;

/// The Regions that every account has, the trail's first.
const REGIONS: [&str; 17] = [
    "eu-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
];

fn trail() -> String {
    format!("arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/organization")
}

fn answer(estate: Estate, asked: &Asked, request: &Request) -> Response {
    std::thread::sleep(estate.latency);
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
            let page = (from..=estate.members)
                .take(20)
                .map(|n| json!({"Id": (MANAGEMENT + n).to_string(), "State": "ACTIVE"}));
            let page: Vec<Value> = page.collect();
            let next = from + 20;
            if next > estate.members {
                json!({"Accounts": page})
            } else {
                json!({"Accounts": page, "NextToken": next.to_string()})
            }
        }
        "ListRegions" => {
            let region = |name: &&str| json!({"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT"});
            json!({"Regions": REGIONS.iter().take(estate.regions).map(region).collect::<Vec<_>>()})
        }
        "DescribeTrails" => json!({"trailList": [{
            "Name": "organization", "TrailARN": trail(), "HomeRegion": "eu-west-1", "S3BucketName": "archive",
            "IsMultiRegionTrail": true, "IsOrganizationTrail": true,
        }]}),
        "ListBuckets" => {
            let own = if account == MANAGEMENT + estate.archive {
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

/// Answers that a scan waits for one behind the other, with nothing else to ask: the walk through the organization, and at
/// its end what the owner of the bucket has. Where 64 questions are under way, that is a fifth of the whole.
const IN_A_ROW: u32 = 10;

/// One organization at a time: what is measured is the scan's time, not that of two on one machine.
static TURN: Mutex<()> = Mutex::new(());

/// A scan of an organization: what was asked, and the most memory it took. It takes no longer than it must.
fn scan(estate: Estate, name: &str, arguments: &[&str]) -> (Vec<Asked>, u64) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let proxy = Proxy::with(|_, _| None, move |asked, request| answer(estate, asked, request));
    let out = room(name);
    let concurrency = estate.concurrency.to_string();
    let walk = ["--organization", "--role-name", "audit", "--concurrency", &concurrency];
    let since = Instant::now();
    // What was asked is judged at once, in the same process: its memory is that of a whole scan.
    let mut run = asking("scan", &proxy, &out, &[&walk[..], arguments].concat());
    let mut run = run.stdout(std::process::Stdio::null()).spawn().unwrap();
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
    assert_eq!(std::fs::read_dir(&out).unwrap().count() as u64, estate.members + 1);
    let asked = proxy.asked();
    let floor = estate.latency * u32::try_from(asked.len()).unwrap() / estate.concurrency;
    let ratio = took.as_secs_f64() / floor.as_secs_f64();
    // Measured, and shown with `--nocapture`.
    let _ = writeln!(
        std::io::stderr(),
        "{} requests in {took:?}, {ratio:.2} times the floor of {floor:?}, {most} kB",
        asked.len()
    );
    let most_time =
        floor.mul_f64(1.3) + if estate.concurrency > 16 { estate.latency * IN_A_ROW } else { Duration::ZERO };
    assert!(took <= most_time, "{took:?} is {ratio:.2} times the floor of {floor:?}");
    (asked, most)
}

#[test]
fn a_thousand_accounts() {
    // What a Region on another continent takes: long enough that the time of an unoptimized build is small beside it.
    let latency = Duration::from_millis(200);
    let estate = Estate { members: 1000, archive: 500, regions: 1, latency, concurrency: 16 };
    let (asked, most) = scan(estate, "simulated", &["--region", "eu-west-1"]);
    let mut by_account: BTreeMap<&str, usize> = BTreeMap::new();
    asked.iter().for_each(|asked| *by_account.entry(&asked.key).or_default() += 1);
    // Regions, trails, stores, channels, four names in the history; and whether the bucket is its own.
    let usual = by_account.values().filter(|count| (8..=9).contains(*count)).count();
    assert!(usual as u64 >= estate.members - 1, "{usual} accounts were asked as little as they should be");
    let roles = asked.iter().filter(|asked| asked.operation == "AssumeRole").count();
    assert_eq!(roles as u64, estate.members);
    assert!(most < 300_000, "{most} kB of memory");
}

/// The walk through the organization and the last account's last answers are waited for alone; the event histories, each with a
/// quota of its own, hold nothing back.
#[test]
fn an_organization_of_21_accounts_in_every_region() {
    for (concurrency, latency) in [(16, 200), (64, 400)] {
        let latency = Duration::from_millis(latency);
        let estate = Estate { members: 20, archive: 10, regions: REGIONS.len(), latency, concurrency };
        let (asked, _) = scan(estate, &format!("simulated-{concurrency}"), &[]);
        let lookups = asked.iter().filter(|asked| asked.operation == "LookupEvents").count();
        assert_eq!(lookups, 21 * REGIONS.len() * 4);
    }
}
