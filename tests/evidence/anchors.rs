//! Where findings in an account stand: on the source that declares the resource, found by state, tags or name; else where
//! the account is listed; else on the evidence.

use super::{ACCOUNT, TRAIL, call, denied, file, status, trail, trails};
use serde_json::{Value, json};
use trailproof::judge::{Answer, Outcome};
use trailproof::read::account::Unasked;
use trailproof::report::{Report, Show, human, json, sarif};
use trailproof::{Options, check_texts, checks};

const BUCKET: &str = "arn:aws:s3:::audit-logs";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const GROUP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:audit";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:audit";

fn options(ids: &[&str]) -> Options {
    Options {
        checks: ids.iter().map(|id| checks::find(id).unwrap()).collect(),
        unasked: Unasked::Nothing,
        source: Some("infra".to_owned()),
        inventory: Some("accounts.csv".to_owned()),
        ..Options::default()
    }
}

fn cut(report: &Report, span: trailproof::source::Span) -> (String, String) {
    let file = report.sources.get(span.file).unwrap();
    (file.name.clone(), file.cut(span).to_owned())
}

/// The file and the text on which each finding stands.
fn places(report: &Report) -> Vec<(String, String)> {
    report.failures().map(|outcome| cut(report, outcome.span)).collect()
}

/// An account with one trail and all that it leads to, and further answers.
fn account(more: &[Value]) -> String {
    let mut trail = trail();
    trail["KmsKeyId"] = json!(KEY);
    trail["SnsTopicARN"] = json!(TOPIC);
    trail["CloudWatchLogsLogGroupArn"] = json!(format!("{GROUP}:*"));
    let own = json!({"Buckets": [{"Name": "audit-logs", "BucketRegion": "eu-west-1"}]});
    let key = json!({"KeyMetadata": {"Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER"}});
    let group = json!({"logGroups": [{"logGroupName": "audit", "retentionInDays": 7}]});
    let open = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}]});
    let topic = json!({"Attributes": {"TopicArn": TOPIC, "Policy": open.to_string()}});
    let mut calls = vec![
        trails("eu-west-1", json!([trail])),
        status(false),
        call("s3", "ListBuckets", "us-east-1", json!({}), own),
        call("kms", "DescribeKey", "eu-west-1", json!({"KeyId": KEY}), key),
        call("kms", "GetKeyRotationStatus", "eu-west-1", json!({"KeyId": KEY}), json!({"KeyRotationEnabled": false})),
        call("logs", "DescribeLogGroups", "eu-west-1", json!({"logGroupNamePrefix": "audit"}), group),
        call("sns", "GetTopicAttributes", "eu-west-1", json!({"TopicArn": TOPIC}), topic),
    ];
    calls.extend_from_slice(more);
    file(ACCOUNT, &calls)
}

/// One check of each kind of resource, all of which fail.
const EACH: [&str; 5] =
    ["trail_stopped", "bucket_without_versioning", "key_rotation_off", "log_group_retention_short", "topic_open"];

