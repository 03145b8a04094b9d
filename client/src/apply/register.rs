//! The registry's part of a plan, which is its last.

use registry::scan::{Content, Found};
use registry::{Change, Plugin};

use super::{Bench, StepFailed};
use crate::Plan;
use crate::plan::Registration;

impl Bench<'_> {
    /// Whether the registry has been changed. What leaves no trace in the history is done again.
    pub(super) fn is_registered(&self, plan: &Plan) -> Result<bool, StepFailed> {
        let entry = &plan.entry;
        Ok(!entry.events.is_empty() && self.store.has_transaction(entry.transaction)?)
    }

    pub(super) fn register(
        &mut self,
        changes: &[Registration],
        plan: &Plan,
    ) -> Result<(), StepFailed> {
        let changes: Vec<_> =
            changes.iter().map(|change| self.resolve(change)).collect::<Result<_, _>>()?;
        let entry = (!plan.entry.events.is_empty()).then_some(&plan.entry);
        Ok(self.store.apply(&changes, entry)?)
    }

    fn resolve(&self, change: &Registration) -> Result<Change, StepFailed> {
        let (id, folder, plugin, origin, voucher) = match change {
            Registration::Change(change) => return Ok(change.clone()),
            Registration::Adopt { id, folder, plugin, origin, voucher } => {
                (*id, folder, plugin, origin, voucher)
            }
        };
        let found = self.read(folder, plugin)?;
        Ok(Change::Put {
            id,
            plugin: Box::new(found.plugin),
            kept: found.kept,
            fingerprint: Some(found.fingerprint),
            origin: origin.clone(),
            voucher: voucher.clone(),
        })
    }

    /// Reads a plugin's folder, which must hold that very plugin.
    fn read(&self, folder: &str, plugin: &Plugin) -> Result<Found, StepFailed> {
        let problem = match registry::scan::read(self.host.places().plugins(), folder) {
            Content::Plugin(found) if found.plugin.id == plugin.id => return Ok(*found),
            Content::Plugin(found) => {
                let id = found.plugin.id;
                format!("it holds {id} of package version {}", id.generation)
            }
            Content::Broken(problem) => problem,
            Content::Link { .. } => "it is a link".to_owned(),
            Content::Unchanged | Content::Stray => "it is no plugin".to_owned(),
        };
        Err(StepFailed::Unadoptable { folder: folder.to_owned(), problem })
    }
}
