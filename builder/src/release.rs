//! A package's release: the part of its file name behind the plugin's version.

/// Whether `text` can be the release of a package: what RPM and dpkg take and can order, which
/// begins with a letter or digit.
pub(crate) fn is_release(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._+~".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}
