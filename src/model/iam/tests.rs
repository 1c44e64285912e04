//! The language on whole documents: parsed as a reader would hand them on, asked as a check would.

use super::{Caller, Context, Known, Names, Request, weigh};
use crate::model::Scope;
use crate::read::cloudformation::{Template, stacks};
use crate::read::{Unit, World};
use crate::source::FileId;
use crate::value::{Of, Text, Truth};

/// The scope of a template with one bucket policy of these statements.
fn scope(statements: &str) -> Scope {
    let text = format!(
        "Parameters: {{P: {{Type: String}}}}\nResources:\n  B: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: b, PolicyDocument: {{Version: '2012-10-17', Statement: [{statements}]}}}}}}\n"
    );
    let root = crate::syntax::yaml::parse(FileId(0), &text).unwrap_or_else(|error| unreachable!("{}", error.message));
    let template = Template::new(FileId(0), "t", text.into(), root);
    let stacks = stacks(template.into_iter().collect(), &[], Default::default());
    let records = stacks.first().map(|stack| stack.records(&World::default(), &|_| true)).unwrap_or_default();
    Scope::lower(&records)
}

fn ask(statements: &str, action: &str, resource: Text, caller: Caller, context: Context) -> Truth {
    let scope = scope(statements);
    let names = Names::default();
    let request = Request { caller, action, resource, context, names: &names };
    let policies = scope.bucket_policies.iter().filter_map(|policy| policy.document.get()?.as_ref());
    weigh(policies, &request).allowed()
}

fn free() -> Context {
    Context::of(Known::Absent)
}

fn key() -> Text {
    "arn:aws:s3:::b/k".into()
}

#[test]
fn deny_wins_and_silence_denies() {
    let allow = "{Effect: Allow, Principal: '*', Action: 's3:Get*', Resource: 'arn:aws:s3:::b/*'}";
    let deny = "{Effect: Deny, Principal: '*', NotAction: 's3:PutObject', Resource: '*'}";
    let ask = |statements: &str| ask(statements, "s3:GetObject", key(), Caller::Anonymous, free());
    assert!(ask(allow).is_true());
    assert!(ask("").is_false());
    assert!(ask(&format!("{allow}, {deny}")).is_false());
}

#[test]
fn wildcards_match_per_part_and_without_case_in_actions() {
    let ask = |action: &str, pattern: &str| {
        let statement = format!("{{Effect: Allow, Principal: '*', Action: 'S3:getobj??t', Resource: '{pattern}'}}");
        ask(&statement, action, key(), Caller::Anonymous, free())
    };
    assert!(ask("s3:GetObject", "arn:aws:s3:::b/*").is_true());
    assert!(ask("s3:GetObject", "arn:aws:s3").is_true());
    assert!(ask("s3:GetObject", "arn:aws:*:b/*").is_false());
    assert!(ask("s3:GetObjects", "*").is_false());
}

#[test]
fn absent_keys_and_set_operators() {
    let ask = |condition: &str, context: Context| {
        let statement =
            format!("{{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Condition: {condition}}}");
        ask(&statement, "s3:GetObject", key(), Caller::Anonymous, context)
    };
    let with = |value: &str| free().with("aws:SourceAccount", Known::One(value.into()));
    assert!(ask("{StringEquals: {aws:SourceAccount: '1'}}", free()).is_false());
    assert!(ask("{StringNotEquals: {aws:SourceAccount: '1'}}", free()).is_true());
    assert!(ask("{StringEqualsIfExists: {AWS:sourceaccount: '1'}}", free()).is_true());
    assert!(ask("{'ForAllValues:StringEquals': {aws:SourceAccount: '1'}}", free()).is_true());
    assert!(ask("{'ForAnyValue:StringEquals': {aws:SourceAccount: '1'}}", free()).is_false());
    assert!(ask("{StringEquals: {aws:SourceAccount: '*'}}", with("1")).is_false());
    assert!(ask("{StringLike: {aws:SourceAccount: ['2', '1*']}}", with("12")).is_true());
    assert!(ask("{StringNotEquals: {aws:SourceAccount: ['1', '2']}}", with("2")).is_false());
    assert!(ask("{'Null': {aws:SourceAccount: 'true'}}", free()).is_true());
    assert!(
        ask("{IpAddress: {aws:SourceIp: 10.0.0.0/8}}", free().with("aws:SourceIp", Known::One("10.2.3.4".into())))
            .is_true()
    );
    let variable = free().with("aws:PrincipalTag/a", Known::One("b/k".into()));
    assert!(ask("{StringEquals: {'aws:PrincipalTag/a': '${aws:PrincipalTag/a}'}}", variable).is_true());
    assert!(matches!(ask("{StringBlurs: {a: b}}", free()), Truth::Unknown(..)));
}

