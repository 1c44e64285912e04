//! The first day: what `init`, `allow add` and a baseline make of a repository.

use super::{Room, TRAIL};

#[test]
fn an_exception_is_written_in_the_style_of_its_file() {
    let reason = ["--reason", "the other account records"];
    let words = "trailproof: allow trail_stopped -- the other account records";
    let terraform = "// a\nresource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = \"b\"\n  enable_logging = false\n}\n";
    for (file, text, address, line) in [
        ("t.yaml", TRAIL.to_owned(), "Trail", format!("  # {words}\n")),
        ("t.yaml", TRAIL.replace('\n', "\r\n"), "Trail", format!("  # {words}\r\n")),
        ("main.tf", terraform.to_owned(), "aws_cloudtrail.t", format!("// {words}\n")),
        ("main.tf", terraform.replace("// a\n", ""), "aws_cloudtrail.t", format!("# {words}\n")),
    ] {
        let room = Room::new("add");
        room.file(file, &text);
        let (code, out, err) = room.run(&[&["allow", "add", "trail_stopped", address, "."][..], &reason].concat());
        assert!(code == 0 && out == format!("{file}: trail_stopped of {address}\n"), "{out}{err}");
        let edited = room.read(file);
        assert!(edited.contains(&line), "{edited}");
        assert_eq!(edited.replacen(&line, "", 1), text, "nothing else is changed");
        assert!(!room.open(&["."]).iter().any(|it| it.starts_with("trail_stopped")), "{edited}");
        assert_eq!(room.states(&["."]), Vec::<String>::new());
        let (code, _, err) = room.run(&[&["allow", "add", "trail_stopped", address, "."][..], &reason].concat());
        assert!(code == 2 && err.contains("finds nothing"), "{err}");
    }
}

#[test]
fn where_no_comment_can_stand_the_configuration_has_it() {
    let room = Room::new("entry");
    room.file("t.json", r#"{"Resources": {"A": {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": "b", "IsLogging": false}},
        "B": {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": "b", "IsLogging": false}}}}"#);
    for (address, more) in [("A", &["--owner", "ops"][..]), ("B", &["--until", "2999-01-01"])] {
        let add = ["allow", "add", "trail_stopped", address, ".", "--reason", "the other account records"];
        let (code, out, err) = room.run(&[&add[..], more].concat());
        assert_eq!(code, 0, "{out}{err}");
        let open = room.open(&["."]);
        assert!(!open.contains(&format!("trail_stopped {address}")), "{open:?} {}", room.read("trailproof.yaml"));
    }
    let text = room.read("trailproof.yaml");
    assert!(text.contains("    owner: \"ops\"\n") && text.contains("    until: 2999-01-01\n"), "{text}");
    assert_eq!(room.states(&["."]), Vec::<String>::new());
}

#[test]
fn the_first_day_ends_well_and_a_new_fault_stands_alone() {
    // What this project shows to its users is what they begin with.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for name in ["cloudformation", "terraform", "account/organization"] {
        let room = Room::new(&format!("first-day-{}", name.replace('/', "-")));
        let mut open = vec![root.join(name)];
        while let Some(directory) = open.pop() {
            for entry in std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
                match entry.is_dir() {
                    true => open.push(entry),
                    false => drop(room.file(
                        &entry.strip_prefix(root.join(name)).unwrap().to_string_lossy(),
                        std::fs::read(&entry).unwrap(),
                    )),
                }
            }
        }
        let before = room.run(&["check", "."]);
        let (code, out, err) = room.run(&["init", "."]);
        assert_eq!(code, 0, "{name}: {out}{err}");
        let (code, out, _) = room.run(&["check", "."]);
        assert_eq!(code, 0, "{name}: {out}");
        assert!(before.0 == 0 || out.contains(" by baseline"), "{name}: {out}");
        room.file("injected/t.yaml", TRAIL.replace("  Trail:", "  Injected:"));
        let open = room.open(&["."]);
        assert!(open.contains(&"trail_stopped Injected".to_owned()), "{name}: {open:?}");
        assert!(open.iter().all(|it| it.ends_with(" Injected")), "{name}: {open:?}");
        assert_eq!(room.run(&["check", "."]).0, 1);
        assert_eq!(room.run(&["init", "."]).0, 2, "what is there is kept");
    }
}
