//! A trusted certificate, as it is shown.

use client::trust::{KeyFile, Scope, Trust};
use jiff::Timestamp;
use packaging::signature::{Certificate, Standing};
use registry::Voucher;
use serde_json::{Value, json};

/// A trusted certificate with all that is known of it.
pub(crate) struct Shown<'a> {
    certificate: &'a Certificate,
    standing: Option<Standing>,
    scope: Scope,
    files: Vec<&'a KeyFile>,
}

impl<'a> Shown<'a> {
    /// Gathers what is known of a certificate at the time `at`.
    pub(crate) fn of(trust: &'a Trust, certificate: &'a Certificate, at: Timestamp) -> Self {
        let fingerprint = &certificate.fingerprint;
        Self {
            certificate,
            standing: trust.keys().standing(fingerprint, at),
            scope: trust.scope_of(fingerprint),
            files: trust.files().iter().filter(|file| file.has(fingerprint)).collect(),
        }
    }

    /// Returns it as a row of the list.
    pub(crate) fn cells(&self) -> [String; 6] {
        [
            self.certificate.fingerprint.to_string(),
            self.certificate.user_ids.first().cloned().unwrap_or_default(),
            self.scope.to_string(),
            if self.scope.scripts { "yes" } else { "no" }.to_owned(),
            self.expires().map(day).unwrap_or_else(|| "never".to_owned()),
            state(self.standing.as_ref(), Timestamp::now()).to_owned(),
        ]
    }

    /// Returns it for machines.
    pub(crate) fn object(&self) -> Value {
        json!({
            "certificate": self.certificate.fingerprint.as_str(),
            "user_ids": self.certificate.user_ids,
            "created": self.certificate.created,
            "expires": self.expires(),
            "kind": self.standing.as_ref().map(|standing| &standing.kind),
            "state": state(self.standing.as_ref(), Timestamp::now()),
            "plugins": self.scope.plugins,
            "scripts": self.scope.scripts,
            "files": self.files.iter().map(|file| &file.path).collect::<Vec<_>>(),
        })
    }

    /// Returns it for machines, with the plugins that came from it.
    pub(crate) fn object_with(&self, brought: &[String]) -> Value {
        let mut object = self.object();
        object["brought"] = json!(brought);
        object
    }

    /// Returns all of it for people.
    pub(crate) fn text(&self, brought: &[String]) -> String {
        let kind = self.standing.as_ref().map(|it| it.kind.clone()).unwrap_or_default();
        let files: Vec<_> = self.files.iter().map(|file| file.path.display().to_string()).collect();
        let rows = [
            ("certificate", self.certificate.fingerprint.to_string()),
            ("owner", self.certificate.user_ids.join(", ")),
            ("kind", kind),
            ("made", self.certificate.created.to_string()),
            ("expires", self.expires().map_or_else(|| "never".to_owned(), |at| at.to_string())),
            ("state", state(self.standing.as_ref(), Timestamp::now()).to_owned()),
            ("for", self.scope.to_string()),
            ("scripts", if self.scope.scripts { "allowed" } else { "refused" }.to_owned()),
            ("files", files.join(", ")),
            ("brought", brought.join(", ")),
        ];
        let mut text = String::new();
        for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
            text += &format!("{name:<12} {}\n", console::printable::line(value));
        }
        text
    }

    fn expires(&self) -> Option<Timestamp> {
        self.standing.as_ref()?.expires
    }
}

/// Returns how it is with a key at the time `at`, in one word.
pub(crate) fn state(standing: Option<&Standing>, at: Timestamp) -> &'static str {
    match standing {
        Some(standing) if standing.is_revoked => "revoked",
        Some(Standing { expires: Some(end), .. }) if *end <= at => "expired",
        Some(standing) if !standing.can_sign => "unusable",
        Some(Standing { weakness: Some(_), .. }) => "short",
        Some(_) => "good",
        None => "unknown",
    }
}

/// Returns in a word who vouches for a plugin.
pub(crate) fn short(voucher: &Voucher) -> String {
    match voucher {
        Voucher::Key(certificate) => {
            let text = certificate.as_str();
            format!("{}...{}", &text[..4], &text[text.len() - 4..])
        }
        Voucher::Unsigned => "nobody".to_owned(),
        Voucher::Unknown => "unknown".to_owned(),
    }
}

/// Returns in a few words who vouches for a plugin.
pub(crate) fn told(voucher: &Voucher) -> String {
    match voucher {
        Voucher::Key(certificate) => format!("by {certificate}"),
        Voucher::Unsigned => "by nobody; it was allowed with --allow-unsigned".to_owned(),
        Voucher::Unknown => "not known: it came behind our back".to_owned(),
    }
}

fn day(time: Timestamp) -> String {
    time.strftime("%F").to_string()
}
