//! Who could silence a trail, where several accounts of an organization are read together.

use super::*;
use trailproof::report::{Show, human};

const MANAGEMENT: &str = "111122223333";
const ARCHIVE: &str = "444455556666";
const MEMBER: &str = "777788889999";

fn organization() -> Value {
    let arn = format!("arn:aws:organizations::{MANAGEMENT}:organization/o-exampleorgid");
    let answer = json!({"Organization": {"Id": "o-exampleorgid", "Arn": arn, "MasterAccountId": MANAGEMENT}});
    call("organizations", "DescribeOrganization", "us-east-1", json!({}), answer)
}

/// What the management account is told of the tree: the archive is in one unit, the member in another.
fn tree(statement: Value, target: &str) -> Vec<Value> {
    let ask =
        |operation: &str, input: Value, output: Value| call("organizations", operation, "us-east-1", input, output);
    let summary = json!({"Id": "p-11111111", "Type": "SERVICE_CONTROL_POLICY"});
    let content = json!({"Version": "2012-10-17", "Statement": statement});
    let accounts = |parent: &str, id: &str| {
        ask(
            "ListAccountsForParent",
            json!({"ParentId": parent}),
            json!({"Accounts": [{"Id": id, "Name": format!("account {id}")}]}),
        )
    };
    vec![
        organization(),
        ask("ListRoots", json!({}), json!({"Roots": [{"Id": "r-a1b2", "Name": "Root"}]})),
        ask("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"}), json!({"Policies": [summary]})),
        ask(
            "DescribePolicy",
            json!({"PolicyId": "p-11111111"}),
            json!({"Policy": {"PolicySummary": summary, "Content": content}}),
        ),
        ask("ListTargetsForPolicy", json!({"PolicyId": "p-11111111"}), json!({"Targets": [{"TargetId": target}]})),
        ask(
            "ListOrganizationalUnitsForParent",
            json!({"ParentId": "r-a1b2"}),
            json!({"OrganizationalUnits": [{"Id": "ou-a1b2-11111111", "Name": "Security"}, {"Id": "ou-a1b2-22222222"}]}),
        ),
        accounts("r-a1b2", MANAGEMENT),
        accounts("ou-a1b2-11111111", ARCHIVE),
        accounts("ou-a1b2-22222222", MEMBER),
        ask(
            "ListDelegatedAdministrators",
            json!({"ServicePrincipal": "cloudtrail.amazonaws.com"}),
            json!({"DelegatedAdministrators": []}),
        ),
    ]
}

/// Roles that are administrators by the managed policy of AWS, which each account has.
fn administrators(account: &str, names: &[&str]) -> Value {
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    let role = |name: &&str| {
        json!({
            "Arn": format!("arn:aws:iam::{account}:role/{name}"), "RoleName": name,
            "AttachedManagedPolicies": [{"PolicyName": "AdministratorAccess", "PolicyArn": arn}]
        })
    };
    let document = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let versions = json!([{"VersionId": "v1", "IsDefaultVersion": true, "Document": document}]);
    let roles: Vec<Value> = names.iter().map(role).collect();
    let answer = json!({"RoleDetailList": roles, "Policies": [{"Arn": arn, "PolicyVersionList": versions}]});
    call("iam", "GetAccountAuthorizationDetails", "us-east-1", json!({}), answer)
}

fn trail_of(account: &str, name: &str, is_organizations: bool) -> Value {
    let arn = format!("arn:aws:cloudtrail:eu-west-1:{account}:trail/{name}");
    let trail = json!({
        "Name": name, "TrailARN": arn, "HomeRegion": "eu-west-1", "S3BucketName": "organization-logs",
        "IsMultiRegionTrail": true, "IsOrganizationTrail": is_organizations
    });
    trails("eu-west-1", json!([trail]))
}

fn member() -> String {
    let refused = call("organizations", "ListPolicies", "us-east-1", json!({}), denied());
    let roles = administrators(MEMBER, &["deploy", "break-glass"]);
    file(MEMBER, &[trail_of(MEMBER, "own", false), organization(), refused, roles])
}

fn of<'r>(report: &'r Report, check: &str, address: &str) -> &'r Outcome {
    let is_it = |it: &&Outcome| it.check.id == check && it.subject.address.ends_with(address);
    let found: Vec<&Outcome> = report.outcomes.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{check} of {address}: {found:#?}");
    found[0]
}

