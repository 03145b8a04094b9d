//! `Release`: what vouches for all other indexes of a repository.

use jiff::Timestamp;

use crate::digest::{Digests, Sums};

/// Returns a time, in seconds since 1970, as `Release` has it.
pub fn date(time: u32) -> String {
    let date = Timestamp::from_second(time.into()).expect("32 bits of seconds are in range");
    date.strftime("%a, %d %b %Y %H:%M:%S UTC").to_string()
}

/// Writes `Release`: `fields`, and the digests of `indexes`.
pub fn release(fields: &[(&str, String)], indexes: &[(&str, &[u8])]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        text.push_str(&format!("{name}: {value}\n"));
    }
    let digests: Vec<_> = indexes.iter().map(|(_, bytes)| Digests::of(bytes)).collect();
    let mut list = |title: &str, digest: fn(&Sums) -> String| {
        text.push_str(&format!("{title}:\n"));
        for ((name, bytes), sums) in indexes.iter().zip(&digests) {
            text.push_str(&format!(" {} {} {name}\n", digest(sums), bytes.len()));
        }
    };
    list("MD5Sum", |sums| hex::encode(sums.md5));
    list("SHA1", |sums| hex::encode(sums.sha1));
    list("SHA256", |sums| hex::encode(sums.sha256));
    text
}