fn run_with(evidence: &str, files: &[(&str, &str)], options: &Options) -> Report {
    let report = check_texts(&[&[("evidence.json", evidence)][..], files].concat(), options);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

#[test]
fn by_name_else_where_the_account_is_listed() {
    let evidence = account(&[]);
    let source = |name: &str| {
        format!("resource \"aws_cloudtrail\" \"main\" {{\n  name = \"{name}\"\n  s3_bucket_name = \"logs\"\n}}\n")
    };
    let accounts = "id,name\n444455556666,archive\n111122223333,workloads\n";
    let run = |source: &str, options: &Options| {
        let report = run_with(&evidence, &[("infra/main.tf", source), ("accounts.csv", accounts)], options);
        let beside: Vec<String> =
            report.failures().flat_map(|it| &it.related).map(|related| cut(&report, related.span).0).collect();
        (places(&report), beside)
    };
    let mut options = options(&["trail_stopped"]);
    let at = |file: &str, text: &str| vec![(file.to_owned(), text.to_owned())];
    // What declares it is not judged itself: there is one finding, and it stands there.
    let (found, beside) = run(&source("audit"), &options);
    assert_eq!((found, beside), (at("infra/main.tf", "\"main\""), vec!["evidence.json".to_owned()]));
    let listed = at("accounts.csv", ACCOUNT);
    assert_eq!(run(&source("other"), &options).0, listed);
    // Two declarations of one name are nobody's to choose from.
    let twice = source("audit") + &source("audit").replace("main", "second");
    assert_eq!(run(&twice, &options).0, listed);
    options.inventory = None;
    assert_eq!(run(&source("other"), &options).0[0].0, "evidence.json");
}

/// A root module that calls another for the bucket, and says no names.
const ROOT: &str = "variable \"name\" {}\nmodule \"logs\" {\n  for_each = toset([\"eu\"])\n  source = \"../modules/bucket\"\n}\nresource \"aws_cloudtrail\" \"main\" {\n  name = var.name\n  s3_bucket_name = module.logs[\"eu\"].name\n}\nresource \"aws_kms_key\" \"logs\" {}\nresource \"aws_cloudwatch_log_group\" \"trail\" {\n  count = 0\n  name_prefix = \"trail\"\n}\nresource \"aws_sns_topic\" \"trail\" {}\nresource \"aws_sns_topic_policy\" \"trail\" {\n  arn = aws_sns_topic.trail.arn\n  policy = \"{}\"\n}\n";
const MODULE: &str = "resource \"aws_s3_bucket\" \"this\" {\n  bucket_prefix = \"audit\"\n}\nresource \"aws_s3_bucket_policy\" \"this\" {\n  bucket = aws_s3_bucket.this.id\n  policy = \"{}\"\n}\noutput \"name\" {\n  value = aws_s3_bucket.this.id\n}\n";

/// What the account's resources are in Terraform: module, type, name, key, what AWS calls them.
fn instances() -> Vec<(&'static str, &'static str, &'static str, Value, Value)> {
    let arn =
        |arn: &str| json!({"arn": arn, "id": arn.rsplit(':').next(), "secret": "hunter2", "tags": {"a": "hunter2"}});
    vec![
        ("", "aws_cloudtrail", "main", Value::Null, arn(TRAIL)),
        ("module.logs[\"eu\"]", "aws_s3_bucket", "this", Value::Null, arn(BUCKET)),
        ("module.logs[\"eu\"]", "aws_s3_bucket_policy", "this", Value::Null, json!({"id": "audit-logs"})),
        ("", "aws_kms_key", "logs", Value::Null, arn(KEY)),
        ("", "aws_cloudwatch_log_group", "trail", json!(0), arn(&format!("{GROUP}:*"))),
        ("", "aws_sns_topic", "trail", Value::Null, arn(TOPIC)),
        ("", "aws_sns_topic_policy", "trail", Value::Null, json!({"arn": TOPIC, "id": TOPIC})),
    ]
}

/// As `terraform state pull` writes it.
fn stored() -> Value {
    let resources = instances().into_iter().map(|(module, kind, name, key, attributes)| {
        let mut resource = json!({"mode": "managed", "type": kind, "name": name, "instances": [
            {"index_key": key, "schema_version": 0, "attributes": attributes, "sensitive_attributes": []},
            {"index_key": key, "deposed": "00000001", "attributes": {"arn": TOPIC, "id": TOPIC}}]});
        if !module.is_empty() {
            resource["module"] = json!(module);
        }
        resource
    });
    // What is only looked up is declared elsewhere.
    let data = json!({"mode": "data", "type": "aws_kms_key", "name": "logs", "instances": [
        {"attributes": {"arn": BUCKET, "id": BUCKET}}]});
    let resources: Vec<Value> = resources.chain([data]).collect();
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "0b1f6f7e", "outputs": {},
        "resources": resources})
}

/// The text of a stored state, whose first keys stand first.
fn stored_text() -> String {
    let state = stored();
    format!(
        "{{\"version\": 4, \"terraform_version\": \"1.11.4\", \"serial\": 7, \"lineage\": \"0b1f6f7e\", \"resources\": {}}}",
        state["resources"]
    )
}

/// As `terraform show -json` prints it.
fn shown() -> Value {
    let of = |wanted: &str| -> Vec<Value> {
        let own = instances().into_iter().filter(|(module, ..)| *module == wanted);
        let resource = own.map(|(module, kind, name, key, values)| {
            let before = if module.is_empty() { String::new() } else { format!("{module}.") };
            let after = if key.is_null() { String::new() } else { format!("[{key}]") };
            let mut resource = json!({"address": format!("{before}{kind}.{name}{after}"), "mode": "managed", "type": kind,
                "name": name, "values": values, "sensitive_values": {"secret": true}});
            if !key.is_null() {
                resource["index"] = key;
            }
            resource
        });
        resource.collect()
    };
    let module = "module.logs[\"eu\"]";
    let child = json!({"address": module, "resources": of(module)});
    let root = json!({"resources": of(""), "child_modules": [child]});
    json!({"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": root}})
}

