//! Digests computed while bytes pass by.
//!
//! One pass over a file gives every digest that is wanted of it: wrappers nest, and [`Digests`] are
//! the three that lists of files have.

use std::io::{self, Read, Write};

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Update;
use sha2::{Digest, Sha256};

/// A reader or writer that hashes and counts all that passes through it.
#[derive(Debug)]
pub struct Hashing<T, D> {
    inner: T,
    digest: D,
    length: u64,
}

/// What passed through a [`Hashing`].
#[derive(Debug)]
pub struct Hashed<T, S = String> {
    /// The reader or writer that was wrapped.
    pub inner: T,
    /// The digest, hexadecimal, or all of [`Digests`].
    pub digest: S,
    /// How many bytes passed.
    pub length: u64,
}

/// MD5, SHA-1 and SHA-256 at once.
#[derive(Clone, Debug, Default)]
pub struct Digests {
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
}

/// What [`Digests`] come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is named after its digest")]
pub struct Sums {
    pub md5: [u8; 16],
    pub sha1: [u8; 20],
    pub sha256: [u8; 32],
}

impl<T, D: Update + Default> Hashing<T, D> {
    /// Wraps `inner`.
    pub fn new(inner: T) -> Self {
        Self { inner, digest: D::default(), length: 0 }
    }

    /// Returns how many bytes have passed so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    fn passed(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
    }
}

impl<T, D: Digest> Hashing<T, D> {
    /// Unwraps, and returns the digest of what passed.
    pub fn finish(self) -> Hashed<T> {
        let Self { inner, digest, length } = self;
        Hashed { inner, digest: hex::encode(digest.finalize()), length }
    }
}

impl<T> Hashing<T, Digests> {
    /// Unwraps, and returns the digests of what passed.
    pub fn finish(self) -> Hashed<T, Sums> {
        let Self { inner, digest, length } = self;
        Hashed { inner, digest: digest.finish(), length }
    }
}

impl Digests {
    /// Returns the digests of `bytes`.
    pub fn of(bytes: &[u8]) -> Sums {
        let mut digests = Self::default();
        digests.update(bytes);
        digests.finish()
    }

    fn finish(self) -> Sums {
        Sums {
            md5: self.md5.finalize().into(),
            sha1: self.sha1.finalize().into(),
            sha256: self.sha256.finalize().into(),
        }
    }
}

impl Update for Digests {
    fn update(&mut self, bytes: &[u8]) {
        Update::update(&mut self.md5, bytes);
        Update::update(&mut self.sha1, bytes);
        Update::update(&mut self.sha256, bytes);
    }
}

impl<R: Read, D: Update + Default> Read for Hashing<R, D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.passed(&buffer[..count]);
        Ok(count)
    }
}

impl<W: Write, D: Update + Default> Write for Hashing<W, D> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.passed(&buffer[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_gives_every_digest() {
        let mut reader = Hashing::<_, Md5>::new(Hashing::<_, Sha1>::new(&b"abc"[..]));
        io::copy(&mut reader, &mut io::sink()).unwrap();
        let outer = reader.finish();
        assert_eq!(outer.digest, "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(outer.length, 3);
        let inner = outer.inner.finish();
        assert_eq!(inner.digest, "a9993e364706816aba3e25717850c26c9cd0d89d");

        let mut reader = Hashing::<_, Digests>::new(&b"abc"[..]);
        io::copy(&mut reader, &mut io::sink()).unwrap();
        let all = reader.finish().digest;
        assert_eq!((hex::encode(all.md5), hex::encode(all.sha1)), (outer.digest, inner.digest));
        assert_eq!(all, Digests::of(b"abc"));
    }
}