/// Denies everything of CloudTrail to all but one role.
fn guard() -> Value {
    json!({
        "Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}
    })
}

#[test]
fn the_policies_of_the_organization_reach_its_members() {
    let alone = run_files(&[("member.json", &member())]);
    let unknown = of(&alone, "identity_can_tamper", "role/deploy");
    assert_eq!(unknown.answer, Answer::Unknown);
    assert_eq!((unknown.reasons[0].kind, &*unknown.reasons[0].name), (WhyKind::Denied, "organizations:ListPolicies"));
    for (target, expected) in [
        ("r-a1b2", Answer::Pass),
        ("ou-a1b2-22222222", Answer::Pass),
        (MEMBER, Answer::Pass),
        ("ou-a1b2-11111111", Answer::Fail),
        (ARCHIVE, Answer::Fail),
    ] {
        let management = file(MANAGEMENT, &tree(guard(), target));
        let report = run_files(&[("management.json", &management), ("member.json", &member())]);
        assert_eq!(of(&report, "identity_can_tamper", "role/deploy").answer, expected, "{target}");
        let spared = of(&report, "identity_can_tamper", "role/break-glass");
        assert_eq!(spared.answer, Answer::Fail, "{target}");
        assert!(spared.message().contains("role/break-glass call cloudtrail:StopLogging"), "{}", spared.message());
        // The managed policy is in the member's own evidence.
        assert_eq!(underlined(&report, spared), "\"*\"");
    }
}

#[test]
fn an_organization_that_two_accounts_list_is_one() {
    let listed = tree(guard(), "r-a1b2");
    let (management, administrator, member) = (file(MANAGEMENT, &listed), file(ARCHIVE, &listed), member());
    let files = [("1.json", management.as_str()), ("2.json", administrator.as_str()), ("member.json", member.as_str())]
        .to_vec();
    for order in [files.clone(), files.into_iter().rev().collect()] {
        let report = run_files(&order);
        assert_eq!(of(&report, "identity_can_tamper", "role/deploy").answer, Answer::Pass);
        assert_eq!(of(&report, "identity_can_tamper", "role/break-glass").answer, Answer::Fail);
    }
}

#[test]
fn a_part_of_an_answer_is_not_the_whole() {
    let ask = |calls: &[Value]| {
        let report = run_files(&[("management.json", &file(MANAGEMENT, calls)), ("member.json", &member())]);
        of(&report, "identity_can_tamper", "role/deploy").answer
    };
    let whole = tree(guard(), "r-a1b2");
    assert_eq!(ask(&whole), Answer::Pass);
    let at = |operation: &str| whole.iter().position(|call| call["operation"] == operation).unwrap();
    for operation in ["ListPolicies", "ListTargetsForPolicy"] {
        let mut cut = whole.clone();
        cut[at(operation)]["output"]["NextToken"] = json!("more");
        assert_eq!(ask(&cut), Answer::Unknown, "{operation}");
        let mut rest = cut[at(operation)].clone();
        rest["input"]["NextToken"] = json!("more");
        rest["output"].as_object_mut().unwrap().remove("NextToken");
        cut.push(rest);
        assert_eq!(ask(&cut), Answer::Pass, "{operation}");
    }
    let mut other = whole.clone();
    other[at("ListPolicies")]["input"]["Filter"] = json!("RESOURCE_CONTROL_POLICY");
    assert_eq!(ask(&other[..=at("ListPolicies")]), Answer::Unknown);
}

#[test]
fn everybody_knows_what_full_access_says() {
    let mut calls = tree(guard(), "r-a1b2");
    let summary = json!({"Id": "p-FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true});
    let ask =
        |operation: &str, input: Value, output: Value| call("organizations", operation, "us-east-1", input, output);
    calls.push(ask("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"}), json!({"Policies": [summary]})));
    let everywhere = ["r-a1b2", "ou-a1b2-11111111", "ou-a1b2-22222222", MANAGEMENT, ARCHIVE, MEMBER];
    let targets: Vec<Value> = everywhere.iter().map(|id| json!({"TargetId": id})).collect();
    calls.push(ask("ListTargetsForPolicy", json!({"PolicyId": "p-FullAWSAccess"}), json!({"Targets": targets})));
    for refused in [false, true] {
        if refused {
            calls.push(ask("DescribePolicy", json!({"PolicyId": "p-FullAWSAccess"}), denied()));
        }
        let report = run_files(&[("management.json", &file(MANAGEMENT, &calls)), ("member.json", &member())]);
        assert_eq!(of(&report, "identity_can_tamper", "role/deploy").answer, Answer::Pass);
        assert_eq!(of(&report, "identity_can_tamper", "role/break-glass").answer, Answer::Fail);
    }
}