fn expected() -> Vec<(String, String)> {
    let at = |file: &str, name: &str| (format!("infra/{file}"), format!("\"{name}\""));
    let root = "live/main.tf";
    let mut all = vec![
        at(root, "main"),
        at("modules/bucket/main.tf", "this"),
        at(root, "logs"),
        at(root, "trail"),
        at(root, "trail"),
    ];
    all.sort();
    all
}

fn sorted(mut places: Vec<(String, String)>) -> Vec<(String, String)> {
    places.sort();
    places
}

#[test]
fn a_state_leads_to_the_block_that_made_it() {
    let (evidence, options) = (account(&[]), options(&EACH));
    let source = [("infra/live/main.tf", ROOT), ("infra/modules/bucket/main.tf", MODULE)];
    let bare = run_with(&evidence, &source, &options);
    assert!(places(&bare).iter().all(|(file, _)| file == "evidence.json"), "{:?}", places(&bare));
    assert_eq!(bare.failures().count(), EACH.len());
    for (name, text) in [
        ("infra/live/terraform.tfstate", stored_text()),
        ("infra/live/state.json", shown().to_string()),
        // In the run, rather than beside the source.
        ("pulled.tfstate", stored_text()),
        ("shown.json", shown().to_string()),
    ] {
        let report = run_with(&evidence, &[&source[..], &[(name, &text)]].concat(), &options);
        assert_eq!(sorted(places(&report)), expected(), "{name}");
        assert_eq!((report.coverage.files_read, report.outcomes.len()), (1, EACH.len()), "{name} is not judged");
        // Nothing of a state is kept but where it leads.
        let state = report.sources.iter().map(|(_, file)| file).find(|file| file.name == name).unwrap();
        assert_eq!(&*state.text, "", "{name}");
        assert!(!format!("{report:?}").contains("hunter2"), "{name}");
        let style = human::Style { colour: false, width: 120 };
        let show = Show { unknown: true, pass: true, not_applicable: true, suppressed: true };
        let texts = [human::render(&report, show, style), json::render(&report), sarif::render(&report, show)];
        assert!(texts.iter().all(|text| text.contains("infra/live/main.tf") && !text.contains("hunter2")), "{name}");
    }
}

/// A region of SARIF, cut out of the source by line and column.
#[test]
fn regions_are_inside_the_source() {
    let files = [
        ("evidence.json", account(&[])),
        ("infra/live/main.tf", ROOT.to_owned()),
        ("infra/modules/bucket/main.tf", MODULE.to_owned()),
        ("infra/live/terraform.tfstate", stored_text()),
    ];
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let log = sarif::render(&check_texts(&texts, &options(&EACH)), Show::default());
    let log: Value = serde_json::from_str(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), EACH.len());
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let text = texts.iter().find(|(name, _)| *name == uri).unwrap().1;
        let at = |name: &str| usize::try_from(place["region"][name].as_u64().unwrap()).unwrap();
        assert_eq!(at("startLine"), at("endLine"));
        let line = text.lines().nth(at("startLine") - 1).unwrap();
        let cut: String = line.chars().skip(at("startColumn") - 1).take(at("endColumn") - at("startColumn")).collect();
        assert!(uri.starts_with("infra/") && line.starts_with("resource") && cut.starts_with('"'), "{uri}: {cut}");
        let name = result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap();
        assert!(name.starts_with("arn:aws:"), "{name}");
        assert_eq!(result["properties"]["account"], ACCOUNT);
    }
}

#[test]
fn a_state_is_surer_than_a_name() {
    let evidence = account(&[]);
    let block = |label: &str, name: &str| {
        format!("resource \"aws_cloudtrail\" \"{label}\" {{\n  name = {name}\n  s3_bucket_name = \"logs\"\n}}\n")
    };
    let source = format!("variable \"name\" {{}}\n{}{}", block("main", "var.name"), block("old", "\"audit\""));
    let stopped = options(&["trail_stopped"]);
    let of = |files: &[(&str, &str)]| places(&run_with(&evidence, files, &stopped)).remove(0).1;
    assert_eq!(of(&[("infra/main.tf", &source)]), "\"old\"");
    assert_eq!(of(&[("infra/main.tf", &source), ("infra/terraform.tfstate", &stored_text())]), "\"main\"");
}

