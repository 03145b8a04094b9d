//! Files from web servers, within bounds: so long, so many bytes, so slow and no more
//! (`threats-and-faults` A8, A9).

use std::error::Error;
use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{StatusCode, Url};

use super::Unread;

/// How often a server may send on.
const REDIRECTS: usize = 5;

/// Bytes per second below which a transfer is given up.
const SLOWEST: u64 = 1024;

/// A transfer may take so many times as long as it may be slow.
const TOTAL: u32 = 10;

/// How often what failed is tried again, and how long after the first time.
const RETRIES: u32 = 2;
const PAUSE: Duration = Duration::from_millis(200);

/// A way to web servers.
#[derive(Debug)]
pub(super) struct Web {
    client: Client,
    patience: Duration,
}

/// Why a redirect is not followed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoEncryption(Url);

impl Web {
    /// A server may be silent, or slow, for as long as `patience`.
    pub(super) fn new(patience: Duration) -> Result<Self, reqwest::Error> {
        let tls = rustls::crypto::ring::default_provider();
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Only one thread makes these; if another did, it is the same one.
            let _ = tls.install_default();
        }
        let client = Client::builder()
            .user_agent(concat!("plugins/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.min(Duration::from_secs(30)))
            .timeout(patience)
            .redirect(Policy::custom(follow))
            .referer(false)
            .build()?;
        Ok(Self { client, patience })
    }

    /// Returns what is at `url`, of which there may be `limit` bytes; `None` where nothing is.
    pub(super) fn get(&self, url: &Url, limit: u64) -> Result<Option<Vec<u8>>, Unread> {
        let mut tried = 0;
        loop {
            match self.ask(url) {
                Ok(response) if response.status() == StatusCode::NOT_FOUND => return Ok(None),
                Ok(response) if response.status().is_success() => {
                    return self.body(url, response, limit).map(Some);
                }
                Ok(response) if !response.status().is_server_error() || tried == RETRIES => {
                    return Err(unreachable(url, response.status().to_string()));
                }
                Err((Again::No, unread)) => return Err(unread),
                Err((Again::Yes, unread)) if tried == RETRIES => return Err(unread),
                _ => thread::sleep(PAUSE * 2_u32.pow(tried)),
            }
            tried += 1;
        }
    }

    fn ask(&self, url: &Url) -> Result<Response, (Again, Unread)> {
        self.client.get(url.clone()).send().map_err(|error| {
            if let Some(NoEncryption(to)) = cause(&error) {
                let (place, to) = (url.to_string(), to.to_string());
                return (Again::No, Unread::Downgraded { place, to });
            }
            if error.is_timeout() {
                return (Again::No, self.slow(url, self.patience));
            }
            let again = if error.is_redirect() { Again::No } else { Again::Yes };
            (again, unreachable(url, deepest(&error)))
        })
    }

    fn body(&self, url: &Url, mut response: Response, limit: u64) -> Result<Vec<u8>, Unread> {
        let mut pace = Pace::new(Instant::now(), self.patience);
        let (mut bytes, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
        loop {
            let read = match response.read(&mut buffer) {
                Ok(0) => return Ok(bytes),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return Err(self.slow(url, self.patience));
                }
                Err(error) => return Err(unreachable(url, deepest(&error))),
            };
            bytes.extend_from_slice(&buffer[..read]);
            if bytes.len() as u64 > limit {
                return Err(Unread::Endless { place: url.to_string(), limit });
            }
            if !pace.keeps(Instant::now(), bytes.len() as u64) {
                return Err(self.slow(url, pace.begun.elapsed()));
            }
        }
    }

    fn slow(&self, url: &Url, after: Duration) -> Unread {
        Unread::Slow { place: url.to_string(), seconds: after.as_secs().max(1) }
    }
}

/// Whether something may go better the next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Yes,
    No,
}

/// How fast a transfer is.
#[derive(Debug)]
struct Pace {
    begun: Instant,
    window: Duration,
    since: Instant,
    counted: u64,
}

impl Pace {
    fn new(now: Instant, window: Duration) -> Self {
        Self { begun: now, window, since: now, counted: 0 }
    }

    /// Whether a transfer that has come to `bytes` is fast enough to go on.
    fn keeps(&mut self, now: Instant, bytes: u64) -> bool {
        if now.duration_since(self.begun) > self.window * TOTAL {
            return false;
        }
        let passed = now.duration_since(self.since);
        if passed < self.window {
            return true;
        }
        let enough = (passed.as_secs_f64() * SLOWEST as f64) as u64;
        let came = bytes - self.counted;
        (self.since, self.counted) = (now, bytes);
        came >= enough
    }
}

/// Follows a server that sends on, but not for ever, and not from an encrypted address to one that
/// everybody on the way can read and change.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let was_encrypted = attempt.previous().iter().any(|url| url.scheme() == "https");
    if was_encrypted && attempt.url().scheme() != "https" {
        let to = attempt.url().clone();
        return attempt.error(NoEncryption(to));
    }
    if attempt.previous().len() > REDIRECTS {
        return attempt.error("it sends on and on");
    }
    attempt.follow()
}

fn unreachable(url: &Url, why: String) -> Unread {
    Unread::Unreachable { place: url.to_string(), why }
}

fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The libraries between here and the socket say the same in other words; the last knows why.
fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_is_given_up_where_it_drips_and_where_it_never_ends() {
        let (begun, window) = (Instant::now(), Duration::from_secs(60));
        let at = |seconds| begun + Duration::from_secs(seconds);
        let mut dripping = Pace::new(begun, window);
        assert!(dripping.keeps(at(59), 1), "the window is not over");
        assert!(!dripping.keeps(at(60), 60 * 1024 - 1));
        let mut stalling = Pace::new(begun, window);
        assert!(stalling.keeps(at(60), 1 << 20));
        assert!(!stalling.keeps(at(120), (1 << 20) + 60), "what came before does not count");
        let mut fast = Pace::new(begun, window);
        assert!((1..=600).all(|second| fast.keeps(at(second), second * 4096)));
        assert!(!fast.keeps(at(601), 1 << 30), "nothing goes on for ever");
    }
}
