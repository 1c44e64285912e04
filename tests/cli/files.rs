//! Files that cannot be read, are wrongly encoded, too large, linked, or nothing that is read.

use super::{FAULTY, Room};
use serde_json::Value;

/// A bucket that a trail writes to; what says that it keeps versions stands elsewhere.
const TRAIL: &str = "resource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = aws_s3_bucket.b.id\n}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"bb\"\n}\n";
const VERSIONS: &str = "resource \"aws_s3_bucket_versioning\" \"b\" {\n  bucket = aws_s3_bucket.b.id\n  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n";

fn run(room: &Room, arguments: &[&str]) -> (i32, Value, String) {
    let (code, out, err) = room.run(&[&["check", "--format", "json"], arguments].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{arguments:?}: {out}{err}")), err)
}

fn verdict<'r>(report: &'r Value, check: &str) -> &'r str {
    let mut results = report["results"].as_array().unwrap().iter();
    results.find(|it| it["check"] == check).unwrap_or_else(|| panic!("no {check} in {report}"))["verdict"]
        .as_str()
        .unwrap()
}

/// The text with a byte of Latin-1 before it in a comment, or in a string behind it.
fn latin(text: &str, in_string: bool) -> Vec<u8> {
    match in_string {
        false => [b"# caf\xe9 /* \n/* \xe9\n */ ", text.as_bytes(), b"// \xe9"].concat(),
        true => [text.as_bytes(), b"locals {\n  x = \"# caf\xe9\"\n}\n"].concat(),
    }
}

