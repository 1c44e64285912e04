//! Comments and metadata for other tools, in the forms and places that those tools document and test, with the repairs that
//! are listed in the docs.

use super::{Room, TRAIL};

/// The checks that fail of a Terraform file, with the tools whose comments count.
fn open(room: &Room, honour: &str, file: &str, text: &str) -> Vec<String> {
    room.file(file, text).file("trailproof.yaml", format!("peers: {{honour: [{honour}]}}\n"));
    let open = room.open(&[file]);
    open.into_iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect()
}

const VALIDATION: &str = "trail_without_log_validation";
const REGION: &str = "trail_single_region";
const KEY: &str = "trail_without_kms_key";

fn trail(before: &str, head: &str, inside: &str, after: &str) -> String {
    format!(
        "{before}resource \"aws_cloudtrail\" \"t\" {{{head}\n  name = \"t\"\n{inside}  s3_bucket_name = \"b\"\n  \
         is_multi_region_trail = false{after}\n}}\n"
    )
}

#[test]
fn checkov_is_read_anywhere_in_a_block() {
    let room = Room::new("checkov");
    let check = |text: &str, id: &str, is_held: bool| {
        let open = open(&room, "checkov", "main.tf", text);
        assert_eq!(!open.contains(&id.to_owned()), is_held, "{id}: {text}{open:?}");
    };
    check(&trail("", "", "  # checkov:skip=CKV_AWS_36:logs are copied elsewhere\n", ""), VALIDATION, true);
    check(&trail("", "", "  #checkov:skip=CKV_AWS_36\n", ""), VALIDATION, true);
    check(&trail("", "", "  // bridgecrew:skip=CKV_AWS_36: why\n", ""), VALIDATION, true);
    check(&trail("", "", "  # cortex:skip=CKV_AWS_35,CKV_AWS_36: why\n", ""), VALIDATION, true);
    check(&trail("", "", "  # cortex:skip=CKV_AWS_35,CKV_AWS_36: why\n", ""), KEY, true);
    check(&trail("", "", "", " # checkov:skip=CKV_AWS_67: why"), REGION, true);
    // The repairs: the first line of the block, and directly above it.
    check(&trail("", " # checkov:skip=CKV_AWS_36: why", "", ""), VALIDATION, true);
    check(&trail("# checkov:skip=CKV_AWS_36: why\n", "", "", ""), VALIDATION, true);
    check(&trail("# checkov:skip=CKV_AWS_36: why\n\n", "", "", ""), VALIDATION, false);
    check(&trail("", "", "  # checkov:skip=CKV_AWS_99: why\n", ""), VALIDATION, false);
    // No comment for another tool silences a critical finding, unless that is asked for.
    let stopped = trail("", "", "  enable_logging = false\n  # checkov:skip=CKV_AWS_251: why\n", "");
    check(&stopped, "trail_stopped", false);
    room.file("trailproof.yaml", "peers: {honour: [checkov], critical: true}\n");
    assert!(!room.open(&["main.tf"]).iter().any(|it| it.starts_with("trail_stopped ")));
    room.file("trailproof.yaml", "peers: {honour: [checkov], critical: true}\nnever_allow: [trail_stopped]\n");
    assert!(room.open(&["main.tf"]).iter().any(|it| it.starts_with("trail_stopped ")));
}

#[test]
fn checkov_is_read_in_templates() {
    let room = Room::new("checkov-templates");
    let held = |text: &str, id: &str| !open(&room, "checkov", "t.yaml", text).contains(&id.to_owned());
    let above = TRAIL.replace("  Trail:", "  # checkov:skip=CKV_AWS_36: why\n\n  Trail:");
    assert!(held(&above, VALIDATION));
    assert!(held(&TRAIL.replace("false", "false # checkov:skip=CKV_AWS_36:why"), VALIDATION));
    // What stands behind a resource and before the next belongs to the next.
    let other = "  # checkov:skip=CKV_AWS_36: why\n  Bucket: {Type: AWS::S3::Bucket}\n";
    assert!(!held(&(TRAIL.to_owned() + other), VALIDATION));
    for metadata in ["checkov: {skip: [{id: CKV_AWS_36, comment: why}]}", "bridgecrew: {skip: [{id: CKV_AWS_36}]}"] {
        let text = TRAIL.replace("    Properties:", &format!("    Metadata: {{{metadata}}}\n    Properties:"));
        assert!(held(&text, VALIDATION) && !held(&text, KEY), "{metadata}");
    }
}

#[test]
fn trivy_and_tfsec_are_read_in_the_line_and_above_it() {
    let room = Room::new("trivy");
    let held = |text: &str, id: &str| !open(&room, "trivy, tfsec", "main.tf", text).contains(&id.to_owned());
    for id in ["AVD-AWS-0016", "AWS-0016", "aws-0016", "aws-cloudtrail-enable-log-validation", "AVD-AWS-*", "*"] {
        assert!(held(&trail(&format!("#trivy:ignore:{id}\n"), "", "", ""), VALIDATION), "{id}");
        assert!(held(&trail(&format!("// tfsec:ignore:{id}\n"), "", "", ""), VALIDATION), "{id}");
    }
    assert!(held(&trail("", " #trivy:ignore:AVD-AWS-0016", "", ""), VALIDATION));
    assert!(held(&trail("#trivy:ignore:AVD-AWS-0015 trivy:ignore:AVD-AWS-0016\n", "", "", ""), VALIDATION));
    assert!(held(&trail("#trivy:ignore:AVD-AWS-0016\n#trivy:ignore:AVD-AWS-0015\n", "", "", ""), VALIDATION));
    assert!(held(&trail("", "", "", " #trivy:ignore:AVD-AWS-0014"), REGION));
    assert!(!held(&trail("", "", "  #trivy:ignore:AVD-AWS-0016\n", ""), VALIDATION), "it is not above the resource");
    assert!(held(&trail("#trivy:ignore:AVD-AWS-0016:exp:2999-01-01\n", "", "", ""), VALIDATION));
    for over in ["exp:2020-01-01", "exp:soon", "ws:other"] {
        assert!(!held(&trail(&format!("#trivy:ignore:AVD-AWS-0016:{over}\n"), "", "", ""), VALIDATION), "{over}");
    }
    assert!(!held(&trail("#trivy:ignore:AVD-AWS-0016[name=x]\n", "", "", ""), VALIDATION));
}

