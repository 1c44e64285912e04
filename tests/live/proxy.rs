//! Stands between the tool and the local AWS: writes down what is asked, answers what the local AWS lacks, and breaks
//! what a test wants broken.

use super::http::{Request, Response};
use super::wire::Asked;
use super::{moto, peer};
use std::collections::HashMap;
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with a request.
pub(super) enum Fault {
    /// An error in the words of the service.
    Error(u16, &'static str, &'static str),
    /// Another answer.
    Answer(Response),
    /// The connection is cut.
    Reset,
    /// The answer takes its time.
    Slow(Duration),
}

/// Says what goes wrong with a request; the number counts those that asked the same before.
pub(super) type Faults = dyn Fn(&Asked, usize) -> Option<Fault> + Send + Sync;

pub(super) struct Proxy {
    pub(super) url: String,
    log: Arc<Mutex<Log>>,
}

/// What was asked, in order, and how often each.
#[derive(Default)]
struct Log {
    asked: Vec<Asked>,
    times: HashMap<Asked, usize>,
}

impl Log {
    /// Adds a request, and says how many before it asked the same.
    fn add(&mut self, asked: &Asked) -> usize {
        self.asked.push(asked.clone());
        let times = self.times.entry(asked.clone()).or_default();
        *times += 1;
        *times - 1
    }
}

impl Proxy {
    /// In front of the shared server.
    pub(super) fn new(faults: impl Fn(&Asked, usize) -> Option<Fault> + Send + Sync + 'static) -> Proxy {
        let port = moto::shared().port;
        Proxy::with(faults, move |asked, request| {
            let own = peer::answer(asked, request, port);
            own.unwrap_or_else(|| request.forward(port).unwrap_or_else(|_| Response::new(502, "text/plain", "")))
        })
    }

    /// In front of whatever answers.
    pub(super) fn with(
        faults: impl Fn(&Asked, usize) -> Option<Fault> + Send + Sync + 'static,
        answer: impl Fn(&Asked, &Request) -> Response + Send + Sync + 'static,
    ) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let log = Arc::new(Mutex::new(Log::default()));
        let (kept, faults, answer) = (Arc::clone(&log), Arc::new(faults), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, faults, answer) = (Arc::clone(&kept), Arc::clone(&faults), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &log, &*faults, &*answer));
            }
        });
        Proxy { url, log }
    }

    /// What was asked so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().asked.clone()
    }
}

fn serve(stream: TcpStream, log: &Mutex<Log>, faults: &Faults, answer: &dyn Fn(&Asked, &Request) -> Response) {
    let mut writer = stream.try_clone().unwrap();
    let _ = writer.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader) {
        let asked = Asked::of(&request);
        let before = log.lock().unwrap().add(&asked);
        let response = match faults(&asked, before) {
            Some(Fault::Error(status, code, message)) => asked.error(status, code, message),
            Some(Fault::Answer(response)) => response,
            Some(Fault::Reset) => return,
            Some(Fault::Slow(time)) => {
                std::thread::sleep(time);
                answer(&asked, &request)
            }
            None => answer(&asked, &request),
        };
        if response.write(&mut writer).is_err() {
            return;
        }
    }
}
