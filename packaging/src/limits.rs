//! How much a package may make us read (`threats-and-faults` A20–A22).

/// Bounds that every reader keeps.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes after decompression.
    pub unpacked: u64,
    /// Unpacked bytes per packed byte, beyond the first 64 MiB.
    pub ratio: u64,
    /// Files, folders and links.
    pub entries: usize,
    /// Folders within folders.
    pub depth: usize,
    /// Bytes of one path.
    pub path: usize,
    /// Bytes of one part of a path.
    pub name: usize,
    /// Bytes of what is held in memory at once: headers, control files, scripts.
    pub header: u64,
    /// Bytes that a decompressor's dictionary may take; the default is enough for `xz -8`, `zstd -19`
    /// and so for all that is written here.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked: 8 << 30,
            ratio: 200,
            entries: 500_000,
            depth: 64,
            path: 4096,
            name: 255,
            header: 64 << 20,
            memory: 48 << 20,
        }
    }
}
