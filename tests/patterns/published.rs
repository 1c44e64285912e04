//! The filters that people copy: of the CIS AWS Foundations Benchmark, of AWS Security Hub and of modules, and what they mean.

use trailproof::patterns::{Cover, Event, Formula, Refused, Subject, cover, filter, rule, trail_tampering};
use trailproof::value::{Hole, Instance, Of, Piece, Text};

const REFUSED: &str = "does not deploy";

/// What a filter means for a subject: `all`, or each kind of event that is not covered, with what is missed.
fn meaning(text: &Text, subject: Subject) -> String {
    let formula = match filter(text) {
        Ok(formula) => formula,
        Err(Refused::Invalid(..)) => return REFUSED.to_owned(),
        Err(Refused::Unknown(why)) => return format!("unknown: {}", why.text),
    };
    let kinds = subject.set().kinds;
    let told = kinds.iter().filter_map(|kind| Some((kind.name, say(cover(&[&formula], &kind.record))?)));
    let told: Vec<String> = told.map(|(name, words)| format!("{name}: {words}")).collect();
    if told.is_empty() { "all".to_owned() } else { told.join("; ") }
}

fn say(answer: Cover) -> Option<String> {
    match answer {
        Cover::All => None,
        Cover::None => Some("missed".to_owned()),
        Cover::But(gaps) => Some(gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        Cover::Unknown(why) => Some(format!("unknown, {}", why.text)),
    }
}

fn named(names: &str, quote: &str) -> String {
    let each = names.split_whitespace().map(|name| format!("($.eventName = {quote}{name}{quote})"));
    each.collect::<Vec<_>>().join(" || ")
}

/// The names that the benchmark lists; written here once more, apart from the product's own.
const NAMED: [(Subject, &str, &str); 10] = [
    (
        Subject::IamChanges,
        "",
        "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy \
         CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy \
         DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy",
    ),
    (
        Subject::BucketPolicyChanges,
        "s3",
        "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication \
         DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication",
    ),
    (
        Subject::ConfigChanges,
        "config",
        "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder",
    ),
    (
        Subject::SecurityGroupChanges,
        "",
        "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress \
         RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup",
    ),
    (
        Subject::NetworkAclChanges,
        "",
        "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry \
         ReplaceNetworkAclEntry ReplaceNetworkAclAssociation",
    ),
    (
        Subject::GatewayChanges,
        "",
        "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway \
         DeleteInternetGateway DetachInternetGateway",
    ),
    (
        Subject::RouteTableChanges,
        "ec2",
        "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable \
         DeleteRoute DisassociateRouteTable",
    ),
    (
        Subject::VpcChanges,
        "",
        "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection \
         DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc \
         DisableVpcClassicLink EnableVpcClassicLink",
    ),
    (
        Subject::OrganizationChanges,
        "organizations",
        "AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy \
         DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy \
         DisablePolicyType EnablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount \
         RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit",
    ),
    (Subject::TrailChanges, "", "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
];

#[test]
fn lists_of_names_cover_their_subjects() {
    for (subject, source, names) in NAMED {
        let parts = [named(names, ""), named(names, "\"")];
        for part in parts {
            assert_eq!(meaning(&format!("{{{part}}}").as_str().into(), subject), "all", "{part}");
            let bound = format!("{{ ($.eventSource = {source}.amazonaws.com) && ({part}) }}");
            if !source.is_empty() {
                assert_eq!(meaning(&bound.as_str().into(), subject), "all", "{bound}");
                // The source binds to the first name only, and matches its events all the same.
                let loose = format!("{{ ($.eventSource = {source}.amazonaws.com) && {part} }}");
                assert_eq!(meaning(&loose.as_str().into(), subject), "all", "{loose}");
                let alone = format!("{{ $.eventSource = \"{source}.amazonaws.com\" }}");
                assert_eq!(meaning(&alone.as_str().into(), subject), "all", "{alone}");
            }
            let both = format!("{{{}}}", part.replace("||", "&&"));
            assert!(!meaning(&both.as_str().into(), subject).contains("all"), "{both}");
            let first = names.split_whitespace().next().unwrap();
            let without = format!("{{{part} }}").replacen(first, "Nothing", 1);
            assert_eq!(meaning(&without.as_str().into(), subject), format!("{first}: missed"), "{without}");
        }
    }
}

#[test]
fn published_filters_mean_what_they_do() {
    use Subject::{FailedSignIns, KeyDeletion, RootUse, SignInWithoutMfa, TrailChanges, UnauthorizedCalls};
    let cases = [
        // CIS 1.2, Security Hub CloudWatch.2.
        (UnauthorizedCalls, r#"{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}"#, "all"),
        // CIS 3.0: its last two tests match nearly every event, and so all that are refused.
        (
            UnauthorizedCalls,
            r#"{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") || ($.sourceIPAddress!="delivery.logs.amazonaws.com") || ($.eventName!="HeadBucket") }"#,
            "all",
        ),
        // CIS 5.0: without quotes, `&&` before `||`.
        (
            UnauthorizedCalls,
            "{ ($.errorCode =*UnauthorizedOperation) || ($.errorCode =AccessDenied*) && ($.sourceIPAddress!=delivery.logs.amazonaws.com) && ($.eventName!=HeadBucket) }",
            "all",
        ),
        (
            UnauthorizedCalls,
            r#"{(($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && (($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket"))}"#,
            "all",
        ),
        (
            UnauthorizedCalls,
            r#"{ $.errorCode = "AccessDenied" }"#,
            "AccessDeniedException: missed; UnauthorizedOperation: missed; Client.UnauthorizedOperation: missed",
        ),
        (SignInWithoutMfa, r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }"#, "all"),
        // CIS 5.0 prints it without quotes.
        (SignInWithoutMfa, "{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) }", "all"),
        (
            SignInWithoutMfa,
            r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }"#,
            "all",
        ),
        (
            SignInWithoutMfa,
            r#"{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed = "Yes" }"#,
            "ConsoleLogin: missed",
        ),
        (
            RootUse,
            r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
            "all",
        ),
        (
            RootUse,
            r#"{ $.eventType != "AwsServiceEvent" && $.userIdentity.invokedBy  NOT EXISTS && $.userIdentity.type = Root }"#,
            "all",
        ),
        (
            RootUse,
            r#"{ $.userIdentity.type = "Root" && $.eventType = "AwsApiCall" }"#,
            "Root: those whose `eventType` is `AwsConsoleSignIn`",
        ),
        // Not to be there is no inequality.
        (RootUse, r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy != "x" }"#, "Root: missed"),
        (FailedSignIns, r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#, "all"),
        // CIS 5.0 prints the phrase without quotes.
        (FailedSignIns, "{ ($.eventName = ConsoleLogin) && ($.errorMessage = Failed authentication) }", REFUSED),
        (
            KeyDeletion,
            "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
            "all",
        ),
        (
            KeyDeletion,
            "{($.eventSource = kms.amazonaws.com) && ($.eventName=DisableKey) }",
            "ScheduleKeyDeletion: missed",
        ),
        (TrailChanges, r#"{ $.eventName = "*Trail" || $.eventName = %^St(art|op)Logging$% }"#, "all"),
        (TrailChanges, r#"{ $.eventSource = "cloudtrail.amazonaws.com" && $.readOnly IS FALSE }"#, "all"),
        (TrailChanges, r#"{ $.eventSource = "cloudtrail.amazonaws.com" && $.errorCode NOT EXISTS }"#, "all"),
        (TrailChanges, r#"{ $.eventSource = "cloudtrail.amazonaws.com" && $.awsRegion = "*" }"#, "all"),
        (TrailChanges, r#"{ $.eventName = "*" }"#, "all"),
        (TrailChanges, "", "all"),
        (TrailChanges, "{ $.eventName == CreateTrail }", REFUSED),
        (TrailChanges, "{ $.eventName = CreateTrail || }", REFUSED),
        (TrailChanges, "{ $.errorCode IS NOT NULL }", REFUSED),
        (TrailChanges, "{ $.errorCode EXISTS }", REFUSED),
        (TrailChanges, "{ ($.eventName = CreateTrail }", REFUSED),
        (TrailChanges, "{ $.eventName = CreateTrail", REFUSED),
        (
            TrailChanges,
            "[ip, user, name = StopLogging]",
            "unknown: what a pattern of columns matches depends on where the text of an event has spaces",
        ),
    ];
    for (subject, text, wanted) in cases {
        assert_eq!(meaning(&text.into(), subject), wanted, "{text}");
    }
}

fn filters(texts: &[&str]) -> Vec<Formula> {
    texts.iter().map(|text| filter(&(*text).into()).unwrap()).collect()
}

/// What filters of a trail's changes miss of stopping it.
fn missed(texts: &[&str]) -> Option<String> {
    let formulas = filters(texts);
    let kinds = trail_tampering(false).kinds;
    let stop = kinds.iter().find(|kind| kind.name == "StopLogging").unwrap();
    say(cover(&formulas.iter().collect::<Vec<_>>(), &stop.record))
}

#[test]
fn narrowings_are_named() {
    let wanted = |words: &str| Some(words.to_owned());
    let one = |more: &str| missed(&[&format!("{{ $.eventName = StopLogging && {more} }}")]);
    assert_eq!(
        one(r#"$.userIdentity.arn != "arn:aws:iam::111122223333:role/deploy""#),
        wanted("those whose `userIdentity.arn` is `arn:aws:iam::111122223333:role/deploy`")
    );
    assert_eq!(one(r#"$.awsRegion = "eu-west-1""#), wanted("those with another `awsRegion` than the pattern names"));
    assert_eq!(one(r#"$.errorCode = "*""#), wanted("missed"));
    assert_eq!(
        one(r#"$.requestParameters.name = "main""#),
        wanted("those with another `requestParameters.name` than the pattern names")
    );
    assert_eq!(
        one(r#"$.userIdentity.invokedBy NOT EXISTS"#),
        wanted("those with another `userIdentity.invokedBy` than the pattern names")
    );
    assert_eq!(one(r#"($.awsRegion = "eu-west-1" || $.awsRegion != "eu-west-1")"#), None);
}

#[test]
fn filters_cover_together() {
    let of = |more: &str| format!("{{ $.eventName = \"*Logging\" && $.userIdentity.type {more} }}");
    assert_eq!(missed(&[&of("= Root"), &of("!= Root")]), None);
    assert_eq!(
        missed(&[&of("= Root"), &of("= IAMUser")]),
        Some("those with another `userIdentity.type` than the pattern names".to_owned())
    );
    assert_eq!(missed(&[]), Some("missed".to_owned()));
}

fn parameter(name: &str) -> Text {
    Hole { instance: Instance(0), of: Of::Parameter { name: name.into(), filled: true, plain: true } }.into()
}

#[test]
fn holes_touch_what_they_stand_in() {
    let text = |before: &str, after: &str| Text::concat([&before.into(), &parameter("Role"), &after.into()]);
    let stop = |text: &Text| meaning(text, Subject::TrailChanges);
    let known = named(NAMED[9].2, "");
    assert_eq!(stop(&text(&format!("{{ {known} || $.userIdentity.arn = \""), "\" }")), "all");
    assert_eq!(stop(&text(&format!("{{ {known} || "), " }")), "all");
    assert!(
        stop(&text(&format!("{{ ({known}) && "), " }"))
            .starts_with("CreateTrail: unknown, parameter `Role` has no value")
    );
    assert!(
        stop(&text(&format!("{{ ({known}) && $.userIdentity.arn != \""), "\" }"))
            .contains("`userIdentity.arn` is the one that")
    );
    assert_eq!(stop(&parameter("Role")), "unknown: parameter `Role` has no value");
    let mut whole = Text::from("{ $.eventName = ");
    whole.push(Piece::Literal("*Trail || $.eventName = *Logging }".into()));
    assert_eq!(stop(&whole), "all");
}

/// What an event rule misses of tampering.
fn ruled(pattern: serde_json::Value) -> String {
    let formula = match rule(&super::node(&pattern)) {
        Ok(formula) => formula,
        Err(_) => return REFUSED.to_owned(),
    };
    let (account, region) = ("111122223333".into(), "us-east-1".into());
    let told = trail_tampering(false).kinds.into_iter().filter_map(|kind| {
        let event: Event = kind.on_bus(&account, &region);
        Some(format!("{}: {}", kind.name, say(cover(&[&formula], &event))?))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "all".to_owned() } else { told.join("; ") }
}

#[test]
fn rules_mean_what_they_do() {
    use serde_json::json;
    let names = json!(["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]);
    let call = "AWS API Call via CloudTrail";
    assert_eq!(
        ruled(
            json!({"source": ["aws.cloudtrail"], "detail-type": [call], "detail": {"eventSource": ["cloudtrail.amazonaws.com"], "eventName": names}})
        ),
        "all"
    );
    assert_eq!(ruled(json!({"detail": {"eventName": names}})), "all");
    assert_eq!(ruled(json!({"source": ["aws.cloudtrail"]})), "all");
    assert_eq!(
        ruled(json!({"source": ["aws.cloudtrail"], "account": ["111122223333"], "region": ["us-east-1"]})),
        "all"
    );
    assert_eq!(
        ruled(
            json!({"source": [{"prefix": "aws."}], "detail": {"$or": [{"eventName": [{"wildcard": "*Trail"}]}, {"eventName": ["StopLogging", {"prefix": "Put"}]}]}})
        ),
        "all"
    );
    assert_eq!(ruled(json!({"source": [{"anything-but": ["aws.s3"]}], "detail": {"readOnly": [false]}})), "all");
    let missed = "StopLogging: missed; DeleteTrail: missed; UpdateTrail: missed; PutEventSelectors: missed";
    assert_eq!(ruled(json!({"detail-type": ["CloudTrail API Call"], "detail": {"eventName": names}})), missed);
    assert_eq!(ruled(json!({"source": ["cloudtrail.amazonaws.com"]})), missed);
    assert_eq!(ruled(json!({"detail": {"readOnly": ["false"]}})), missed);
    assert_eq!(ruled(json!({"detail": {"eventName": names, "errorCode": [{"exists": true}]}})), missed);
    assert_eq!(ruled(json!({"detail": {"eventName": names, "errorCode": [{"exists": false}]}})), "all");
    assert_eq!(ruled(json!({"region": ["eu-west-1"], "detail": {"eventName": names}})), missed);
    assert_eq!(
        ruled(json!({"detail": {"eventName": ["StopLogging"], "userIdentity": {"type": ["Root"]}}})),
        "StopLogging: those with another `detail.userIdentity.type` than the pattern names; DeleteTrail: missed; UpdateTrail: missed; PutEventSelectors: missed"
    );
    for refused in [
        json!({"source": "aws.cloudtrail"}),
        json!({}),
        json!({"source": []}),
        json!({"detail": {}}),
        json!({"source": [{"like": "x"}]}),
        json!([]),
    ] {
        assert_eq!(ruled(refused.clone()), REFUSED, "{refused}");
    }
}