#[test]
fn a_policy_may_name_what_it_protects() {
    let deny = |effect: Value| {
        let mut effect = effect;
        effect["Effect"] = json!("Deny");
        effect
    };
    let logs = "arn:aws:s3:::organization-logs";
    let protect = |condition: Value| {
        let one = |action: Value, resource: &str| {
            deny(json!({"Action": action, "Resource": resource, "Condition": condition}))
        };
        json!([
            one(
                json!([
                    "s3:DeleteBucket",
                    "s3:PutBucketPolicy",
                    "s3:DeleteBucketPolicy",
                    "s3:PutLifecycleConfiguration"
                ]),
                logs
            ),
            one(json!("s3:DeleteObject*"), &format!("{logs}/AWSLogs/*")),
        ])
    };
    let of_account = |id: &str| json!({"StringEquals": {"aws:PrincipalAccount": id}});
    for (condition, expected) in [
        (json!({}), Answer::Pass),
        (of_account(ARCHIVE), Answer::Pass),
        (of_account(MEMBER), Answer::Fail),
        (json!({"StringNotEquals": {"aws:PrincipalAccount": MEMBER}}), Answer::Pass),
        (json!({"StringNotEquals": {"aws:PrincipalAccount": ARCHIVE}}), Answer::Fail),
    ] {
        let mut calls = tree(protect(condition.clone()), "r-a1b2");
        calls.push(trail_of(MANAGEMENT, "organization", true));
        let listed = json!({"Buckets": [{"Name": "organization-logs", "BucketRegion": "eu-west-1"}]});
        let archive = call("s3", "ListBuckets", "us-east-1", json!({"Prefix": "organization-logs"}), listed);
        let archive = file(ARCHIVE, &[organization(), archive]);
        let report = run_files(&[("management.json", &file(MANAGEMENT, &calls)), ("archive.json", &archive)]);
        let owner = of(&report, "organization_trail_unprotected", ARCHIVE);
        assert_eq!(owner.answer, expected, "{condition}: {}", owner.message());
    }
}

#[test]
fn an_exception_is_the_management_account_or_it_is_not() {
    for (exempt, expected) in [(MANAGEMENT, Answer::Pass), (MEMBER, Answer::Fail)] {
        let deny = json!({
            "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:PrincipalAccount": exempt}}
        });
        let report = run_files(&[("management.json", &file(MANAGEMENT, &tree(deny, "r-a1b2")))]);
        let judged = of(&report, "scp_exempts_broadly", "p-11111111");
        assert_eq!(judged.answer, expected, "{exempt}: {}", judged.message());
    }
}