#[test]
fn a_state_that_fits_several_sources_leads_nowhere() {
    let evidence = account(&[]);
    let stopped = options(&["trail_stopped"]);
    let trail =
        "variable \"n\" {}\nresource \"aws_cloudtrail\" \"main\" {\n  name = var.n\n  s3_bucket_name = \"l\"\n}\n";
    let state = stored_text();
    let of = |files: &[(&str, &str)]| places(&run_with(&evidence, files, &stopped)).remove(0).0;
    let two = [("infra/a/main.tf", trail), ("infra/b/main.tf", trail)];
    assert_eq!(of(&[&two[..], &[("pulled.tfstate", &state)]].concat()), "evidence.json");
    assert_eq!(of(&[&two[..], &[("infra/b/terraform.tfstate", &state)]].concat()), "infra/b/main.tf");
    // Only one declares all that the state has.
    let whole = [("infra/a/main.tf", trail), ("infra/b/main.tf", ROOT), ("infra/modules/bucket/main.tf", MODULE)];
    assert_eq!(of(&[&whole[..], &[("pulled.tfstate", &state)]].concat()), "infra/b/main.tf");
    // Two states that say different things say nothing.
    let both = [("infra/a/terraform.tfstate", state.as_str()), ("infra/b/terraform.tfstate", &state)];
    assert_eq!(of(&[&two[..], &both].concat()), "evidence.json");
}

/// Would catch: a root module that happens to lie above the state, and is not what it was made from.
#[test]
fn a_state_below_a_root_module_may_be_of_another() {
    let (evidence, stopped, state) = (account(&[]), options(&["trail_stopped"]), stored_text());
    let trail = |name: &str| {
        format!(
            "resource \"aws_cloudtrail\" \"main\" {{\n  name = {name}\n  s3_bucket_name = \"l\"\n}}\nvariable \"n\" {{\n  default = \"other\"\n}}\n"
        )
    };
    let of = |files: &[(&str, &str)]| places(&run_with(&evidence, files, &stopped)).remove(0).0;
    let whole = [("infra/envs/prod/main.tf", ROOT), ("infra/envs/modules/bucket/main.tf", MODULE)];
    let above = trail("var.n");
    for (name, expected) in [
        ("infra/states/prod.tfstate", "infra/envs/prod/main.tf"),
        ("infra/terraform.tfstate", "infra/main.tf"),
        ("infra/terraform.tfstate.d/prod/terraform.tfstate", "infra/main.tf"),
    ] {
        let files = [&whole[..], &[("infra/main.tf", &above), (name, &state)]].concat();
        assert_eq!(of(&files), expected, "{name}");
    }
    // Of the only one, too.
    assert_eq!(of(&[("infra/main.tf", &above), ("infra/states/prod.tfstate", &state)]), "evidence.json");
    // What writes another name has made something else; a default says nothing.
    let beside = ("infra/terraform.tfstate", state.as_str());
    assert_eq!(of(&[("infra/main.tf", &trail("\"audit\"")), beside]), "infra/main.tf");
    assert_eq!(of(&[("infra/main.tf", &trail("\"other\"")), beside]), "evidence.json");
}

/// Would catch: a name that decides what two states contradict each other about.
#[test]
fn what_two_states_claim_no_name_decides() {
    let (evidence, stopped) = (account(&[]), options(&["trail_stopped"]));
    let block = |label: &str, name: &str| {
        format!("resource \"aws_cloudtrail\" \"{label}\" {{\n  name = {name}\n  s3_bucket_name = \"logs\"\n}}\n")
    };
    let unnamed = "variable \"n\" {}\n".to_owned() + &block("main", "var.n");
    let (named, state) = (block("other", "\"audit\""), stored_text());
    let files = [
        ("infra/a/main.tf", unnamed.as_str()),
        ("infra/b/main.tf", &unnamed),
        ("infra/c/main.tf", &named),
        ("infra/a/terraform.tfstate", &state),
        ("infra/b/terraform.tfstate", &state),
    ];
    let of = |files: &[(&str, &str)]| places(&run_with(&evidence, files, &stopped)).remove(0).0;
    assert_eq!(of(&files), "evidence.json");
    assert_eq!(of(&files[..3]), "infra/c/main.tf");
    assert_eq!(of(&files[..4]), "infra/a/main.tf");
}

