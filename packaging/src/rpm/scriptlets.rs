//! Hooks as scriptlets (`fuel-formats 6.1`).
//!
//! From generation 3 on there always are three scriptlets, empty where the plugin has no hook, as in
//! the packages of the original builder; so `/bin/sh` is always required.

use ::rpm::{DependencyFlags, HeaderEntry, IndexTag};

use super::header::{text, text_list};
use super::requirements::Requirements;
use crate::script::{self, Script};
use crate::{Blueprint, Hook};

const SHELL: &str = "/bin/sh";

/// Lets `uninstall.sh` run on the last removal only: RPM calls the scriptlet on updates too, with 1.
const LAST_REMOVAL: &str = "[ \"$1\" = 0 ] || exit 0";

/// A scriptlet: where it stands in the header and what requires its interpreter.
struct Moment {
    body: IndexTag,
    interpreter: IndexTag,
    sense: DependencyFlags,
}

const BEFORE_INSTALL: Moment = Moment {
    body: IndexTag::RPMTAG_PREIN,
    interpreter: IndexTag::RPMTAG_PREINPROG,
    sense: DependencyFlags::SCRIPT_PRE,
};
const AFTER_INSTALL: Moment = Moment {
    body: IndexTag::RPMTAG_POSTIN,
    interpreter: IndexTag::RPMTAG_POSTINPROG,
    sense: DependencyFlags::SCRIPT_POST,
};
const BEFORE_REMOVAL: Moment = Moment {
    body: IndexTag::RPMTAG_PREUN,
    interpreter: IndexTag::RPMTAG_PREUNPROG,
    sense: DependencyFlags::SCRIPT_PREUN,
};

/// Returns the scriptlets of `blueprint` as header entries, and adds what they require.
pub(super) fn entries(blueprint: &Blueprint, requirements: &mut Requirements) -> Vec<HeaderEntry> {
    if !blueprint.id.generation.has_hooks() {
        return Vec::new();
    }
    let hooks = &blueprint.hooks;
    let guarded = |hook: &Hook| script::guarded(hook, LAST_REMOVAL);
    let scriptlets = [
        (BEFORE_INSTALL, &hooks.before_install, hooks.before_install.as_ref().map(script::plain)),
        (AFTER_INSTALL, &hooks.after_install, hooks.after_install.as_ref().map(script::plain)),
        (BEFORE_REMOVAL, &hooks.before_removal, hooks.before_removal.as_ref().map(guarded)),
    ];
    let mut entries = Vec::new();
    for (moment, hook, script) in scriptlets {
        // A guarded hook in another language needs its own interpreter besides the shell.
        if let Some(hook) = hook {
            requirements.interpreters(&hook.interpreter, moment.sense);
        }
        requirements.interpreter(SHELL, moment.sense);
        if script.as_ref().is_some_and(|script| script.interpreter.len() > 1) {
            requirements.feature("ScriptletInterpreterArgs", "4.0.3-1");
        }
        entries.extend(scriptlet(&moment, script));
    }
    entries
}

fn scriptlet(moment: &Moment, script: Option<Script>) -> Vec<HeaderEntry> {
    let Some(script) = script else {
        return vec![text(moment.interpreter, SHELL)];
    };
    let interpreter = match script.interpreter.as_slice() {
        [program] => text(moment.interpreter, program),
        _ => text_list(moment.interpreter, script.interpreter),
    };
    vec![text(moment.body, &script.body), interpreter]
}
