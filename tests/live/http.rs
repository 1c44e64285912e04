//! As much of HTTP/1.1 as the SDK and the local AWS speak.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> &str {
        find(&self.headers, name).unwrap_or_default()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The next request of a connection; none where it is closed.
    pub(super) fn read(from: &mut BufReader<TcpStream>) -> Option<Request> {
        let first = line(from)?;
        let mut parts = first.split(' ');
        let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let headers = headers(from)?;
        let body = body(from, &headers)?;
        Some(Request { method, target, headers, body })
    }

    /// Sends it elsewhere, and brings the answer back.
    pub(super) fn forward(&self, port: u16) -> std::io::Result<Response> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let dropped = ["connection", "content-length", "transfer-encoding"];
        for (name, value) in self.headers.iter().filter(|(name, _)| !dropped.contains(&name.to_lowercase().as_str())) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("connection: close\r\ncontent-length: {}\r\n\r\n", self.body.len()));
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body)?;
        let mut from = BufReader::new(stream);
        let first = line(&mut from).unwrap_or_default();
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(502);
        let headers = headers(&mut from).unwrap_or_default();
        let body = body(&mut from, &headers).unwrap_or_default();
        Ok(Response { status, headers, body })
    }
}

impl Response {
    pub(super) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Response {
        Response { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body: body.into() }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Response {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn write(&self, to: &mut TcpStream) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} OK\r\n", self.status);
        let own = ["connection", "content-length", "transfer-encoding"];
        for (name, value) in self.headers.iter().filter(|(name, _)| !own.contains(&name.to_lowercase().as_str())) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        to.write_all(&[head.as_bytes(), &self.body].concat())
    }
}

fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn line(from: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    (from.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
}

fn headers(from: &mut BufReader<TcpStream>) -> Option<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = line(from)?;
        match line.split_once(':') {
            None => return Some(headers),
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
        }
    }
}

fn body(from: &mut BufReader<TcpStream>, headers: &[(String, String)]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    if find(headers, "transfer-encoding").is_some() {
        loop {
            let size = usize::from_str_radix(&line(from)?, 16).ok()?;
            let mut chunk = vec![0; size];
            from.read_exact(&mut chunk).ok()?;
            body.extend(chunk);
            line(from)?;
            if size == 0 {
                return Some(body);
            }
        }
    }
    let length = find(headers, "content-length").map_or(0, |length| length.parse().unwrap());
    body.resize(length, 0);
    from.read_exact(&mut body).ok()?;
    Some(body)
}
