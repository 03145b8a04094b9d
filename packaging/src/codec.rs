//! Compressed streams, one stream or frame each, with bounds on what they unpack to.
//!
//! Levels end where the decoders' bounds on memory do, so that every package written can be read.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{Check, Stream};
use liblzma::write::XzEncoder;
use plugin::Format;

use crate::stream::{damaged, read_error};
use crate::{Compression, Limits, ReadError, WriteError};

/// Unpacked bytes that are allowed whatever the ratio.
const UNSUSPICIOUS: u64 = 64 << 20;

/// A compression and the level it is done at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    compression: Compression,
    level: u32,
}

impl Method {
    /// What every reader of every format knows.
    pub(crate) const GZIP: Self = Self { compression: Compression::Gzip, level: 6 };

    /// Returns the method that is asked for, where there is one.
    pub(crate) fn new(compression: Compression, level: Option<i32>) -> Result<Self, WriteError> {
        let (usual, highest) = match compression {
            Compression::Gzip => (6, 9),
            Compression::Xz => (6, 8),
            Compression::Zstd => (3, 19),
            Compression::Uncompressed if level.is_some() => {
                let problem = "a compression level needs a compression";
                return Err(WriteError::Unrepresentable(problem.to_owned()));
            }
            Compression::Uncompressed => (0, 0),
        };
        let Some(asked) = level else { return Ok(Self { compression, level: usual }) };
        match u32::try_from(asked).ok().filter(|level| (1..=highest).contains(level)) {
            Some(level) => Ok(Self { compression, level }),
            None => Err(WriteError::Unrepresentable(format!(
                "{} has no level {asked}: 1 to {highest} can be used",
                compression.name()
            ))),
        }
    }

    pub(crate) fn compression(self) -> Compression {
        self.compression
    }

    pub(crate) fn level(self) -> u32 {
        self.level
    }
}

/// A compressor in front of `W`; must be finished.
pub(crate) enum Encoder<W: Write> {
    Gzip(GzEncoder<W>),
    Xz(XzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
    Uncompressed(W),
}

impl<W: Write> Encoder<W> {
    /// Starts a stream; a gzip header carries neither name nor time.
    pub(crate) fn new(out: W, Method { compression, level }: Method) -> io::Result<Self> {
        Ok(match compression {
            Compression::Gzip => Self::Gzip(GzEncoder::new(out, flate2::Compression::new(level))),
            Compression::Xz => {
                let stream = Stream::new_easy_encoder(level, Check::Crc64)?;
                Self::Xz(XzEncoder::new_stream(out, stream))
            }
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(out, level.cast_signed())?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
            Compression::Uncompressed => Self::Uncompressed(out),
        })
    }

    /// Ends the stream.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Xz(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
            Self::Uncompressed(out) => Ok(out),
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Xz(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
            Self::Uncompressed(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Xz(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
            Self::Uncompressed(out) => out.flush(),
        }
    }
}

/// What a compressed stream is a part of.
pub(crate) struct Source<'a> {
    /// For errors.
    pub(crate) format: Format,
    /// Its length, compressed.
    pub(crate) packed: u64,
    /// Bounds.
    pub(crate) limits: &'a Limits,
}

/// A decompressor behind `R` that stops at the bounds on size and ratio.
///
/// Its errors are [`ReadError`]s inside [`io::Error`]s, so that they come out again whoever reads.
pub(crate) struct Decoder<R: BufRead> {
    stage: Stage<R>,
    format: Format,
    unpacked: u64,
    most: u64,
}

enum Stage<R: BufRead> {
    Gzip(GzDecoder<R>),
    Xz(XzDecoder<R>),
    Zstd(zstd::Decoder<'static, R>),
    Uncompressed(R),
}

impl<R: BufRead> Decoder<R> {
    /// Begins to unpack what `input` goes on with.
    pub(crate) fn new(
        input: R,
        compression: Compression,
        source: &Source<'_>,
    ) -> Result<Self, ReadError> {
        let stage = match compression {
            Compression::Gzip => Stage::Gzip(GzDecoder::new(input)),
            Compression::Xz => {
                let stream =
                    Stream::new_stream_decoder(source.limits.memory, 0).map_err(io::Error::from)?;
                Stage::Xz(XzDecoder::new_stream(input, stream))
            }
            Compression::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(input)?.single_frame();
                decoder.window_log_max(window(source.limits.memory))?;
                Stage::Zstd(decoder)
            }
            Compression::Uncompressed => Stage::Uncompressed(input),
        };
        Ok(Self::bounded(stage, source))
    }

    /// Begins to unpack what only old packages have: the format that xz replaced.
    pub(crate) fn lzma(input: R, source: &Source<'_>) -> Result<Self, ReadError> {
        let stream = Stream::new_lzma_decoder(source.limits.memory).map_err(io::Error::from)?;
        Ok(Self::bounded(Stage::Xz(XzDecoder::new_stream(input, stream)), source))
    }

    fn bounded(stage: Stage<R>, source: &Source<'_>) -> Self {
        let &Source { format, packed, limits } = source;
        let by_ratio = packed.saturating_mul(limits.ratio).saturating_add(UNSUSPICIOUS);
        Self { stage, format, unpacked: 0, most: limits.unpacked.min(by_ratio) }
    }

    /// Returns how many bytes have been unpacked so far.
    pub(crate) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// Makes sure that nothing but filling follows in the stream, and nothing behind it.
    pub(crate) fn finish(mut self) -> Result<(), ReadError> {
        let mut buffer = [0; 8192];
        loop {
            match self.read(&mut buffer).map_err(|error| read_error(self.format, error))? {
                0 => break,
                count if buffer[..count].iter().any(|byte| *byte != 0) => {
                    return Err(damaged(self.format, "data after the end of the archive"));
                }
                _ => {}
            }
        }
        let rest = match &mut self.stage {
            Stage::Gzip(decoder) => decoder.get_mut().fill_buf()?,
            Stage::Xz(decoder) => decoder.get_mut().fill_buf()?,
            Stage::Zstd(decoder) => decoder.get_mut().fill_buf()?,
            Stage::Uncompressed(input) => input.fill_buf()?,
        };
        if rest.is_empty() {
            return Ok(());
        }
        Err(damaged(self.format, "data after the end of the compressed stream"))
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.stage {
            Stage::Gzip(decoder) => decoder.read(buffer),
            Stage::Xz(decoder) => decoder.read(buffer),
            Stage::Zstd(decoder) => decoder.read(buffer),
            Stage::Uncompressed(input) => input.read(buffer),
        };
        let count = match count {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            count => count.map_err(|error| io::Error::other(failure(self.format, error)))?,
        };
        self.unpacked += count as u64;
        if self.unpacked > self.most {
            let limit = format!("it unpacks to more than {} bytes", self.most);
            return Err(io::Error::other(ReadError::Limit(limit)));
        }
        Ok(count)
    }
}

/// Returns the largest power of two that a zstd window of `memory` bytes may have, as its exponent.
fn window(memory: u64) -> u32 {
    // What the library takes at all.
    memory.checked_ilog2().unwrap_or(0).clamp(10, 31)
}

/// Tells a stream that asks for too large a window or dictionary from a damaged one. Both libraries
/// say so in words only.
fn failure(format: Format, error: io::Error) -> ReadError {
    if error.raw_os_error().is_none() && error.to_string().contains("memory") {
        return ReadError::Limit("unpacking takes too much memory".to_owned());
    }
    read_error(format, error)
}
