//! `trailproof.yaml`: where it is found, what is wrong with it, and what each key does.

use super::{Room, TRAIL};

const STOPPED: &str = "trail_stopped Trail";

#[test]
fn it_is_found_above_the_first_path_up_to_the_repository() {
    let room = Room::new("found");
    let off = "checks: {disable: [trail_stopped]}\n";
    room.file("a/b/t.yaml", TRAIL);
    assert!(room.open(&["a/b/t.yaml"]).contains(&STOPPED.to_owned()));
    for (name, is_found) in [
        ("trailproof.yaml", true),
        ("trailproof.yml", true),
        (".github/trailproof.yaml", true),
        ("a/trailproof.yaml", true),
        ("a/b/trailproof.yaml", true),
        ("../trailproof.yaml", false),
        ("c/trailproof.yaml", false),
    ] {
        room.file(name, off);
        assert_eq!(!room.open(&["a/b/t.yaml"]).contains(&STOPPED.to_owned()), is_found, "{name}");
        assert!(room.open(&["a/b/t.yaml", "--no-config"]).contains(&STOPPED.to_owned()), "{name}");
        assert!(!room.open(&["a/b/t.yaml", "--config", name]).contains(&STOPPED.to_owned()), "{name}");
        std::fs::remove_file(room.0.join(name)).unwrap();
    }
    room.file("trailproof.yaml", off).file("trailproof.yml", off);
    let (code, _, err) = room.run(&["check", "a/b/t.yaml"]);
    assert!(code == 2 && err.contains("are both a configuration"), "{err}");
}

#[test]
fn what_is_wrong_with_it_is_told_where_it_stands() {
    let room = Room::new("wrong");
    room.file("t.yaml", TRAIL);
    for (text, place, words) in [
        ("settigns: {}\n", "1:1", "`settigns` is no key here; did you mean `settings`?"),
        (
            "checks:\n  enable: [trail_stoped]\n",
            "2:12",
            "there is no check `trail_stoped`; did you mean `trail_stopped`?",
        ),
        ("fail_on: hihg\n", "1:10", "`low`, `medium`, `high` or `critical`; did you mean `high`?"),
        ("strict: maybe\n", "1:9", "`strict` takes `true` or `false`"),
        ("settings: {required_days: 1y}\n", "1:27", "a whole number"),
        ("strict: true\nstrict: false\n", "2:1", "duplicate key `strict`"),
        ("requires: '>=9'\n", "1:11", "this file is for trailproof >=9"),
        ("accounts: {12345: {name: a}}\n", "1:12", "`12345` is no id of an account: 12 digits"),
        ("allow: [{check: key_open, reason: we know of this key}]\n", "1:9", "does not say what it is about"),
        ("allow: [{check: key_open, everywhere: true}]\n", "1:17", "does not say why"),
        ("allow: [{check: key_opn, everywhere: true, reason: we know of this}]\n", "1:17", "did you mean `key_open`?"),
        ("allow: [{check: key_open, adress: a, reason: we know of this}]\n", "1:27", "did you mean `address`?"),
        ("allow: [{check: key_open, address: a, until: soon, reason: we know of this}]\n", "1:17", "`until` is no day"),
        ("checks: {enable: [key_open], disable: [key_open]}\n", "1:40", "`key_open` is enabled and disabled"),
        (
            "never_allow: [key_open]\nallow: [{check: key_open, address: a, reason: we know of this}]\n",
            "2:17",
            "can have no exception",
        ),
        ("schema: trailproof.config/2\n", "1:9", "`trailproof.config/1`"),
        ("- a\n", "1:1", "takes keys and values"),
        ("a: {\n", "", "error"),
    ] {
        room.file("trailproof.yaml", text);
        let (code, out, _) = room.run(&["check", "t.yaml"]);
        assert!(code == 2 && out.contains(words), "{text}: {code} {out}");
        assert!(out.contains(&format!("trailproof.yaml:{place}")), "{text}: {out}");
        // A machine is told the same, in a report that is whole.
        let report = room.json(&["t.yaml"]);
        assert!(report["errors"][0]["location"]["line"].is_u64() && report["complete"] == false, "{report}");
    }
    for text in ["", "# nothing\n", "settings:\n", "schema: trailproof.config/1\nrequires: '>=0.1'\n"] {
        room.file("trailproof.yaml", text);
        assert_eq!(room.run(&["check", "t.yaml"]).0, 1, "{text}");
    }
}

