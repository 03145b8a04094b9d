//! A web server with faults, on this machine alone.
//!
//! It serves a folder; what is served in place of one of its files a test decides. It ends with the value
//! that stands for it: each connection is one request, and none outlives a bound.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The most that an answer without an end comes to: more than any client should read.
const ENDLESS: usize = 80 << 20;

/// What is answered in the place of a file.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A status and nothing else: `404 Not Found`.
    Status(&'static str),
    /// Another address.
    Redirect(String),
    /// Bytes without an end.
    Endless,
    /// A byte each tenth of a second.
    Drip,
    /// Half of what was announced.
    Truncated,
    /// Nothing, and the connection stays.
    Silence,
    /// Other bytes.
    Bytes(Vec<u8>),
}

/// A web server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    faults: Arc<Mutex<BTreeMap<String, Fault>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `folder`.
    pub fn of(folder: &Path) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the machine has itself");
        let address = listener.local_addr().expect("it is bound");
        let (faults, over) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let served = Served { folder: folder.to_owned(), faults: Arc::clone(&faults) };
        let end = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let served = Arc::new(served);
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let (served, end) = (Arc::clone(&served), Arc::clone(&end));
                if let Ok(stream) = stream {
                    // Whoever does not read to the end is no concern of ours.
                    thread::spawn(move || drop(served.answer(stream, &end)));
                }
            }
        });
        Self { address, faults, over, thread: Some(thread) }
    }

    /// Returns its address: `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers with a fault where a path ends with `end`.
    pub fn fail(&self, end: &str, fault: Fault) {
        self.faults.lock().expect("no thread panics").insert(end.to_owned(), fault);
    }

    /// Serves the folder as it is again.
    pub fn heal(&self) {
        self.faults.lock().expect("no thread panics").clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // The thread waits for somebody.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Served {
    folder: PathBuf,
    faults: Arc<Mutex<BTreeMap<String, Fault>>>,
}

impl Served {
    fn answer(&self, stream: TcpStream, over: &AtomicBool) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_write_timeout(Some(Duration::from_secs(10)))?;
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
        for line in lines.by_ref() {
            if line?.is_empty() {
                break;
            }
        }
        let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
        let faults = self.faults.lock().expect("no thread panics").clone();
        let fault = faults.iter().find(|(end, _)| path.ends_with(*end)).map(|(_, fault)| fault);
        let file = std::fs::read(self.folder.join(path.trim_start_matches('/')));
        send(stream, fault, file.ok(), over)
    }
}

fn send(
    mut out: TcpStream,
    fault: Option<&Fault>,
    file: Option<Vec<u8>>,
    over: &AtomicBool,
) -> std::io::Result<()> {
    let head = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
    };
    let file = file.ok_or(&"404 Not Found");
    match (fault, file) {
        (Some(Fault::Status(status)), _) | (None, Err(status)) => {
            write!(out, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        (Some(Fault::Redirect(to)), _) => write!(
            out,
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ),
        (Some(Fault::Endless), _) => {
            out.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            let block = vec![b' '; 1 << 20];
            (0..ENDLESS >> 20).try_for_each(|_| out.write_all(&block))
        }
        (Some(Fault::Drip), _) => {
            out.write_all(head(1 << 20).as_bytes())?;
            for _ in 0..300 {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                out.write_all(b" ")?;
                thread::sleep(Duration::from_millis(100));
            }
            Ok(())
        }
        (Some(Fault::Silence), _) => {
            for _ in 0..300 {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                thread::sleep(Duration::from_millis(100));
            }
            Ok(())
        }
        (Some(Fault::Truncated), Ok(file)) => {
            out.write_all(head(file.len()).as_bytes())?;
            out.write_all(&file[..file.len() / 2])
        }
        (Some(Fault::Truncated), Err(_)) => Ok(()),
        (Some(Fault::Bytes(bytes)), _) => {
            out.write_all(head(bytes.len()).as_bytes())?;
            out.write_all(bytes)
        }
        (None, Ok(file)) => {
            out.write_all(head(file.len()).as_bytes())?;
            out.write_all(&file)
        }
    }
}
