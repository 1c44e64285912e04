//! A scan from its beginning to its end, whichever that is: what is not there, what is old, who stops it, where it writes.

use super::proxy::{Fault, Proxy};
use super::{ACCOUNT, Evidence, collect, command, room};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const ONE_REGION: [&str; 2] = ["--region", "eu-west-1"];

/// A scan through a proxy, from an empty directory in which temporary files go, too.
fn scan(proxy: &Proxy, here: &Path, arguments: &[&str]) -> Command {
    std::fs::create_dir_all(here).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    command.args(["scan", "--endpoint-url", &proxy.url]).args(arguments).current_dir(here);
    command.env_clear().env("HOME", here).env("TMPDIR", here).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "AKIDCALLER").env("AWS_SECRET_ACCESS_KEY", "secret");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn left(here: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(here).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_region_that_is_not_there_is_an_error_that_lists_those_that_are() {
    for (regions, words) in [
        (&["--region", "eu-wset-1"][..], "did you mean `eu-west-1`?"),
        (&["--region", "eu-west-1", "--region", "eu-west-9"], "`eu-west-9` is no Region"),
        (&["--region", "me-south-1"], "`me-south-1` is not enabled"),
        (&["--region", "cn-north-1"], "`cn-north-1` is no Region"),
    ] {
        let proxy = Proxy::new(|_, _| None);
        let here = room(&format!("no-region-{}", regions.last().unwrap()));
        let output = scan(&proxy, &here, &[regions, &["--format", "json", "--output", "sarif=out.sarif"]].concat());
        let output = { output }.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(words) && said(&output).contains("eu-south-1, eu-west-1, us-east-1"), "{words}");
        // Both reports are there, valid, and say that nothing was looked at.
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["complete"], report["errors"].as_array().unwrap().len()), (&json!(false), 1));
        let sarif: Value = serde_json::from_slice(&std::fs::read(here.join("out.sarif")).unwrap()).unwrap();
        assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
        assert_eq!(left(&here).len(), 1, "nothing is left but the report: {:?}", left(&here));
        assert!(!proxy.asked().iter().any(|asked| asked.operation == "DescribeTrails"), "nothing else is asked");
    }
}

#[test]
fn a_unit_or_an_account_that_is_not_there_is_an_error_that_lists_those_that_are() {
    let walk = ["--region", "eu-west-1", "--organization", "--role-name", "audit"];
    for (limit, name, words) in [
        ("--ou", "Root/Nope", "the organization has no unit `Root/Nope`"),
        ("--ou", "security", "did you mean `Root/Security`?"),
        ("--account", "workloda", "did you mean `workload`?"),
        ("--account", "999999999999", "the organization has no account `999999999999`"),
        ("--account", "closed", "no account is left to ask"),
    ] {
        let proxy = Proxy::new(|_, _| None);
        let out = room(&format!("nobody{limit}{}", name.replace('/', "-")));
        let ran = collect(&proxy, &out, &[&walk[..], &[limit, name, "--account", "closed"]].concat());
        assert_eq!(ran.code(), Some(2), "{}", ran.said());
        assert!(ran.said().contains(words), "{words}: {}", ran.said());
        assert!(!proxy.asked().iter().any(|asked| asked.operation == "AssumeRole"));
    }
}

#[test]
fn trails_that_could_be_listed_nowhere_are_no_clean_run() {
    let proxy = Proxy::new(|asked, _| {
        let denied = Fault::Error(400, "AccessDeniedException", "not authorized");
        (asked.service != "sts" && asked.service != "account").then_some(denied)
    });
    let output = scan(&proxy, &room("all-denied"), &ONE_REGION).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(3), "{text}{}", said(&output));
    assert!(
        text.contains("not looked at  the trails could be listed in no Region: `cloudtrail:DescribeTrails`"),
        "{text}"
    );
}

