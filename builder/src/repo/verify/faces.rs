//! The three faces and the list of versions, each from the file that its clients read first.

use jiff::Timestamp;
use packaging::repository::{apt, yum};
use serde::Deserialize;

use super::files::Files;
use crate::repo::{fp, matrix};

/// Judges the face for yum, from `repomd.xml` on.
pub(super) fn yum(files: &mut Files<'_>, now: Timestamp) {
    const REPOMD: &str = "yum/repodata/repomd.xml";
    files.signed(REPOMD);
    expiry(files, REPOMD, now);
    let Some(bytes) = files.bytes_of(REPOMD) else { return };
    let listed = match yum::repomd(&bytes) {
        Ok(listed) => listed,
        Err(error) => return files.problem(format!("`{REPOMD}`: {error}")),
    };
    let mut counts = Vec::new();
    for said in &listed {
        let path = format!("yum/{}", said.path);
        files.is_as_said(REPOMD, &path, said.packed.0, &said.packed.1);
        match read(files, &path, said) {
            Ok(count) => counts.push((said.kind.as_str(), count)),
            Err(error) => files.problem(format!("`{path}`: {error}")),
        }
    }
    let streams = || counts.iter().filter(|(kind, _)| *kind != "updateinfo");
    if streams().count() != 3 || streams().any(|(_, count)| *count != counts[0].1) {
        files.problem(format!("`{REPOMD}` has not the same packages in each of its three lists"));
    }
}

/// Reads one file of metadata; returns how many entries it has.
fn read(files: &mut Files<'_>, path: &str, said: &yum::DataFile) -> Result<usize, yum::Unreadable> {
    let input = || files.content(path).map_err(|error| yum::Unreadable::Packed(error.into()));
    if said.kind != "primary" {
        return yum::count(input()?, said);
    }
    let packages = yum::packages(input()?, said)?;
    for package in &packages {
        files.is_as_said(path, &format!("yum/{}", package.path), package.size, &package.sha256);
    }
    Ok(packages.len())
}

/// How long `repomd.xml` may be trusted.
#[derive(Deserialize)]
struct Expiry {
    valid_until: Timestamp,
    repomd_sha256: String,
}

fn expiry(files: &mut Files<'_>, repomd: &str, now: Timestamp) {
    const EXPIRY: &str = "yum/repodata/expiry.json";
    files.signed(EXPIRY);
    let Some(bytes) = files.bytes_of(EXPIRY) else { return };
    match serde_json::from_slice::<Expiry>(&bytes) {
        Ok(Expiry { valid_until, repomd_sha256 }) => {
            files.is_in_time(EXPIRY, valid_until, now);
            let size = files.bytes_of(repomd).map_or(0, |bytes| bytes.len() as u64);
            files.is_as_said(EXPIRY, repomd, size, &repomd_sha256);
        }
        Err(error) => files.problem(format!("`{EXPIRY}`: {error}")),
    }
}

/// Judges the face for apt, from each suite's `Release` on.
pub(super) fn apt(files: &mut Files<'_>, now: Timestamp) {
    const ADVISORIES: &str = "apt/advisories.json";
    files.signed(ADVISORIES);
    let Some(folder) = files.at("apt/dists") else { return };
    let mut suites = crate::repo::pool::names(&folder).unwrap_or_default();
    // The suite of an earlier publication stays for a while without its `Release` counting.
    suites.retain(|suite| files.has(&format!("apt/dists/{suite}/Release")));
    if suites.is_empty() {
        files.problem("`apt/dists` has no suite".to_owned());
    }
    for suite in suites {
        release(files, &format!("apt/dists/{suite}"), now);
    }
}

fn release(files: &mut Files<'_>, suite: &str, now: Timestamp) {
    let path = format!("{suite}/Release");
    let Some(text) = files.text_of(&path) else { return };
    if files.are_signed() {
        files.signed_by(&path, &format!("{path}.gpg"));
        let within = format!("{suite}/InRelease");
        let clear = files.clear(&within);
        // Signing leaves the last line end out.
        if clear.is_some_and(|clear| clear.trim_end() != text.trim_end()) {
            files.problem(format!("`{within}` and `{path}` say different things"));
        }
    }
    let release = match apt::contents(&text) {
        Ok(read) => read,
        Err(error) => return files.problem(format!("`{path}`: {error}")),
    };
    let end = release.field("Valid-Until");
    match end.and_then(|end| jiff::fmt::rfc2822::parse(&end.replace("UTC", "+0000")).ok()) {
        Some(end) => files.is_in_time(&path, end.timestamp(), now),
        None => files.problem(format!("`{path}` has no `Valid-Until`")),
    }
    for section in &release.sections {
        for (digest, size, index) in &section.indexes {
            files.is_as_said(&path, &format!("{suite}/{index}"), *size, digest);
            if section.title == "SHA256" {
                by_hash(files, &path, &format!("{suite}/{index}"), (*size, digest));
            }
        }
    }
}

/// Judges the copy of `index` under the name of its digest, and the packages that it names.
fn by_hash(files: &mut Files<'_>, release: &str, index: &str, (size, digest): (u64, &str)) {
    if let Some((folder, _)) = index.rsplit_once('/') {
        files.is_as_said(release, &format!("{folder}/by-hash/SHA256/{digest}"), size, digest);
    }
    if !index.ends_with("/Packages") {
        return;
    }
    let Some(text) = files.text_of(index) else { return };
    match apt::listed(&text) {
        Ok(packages) => {
            for package in packages {
                let path = format!("apt/{}", package.path);
                files.is_as_said(index, &path, package.size, &package.sha256);
                files.is_as_said(index, &path, package.size, &package.md5);
            }
        }
        Err(error) => files.problem(format!("`{index}`: {error}")),
    }
}

/// Judges the packages of the oldest format, by the list of their digests.
pub(super) fn fp(files: &mut Files<'_>) {
    const SUMS: &str = "fp/SHA256SUMS";
    files.signed(SUMS);
    let Some(text) = files.text_of(SUMS) else { return };
    for line in text.lines() {
        let Some((digest, file)) = line.split_once("  ") else {
            files.problem(format!("`{SUMS}` has a line that names no file"));
            continue;
        };
        let path = format!("fp/{file}");
        let size = files.at(&path).and_then(|path| path.metadata().ok()).map_or(0, |it| it.len());
        files.is_as_said(SUMS, &path, size, digest);
        files.signed(&path);
    }
}

/// Judges what can be fetched by the list of versions.
pub(super) fn matrix(files: &mut Files<'_>) {
    use matrix::MATRIX;
    files.signed(MATRIX);
    let Some(bytes) = files.bytes_of(MATRIX) else { return };
    let archives = match matrix::archives(&bytes) {
        Ok(archives) => archives,
        Err(error) => return files.problem(format!("`{MATRIX}`: {error}")),
    };
    for (base, digest) in archives {
        let path = fp::archive(&base);
        let size = files.at(&path).and_then(|path| path.metadata().ok()).map_or(0, |it| it.len());
        files.is_as_said(MATRIX, &path, size, &digest);
        files.signed(&path);
    }
}
