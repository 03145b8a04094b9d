//! Whether a package is the plugin that it says it is.

use std::path::Path;

use packaging::Package;
use plugin::{Format, PluginId};

use super::OfferError;

/// Makes sure that a package's name, version and format are those of the plugin in it.
pub(super) fn check(path: &Path, package: &Package, id: &PluginId) -> Result<(), OfferError> {
    if id.generation.is_legacy() != (package.format == Format::Fp) {
        let (format, generation) = (package.format, id.generation);
        return Err(OfferError::WrongFormat { path: path.to_owned(), format, generation });
    }
    let differs = |what, found: &str, expected: String| OfferError::Identity {
        path: path.to_owned(),
        what,
        found: found.to_owned(),
        expected,
    };
    let name = package_name(package.format, id);
    if package.name != name {
        return Err(differs("name", &package.name, name));
    }
    // Other builders write pre-releases as the plugin does.
    let version = id.version.for_package_managers();
    if package.version != version && package.version != id.version.as_str() {
        return Err(differs("version", &package.version, version));
    }
    Ok(())
}

/// Returns the version as the package manager writes it.
pub(super) fn full_version(package: &Package) -> String {
    match &package.release {
        Some(release) => format!("{}-{release}", package.version),
        None => package.version.clone(),
    }
}

fn package_name(format: Format, id: &PluginId) -> String {
    let name = id.package_name();
    match format {
        // Where Debian has no name for it, no Debian package can have the right one.
        Format::Deb => name.for_debian().unwrap_or_else(|| name.to_string()),
        Format::Rpm | Format::Fp => name.to_string(),
    }
}