#[test]
fn reports_say_as_of_when_and_by_whom() {
    let proxy = Proxy::new(|_, _| None);
    let here = room("as-of");
    let output = scan(
        &proxy,
        &here,
        &[&ONE_REGION[..], &["--format", "json", "--output", "sarif=s", "--output", "human=h"]].concat(),
    );
    let output = { output }.output().unwrap();
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}{}", said(&output)));
    let account = &report["coverage"]["accounts"][0];
    assert!(account["as_of"]["from"].as_str().unwrap() <= account["as_of"]["to"].as_str().unwrap());
    assert!(account["caller"].as_str().unwrap().starts_with("arn:aws:"), "{account}");
    assert_eq!(
        (&account["regions"], &account["file"]),
        (&json!(["eu-west-1"]), &json!(format!("evidence/{ACCOUNT}.json")))
    );
    let digest = account["sha256"].as_str().unwrap();
    assert_eq!(digest.len(), 64);
    let sarif: Value = serde_json::from_slice(&std::fs::read(here.join("s")).unwrap()).unwrap();
    let evidence = &sarif["runs"][0]["properties"]["evidence"][0];
    assert_eq!(
        (&evidence["sha256"], &evidence["asOf"], &evidence["caller"]),
        (&account["sha256"], &account["as_of"], &account["caller"])
    );
    let human = std::fs::read_to_string(here.join("h")).unwrap();
    assert!(human.contains(digest) && human.contains("\nas of    20"), "{human}");
    // Nothing names the folder that is gone, and none is left.
    for text in [human, sarif.to_string(), report.to_string()] {
        assert!(!text.contains("trailproof-") && !text.contains(here.to_str().unwrap()), "{text}");
    }
    assert_eq!(left(&here).len(), 2, "{:?}", left(&here));
}

/// The evidence of an account as if it were of another time.
fn dated(out: &Path, year: &str) {
    let path = out.join(format!("{ACCOUNT}.json"));
    let mut file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for call in file["calls"].as_array_mut().unwrap() {
        call["at"] = json!(format!("{year}-01-01T00:00:00Z"));
    }
    std::fs::write(&path, file.to_string()).unwrap();
}

#[test]
fn what_is_old_is_asked_again() {
    let out = room("old");
    let first = Proxy::new(|_, _| None);
    collect(&first, &out, &ONE_REGION);
    dated(&out, "2020");
    for (age, again) in [("1d", true), ("90000d", false)] {
        let proxy = Proxy::new(|_, _| None);
        let ran = collect(&proxy, &out, &[&ONE_REGION[..], &["--resume", "--max-age", age]].concat());
        assert_eq!(ran.code(), Some(0), "{}", ran.said());
        assert_eq!(proxy.asked().len() > 1, again, "{age}");
    }
}

#[test]
fn less_does_not_replace_more() {
    let out = room("less");
    collect(&Proxy::new(|_, _| None), &out, &[]);
    let path = out.join(format!("{ACCOUNT}.json"));
    let before = std::fs::read_to_string(&path).unwrap();
    let ran = collect(&Proxy::new(|_, _| None), &out, &ONE_REGION);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.said().contains("eu-south-1, us-east-1, which --region leaves out"), "{}", ran.said());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    // Of whoever asks for one other account alone, everything stays, and that is said; as is who is there beside.
    std::fs::write(out.join("999999999999.json"), before.replace(ACCOUNT, "999999999999")).unwrap();
    let walk = ["--organization", "--role-name", "audit", "--account", "workload"];
    let ran = collect(&Proxy::new(|_, _| None), &out, &walk);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    let calls = |text: &str| serde_json::from_str::<Value>(text).unwrap()["calls"].as_array().unwrap().len();
    assert!(calls(&std::fs::read_to_string(&path).unwrap()) >= calls(&before));
    assert!(ran.said().contains("older answers of account 123456789012"), "{}", ran.said());
    assert!(ran.said().contains("evidence of 999999999999 (as of 20"), "{}", ran.said());
}

