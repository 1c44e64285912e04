//! Law 2, second half: brute force over what decides conditions never contradicts a verdict.
//!
//! Random templates with correlated, exclusive and contradictory conditions over up to three parameters are judged once
//! as they are, and once for every assignment of their parameters. It has found verdicts that were decided before a
//! condition was looked at, and trails that counted although they did not exist.

use crate::common::{Numbers, each, none};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailproof::Options;
use trailproof::judge::Answer;

const TEMPLATES: u64 = 250;
const VALUES: [&str; 4] = ["a", "b", "c", ""];

/// What a check says of a subject: the worst of its results, and where it fails.
#[derive(Clone, Debug)]
struct Said {
    answer: Answer,
    fails_when: bool,
    only_conditions: bool,
}

fn run(template: &Value, given: &BTreeMap<String, String>) -> BTreeMap<(String, String), Said> {
    let checks = trailproof::checks::ALL.iter().collect();
    let options = Options { checks, parameters: given.clone().into(), ..Options::default() };
    let report = trailproof::check_text("t.json", &template.to_string(), &options);
    assert!(report.problems.is_empty(), "{:?}\n{template}", report.problems);
    let mut said = BTreeMap::new();
    for outcome in &report.outcomes {
        let only_conditions = outcome.reasons.iter().all(|why| why.condition.is_some());
        let new = Said { answer: outcome.answer, fails_when: outcome.fails_when.is_some(), only_conditions };
        said.insert((outcome.check.id.to_owned(), outcome.subject.address.to_string()), new);
    }
    said
}

struct Generator {
    numbers: Numbers,
    conditions: Vec<&'static str>,
}

impl Generator {
    fn expression(&mut self, depth: usize, parameters: &[&str], named: usize) -> Value {
        match self.numbers.below(10) {
            0..=1 if named > 0 => json!({"Condition": self.conditions[self.numbers.below(named)]}),
            2 if depth > 0 => json!({"Fn::Not": [self.expression(depth - 1, parameters, named)]}),
            3..=5 if depth > 0 => {
                let name = *self.numbers.pick(&["Fn::And", "Fn::Or"]);
                let both =
                    [self.expression(depth - 1, parameters, named), self.expression(depth - 1, parameters, named)];
                json!({ name: both })
            }
            _ => json!({"Fn::Equals": [{"Ref": self.numbers.pick(parameters)}, self.numbers.pick(&VALUES)]}),
        }
    }

    /// One of the choices, or an `Fn::If` over further picks.
    fn pick(&mut self, choices: &[Value], depth: usize) -> Value {
        if depth > 0 && self.numbers.once_in(2) {
            let name = *self.numbers.pick(&self.conditions.clone());
            return json!({"Fn::If": [name, self.pick(choices, depth - 1), self.pick(choices, depth - 1)]});
        }
        self.numbers.pick(choices).clone()
    }

    fn add(&mut self, to: &mut Value, name: &str, choices: &[Value]) {
        if !self.numbers.once_in(5) {
            to[name] = self.pick(choices, 2);
        }
    }

    fn under_condition(&mut self, resource: &mut Value) {
        if self.numbers.once_in(3) {
            resource["Condition"] = json!(self.numbers.pick(&self.conditions.clone()));
        }
    }

    fn trail(&mut self) -> Value {
        let none = json!({"Ref": "AWS::NoValue"});
        let yes_no = [json!(true), json!("false")];
        let mut p = json!({"IsLogging": self.pick(&yes_no, 2)});
        p["S3BucketName"] = self.pick(&[json!({"Ref": "B"}), json!({"Ref": "B"}), json!("other")], 1);
        self.add(&mut p, "IsMultiRegionTrail", &yes_no);
        self.add(&mut p, "IncludeGlobalServiceEvents", &[json!(true), json!(false), none.clone()]);
        self.add(&mut p, "EnableLogFileValidation", &yes_no);
        self.add(&mut p, "KMSKeyId", &[json!({"Fn::GetAtt": ["K", "Arn"]}), json!(""), none.clone(), json!("alias/x")]);
        self.add(&mut p, "CloudWatchLogsLogGroupArn", &[json!({"Fn::GetAtt": ["G", "Arn"]}), none.clone()]);
        self.add(
            &mut p,
            "CloudWatchLogsRoleArn",
            &[json!("arn:aws:iam::111122223333:role/x"), none.clone(), json!("")],
        );
        if self.numbers.once_in(2) {
            let mut selector = json!({"IncludeManagementEvents": self.pick(&yes_no, 1)});
            selector["ReadWriteType"] = self.pick(&[json!("All"), json!("ReadOnly"), json!("WriteOnly")], 1);
            selector["ExcludeManagementEventSources"] = self.pick(&[none.clone(), json!(["kms.amazonaws.com"])], 1);
            let second = self.pick(&[none.clone(), json!({"ReadWriteType": "WriteOnly"})], 1);
            let list = if self.numbers.once_in(2) { json!([selector, second]) } else { json!([selector]) };
            p["EventSelectors"] = self.pick(&[none, list], 1);
        }
        json!({"Type": "AWS::CloudTrail::Trail", "Properties": p})
    }