/// Would catch: a module that is judged without the file that nobody could read, and one that is not judged although
/// Terraform takes its comment.
#[test]
fn a_part_of_a_module_that_cannot_be_read_makes_it_unknown() {
    let room = Room::new("files-parts");
    let json = "{\"resource\": {\"aws_s3_bucket_versioning\": {\"b\": {\"bucket\": \"caf\u{e9}\"}}}}";
    let json: Vec<u8> = json.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    for (name, content, versioning, code) in [
        ("z.tf", VERSIONS.as_bytes().to_vec(), "pass", 1),
        ("z.tf", latin(VERSIONS, false), "pass", 1),
        ("z.tf", latin(VERSIONS, true), "unknown", 2),
        ("z.tf", vec![0xff; 300], "unknown", 2),
        ("z.tf", b"foo\n".to_vec(), "unknown", 2),
        ("z.tf.json", json, "unknown", 2),
        ("z.tf.json", b"{".to_vec(), "unknown", 2),
        ("z.tf", "# ".repeat(40 * 1024 * 1024).into_bytes(), "unknown", 2),
    ] {
        let room = Room::new("files-parts/a");
        room.file("main.tf", TRAIL).file(name, &content);
        for path in [".", name] {
            let (got, report, _) = run(&room, &[path]);
            let what = format!("{name} {path} {:?}", content.get(..40));
            assert_eq!((got, verdict(&report, "bucket_without_versioning")), (code, versioning), "{what}");
            assert_eq!(report["complete"], code != 2, "{what}");
            for check in ["bucket_policy_missing", "bucket_without_lifecycle", "bucket_without_object_lock"] {
                let (got, report, _) = run(&room, &[path, "--check", check]);
                assert!(got != 2 || verdict(&report, check) == "unknown", "{what} {check}");
            }
        }
    }
    // What is written where it can be read still counts.
    room.file("b/main.tf", TRAIL.replace("name = \"t\"", "name = \"t\"\n  enable_logging = var.on"));
    room.file("b/v.tf", "variable \"on\" {\n  default = true\n}\n")
        .file("b/terraform.tfvars", latin("on = false\n", true));
    let stopped = |arguments: &[&str]| {
        let (_, report, _) = run(&room, &[&["b", "--check", "trail_stopped"], arguments].concat());
        verdict(&report, "trail_stopped").to_owned()
    };
    assert_eq!((stopped(&[]), stopped(&["--var", "on=false"])), ("unknown".to_owned(), "fail".to_owned()));
    room.file("b/terraform.tfvars", latin("on = false\n", false));
    assert_eq!(stopped(&[]), "fail");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_repository_are_told_and_not_followed() {
    use std::os::unix::fs::symlink;
    let room = Room::new("files-links");
    room.file("repo/.git/HEAD", "").file("repo/own.yaml", FAULTY).file("repo/deep/x.yaml", FAULTY);
    room.file("out/t.yaml", FAULTY)
        .file("ev/e.json", "{\"schema\": \"trailproof.evidence/1\", \"account\": \"111122223333\", \"calls\": []}");
    let link = |to: &str, name: &str| symlink(to, room.0.join(name)).unwrap();
    link("../out", "repo/out");
    link("/", "repo/everything");
    link("../out/t.yaml", "repo/one.yaml");
    link("nowhere.yaml", "repo/gone.yaml");
    // Sorts before what it leads to.
    link("deep", "repo/a-link");
    link("../out/t.yaml", "repo/notes.txt");
    let places = |report: &Value| -> Vec<String> {
        let mut all: Vec<String> = report["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["location"]["file"].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all.dedup();
        all
    };
    let (code, report, _) = run(&room, &["repo", "--check", "trail_stopped"]);
    assert_eq!((code, places(&report)), (1, vec!["repo/deep/x.yaml".to_owned(), "repo/own.yaml".to_owned()]));
    let names = |list: &str, key: &str| -> Vec<String> {
        let mut all: Vec<String> = report["coverage"][list]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it[key].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    };
    assert_eq!(names("files_skipped", "file"), ["repo/everything", "repo/gone.yaml", "repo/one.yaml", "repo/out"]);
    assert_eq!(names("not_seen", "name"), ["repo/gone.yaml", "repo/one.yaml"], "a file that may be a template");
    assert_eq!(report["complete"], false);
    let (_, report, _) = run(&room, &["ev", "--source", "repo"]);
    assert!(report["coverage"]["files_skipped"].to_string().contains("repo/everything"), "{report}");
    // What is named is meant.
    assert_eq!(run(&room, &["repo/out", "--check", "trail_stopped"]).0, 1);
    // A link inside leads somewhere, once.
    room.file("two/.git/HEAD", "").file("two/common/x.yaml", FAULTY);
    std::fs::create_dir(room.0.join("two/app")).unwrap();
    link("../common", "two/app/one");
    link("../common", "two/app/two");
    let (_, report, _) = run(&room, &["two/app", "--check", "trail_stopped"]);
    assert_eq!(places(&report), ["two/app/one/x.yaml"]);
}

#[test]
fn what_is_named_and_nothing_that_is_read_is_left_out_with_words() {
    let room = Room::new("files-named");
    let prose = "# Readme\n\nIt declares AWS::CloudTrail::Trail: Resources: [\n";
    room.file("README.md", prose).file("LICENSE", "MIT\n\nCopyright: x: y\n").file("ci.yml", "on: push\njobs: {}\n");
    room.file("tfplan", "PK\u{3}\u{4}xxtfplanxx")
        .file("empty.yaml", "")
        .file("notes", [0xe9])
        .file("good.yaml", FAULTY);
    for (name, words) in [
        ("README.md", "no template"),
        ("LICENSE", "no template"),
        ("ci.yml", "not a template"),
        ("tfplan", "terraform show -json"),
        ("empty.yaml", "not a template"),
        ("notes", "not text"),
    ] {
        let (code, report, err) = run(&room, &[name]);
        assert_eq!(
            (code, &report["complete"], &report["coverage"]["files_skipped"][0]["file"]),
            (0, &true.into(), &name.into())
        );
        assert!(err.contains(name) && err.contains(words), "{err}");
        assert_eq!(run(&room, &[name, "good.yaml"]).0, 1, "the others are judged");
    }
    room.file("stack", FAULTY).file("cut", "Resources:\n  T: {Type: AWS::CloudTrail::Trail").file("cut.yaml", "a: [");
    room.file("latin.yaml", latin(FAULTY, false))
        .file("latin.json", [b"{\"a\": \"\xe9".to_vec(), b"\"}".to_vec()].concat());
    let evidence =
        b"{\"schema\": \"trailproof.evidence/1\", \"account\": \"111122223333\", \"name\": \"\xe9\", \"calls\": []}";
    room.file("evidence.txt", evidence)
        .file("x.tfstate", b"{\"version\": 4, \"lineage\": \"\xe9\", \"serial\": 1, \"resources\": []}");
    for (name, wanted) in [
        ("stack", 1),
        ("cut", 2),
        ("cut.yaml", 2),
        ("latin.yaml", 2),
        ("latin.json", 2),
        ("evidence.txt", 2),
        ("x.tfstate", 2),
    ] {
        let (code, report, _) = run(&room, &[name, "good.yaml"]);
        assert_eq!(code, wanted, "{name} {report}");
        assert_eq!(report["complete"], wanted != 2, "{name}");
    }
}

/// Would catch: a template that is too large, or not text, and silently none.
#[test]
fn what_names_our_types_and_cannot_be_read_fails_the_run() {
    let room = Room::new("files-large");
    let pad = |content: &str, before: usize| [vec![b'#'; before], b"\n".to_vec(), content.as_bytes().to_vec()].concat();
    let large = 64 * 1024 * 1024;
    for (content, code) in [
        (latin(FAULTY, false), 2),
        (latin("a: 1\n", false), 1),
        // The name of the type lies across the border of two pieces.
        (pad(FAULTY, large + 64 * 1024 - 40), 2),
        (pad("a: 1\n", large), 1),
    ] {
        room.file("all/good.yaml", FAULTY).file("all/x.yaml", content);
        let (got, report, _) = run(&room, &["all", "--check", "trail_stopped"]);
        assert_eq!((got, &report["complete"]), (code, &Value::from(code != 2)), "{report}");
    }
}

#[cfg(unix)]
#[test]
fn names_that_cannot_be_shown_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let room = Room::new("files-names");
    for name in [&b"a\\b"[..], b"\xff\xfe", b"c"] {
        let directory = room.0.join("all").join(std::ffi::OsStr::from_bytes(name));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("main.tf"), "resource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = \"b\"\n  enable_logging = false\n}\n").unwrap();
    }
    assert_eq!(run(&room, &["all", "--check", "trail_stopped"]).1["results"].as_array().unwrap().len(), 3);
    assert_eq!(run(&room, &["all/a\\b/main.tf", "--check", "trail_stopped"]).0, 1);
}