/// Would catch: a state that is neither judged nor told of, and problems that go with its text.
#[test]
fn a_state_that_leads_nowhere_is_told() {
    let (evidence, stopped) = (account(&[]), options(&["trail_stopped"]));
    let skipped = |report: &Report| -> Vec<String> {
        report.coverage.files_skipped.iter().map(|skipped| skipped.file.clone()).collect()
    };
    let (stored, shown) = (stored_text(), shown().to_string());
    let states = [("pulled.tfstate", stored.as_str()), ("infra/states/shown.json", &shown)];
    let report = run_with(&evidence, &states, &stopped);
    assert_eq!(skipped(&report), ["pulled.tfstate", "infra/states/shown.json"]);
    let source = [("infra/live/main.tf", ROOT), ("infra/modules/bucket/main.tf", MODULE)];
    assert!(skipped(&run_with(&evidence, &[&source[..], &states].concat(), &stopped)).is_empty());
    // Of a format that is not known yet.
    let new = shown.replace("\"format_version\":\"1.0\"", "\"format_version\":\"2.0\"");
    let of = |name: &str| {
        let files = [&[("evidence.json", evidence.as_str())][..], &source, &[(name, &new)]].concat();
        let report = check_texts(&files, &stopped);
        let problems: Vec<String> = report.problems.iter().map(|problem| problem.file.clone()).collect();
        (problems, skipped(&report))
    };
    assert_eq!(of("shown.json"), (vec!["shown.json".to_owned()], vec![]));
    assert_eq!(of("infra/live/shown.json"), (vec![], vec!["infra/live/shown.json".to_owned()]));
}

#[test]
fn a_state_that_cannot_be_read_is_told_without_its_text() {
    for (text, expected) in [
        (stored_text().replace("\"version\": 4", "\"version\": 3"), "is a state of version 3; version 4 is read"),
        (stored_text().replace("\"mode\":\"managed\"", "\"mode\":{\"hunter2\":1}"), "from line 1 on"),
        (stored_text().trim_end_matches('}').to_owned(), "from line 1 on"),
    ] {
        let files = [("evidence.json", account(&[])), ("x.tfstate", text)];
        let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let report = check_texts(&texts, &options(&["trail_stopped"]));
        let messages: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(matches!(messages.as_slice(), [only] if only.contains(expected)), "{messages:?}");
        assert!(!format!("{report:?}").contains("hunter2"));
    }
}

const TEMPLATE: &str = "Resources:\n  Audit: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: !Ref Logs}}\n  Logs: {Type: AWS::S3::Bucket}\n  Cipher: {Type: AWS::KMS::Key}\n  Stream: {Type: AWS::Logs::LogGroup}\n  News: {Type: AWS::SNS::Topic}\n";

/// Answers for tags, as a stack of this name leaves them.
fn tags(stack: &str) -> Vec<Value> {
    let pairs = |key: &str, value: &str, id: &str| {
        let pair = |name: &str, text: &str| json!({key: name, value: text});
        json!([{key: "owner"}, pair("aws:cloudformation:stack-name", stack), pair("aws:cloudformation:logical-id", id)])
    };
    let trail = json!({"ResourceTagList": [{"ResourceId": TRAIL, "TagsList": pairs("Key", "Value", "Audit")}]});
    let group = json!({"tags": {"aws:cloudformation:stack-name": stack, "aws:cloudformation:logical-id": "Stream"}});
    let bucket = json!({"TagSet": pairs("Key", "Value", "Logs")});
    let key = json!({"Tags": pairs("TagKey", "TagValue", "Cipher")});
    let topic = json!({"Tags": pairs("Key", "Value", "News")});
    vec![
        call("cloudtrail", "ListTags", "eu-west-1", json!({"ResourceIdList": [TRAIL]}), trail),
        call("s3", "GetBucketTagging", "eu-west-1", json!({"Bucket": "audit-logs"}), bucket),
        call("kms", "ListResourceTags", "eu-west-1", json!({"KeyId": KEY}), key),
        call("logs", "ListTagsForResource", "eu-west-1", json!({"resourceArn": GROUP}), group),
        call("sns", "ListTagsForResource", "eu-west-1", json!({"ResourceArn": TOPIC}), topic),
    ]
}