    fn bucket(&mut self) -> Value {
        let none = json!({"Ref": "AWS::NoValue"});
        let mut p = json!({});
        let status = self.pick(&[json!("Enabled"), json!("Suspended")], 1);
        self.add(&mut p, "VersioningConfiguration", &[none.clone(), json!({ "Status": status })]);
        let off = self.pick(&[json!(true), json!(false)], 1);
        let block = json!({"BlockPublicAcls": off, "BlockPublicPolicy": true, "IgnorePublicAcls": true});
        self.add(&mut p, "PublicAccessBlockConfiguration", &[none.clone(), block]);
        let days = self.pick(&[json!(30), json!(400)], 1);
        let rules = [
            none.clone(),
            json!({"Status": "Enabled", "ExpirationInDays": days}),
            json!({"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}),
        ];
        let list = [self.pick(&rules, 1), self.pick(&rules, 1)];
        self.add(&mut p, "LifecycleConfiguration", &[none.clone(), json!({ "Rules": list })]);
        self.add(&mut p, "ObjectLockEnabled", &[json!(true), json!("false")]);
        let retention = json!({"Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": days}}});
        self.add(&mut p, "ObjectLockConfiguration", &[none.clone(), retention]);
        let target = self.pick(&[json!("x"), json!({"Ref": "B"})], 1);
        self.add(&mut p, "LoggingConfiguration", &[none, json!({ "DestinationBucketName": target })]);
        json!({"Type": "AWS::S3::Bucket", "Properties": p})
    }

    fn template(&mut self) -> Value {
        let parameters = &["P", "Q", "R"][..1 + self.numbers.below(3)];
        self.conditions = ["C1", "C2", "C3", "C4"][..1 + self.numbers.below(4)].to_vec();
        let mut declared = json!({});
        for name in parameters {
            declared[*name] = json!({"Type": "String"});
            if self.numbers.once_in(2) {
                declared[*name]["Default"] = json!(self.numbers.pick(&VALUES));
            } else if self.numbers.once_in(2) {
                declared[*name]["AllowedValues"] = json!(["a", *self.numbers.pick(&["b", "c"])]);
            }
        }
        let mut conditions = json!({});
        for (index, name) in self.conditions.clone().into_iter().enumerate() {
            conditions[name] = self.expression(2, parameters, index);
        }
        let mut resources = json!({"B": self.bucket(), "T1": self.trail()});
        if self.numbers.once_in(2) {
            resources["T2"] = self.trail();
        }
        resources["BP"] =
            json!({"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": {}}});
        let rotation = self.pick(&[json!(true), json!(false)], 2);
        resources["K"] =
            json!({"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}, "EnableKeyRotation": rotation}});
        let days = self.pick(&[json!(30), json!(400), json!({"Ref": "AWS::NoValue"})], 2);
        resources["G"] = json!({"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": days}});
        for name in ["T1", "B", "BP", "K"] {
            self.under_condition(&mut resources[name]);
        }
        json!({"Parameters": declared, "Conditions": conditions, "Resources": resources})
    }
}

/// Every way to give the parameters: what is compared with, and one value that is not.
fn assignments(template: &Value) -> Vec<BTreeMap<String, String>> {
    let mut all: Vec<BTreeMap<String, String>> = vec![BTreeMap::new()];
    for (name, declared) in template["Parameters"].as_object().unwrap() {
        let values: Vec<String> = match declared["AllowedValues"].as_array() {
            Some(allowed) => allowed.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
            None => VALUES.iter().chain(&["else"]).map(|value| (*value).to_owned()).collect(),
        };
        all = all
            .iter()
            .flat_map(|given| values.iter().map(move |value| (given, value)))
            .map(|(given, value)| {
                given.iter().map(|(k, v)| (k.clone(), v.clone())).chain([(name.clone(), value.clone())]).collect()
            })
            .collect();
    }
    all
}

fn by_default(template: &Value, given: &BTreeMap<String, String>) -> bool {
    given
        .iter()
        .all(|(name, value)| template["Parameters"][name]["Default"].as_str().is_none_or(|default| default == value))
}

fn complaints(seed: u64) -> Vec<String> {
    let mut generator = Generator { numbers: Numbers::new(seed), conditions: Vec::new() };
    let template = generator.template();
    let free = run(&template, &BTreeMap::new());
    let forced: Vec<_> = assignments(&template).into_iter().map(|given| (run(&template, &given), given)).collect();
    let mut complaints = Vec::new();
    for (key, said) in &free {
        let answers: Vec<(Answer, bool)> = forced
            .iter()
            .filter_map(|(all, given)| Some((all.get(key)?.answer, by_default(&template, given))))
            .collect();
        let kinds: BTreeSet<Answer> = answers.iter().map(|(answer, _)| *answer).collect();
        let usual: BTreeSet<Answer> = answers.iter().filter(|(_, usual)| *usual).map(|(answer, _)| *answer).collect();
        let fails = kinds.contains(&Answer::Fail);
        let wrong = match said.answer {
            Answer::Pass | Answer::NotApplicable if fails => Some("fails in some assignment"),
            Answer::Fail if !said.fails_when && kinds.contains(&Answer::Pass) => Some("passes in some assignment"),
            Answer::Fail if !usual.is_empty() && !usual.contains(&Answer::Fail) => Some("does not fail by default"),
            Answer::Unknown if said.fails_when && !fails => Some("never fails, although `fails_when` says so"),
            Answer::Unknown
                if said.only_conditions
                    && usual.len() == 1
                    && usual.contains(&Answer::Fail)
                    && usual == kinds
                    && !said.fails_when =>
            {
                Some("always fails")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            complaints.push(format!("seed {seed}: {key:?} is {:?}, yet {wrong}\n{template:#}", said.answer));
        }
    }
    complaints
}

#[test]
fn brute_force_never_contradicts_a_verdict() {
    let seeds: Vec<u64> = (1..=TEMPLATES).collect();
    none("law 2, brute force", each(&seeds, |seed| complaints(*seed)).into_iter().flatten().collect());
}
