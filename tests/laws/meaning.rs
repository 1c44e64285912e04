//! Law 8: the evaluator means what the policy language means. Held against a naive evaluator over a whole small
//! universe, with every text known, and with holes over several fillings.

use super::common::{each, none};
use super::core::{Attached, Core, Said};
use super::naive::{Nearness, Request, says, says_to};
use super::universe::{Draw, holes, is_left_open};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use trailproof::value::{Hole, Instance, Of, Text};

/// Policies that are tried with every text known.
const POLICIES: u64 = 250;

/// Policies that are tried with holes.
const HOLED: u64 = 250;

/// Requests that are put to one policy, spread over the whole universe; `LAW8=whole` puts all of them.
const REQUESTS: usize = 80;

/// The requests that are put to some policies.
fn requests(draw: &mut Draw, policies: &[Value]) -> Vec<Request> {
    let all = draw.requests(&policies);
    let whole = std::env::var("LAW8").is_ok_and(|value| value == "whole");
    let step = if whole { 1 } else { all.len() / REQUESTS + 1 };
    let first = draw.numbers.below(step);
    all.into_iter().skip(first).step_by(step).collect()
}

/// What the naive evaluator says of policies that count together.
fn naive(policies: &[Value], attached: Attached, request: &Request) -> Said {
    let any = |effect: &str| {
        policies.iter().any(|policy| match attached.names_principals() {
            true => says_to(policy, effect, request) != Nearness::No,
            false => says(policy, effect, request),
        })
    };
    let (allows, denies) = (any("Allow"), any("Deny"));
    Said { allows: Some(allows), denies: Some(denies), allowed: Some(allows && !denies) }
}

fn concrete(seed: u64) -> Vec<String> {
    let mut draw = Draw::new(seed);
    let attached = *draw.numbers.pick(&[Attached::Bucket, Attached::Bucket, Attached::Role, Attached::Account]);
    let policies: Vec<Value> =
        (0..1 + draw.numbers.below(2)).map(|_| draw.policy(attached.names_principals())).collect();
    // However it is written, it says the same.
    let written: Vec<Value> = policies
        .iter()
        .map(|policy| match draw.numbers.below(6) {
            0 | 1 => json!(policy.to_string()),
            2 => json!({"Fn::Sub": serde_json::to_string_pretty(policy).unwrap().replace("${", "${!")}),
            _ => policy.clone(),
        })
        .collect();
    let core = Core::read(&written, attached, &[]);
    let requests = requests(&mut draw, &policies);
    let asked = requests.iter().filter(|request| !policies.iter().any(|policy| is_left_open(policy, request)));
    let wrong = asked.filter_map(|request| {
        let (naive, core) = (naive(&policies, attached, request), core.says(request));
        (naive != core).then(|| format!("seed {seed}: naive {naive:?}\n core {core:?}\n {request:?}"))
    });
    let mut wrong: Vec<String> = wrong.collect();
    // One request is enough to tell about a policy.
    wrong.truncate(1);
    for complaint in &mut wrong {
        complaint.push_str(&format!("\n {}", serde_json::to_string(&policies).unwrap()));
    }
    wrong
}

#[test]
fn what_is_known_is_decided_as_published() {
    let seeds: Vec<u64> = (1..=POLICIES).collect();
    none("law 8", each(&seeds, |seed| concrete(*seed)).into_iter().flatten().collect());
}

/// A request's resource in which the first parameter that it could hold stands for its part, as the policy has it. What
/// names resources holds no wildcards and is no beginning of an ARN.
fn shared<'a>(request: &Request, parameters: &'a [holes::Parameter]) -> (Text, Option<&'a holes::Parameter>) {
    let fits = |parameter: &&holes::Parameter| {
        let was = &parameter.fillings[0];
        let is_name = |text: &String| !text.contains(['$', '*', '?']) && !text.starts_with("arn:");
        was.len() > 1 && request.resource.contains(was) && parameter.fillings.iter().all(is_name)
    };
    let Some(parameter) = parameters.iter().find(fits) else { return (request.resource.as_str().into(), None) };
    let (before, after) = request.resource.split_once(&parameter.fillings[0]).unwrap();
    let of = Of::Parameter { name: parameter.name.into(), filled: false, plain: false };
    let hole = Text::from(Hole { instance: Instance(0), of });
    (Text::concat([&before.into(), &hole, &after.into()]), Some(parameter))
}

