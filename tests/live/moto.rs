//! The local AWS: installed once into the build directory, started once, filled once, stopped with the tests.

use std::fs::File;
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
    _server: Server,
}

/// A running server.
pub(super) struct Server {
    pub(super) port: u16,
    /// Ends with this process: its standard input is closed then.
    _process: Child,
}

/// The server that all tests share; none of them writes.
pub(super) fn shared() -> &'static Moto {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    MOTO.get_or_init(|| {
        let server = serve(None);
        let accounts = fill(&server, "estate.py");
        Moto { port: server.port, accounts: serde_json::from_str(&accounts).unwrap(), _server: server }
    })
}

/// Fills a server by a script of this folder; what it prints.
pub(super) fn fill(server: &Server, script: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live").join(script);
    let url = format!("http://127.0.0.1:{}", server.port);
    run(Command::new(room().join("bin/python")).arg(script).arg(url))
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The directory of the installed server.
fn room() -> &'static Path {
    static ROOM: OnceLock<PathBuf> = OnceLock::new();
    ROOM.get_or_init(|| {
        let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("moto-{VERSION}"));
        let done = room.join("installed");
        if !done.exists() {
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&room));
            let package = format!("moto[server]=={VERSION}");
            run(Command::new(room.join("bin/pip")).args(["install", "--quiet", &package, "boto3"]));
            File::create(done).unwrap();
        }
        room
    })
}

/// A server without anything. Where an account is given, everybody is in it, whatever their role.
pub(super) fn serve(account: Option<&str>) -> Server {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = room().join(format!("server-{port}.log"));
    // The shell lives as long as this process holds its input, and takes the server with it.
    let script = "\"$0\" -H 127.0.0.1 -p \"$1\" >\"$2\" 2>&1 & server=$!; cat >/dev/null; kill $server";
    let process = Command::new("sh")
        .args(["-c", script])
        .arg(room().join("bin/moto_server"))
        .arg(port.to_string())
        .arg(&log)
        .envs(account.map(|id| ("MOTO_ACCOUNT_ID", id)))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        assert!(since.elapsed() < Duration::from_secs(60), "{}", said());
        std::thread::sleep(Duration::from_millis(100));
    }
    Server { port, _process: process }
}
