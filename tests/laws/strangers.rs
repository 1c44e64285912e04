//! Law 8, questions that range: what is said of all strangers holds for each of them.
//!
//! The program asks once for everybody outside; the naive evaluator asks for each of some strangers, with each value that
//! they may choose.

use super::common::{each, none};
use super::core::{Attached, Core};
use super::naive::{Caller, Nearness, Request, says_to};
use super::universe::{Draw, is_left_open};
use std::collections::BTreeMap;
use trailproof::model::iam::{self, Context};

const POLICIES: u64 = 120;

/// Values of what is a stranger's own: his account, organization and what is in it.
const OWN: [(&str, &[&str]); 3] = [
    ("aws:sourceaccount", &["999999999999"]),
    ("aws:sourcearn", &["arn:aws:cloudtrail:eu-west-1:999999999999:trail/main", "arn:aws:s3:::999999999999:b"]),
    ("aws:sourceorgpaths", &["o-9999999999/r-9/ou-9/", "o-9999999999/r-9/ou-99/ou-9/"]),
];

/// Somebody who is asked for as one: for the program, and for the naive evaluator.
struct Asked {
    name: &'static str,
    core: (iam::Caller, Context),
    caller: Caller,
    /// Whether he carries what is his own.
    carries: bool,
}

fn everybody() -> [Asked; 3] {
    let guest = || Caller::Arn("arn:aws:iam::999999999999:role/Guest".to_owned());
    let stranger = || iam::Caller::Stranger;
    [
        Asked { name: "a stranger", core: (stranger(), Context::of_stranger()), caller: guest(), carries: true },
        Asked { name: "a lone one", core: (stranger(), Context::of_lone_stranger()), caller: guest(), carries: false },
        Asked {
            name: "nobody",
            core: (iam::Caller::Anonymous, Context::of_nobody()),
            caller: Caller::Anonymous,
            carries: false,
        },
    ]
}

/// What somebody's requests may carry, as far as they differ in the keys of a request of the universe.
fn made_of(request: &Request, asked: &Asked) -> Request {
    let mut context: BTreeMap<String, Vec<String>> = request.context.clone();
    for (key, values) in OWN {
        if context.remove(key).is_some() && asked.carries {
            // The universe's two values choose between his.
            let choice = request.context[key][0].len() % values.len();
            context.insert(key.to_owned(), vec![values[choice].to_owned()]);
        } else if asked.carries {
            // He always carries them; the request that lacks them is another's.
            context.insert(key.to_owned(), vec![values[0].to_owned()]);
        }
    }
    Request { caller: asked.caller.clone(), context, ..request.clone() }
}

/// What was asked about one policy: complaints, how often something is granted, how often nobody can be found to whom.
#[derive(Default)]
struct Tried {
    wrong: Vec<String>,
    granted: usize,
    vainly: usize,
}

fn tried(seed: u64) -> Tried {
    let mut draw = Draw::new(seed);
    let policies = vec![draw.policy(true)];
    // How wide a range of addresses is everybody's is agreed on, not published as a rule of the language.
    if policies[0].to_string().to_ascii_lowercase().contains("aws:sourceip") {
        return Tried::default();
    }
    let core = Core::read(&policies, Attached::Bucket, &[]);
    let all = draw.requests(&policies);
    let mut tried = Tried::default();
    for asked in everybody() {
        // One of each that differs only in what strangers bring themselves.
        let mut groups: BTreeMap<(String, String), Vec<Request>> = BTreeMap::new();
        for request in all.iter().filter(|it| it.caller == Caller::Anonymous) {
            let made = made_of(request, &asked);
            groups.entry((made.action.clone(), made.resource.clone())).or_default().push(made);
        }
        for ((action, resource), requests) in groups {
            if requests.iter().any(|it| is_left_open(&policies[0], it)) {
                continue;
            }
            let says = |effect: &str| -> Vec<bool> {
                requests.iter().map(|it| says_to(&policies[0], effect, it) != Nearness::No).collect()
            };
            let (allows, denies) = (says("Allow"), says("Deny"));
            let said = core.says_of_everybody(&asked.core.0, &action, &resource, &asked.core.1);
            let may = allows.iter().zip(&denies).any(|(allow, deny)| *allow && !deny);
            // What cannot be met together may be taken for possible, by policies that contradict themselves.
            if said.grants.contains(&Some(true)) {
                tried.granted += 1;
                tried.vainly += usize::from(!may);
            }
            let wrongly = match () {
                () if said.allows.0 == Some(false) && allows.contains(&true) => Some("nothing is allowed"),
                () if said.allows.1 == Some(true) && allows.contains(&false) => Some("everything is allowed"),
                () if said.denies.0 == Some(false) && denies.contains(&true) => Some("nothing is denied"),
                () if said.denies.1 == Some(true) && denies.contains(&false) => Some("everything is denied"),
                () if said.grants.is_empty() && may => Some("nothing is granted"),
                () => None,
            };
            if let Some(what) = wrongly {
                let policy = serde_json::to_string(&policies[0]).unwrap();
                let odd = requests.iter().zip(allows.iter().zip(&denies)).take(3).collect::<Vec<_>>();
                tried.wrong.push(format!(
                    "seed {seed}: {what} to {}, of {action} on {resource}\n {odd:?}\n {policy}",
                    asked.name
                ));
            }
        }
    }
    tried.wrong.truncate(1);
    tried
}

#[test]
fn what_is_said_of_strangers_holds_for_each() {
    let seeds: Vec<u64> = (1..=POLICIES).collect();
    let tried = each(&seeds, |seed| tried(*seed));
    let (granted, vainly) =
        tried.iter().fold((0, 0), |(granted, vainly), it| (granted + it.granted, vainly + it.vainly));
    none("law 8, strangers", tried.into_iter().flat_map(|it| it.wrong).collect());
    assert!(granted > 100 && vainly * 4 < granted, "of {granted} grants {vainly} are to nobody");
}