#[test]
fn nobody_acts_in_a_suspended_account() {
    for (state, expected) in [("ACTIVE", Answer::Fail), ("SUSPENDED", Answer::NotApplicable)] {
        let mut calls = tree(json!({"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}), "r-a1b2");
        let mut trail = trail_of(MANAGEMENT, "organization", true);
        trail["output"]["trailList"][0]["KmsKeyId"] = json!(format!("arn:aws:kms:eu-west-1:{ARCHIVE}:key/1234abcd"));
        calls.push(trail);
        for call in calls.iter_mut().filter(|call| call["operation"] == "ListAccountsForParent") {
            call["output"]["Accounts"][0]["Status"] = json!(state);
        }
        let report = run_files(&[("management.json", &file(MANAGEMENT, &calls))]);
        assert_eq!(of(&report, "organization_trail_unprotected", ARCHIVE).answer, expected, "{state}");
    }
}

#[test]
fn a_policy_may_name_the_key() {
    let key = format!("arn:aws:kms:eu-west-1:{ARCHIVE}:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    let calls = ["kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"];
    let other = format!("arn:aws:kms:eu-west-1:{ARCHIVE}:key/ffffffff-12ab-34cd-56ef-1234567890ab");
    for (resource, expected) in [(&key, Answer::Pass), (&other, Answer::Fail)] {
        let deny = json!({"Effect": "Deny", "Action": calls, "Resource": resource});
        let mut calls = tree(deny, "r-a1b2");
        let mut trail = trail_of(MANAGEMENT, "organization", true);
        trail["output"]["trailList"][0]["KmsKeyId"] = json!(key);
        calls.push(trail);
        let report = run_files(&[("management.json", &file(MANAGEMENT, &calls))]);
        assert_eq!(of(&report, "organization_trail_unprotected", ARCHIVE).answer, expected, "{resource}");
    }
}

#[test]
fn no_policy_binds_the_management_account() {
    let mut calls = tree(guard(), "r-a1b2");
    calls.push(trail_of(MANAGEMENT, "organization", true));
    calls.push(administrators(MANAGEMENT, &["a", "b", "c", "d", "e", "f", "g"]));
    let management = file(MANAGEMENT, &calls);
    let report = run_files(&[("management.json", &management), ("member.json", &member())]);
    let all: Vec<&Outcome> =
        report.outcomes.iter().filter(|it| it.check.id == "organization_management_account_exposed").collect();
    let failed: Vec<&&Outcome> = all.iter().filter(|it| it.answer == Answer::Fail).collect();
    assert_eq!(failed.len(), 1, "{all:#?}");
    assert!(failed[0].message().contains("role/e and 2 more"), "{}", failed[0].message());
    assert_eq!(failed[0].related.len(), 5);
}

#[test]
fn the_owner_of_the_bucket_is_found_in_its_evidence() {
    let deny = json!({"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"});
    let mut calls = tree(deny, "r-a1b2");
    calls.push(trail_of(MANAGEMENT, "organization", true));
    let management = file(MANAGEMENT, &calls);
    let listed = json!({"Buckets": [{"Name": "organization-logs", "BucketRegion": "eu-west-1"}]});
    let archive = call("s3", "ListBuckets", "us-east-1", json!({"Prefix": "organization-logs"}), listed);
    let archive = file(ARCHIVE, &[organization(), archive]);
    let check = "organization_trail_unprotected";
    let report = run_files(&[("management.json", &management), ("archive.json", &archive)]);
    let owner = of(&report, check, ARCHIVE);
    assert_eq!(owner.answer, Answer::Fail);
    assert!(owner.message().contains("may call s3:PutBucketPolicy, s3:PutLifecycle"), "{}", owner.message());
    assert_eq!(of(&report, check, MEMBER).answer, Answer::Pass);
    assert_eq!(of(&report, check, MANAGEMENT).answer, Answer::NotApplicable);
    // Without the owner's evidence nobody can tell whose bucket it is.
    let report = run_files(&[("management.json", &management)]);
    let member = of(&report, check, MEMBER);
    assert_eq!((member.answer, member.reasons[0].kind), (Answer::Unknown, WhyKind::NotVisible));
}

/// The evidence of the management account alone tells what the others are called, as far as it lists what is above them.
#[test]
fn accounts_without_evidence_have_names() {
    let deny = json!({"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"});
    let mut calls = tree(deny, "r-a1b2");
    calls.push(trail_of(MANAGEMENT, "organization", true));
    let report = run_files(&[("management.json", &file(MANAGEMENT, &calls))]);
    let document: Value = serde_json::from_str(&trailproof::report::json::render(&report)).unwrap();
    // So is the account itself called that was asked, whose evidence does not say it.
    let read = &document["coverage"]["accounts"][0];
    assert_eq!((&read["name"], &read["path"]), (&json!(format!("account {MANAGEMENT}")), &json!("Root")));
    let text = human::render(&report, Show::default(), human::Style { colour: false, width: 120 });
    assert!(text.contains(&format!("account  {MANAGEMENT}  account {MANAGEMENT}  Root")), "{text}");
    let results = document["results"].as_array().unwrap();
    for (id, path) in [(MANAGEMENT, json!("Root")), (ARCHIVE, json!("Root/Security")), (MEMBER, Value::Null)] {
        let subject = &results.iter().find(|it| it["subject"]["account"] == id).unwrap()["subject"];
        assert_eq!((&subject["account_name"], &subject["account_path"]), (&json!(format!("account {id}")), &path));
    }
}