/// Only who is not root can be refused a file.
#[cfg(unix)]
#[test]
fn what_may_not_be_read_fails_the_run() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new("files-denied");
    room.file("a/good.yaml", FAULTY)
        .file("a/hidden.yaml", FAULTY)
        .file("b/good.yaml", FAULTY)
        .file("b/in/hidden.yaml", FAULTY);
    room.file("c/main.tf", TRAIL).file("c/z.tf", VERSIONS);
    let close =
        |name: &str, mode| std::fs::set_permissions(room.0.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
    let closed = ["a/hidden.yaml", "b/in", "c/z.tf"];
    closed.into_iter().for_each(|name| close(name, 0));
    let is_root = std::fs::File::open(room.0.join("a/hidden.yaml")).is_ok();
    let reports = ["a", "b", "c"].map(|name| run(&room, &[name]));
    closed.into_iter().for_each(|name| close(name, 0o755));
    if is_root {
        return;
    }
    for ((code, report, _), name) in reports.iter().zip(closed) {
        assert_eq!((*code, &report["complete"], &report["errors"][0]["file"]), (2, &false.into(), &name.into()));
    }
    assert_eq!(verdict(&reports[2].1, "bucket_without_versioning"), "unknown");
}

#[cfg(target_os = "linux")]
#[test]
fn devices_end() {
    let room = Room::new("files-devices");
    room.file("t.yaml", FAULTY);
    for (arguments, words) in [
        (&["check", "t.yaml", "--parameter-file", "/dev/zero"][..], "larger than"),
        (&["check", "/dev/zero"], "larger than"),
        (&["check", "t.yaml", "--output", "json=/dev/full"], "cannot write /dev/full: no space left on device"),
    ] {
        let (code, out, err) = room.run(arguments);
        assert!(code == 2 && format!("{out}{err}").contains(words), "{arguments:?} {code} {err}");
    }
    let (_, out, _) = room.run(&["check", "t.yaml", "--output", "json=/dev/full"]);
    assert!(out.contains("trail_stopped"), "the report is shown whatever becomes of its copies: {out}");
    let (code, out, err) = room.run(&["check", "t.yaml", "--output", "json=no/such/room.json"]);
    assert!(code == 1 && out.contains("trail_stopped") && err.is_empty(), "{err}");
    assert!(std::fs::read_to_string(room.0.join("no/such/room.json")).unwrap().contains("trail_stopped"));
    room.file("taken", "");
    let (code, out, err) = room.run(&["check", "t.yaml", "--output", "json=taken/x.json"]);
    assert!(code == 2 && out.contains("trail_stopped") && err.starts_with("note: cannot write taken/x.json"), "{err}");
}
