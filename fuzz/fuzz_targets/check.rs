//! Whatever stands in a plugin's side files, each finding is in a file that is there and points into
//! it, and the same sources have the same findings.
//!
//! NUL bytes, which no YAML has, part the side files; an empty part is a file that is not there.
#![no_main]

use std::path::PathBuf;

use builder::source::SIDE_FILES;
use builder::{SideFile, Source, check::check};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let parts = SIDE_FILES.into_iter().zip(bytes.split(|&byte| byte == 0));
    let files = parts
        .filter(|(_, part)| !part.is_empty())
        .map(|(name, part)| SideFile::new(name, part.to_vec()))
        .collect();
    let source = Source { directory: PathBuf::from("/nonexistent"), files };
    let findings = check(&source);
    for finding in &findings {
        let Some(span) = finding.span else { continue };
        let text = &source.file(&finding.file).expect("a place is in a file that is there").text;
        assert!(span.start.line >= 1 && span.start.column >= 1, "{finding:?}");
        assert!(text.is_char_boundary(span.start.offset), "{finding:?}");
        assert!(span.end.offset <= text.len(), "{finding:?}");
    }
    assert_eq!(check(&source), findings);
});