#[test]
fn kics_says_where_and_not_what() {
    let room = Room::new("kics");
    let held = |text: &str, id: &str| !open(&room, "kics", "main.tf", text).contains(&id.to_owned());
    assert!(held(&trail("# kics-scan ignore-block\n", "", "", ""), VALIDATION));
    assert!(held(&trail("# kics-scan ignore\n", "", "", ""), KEY));
    assert!(!held(&trail("# first\n# kics-scan ignore\n", "", "", ""), KEY), "at the very start alone");
    assert!(held(&trail("# kics-scan disable=52ffcfa6-6c70-4ea6-8376-d828d3961669\n", "", "", ""), VALIDATION));
    assert!(!held(&trail("# kics-scan disable=52ffcfa6-6c70-4ea6-8376-d828d3961669\n", "", "", ""), KEY));
    let line = trail("", "", "", "").replace("  is_multi", "  # kics-scan ignore-line\n  is_multi");
    assert!(held(&line, REGION) && !held(&line, KEY));
    assert!(!held(&trail("", "", "", " # kics-scan ignore-line"), REGION), "behind code it does not count");
}

#[test]
fn metadata_of_the_others_is_read() {
    let room = Room::new("metadata");
    let bucket = "Resources:\n  T: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: !Ref B, IsLogging: true}}\n  B:\n    \
                  Type: AWS::S3::Bucket\n    Metadata: META\n";
    let held = |tool: &str, metadata: &str, id: &str| {
        !open(&room, tool, "t.yaml", &bucket.replace("META", metadata)).contains(&id.to_owned())
    };
    let logging = "bucket_without_access_logging";
    assert!(held("cfn_nag", "{cfn_nag: {rules_to_suppress: [{id: W35, reason: why}]}}", logging));
    assert!(!held("cfn_nag", "{cfn_nag: {rules_to_suppress: [{id: W36, reason: why}]}}", logging));
    assert!(held("guard", "{guard: {SuppressedRules: [S3_BUCKET_LOGGING_ENABLED]}}", logging));
    for id in ["AwsSolutions-S1", "HIPAA.Security-S3BucketLoggingEnabled", "NIST.800.53.R5-S3BucketLoggingEnabled"] {
        assert!(
            held("cdk_nag", &format!("{{cdk_nag: {{rules_to_suppress: [{{id: {id}, reason: it is why}}]}}}}"), logging),
            "{id}"
        );
    }
    assert!(held("terrascan", r#"{"runterrascan.io/skip": '[{"rule":"AC_AWS_0497","comment":"why"}]'}"#, logging));
    assert!(!held("checkov", "{cfn_nag: {rules_to_suppress: [{id: W35}]}}", logging), "only whom the team honours");
    let text = trail("", "", "  #ts:skip=AC_AWS_0446 why it is\n", "");
    assert!(!open(&room, "terrascan", "main.tf", &text).contains(&VALIDATION.to_owned()));
}

#[test]
fn who_is_not_honoured_is_counted() {
    let room = Room::new("counted");
    room.file("main.tf", trail("", "", "  # checkov:skip=CKV_AWS_36,CKV_AWS_35: why it is\n", ""));
    let (_, out, _) = room.run(&["check", "main.tf"]);
    assert!(out.contains("2 suppressions for checkov would hold back 2 of these findings"), "{out}");
    let report = room.json(&["main.tf"]);
    assert_eq!(report["hints"].as_array().unwrap().len(), 1);
    room.file("trailproof.yaml", "peers: {honour: [checkov]}\n");
    let report = room.json(&["main.tf"]);
    let held = report["results"].as_array().unwrap().iter().find(|it| it["check"] == VALIDATION).unwrap();
    assert_eq!((&held["suppressed"]["by"], &held["suppressed"]["id"]), (&"checkov".into(), &"CKV_AWS_36".into()));
    assert_eq!(held["suppressed"]["reason"], "why it is");
    assert!(report["exceptions"].as_array().unwrap().is_empty());
    // A comment without words is turned down where the team wants some.
    room.file("trailproof.yaml", "peers: {honour: [checkov], reason: required}\n");
    room.file("main.tf", trail("", "", "  # checkov:skip=CKV_AWS_36\n", ""));
    assert_eq!(room.states(&["main.tf"]), ["allow_without_reason CKV_AWS_36"]);
}

#[test]
fn they_are_moved_to_ours() {
    let room = Room::new("import");
    room.file("main.tf", trail("", "", "  # checkov:skip=CKV_AWS_36: logs are copied elsewhere\n", ""));
    let (code, out, err) = room.run(&["allow", "import", "."]);
    let line = "# trailproof: allow trail_without_log_validation -- logs are copied elsewhere (checkov CKV_AWS_36)";
    assert!(code == 0 && out == format!("main.tf:1: {line}\n"), "{out}{err}");
    assert_eq!(room.run(&["allow", "import", ".", "--write"]).0, 0);
    assert!(room.read("main.tf").starts_with(&format!("{line}\nresource")), "{}", room.read("main.tf"));
    assert!(!room.open(&["."]).iter().any(|it| it.starts_with(VALIDATION)));
}