#[test]
fn flags_win_over_it() {
    let room = Room::new("flags");
    room.file("t.yaml", TRAIL);
    room.file(
        "trailproof.yaml",
        "fail_on: critical\nchecks: {disable: [trail_stopped], severity: {trail_single_region: critical}}\n",
    );
    let report = room.json(&["t.yaml"]);
    let single = report["results"].as_array().unwrap().iter().find(|it| it["check"] == "trail_single_region").unwrap();
    assert_eq!(single["severity"], "critical");
    assert_eq!(room.run(&["check", "t.yaml"]).0, 1, "the check that was made critical fails");
    room.file("trailproof.yaml", "fail_on: critical\nchecks: {disable: [trail_stopped]}\n");
    assert_eq!(room.run(&["check", "t.yaml"]).0, 0);
    assert_eq!(room.run(&["check", "t.yaml", "--fail-on", "low"]).0, 1);
    assert_eq!(room.open(&["t.yaml", "--check", "trail_stopped"]), [STOPPED]);
}

#[test]
fn settings_and_values_reach_the_checks() {
    let room = Room::new("settings");
    let template = "Parameters: {Days: {Type: Number}, Logging: {Type: String}}\nResources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    \
                    Properties: {IsLogging: !Ref Logging, S3BucketName: logs}\n  Group:\n    Type: AWS::Logs::LogGroup\n    \
                    Properties: {RetentionInDays: !Ref Days}\n";
    room.file("t.yaml", template).file("values/a.json", "{\"Days\": \"30\"}");
    let config = "settings: {log_groups: [Group], required_days: 60}\nparameters: {Logging: false}\nparameter_files: [values/*.json]\n";
    room.file("trailproof.yaml", config);
    let open = room.open(&["t.yaml"]);
    assert!(
        open.contains(&STOPPED.to_owned()) && open.contains(&"log_group_retention_short Group".to_owned()),
        "{open:?}"
    );
    let open = room.open(&["t.yaml", "--required-days", "20", "--parameter", "Logging=true"]);
    assert!(!open.contains(&STOPPED.to_owned()) && !open.contains(&"log_group_retention_short Group".to_owned()));
    room.file("trailproof.yaml", "parameter_files: [none/*.json]\n");
    let (code, _, err) = room.run(&["check", "t.yaml"]);
    assert!(code == 2 && err.contains("`none/*.json` means no file"), "{err}");
}

#[test]
fn paths_are_left_out() {
    let room = Room::new("paths");
    room.file("a/t.yaml", TRAIL).file("b/t.yaml", TRAIL).file("c/d/t.yaml", TRAIL);
    let count = |arguments: &[&str]| room.open(arguments).iter().filter(|it| *it == STOPPED).count();
    assert_eq!(count(&["."]), 3);
    assert_eq!(count(&[".", "--exclude", "a"]), 2);
    assert_eq!(count(&[".", "--exclude", "**/t.yaml"]), 0);
    room.file("trailproof.yaml", "paths: {exclude: [c/**]}\n");
    assert_eq!((count(&["."]), count(&["c/d/t.yaml"])), (2, 1), "what was named is read");
    room.file("trailproof.yaml", "paths: {include: ['c/**', a]}\n");
    assert_eq!(count(&["."]), 2);
    room.file("trailproof.yaml", "");
    room.file(".gitignore", "a/\n/c/*\n").file("c/.gitignore", "!d\n");
    assert_eq!((count(&["."]), count(&[".", "--no-gitignore"]), count(&["a"])), (2, 3, 1));
    let report = room.json(&["."]);
    let skipped = report["coverage"]["files_skipped"].as_array().unwrap();
    assert!(skipped.iter().any(|it| it["file"] == "a" && it["why"] == "git ignores it"), "{skipped:?}");
}

