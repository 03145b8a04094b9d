//! Any text is a tree or a clear error, in bounded time.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match plugin::yaml::parse(text) {
        Ok(document) => {
            if let Some(root) = &document.root {
                let _ = plugin::Metadata::from_yaml(root);
            }
        }
        Err(error) => {
            assert!(error.position.line >= 1 && error.position.column >= 1, "{error:?}");
            assert!(error.position.offset <= text.len(), "{error:?}");
        }
    }
});