#[test]
fn tags_lead_to_the_logical_id() {
    let run = |stack: &str, files: &[(&str, &str)]| places(&run_with(&account(&tags(stack)), files, &options(&EACH)));
    let at = |file: &str| {
        sorted(["Audit", "Logs", "Cipher", "Stream", "News"].map(|id| (file.to_owned(), id.to_owned())).to_vec())
    };
    // The name of the file or of its directory is the stack's; a logical id alone may be anybody's.
    assert_eq!(sorted(run("trails", &[("infra/trails.yaml", TEMPLATE)])), at("infra/trails.yaml"));
    assert_eq!(sorted(run("trails", &[("infra/trails/template.yaml", TEMPLATE)])), at("infra/trails/template.yaml"));
    assert!(run("trails", &[("infra/audit.yaml", TEMPLATE)]).iter().all(|(file, _)| file == "evidence.json"));
    let two = [("infra/audit.yaml", TEMPLATE), ("infra/trails.template.yaml", TEMPLATE)];
    assert_eq!(sorted(run("trails", &two)), at("infra/trails.template.yaml"));
    assert!(run("elsewhere", &two).iter().all(|(file, _)| file == "evidence.json"));
    // A logical id of another type, or a resource of another name, is something else.
    let other = TEMPLATE.replace("AWS::S3::Bucket", "AWS::SNS::Topic").replace("News:", "Logs2:");
    let files: Vec<String> =
        run("trails", &[("infra/trails/a.yaml", &other)]).into_iter().map(|(file, _)| file).collect();
    assert_eq!(files.iter().filter(|file| *file == "evidence.json").count(), 2, "{files:?}");
    let named = TEMPLATE.replace("AWS::S3::Bucket", "AWS::S3::Bucket, Properties: {BucketName: other}");
    let found = run("trails", &[("infra/trails/a.yaml", &named)]);
    assert_eq!(found.iter().filter(|(file, _)| file == "evidence.json").count(), 1, "{found:?}");
    // Which leaves the other template.
    let found = run("trails", &[("infra/trails/a.yaml", &named), ("infra/trails/b.yaml", TEMPLATE)]);
    assert!(found.contains(&("infra/trails/b.yaml".to_owned(), "Logs".to_owned())), "{found:?}");
    // One that writes the name is it, whatever it is called; of several, what it is called tells.
    let same = named.replace("other", "audit-logs");
    let found = run("trails", &[("infra/a.yaml", &same), ("infra/trails.yaml", &same)]);
    assert!(found.contains(&("infra/trails.yaml".to_owned(), "Logs".to_owned())), "{found:?}");
    let found = run("elsewhere", &[("infra/a.yaml", &same), ("infra/trails.yaml", &same)]);
    assert!(found.iter().all(|(file, _)| file == "evidence.json"), "{found:?}");
    let found = run("trails", &[("infra/a.yaml", &same)]);
    assert!(found.contains(&("infra/a.yaml".to_owned(), "Logs".to_owned())), "{found:?}");
}

#[test]
fn tags_are_surer_than_a_name() {
    let named = "Resources:\n  Old: {Type: AWS::S3::Bucket, Properties: {BucketName: audit-logs}}\n";
    let files = [("infra/trails.yaml", TEMPLATE), ("infra/old.yaml", named)];
    let bucket = options(&["bucket_without_versioning"]);
    let of = |evidence: &str| places(&run_with(evidence, &files, &bucket)).remove(0).0;
    assert_eq!(
        (of(&account(&tags("trails"))).as_str(), of(&account(&[])).as_str()),
        ("infra/trails.yaml", "infra/old.yaml")
    );
}

#[test]
fn a_template_below_several_parents_is_one() {
    let parent = "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}\n";
    let files = [("infra/a.yaml", parent), ("infra/b.yaml", parent), ("infra/inner.yaml", TEMPLATE)];
    let of = |stack: &str| {
        places(&run_with(&account(&tags(stack)), &files, &options(&["bucket_without_versioning"]))).remove(0).0
    };
    for stack in ["a-Inner-1ABC", "b-Inner-1ABC", "inner"] {
        assert_eq!(of(stack), "infra/inner.yaml", "{stack}");
    }
    for stack in ["c-Inner-1ABC", "a", "a-Inner", "a-Other-1ABC", "a-Inner-1ABC-Deep-1ABC", "ab-Inner-1ABC"] {
        assert_eq!(of(stack), "evidence.json", "{stack}");
    }
}

