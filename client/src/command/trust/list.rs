//! `plugins trust list`

use console::{Column, Report, Table};
use jiff::Timestamp;
use serde_json::json;

use crate::failure::Problem;
use crate::screen::key;
use crate::session::Session;

/// Shows the certificates that are trusted, and for what.
pub(super) fn run(session: &Session<'_>, report: &mut Report) -> Result<(), Problem> {
    let settings = session.settings()?;
    let trust = session.trust(&settings)?;
    let now = Timestamp::now();
    let titles = ["certificate", "owner", "for", "scripts", "expires", "state"];
    let mut table = Table::new(titles.map(Column::left));
    for certificate in trust.keys().certificates() {
        let shown = key::Shown::of(&trust, &certificate, now);
        table.row(shown.cells());
        report.result(&shown.object());
    }
    if trust.files().is_empty() {
        report.tell("no certificate is trusted");
    } else {
        report.table(&table);
    }
    for one in trust.distrusted() {
        let place = one.path.display();
        report.tell(&format!("note: `{place}` trusts nothing: {}", one.reason));
        report.push_warning(json!({ "path": one.path, "message": one.reason }));
    }
    report.tell(&format!("policy: {}", trust.policy.name()));
    Ok(())
}