#[test]
fn exceptions_are_about_what_their_patterns_mean() {
    let room = Room::new("exceptions");
    room.file("a/t.yaml", TRAIL).file("b/t.yaml", TRAIL.replace("  Trail:", "  Other:"));
    let allow =
        |rest: &str| format!("allow:\n  - check: trail_stopped\n    reason: the other account records\n    {rest}\n");
    let stopped = |text: String| {
        room.file("trailproof.yaml", text);
        let open = room.open(&["."]).into_iter().filter(|it| it.starts_with("trail_stopped")).count();
        (open, room.states(&["."]))
    };
    let unused = || vec!["allow_unused trail_stopped".to_owned()];
    assert_eq!(stopped(allow("path: a/**")), (1, vec![]));
    assert_eq!(stopped(allow("address: Other")), (1, vec![]));
    assert_eq!(stopped(allow("address: '*'\n    path: a")), (1, vec![]));
    assert_eq!(stopped(allow("everywhere: true")), (0, vec![]));
    assert_eq!(stopped(allow("address: Third")), (2, unused()));
    // What was not looked at is not unused.
    assert_eq!(stopped(allow("path: c/**")), (2, vec![]));
    assert_eq!(stopped(allow("arn: 'arn:*'")), (2, vec![]));
    assert_eq!(
        stopped(allow("everywhere: true\n    until: 2020-01-01")),
        (2, vec!["allow_expired trail_stopped".to_owned()])
    );
    assert_eq!(
        stopped(allow("everywhere: true") + "allow_rules: {until: required}\n"),
        (2, vec!["allow_refused trail_stopped".to_owned()])
    );
    assert_eq!(stopped(allow("everywhere: true\n    owner: ops") + "allow_rules: {owner: required}\n"), (0, vec![]));
    assert_eq!(stopped(allow("everywhere: true\n    until: 2999-01-01") + "allow_rules: {max_days: 90}\n").0, 2);
    assert_eq!(stopped(allow("everywhere: true\n    ticket: SEC-1") + "allow_rules: {ticket: 'SEC-*'}\n").0, 0);
    assert_eq!(stopped(allow("everywhere: true\n    ticket: OPS-1") + "allow_rules: {ticket: 'SEC-*'}\n").0, 2);
    assert_eq!(room.run(&["check", ".", "--check", "trail_stopped", "--fail-on-exceptions"]).0, 1);
}

#[test]
fn comments_obey_its_rules() {
    let room = Room::new("rules");
    room.file("t.yaml", TRAIL.replace("false", "false # trailproof: allow trail_stopped -- the other one records"));
    assert_eq!(room.open(&["t.yaml", "--check", "trail_stopped"]), Vec::<String>::new());
    room.file("trailproof.yaml", "never_allow: [trail_stopped]\n");
    assert_eq!(room.open(&["t.yaml", "--check", "trail_stopped"]), [STOPPED]);
    assert_eq!(room.states(&["t.yaml"]), ["allow_refused trail_stopped"]);
}

#[test]
fn a_central_team_can_only_be_tightened() {
    let room = Room::new("central");
    room.file("t.yaml", TRAIL.replace("false", "false # trailproof: allow trail_stopped -- the other one records"));
    room.file(
        "central.yaml",
        "never_allow: [trail_stopped]\nfail_on: medium\nchecks: {enable: [trail_without_insights]}\n",
    );
    room.file(
        "trailproof.yaml",
        "policy: central.yaml\nfail_on: critical\nchecks: {disable: [trail_without_insights]}\n",
    );
    let open = room.open(&["t.yaml"]);
    assert!(
        open.contains(&STOPPED.to_owned()) && open.contains(&"trail_without_insights Trail".to_owned()),
        "{open:?}"
    );
    assert_eq!(room.run(&["check", "t.yaml", "--fail-on", "critical", "--skip", "trail_stopped"]).0, 1);
    room.file("trailproof.yaml", "");
    assert!(!room.open(&["t.yaml"]).contains(&STOPPED.to_owned()));
    assert!(room.open(&["t.yaml", "--policy", "central.yaml"]).contains(&STOPPED.to_owned()));
}

#[test]
fn what_is_in_force_is_shown_with_its_place() {
    let room = Room::new("show");
    room.file(
        "trailproof.yaml",
        "fail_on: high\nsettings:\n  required_days: 90\naccounts:\n  012345678901: {name: logs}\n",
    );
    let (code, out, err) = room.run(&["config", "show"]);
    assert_eq!(code, 0, "{err}");
    let line = |name: &str| out.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(line("fail_on").contains("high") && line("fail_on").ends_with("trailproof.yaml:1:10"), "{out}");
    assert!(line("settings.required_days").ends_with("trailproof.yaml:3:18"), "{out}");
    assert!(line("strict").ends_with("default") && line("accounts.012345678901").contains("logs"), "{out}");
}