#[test]
fn where_nothing_can_be_written_nobody_is_asked() {
    let proxy = Proxy::new(|_, _| None);
    let here = room("unwritable");
    std::fs::create_dir_all(&here).unwrap();
    std::fs::write(here.join("file"), "").unwrap();
    for arguments in [&["--output", "json=file/x"][..], &["--out", "file/evidence"]] {
        let output = scan(&proxy, &here, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("cannot write"), "{}", said(&output));
    }
    assert_eq!(proxy.asked().len(), 0);
}

/// A disk that is full, as a process sees it that may write no long files.
#[cfg(unix)]
#[test]
fn a_full_disk_is_named() {
    let proxy = Proxy::new(|_, _| None);
    let here = room("full-disk");
    let inner = scan(&proxy, &here, &[&ONE_REGION[..], &["--out", "evidence"]].concat());
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]).arg(inner.get_program());
    command.args(inner.get_args()).current_dir(&here).env_clear();
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains(&format!("the evidence of {ACCOUNT}: File too large")), "{}", said(&output));
    // Half a file would be in the way of the next run.
    assert_eq!(left(&here.join("evidence")), Vec::<PathBuf>::new());
    // So is a report that cannot be written.
    let output = scan(&proxy, &here, &[&ONE_REGION[..], &["--output", "json=/dev/full"]].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("/dev/full: no space left"), "{}", said(&output));
}

#[test]
fn whoever_reads_the_record_can_tell_the_scan() {
    let proxy =
        Proxy::with(|_, _| None, |asked, request| asked.error(403, "AccessDenied", request.header("user-agent")));
    let ran = collect(&proxy, &room("user-agent"), &[]);
    assert!(ran.said().contains("app/trailproof-"), "{}", ran.said());
}

/// The history takes its time beside the rest: where it throttles, nothing else waits.
#[test]
fn the_history_holds_nothing_back() {
    let proxy = Proxy::new(|asked, before| {
        let throttled = Fault::Error(400, "ThrottlingException", "Rate exceeded");
        (asked.operation == "LookupEvents" && before < 2).then_some(throttled)
    });
    let ran = collect(&proxy, &room("history"), &[&ONE_REGION[..], &["--concurrency", "1"]].concat());
    assert_eq!(ran.evidence(ACCOUNT).0["complete"], true, "{}", ran.said());
    let asked = proxy.asked();
    let second = asked.iter().enumerate().filter(|(_, asked)| asked.operation == "LookupEvents").nth(3).unwrap().0;
    let rest = asked.iter().skip(second).filter(|asked| asked.operation != "LookupEvents").count();
    assert_eq!(rest, 0, "the rest is done before the history has answered twice");
}

/// What is said of the evidence in a folder.
fn verdicts(out: &Path) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    let output = command.args(["check", "--all-checks", "--format", "json"]).arg(out).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = report["results"].as_array().unwrap().iter();
    let said: BTreeSet<String> = results
        .map(|it| format!("{} {} {} {}", it["check"], it["subject"]["address"], it["part"], it["verdict"]))
        .collect();
    assert!(said.len() > 50, "{said:?}");
    said
}

