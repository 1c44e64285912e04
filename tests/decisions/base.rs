//! A change does not exempt itself: what the base decides counts.

use super::{Room, TRAIL};

const STOPPED: &str = "trail_stopped Trail";
const ALLOWED: &str = "false # trailproof: allow trail_stopped -- the other one records";

/// A repository with its base beside it.
fn room(name: &str) -> Room {
    let room = Room::new(name);
    std::fs::create_dir_all(room.0.join("base/.git")).unwrap();
    room.file("base/a/t.yaml", TRAIL).file("a/t.yaml", TRAIL);
    room
}

fn open(room: &Room) -> Vec<String> {
    room.open(&["a", "--base", "base"])
}

#[test]
fn what_the_base_has_is_not_new() {
    let room = room("base-same");
    assert_eq!(open(&room), Vec::<String>::new());
    assert_eq!(room.run(&["check", "a", "--base", "base"]).0, 0);
    let moved = format!("# more\n\n{}", TRAIL.replace("IsLogging: false", "IsLogging:   false"));
    room.file("a/t.yaml", moved);
    assert_eq!(open(&room), Vec::<String>::new());
    room.file("a/t.yaml", TRAIL.to_owned() + &TRAIL.replace("Resources:\n", "").replace("  Trail:", "  Second:"));
    assert!(open(&room).contains(&"trail_stopped Second".to_owned()) && !open(&room).contains(&STOPPED.to_owned()));
    room.file("base/a/t.yaml", TRAIL.replace("false", "true"));
    assert!(open(&room).contains(&STOPPED.to_owned()));
    std::fs::remove_dir_all(room.0.join("base/a")).unwrap();
    assert!(open(&room).contains(&STOPPED.to_owned()), "what the base has not is new as a whole");
}

#[test]
fn exceptions_of_the_change_are_pending() {
    let room = room("base-allow");
    let good = TRAIL.replace("false", "true");
    room.file("base/a/t.yaml", &good).file("a/t.yaml", TRAIL.replace("false", ALLOWED));
    assert_eq!(open(&room), [STOPPED]);
    assert_eq!(room.states(&["a", "--base", "base"]), ["allow_pending trail_stopped"]);
    // One that the base has holds, wherever its line is.
    room.file("base/a/t.yaml", TRAIL.replace("false", ALLOWED))
        .file("a/t.yaml", format!("# x\n{}", TRAIL.replace("false", ALLOWED)));
    assert_eq!(open(&room), Vec::<String>::new());
    assert_eq!(room.states(&["a", "--base", "base"]), Vec::<String>::new());
    // One that is moved to something else is another one.
    let second = TRAIL.replace("Resources:\n", "").replace("  Trail:", "  Second:").replace("false", ALLOWED);
    room.file("a/t.yaml", TRAIL.replace("false", ALLOWED) + &second);
    assert!(open(&room).contains(&"trail_stopped Second".to_owned()));
    assert_eq!(room.states(&["a", "--base", "base"]), ["allow_pending trail_stopped"]);
}

#[test]
fn the_configuration_of_the_base_counts() {
    let room = room("base-config");
    room.file("base/a/t.yaml", TRAIL.replace("false", "true"));
    let allow = "allow:\n  - {check: trail_stopped, path: a, reason: the other account records}\n";
    for text in [allow, "checks: {disable: [trail_stopped]}\n", "fail_on: critical\npaths: {exclude: [a]}\n"] {
        room.file("trailproof.yaml", text);
        assert_eq!(open(&room), [STOPPED], "{text}");
    }
    room.file("trailproof.yaml", allow);
    assert_eq!(room.states(&["a", "--base", "base"]), ["allow_pending trail_stopped"]);
    room.file("base/trailproof.yaml", allow);
    assert_eq!(open(&room), Vec::<String>::new());
    std::fs::remove_file(room.0.join("trailproof.yaml")).unwrap();
    assert_eq!(open(&room), Vec::<String>::new());
    let (code, _, err) = room.run(&["check", "a", "--base", "none"]);
    assert!(code == 2 && err.contains("there is no such directory"), "{err}");
}