/// Without tags less is found, and nothing else is lost.
#[test]
fn denied_tags_change_no_verdict() {
    let refused = tags("trails").into_iter().map(|mut one| {
        one.as_object_mut().unwrap().remove("output");
        one["error"] = denied();
        one
    });
    let refused: Vec<Value> = refused.filter(|one| one["service"] != "cloudtrail").collect();
    let all = Options { checks: checks::ALL.iter().collect(), source: None, ..options(&[]) };
    let verdicts = |report: &Report| -> Vec<(&'static str, String, Answer)> {
        let one = |it: &Outcome| (it.check.id, it.subject.address.to_string(), it.answer);
        report.outcomes.iter().map(one).collect()
    };
    let (with, without) = (run_with(&account(&refused), &[], &all), run_with(&account(&[]), &[], &all));
    assert_eq!(verdicts(&with), verdicts(&without));
    assert!(with.is_complete());
    let told: Vec<&str> = with.coverage.calls_unanswered.iter().map(|call| &*call.permission).collect();
    let asked = ["s3:GetBucketTagging", "kms:ListResourceTags", "logs:ListTagsForResource", "sns:ListTagsForResource"];
    assert_eq!(told, asked);
}

/// What a finding says, and the texts that stand beside it.
fn said(report: &Report) -> Vec<(String, Vec<(String, String)>)> {
    let beside =
        |outcome: &Outcome| outcome.related.iter().map(|it| (it.label.to_string(), cut(report, it.span).1)).collect();
    report.failures().map(|outcome| (outcome.label.clone(), beside(outcome))).collect()
}

#[test]
fn where_source_and_account_differ_the_finding_says_so() {
    let evidence = account(&[]);
    let source = |more: &str| {
        format!(
            "resource \"aws_cloudtrail\" \"main\" {{\n  name = \"audit\"\n  s3_bucket_name = \"audit-logs\"\n{more}}}\n\
             resource \"aws_cloudwatch_log_group\" \"main\" {{\n  name = \"audit\"\n  retention_in_days = 731\n}}\n\
             resource \"aws_s3_bucket\" \"logs\" {{\n  bucket = \"audit-logs\"\n}}\n\
             resource \"aws_s3_bucket_versioning\" \"logs\" {{\n  bucket = aws_s3_bucket.logs.id\n  \
             versioning_configuration {{\n    status = \"Enabled\"\n  }}\n}}\n"
        )
    };
    let run = |check: &str, more: &str| {
        let source = source(more);
        let report = run_with(&evidence, &[("infra/main.tf", &source)], &options(&[check]));
        assert_eq!(places(&report)[0].0, "infra/main.tf", "{check}");
        said(&report)
    };
    for (check, more, here, there) in [
        ("trail_without_log_validation", "  enable_log_file_validation = true\n", "`true`", "not so in AWS"),
        ("trail_stopped", "  enable_logging = true\n", "`true`", "`false` in AWS"),
        ("log_group_retention_short", "", "`731`", "`7` in AWS"),
        ("bucket_without_versioning", "", "`\"Enabled\"`", "not so in AWS"),
    ] {
        let found = run(check, more);
        let words = format!("source and account differ: {here} in the source, {there}");
        assert!(found[0].0.ends_with(&words), "{check}: {found:#?}");
        let beside: Vec<&str> = found[0].1.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(beside[..2], ["AWS says so here", "the source says otherwise here"], "{check}");
    }
    // What is a default is written nowhere.
    let found = run("trail_stopped", "");
    assert!(found[0].0.ends_with("differ: right as it is declared, `false` in AWS"), "{found:#?}");
    // Where both are wrong, or the source does not tell, nothing differs as far as anybody knows.
    for (check, more) in [
        ("trail_without_log_validation", ""),
        ("trail_without_log_validation", "  enable_log_file_validation = false\n"),
        ("trail_stopped", "  enable_logging = var.is_on\n"),
    ] {
        let found = run(check, more);
        assert!(!found[0].0.contains("differ") && found[0].1[0].0 == "AWS says so here", "{check}: {found:#?}");
    }
}