#[cfg(unix)]
#[test]
fn whoever_stops_a_run_loses_nothing_of_it() {
    let question = |call: &Value| {
        (call["service"].clone(), call["operation"].clone(), call["region"].clone(), call["input"].clone())
    };
    let questions = |evidence: &Evidence| evidence.calls().iter().map(|call| format!("{:?}", question(call))).collect();
    let whole = collect(&Proxy::new(|_, _| None), &room("whole"), &ONE_REGION);
    let of_whole = verdicts(&whole.out);
    let whole: BTreeSet<String> = questions(&whole.evidence(ACCOUNT));
    for moment in 0..10_u64 {
        let out = room(&format!("killed-{moment}"));
        // The same each time, and spread over the run.
        let slow = Fault::Slow;
        let proxy = Proxy::new(move |_, _| Some(slow(Duration::from_millis(60))));
        let mut run = command(&proxy, &out, &ONE_REGION).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        while proxy.asked().len() < 3 + 5 * usize::try_from(moment).unwrap() && run.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let signal = if moment % 2 == 0 { "-TERM" } else { "-INT" };
        Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap();
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{moment}: {}", said(&output));
        let path = out.join(format!("{ACCOUNT}.json"));
        assert_eq!(said(&output).contains("`--resume` goes on"), path.exists(), "{moment}: {}", said(&output));
        let heard: usize = std::fs::read(&path).map_or(0, |text| {
            let file: Value = serde_json::from_slice(&text).unwrap();
            assert_eq!(file["complete"], false, "{moment}");
            file["calls"].as_array().unwrap().len()
        });
        let rest = Proxy::new(|_, _| None);
        let resumed = collect(&rest, &out, &[&ONE_REGION[..], &["--resume"]].concat());
        assert_eq!(questions(&resumed.evidence(ACCOUNT)), whole, "{moment}: {}", resumed.said());
        assert_eq!(resumed.evidence(ACCOUNT).0["complete"], true, "{moment}");
        assert_eq!(verdicts(&out), of_whole, "{moment}");
        // Who asks is asked each time, and a page of a list is a request of its own.
        assert!(rest.asked().len() <= whole.len() + 6 - heard, "{moment}: {} after {heard}", rest.asked().len());
    }
    // Without --out nothing is kept, and nothing else is said.
    let here = room("killed-scan");
    let proxy = Proxy::new(|_, _| Some(Fault::Slow(Duration::from_millis(60))));
    let arguments = [&ONE_REGION[..], &["--format", "json"]].concat();
    let mut scan = scan(&proxy, &here, &arguments);
    let run = scan.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while proxy.asked().len() < 12 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("nothing is kept without --out"), "{}", said(&output));
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["complete"], false);
    assert_eq!(left(&here), Vec::<PathBuf>::new());
}

/// Sources that take seconds to read, so that a scan may be stopped behind its last call.
fn many_sources(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let bucket =
        |n: usize| format!("  Bucket{n}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: b-{n}\n");
    let text = format!("Resources:\n{}", (0..400).map(bucket).collect::<String>());
    (0..400).for_each(|n| std::fs::write(folder.join(format!("stack-{n}.yaml")), &text).unwrap());
}

#[cfg(unix)]
#[test]
fn whoever_stops_a_run_while_it_judges_ends_it_at_once() {
    let sources = room("stopped-sources");
    many_sources(&sources);
    let source = sources.to_str().unwrap();
    for (signal, out, words) in [
        ("-TERM", None, "nothing is kept without --out"),
        ("-INT", Some("evidence"), "`trailproof check` judges evidence"),
    ] {
        let here = room(&format!("stopped{signal}"));
        let arguments = [&ONE_REGION[..], &["--source", source, "--format", "json", "--output", "sarif=s"]].concat();
        let kept: Vec<&str> = out.map(|out| ["--out", out]).into_iter().flatten().collect();
        let mut command = scan(&Proxy::new(|_, _| None), &here, &[arguments, kept].concat());
        let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(run.stderr.take().unwrap());
        let mut text = String::new();
        while !text.contains(" requests, ") && told.read_line(&mut text).unwrap() > 0 {}
        std::thread::sleep(Duration::from_millis(100));
        let since = Instant::now();
        Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap();
        told.read_to_string(&mut text).unwrap();
        let output = run.wait_with_output().unwrap();
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains("was stopped while it judged") && text.contains(words), "{text}");
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["complete"], false);
        let sarif: Value = serde_json::from_slice(&std::fs::read(here.join("s")).unwrap()).unwrap();
        assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
        assert_eq!(left(&here).len(), 1 + usize::from(out.is_some()), "{:?}", left(&here));
    }
}
