//! The local AWS: installed once into the build directory, started once, filled once, stopped with the tests.

use std::fs::File;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Older ones answer calls that are needed here with errors of their own.
const VERSION: &str = "5.2.5";

/// A running server with the estate of `estate.py`.
pub(super) struct Moto {
    pub(super) port: u16,
    /// Ids of the accounts by name.
    pub(super) accounts: serde_json::Value,
    /// Ends with this process: its standard input is closed then.
    _server: Child,
}

/// The server that all tests share; none of them writes.
pub(super) fn shared() -> &'static Moto {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    MOTO.get_or_init(start)
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The directory of the installed server.
fn install() -> PathBuf {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("moto-{VERSION}"));
    let done = room.join("installed");
    if !done.exists() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&room));
        let package = format!("moto[server]=={VERSION}");
        run(Command::new(room.join("bin/pip")).args(["install", "--quiet", &package, "boto3"]));
        File::create(done).unwrap();
    }
    room
}

fn start() -> Moto {
    let room = install();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // The shell lives as long as this process holds its input, and takes the server with it.
    let script = "\"$0\" -H 127.0.0.1 -p \"$1\" >\"$2\" 2>&1 & server=$!; cat >/dev/null; kill $server";
    let server = Command::new("sh")
        .args(["-c", script])
        .arg(room.join("bin/moto_server"))
        .arg(port.to_string())
        .arg(room.join("server.log"))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", log(&room));
        std::thread::sleep(Duration::from_millis(100));
    }
    let estate = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/estate.py");
    let url = format!("http://127.0.0.1:{port}");
    let accounts = run(Command::new(room.join("bin/python")).arg(estate).arg(url));
    Moto { port, accounts: serde_json::from_str(&accounts).unwrap(), _server: server }
}

fn log(room: &Path) -> String {
    let mut text = String::new();
    let _ = File::open(room.join("server.log")).and_then(|mut file| file.read_to_string(&mut text));
    text
}
