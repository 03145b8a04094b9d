//! Formats and compressions as they are typed.

use clap::ValueEnum;
use console::Failure;

use crate::failure::Kind;

/// A format as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// What the plugin's package version was always built as
    Auto,
    /// Archive of package version 1.0.0
    Fp,
    /// RPM package
    Rpm,
    /// Debian package
    Deb,
}

/// A compression as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Compression {
    /// Read by every host
    Gzip,
    /// Small and slow, read by every host
    Xz,
    /// Fast, read by hosts from about 2018 on
    Zstd,
    /// No compression
    None,
}

/// Returns the formats to build, each once; none stands for the package version's own.
pub(super) fn formats(typed: &[Format]) -> Result<Vec<plugin::Format>, Failure> {
    if typed.contains(&Format::Auto) && typed.iter().any(|format| *format != Format::Auto) {
        return Err(Failure::new(Kind::Usage, "`--format auto` goes with no other format"));
    }
    let mut formats = Vec::new();
    for format in typed.iter().filter_map(|format| format.named()) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(formats)
}

impl Format {
    fn named(self) -> Option<plugin::Format> {
        match self {
            Self::Auto => None,
            Self::Fp => Some(plugin::Format::Fp),
            Self::Rpm => Some(plugin::Format::Rpm),
            Self::Deb => Some(plugin::Format::Deb),
        }
    }
}

impl Compression {
    /// Returns the compression that is meant.
    pub(super) fn chosen(self) -> packaging::Compression {
        match self {
            Self::Gzip => packaging::Compression::Gzip,
            Self::Xz => packaging::Compression::Xz,
            Self::Zstd => packaging::Compression::Zstd,
            Self::None => packaging::Compression::Uncompressed,
        }
    }
}

#[cfg(test)]
mod tests {
    use console::Status;

    use super::*;

    #[test]
    fn each_format_is_built_once_and_auto_stands_alone() {
        assert_eq!(formats(&[]).unwrap(), []);
        assert_eq!(formats(&[Format::Auto, Format::Auto]).unwrap(), []);
        assert_eq!(
            formats(&[Format::Deb, Format::Rpm, Format::Deb]).unwrap(),
            [plugin::Format::Deb, plugin::Format::Rpm]
        );
        assert_eq!(formats(&[Format::Auto, Format::Rpm]).unwrap_err().status, Status::Usage);
    }
}