#[test]
fn parameters_leave_open_what_they_decide() {
    let open = "{Effect: Allow, Principal: {AWS: !Ref P}, Action: '*', Resource: '*'}";
    assert!(matches!(ask(open, "s3:GetObject", key(), Caller::Stranger, free()), Truth::Unknown(..)));
    let other = "{Effect: Allow, Principal: '*', Action: s3:PutObject, Resource: !Ref P}";
    assert!(ask(other, "s3:GetObject", key(), Caller::Stranger, free()).is_false());
    assert!(matches!(ask(other, "s3:PutObject", key(), Caller::Stranger, free()), Truth::Unknown(..)));
}

#[test]
fn questions_range() {
    let statements = "{Effect: Allow, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b/logs/*'}";
    let any = || Text::concat([&"arn:aws:s3:::b/".into(), &Text::from(Of::any())]);
    let granted = |statements: &str| {
        let (scope, names) = (scope(statements), Names::default());
        let request = Request {
            caller: Caller::Anonymous,
            action: "s3:GetObject",
            resource: any(),
            context: Context::of_nobody(),
            names: &names,
        };
        let policies: Vec<_> =
            scope.bucket_policies.iter().filter_map(|policy| policy.document.get()?.as_ref()).collect();
        weigh(policies, &request).grants(&request).iter().any(|(_, truth)| truth.is_true())
    };
    assert!(ask(statements, "s3:GetObject", any(), Caller::Anonymous, free()).is_false(), "not all of the bucket");
    assert!(granted(statements), "but some of it");
    let deny = "{Effect: Deny, Principal: '*', Action: 's3:Get*', Resource: 'arn:aws:s3:::b/log*'}";
    assert!(!granted(&format!("{statements}, {deny}")), "a wider Deny takes it away");
    let pinned = "{Effect: Deny, Principal: '*', Action: 's3:Get*', Resource: '*', Condition: {StringNotEquals: {aws:PrincipalOrgID: o-abc}}}";
    assert!(!granted(&format!("{statements}, {pinned}")), "strangers are outside");
    let lenient = "{Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringEqualsIfExists: {aws:PrincipalOrgID: o-abc}}}";
    assert!(granted(lenient), "whoever has no organization gets past `IfExists`");
    let spoofed = "{Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringLike: {aws:UserAgent: secret}}}";
    assert!(granted(spoofed), "what a client chooses pins nobody");
}

