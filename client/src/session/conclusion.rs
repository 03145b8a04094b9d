//! How a call in the historical spelling ends: with the original's sentence, or its server's answer.

use std::ffi::OsString;

use client::engine::Outcome;
use console::{Report, Spelling};
use plugin::PluginId;
use serde_json::Value as Json;

use super::{Classic, Session};
use crate::failure::{Problem, refusal};
use crate::screen::{classic, plan};

impl Session<'_> {
    /// Ends a change as the original did: with a sentence about what was named, or with its server's
    /// answer.
    pub(crate) fn conclude(
        &self,
        report: &mut Report,
        given: &[OsString],
        done: &str,
        answer: &Json,
    ) {
        let given = given.first().map(|text| text.to_string_lossy()).unwrap_or_default();
        let given = console::printable::line(&given);
        self.answer(report, &format!("Plugin {given} was successfully {done}."), answer);
    }

    /// Ends a change as the original did; its server's answer is the plugin.
    pub(crate) fn conclude_with_plugin(
        &self,
        report: &mut Report,
        given: &[OsString],
        done: &str,
        outcome: &Outcome,
    ) -> Result<(), Problem> {
        if report.spelling() == Spelling::Subcommand {
            return Ok(());
        }
        let is_legacy = |plugin: &&PluginId| plugin.generation.is_legacy();
        if let Some(plugin) = outcome.plan.settled.iter().find(is_legacy) {
            let message = format!("nothing to do: {plugin} is registered already");
            return Err(Problem::new(refusal::ALREADY_THERE, message)
                .help("add `--force` to replace its files and its entry"));
        }
        let mut answer = Json::Null;
        if self.classic != Classic::Text {
            let records = self.reader(&self.places(&self.settings()?)?)?.records()?;
            let id = plan::subject(&outcome.plan);
            let record = id.and_then(|id| {
                records.iter().find(|record| {
                    record.plugin.id.name == id.name && record.plugin.id.version == id.version
                })
            });
            answer = record.map_or(Json::Null, classic::plugin);
        }
        self.conclude(report, given, done, &answer);
        Ok(())
    }

    /// Ends a call in the historical spelling.
    pub(crate) fn answer(&self, report: &mut Report, sentence: &str, answer: &Json) {
        if report.spelling() == Spelling::Subcommand || self.options.dry_run {
            return;
        }
        match self.classic {
            Classic::Text => report.success(sentence),
            Classic::Json => report.document(&classic::json(answer, 4)),
            Classic::Yaml => report.document(&classic::yaml(answer)),
        }
    }
}