/// The request that it becomes.
fn asked_with(
    request: &Request,
    parameter: Option<&holes::Parameter>,
    given: &BTreeMap<&'static str, String>,
) -> Request {
    let mut request = request.clone();
    if let Some(parameter) = parameter {
        request.resource = request.resource.replacen(&parameter.fillings[0], &given[parameter.name], 1);
    }
    request
}

/// What was asked of one holed policy: complaints, how often all fillings agree, how often the program then knows.
struct Tried {
    wrong: Vec<String>,
    agreed: usize,
    known: usize,
}

fn with_holes(seed: u64) -> Tried {
    let mut draw = Draw::new(seed);
    let attached = *draw.numbers.pick(&[Attached::Bucket, Attached::Bucket, Attached::Role, Attached::Account]);
    let policies = vec![draw.policy(attached.names_principals())];
    let holed = holes::dig(&mut draw.numbers, &policies);
    let names: Vec<&str> = holed.parameters.iter().map(|parameter| parameter.name).collect();
    let core = Core::read(&holed.policies, attached, &names);
    let filled: Vec<(Vec<Value>, _)> = holes::assignments(&holed.parameters)
        .into_iter()
        .map(|given| (holed.policies.iter().map(|policy| holes::fill(policy, &given)).collect(), given))
        .collect();
    let mut tried = Tried { wrong: Vec::new(), agreed: 0, known: 0 };
    for request in requests(&mut draw, &policies).iter().step_by(4) {
        let (resource, parameter) = shared(request, &holed.parameters);
        let said = core.says_of(request, resource);
        let each: Vec<_> = filled
            .iter()
            .map(|(policies, given)| (policies, asked_with(request, parameter, given), given))
            .filter(|(policies, request, _)| !policies.iter().any(|policy| is_left_open(policy, request)))
            .map(|(policies, request, given)| (naive(policies, attached, &request), given))
            .collect();
        for (what, of) in [
            ("allows", (|said| said.allows) as fn(&Said) -> _),
            ("denies", |said| said.denies),
            ("allowed", |said| said.allowed),
        ] {
            let first = each.first().and_then(|(said, _)| of(said));
            // Conditions are for the judge to try both ways.
            if !names.iter().any(|name| holes::CONDITIONS.contains(name)) {
                tried.agreed += usize::from(each.iter().all(|(said, _)| of(said) == first));
                tried.known += usize::from(of(&said).is_some());
            }
            let Some((_, given)) = each.iter().find(|(filled, _)| of(&said).is_some_and(|it| of(filled) != Some(it)))
            else {
                continue;
            };
            let policies = serde_json::to_string(&holed.policies).unwrap();
            tried.wrong.push(format!(
                "seed {seed}: {what} is {:?}, yet not with {given:?}\n {request:?}\n {policies}",
                of(&said).unwrap()
            ));
        }
    }
    tried.wrong.truncate(1);
    tried
}

#[test]
fn what_is_said_of_holes_holds_however_they_are_filled() {
    let seeds: Vec<u64> = (10_001..=10_000 + HOLED).collect();
    let tried = each(&seeds, |seed| with_holes(*seed));
    let (agreed, known) = tried.iter().fold((0, 0), |(agreed, known), it| (agreed + it.agreed, known + it.known));
    eprintln!("law 8, holes: {known} answers where {agreed} could be given");
    none("law 8, holes", tried.into_iter().flat_map(|it| it.wrong).collect());
    // Silence is always right, and worth nothing.
    assert!(known * 10 > agreed * 8, "{known} answers where {agreed} could be given");
}