#[test]
fn others_are_told_from_the_own_account() {
    use crate::model::{Cx, Estate, Settings};
    let who = |principal: &str, condition: &str| -> Vec<bool> {
        let statement = format!(
            "{{Sid: S, Effect: Allow, Principal: {principal}, Action: 's3:Get*', Resource: '*', Condition: {condition}}}"
        );
        let estate = Estate { scopes: vec![scope(&statement).into()] };
        let settings =
            Settings { trusted: vec!["222222222222".to_owned(), "o-ours".to_owned()], ..Settings::default() };
        let scope = estate.scopes.first().map(|scope| &**scope);
        scope.map_or_else(Vec::new, |scope| {
            let cx = Cx { estate: &estate, scope, settings: &settings, check: "" };
            let policies: Vec<_> =
                scope.bucket_policies.iter().filter_map(|policy| policy.document.get()?.as_ref()).collect();
            let at = scope.bucket_policies.iter().map(|policy| &policy.at);
            let grants = at.flat_map(|at| cx.foreign_grants(at, &policies, "s3:GetObject", &"arn:aws:s3:::b/k".into()));
            grants.map(|granted| granted.truth.is_true()).collect()
        })
    };
    assert_eq!(who("'*'", "{}"), [true]);
    assert_eq!(who("{AWS: !Sub '${AWS::AccountId}'}", "{}"), [false; 0]);
    assert_eq!(who("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/x'}", "{}"), [false; 0]);
    assert_eq!(who("{AWS: 'arn:aws:iam::111111111111:root'}", "{}"), [false], "it may be the own account");
    assert_eq!(who("{AWS: ['222222222222', 'arn:aws:iam::222222222222:role/x']}", "{}"), [false; 0], "trusted");
    assert_eq!(who("{Service: cloudtrail.amazonaws.com}", "{}"), [false; 0]);
    assert_eq!(who("'*'", "{StringEquals: {aws:PrincipalOrgID: o-ours}}"), [false; 0]);
    assert_eq!(who("'*'", "{StringEquals: {aws:PrincipalOrgID: o-theirs}}"), [true]);
    assert_eq!(who("'*'", "{StringEquals: {aws:PrincipalAccount: !Ref 'AWS::AccountId'}}"), [false; 0]);
    assert_eq!(who("'*'", "{StringEquals: {aws:SourceVpce: vpce-1}}"), [true], "a network is no principal");
    assert_eq!(who("'*'", "{IpAddress: {aws:SourceIp: 0.0.0.0/0}}"), [true]);
    let own = "StringEquals: {aws:PrincipalAccount: !Ref 'AWS::AccountId'}";
    assert_eq!(who("'*'", &format!("{{IpAddress: {{aws:SourceIp: 192.0.2.0/24}}, {own}}}")), [false; 0]);
    let beside = "{AWS: [!Ref 'AWS::AccountId', 'arn:aws:iam::111111111111:root']}";
    assert_eq!(who(beside, "{}"), [true], "another than the one that the symbol stands for");
}

#[test]
fn what_pattern_and_text_share_decides_nothing() {
    use crate::value::{Case, Hole, Instance, Match, Pattern};
    let of = |attribute: &str| {
        let address = "Bucket".into();
        Text::from(Hole { instance: Instance(0), of: Of::Resource { address, attribute: attribute.into() } })
    };
    let fits = |pattern: &[Text], subject: &[Text]| {
        let pattern = Pattern::new(&Text::concat(pattern), Match::Wild, Case::Matters);
        pattern.fits(&Pattern::subject(&Text::concat(subject), Case::Matters)).all
    };
    let name = || of("id");
    assert!(fits(&[name(), "/a/*".into()], &[name(), "/a/b".into()]).is_true());
    assert!(fits(&[name(), "/a/*".into()], &[name(), "/b".into()]).is_false(), "whatever the name is");
    assert!(fits(&["x".into(), name()], &["x/y".into()]).is_false(), "no made-up name holds a slash");
    assert!(matches!(fits(&[name()], &["logs".into()]), Truth::Unknown(..)));
    assert!(matches!(fits(&[of("Other"), "a".into()], &["/a".into()]), Truth::Unknown(..)));
}

#[test]
fn what_pattern_and_text_share_is_no_reason() {
    use crate::value::{Case, Hole, Instance, Match, Pattern};
    let of = |of: Of| Text::from(Hole { instance: Instance(0), of });
    let bucket = of(Of::Resource { address: "Bucket".into(), attribute: "id".into() });
    let organization = of(Of::Parameter { name: "Organization".into(), filled: true, plain: true });
    let pattern = Text::concat([&bucket, &"/".into(), &organization]);
    let subject = Pattern::subject(&Text::concat([&bucket, &"/a".into()]), Case::Matters);
    let fit = Pattern::new(&pattern, Match::Wild, Case::Matters).fits(&subject);
    let Truth::Unknown(whys, _) = fit.all else { panic!("the parameter decides") };
    assert_eq!(whys.first().map(|why| &*why.name), Some("Organization"));
}
