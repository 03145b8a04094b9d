//! `plugins trust show`

use clap::Args;
use console::Report;
use jiff::Timestamp;
use registry::Voucher;

use super::named;
use crate::failure::Problem;
use crate::screen::key;
use crate::session::Session;

/// Which certificate.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins trust show acme")]
pub(super) struct Arguments {
    /// A whole fingerprint, or a file of keys by its name
    #[arg(value_name = "FPR|NAME")]
    which: String,
}

/// Shows all that is known of a certificate.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let trust = session.trust(&settings)?;
    let records = session.reader(&session.places(&settings)?)?.records()?;
    let wanted = named(&trust, &arguments.which)?;
    for certificate in trust.keys().certificates() {
        if !wanted.contains(&certificate.fingerprint) {
            continue;
        }
        let fingerprint = certificate.fingerprint.as_str();
        let came =
            |voucher: &Voucher| matches!(voucher, Voucher::Key(key) if key.as_str() == fingerprint);
        let brought = records.iter().filter(|record| came(&record.voucher));
        let brought: Vec<_> = brought.map(|record| record.plugin.id.to_string()).collect();
        let shown = key::Shown::of(&trust, &certificate, Timestamp::now());
        report.answer(shown.text(&brought).trim_end(), &shown.object_with(&brought));
    }
    Ok(())
}
