//! Every version of the grammar has a line, an order and, but for the last, a successor, and every name is
//! the same text wherever it goes; everything else is refused.
#![no_main]

use plugin::{Generation, PluginId, PluginName, Version};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(name) = text.parse::<PluginName>() {
        assert_eq!(name.as_str(), text);
        assert!(
            !text.is_empty()
                && text.bytes().all(|byte| b"_-".contains(&byte)
                    || byte.is_ascii_lowercase()
                    || byte.is_ascii_digit())
        );
    }
    let Ok(version) = text.parse::<Version>() else { return };
    if let Some(next) = version.next_patch() {
        assert!(next > version && next.line() == version.line(), "{version} -> {next}");
    }
    assert_eq!(version.as_str(), text);
    for generation in Generation::ALL {
        let name = "demo".parse().expect("a name");
        let id = PluginId { name, version: version.clone(), generation };
        let package = id.package_name();
        assert_eq!(id.folder(), format!("{}/{package}", plugin::PLUGINS_ROOT));
        assert!(!package.as_str().contains('/') && package.for_debian().is_some());
    }
});
