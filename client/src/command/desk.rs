//! What the planner of a changing command is given, and what it gives back.

use std::path::Path;

use client::plan::advisory::Mended;
use client::trust::Backing;
use client::{Depth, Host, HostState, Intake, Offer, OfferError, Plan, Provenance};
use console::Answer;
use packaging::signature::{Fingerprint, Refusal};

use super::{Allow, Contact};
use crate::failure::Problem;

/// What a planner may use.
pub(super) struct Desk<'a> {
    /// The machine.
    pub(super) host: &'a Host,
    /// What is known of it.
    pub(super) state: &'a HostState,
    /// Takes packages in.
    pub(super) intake: &'a Intake,
    /// Whether a key that a package is signed with, and that does not count for it, is trusted from here
    /// on: asks somebody.
    pub(super) settle: &'a Settle<'a>,
}

/// What asks about a package's key, and takes it for trusted where the answer is yes.
pub(super) type Settle<'a> = dyn Fn(&Fingerprint, &Path, &Intake) -> Result<bool, Problem> + 'a;

impl Desk<'_> {
    /// Takes a package in, after asking about a key that is met for the first time.
    pub(super) fn take_in(&self, path: &Path, provenance: &Provenance) -> Result<Offer, Problem> {
        let read = || self.intake.read(path, provenance.clone());
        let offer = match read() {
            Err(OfferError::Untrusted { refusal: Refusal::UnknownKey { key }, .. })
                if (self.settle)(&key, path, self.intake)? =>
            {
                read()?
            }
            read => read?,
        };
        match &offer.backing {
            Backing::Beyond(key) if (self.settle)(&key.certificate, path, self.intake)? => {
                Ok(read()?)
            }
            _ => Ok(offer),
        }
    }
}

/// A plan, and the packages that it is about.
pub(super) struct Draft {
    /// The plan.
    pub(super) plan: Plan,
    /// The packages.
    pub(super) offers: Vec<Offer>,
    /// The notices about security that it mends.
    pub(super) mended: Mended,
}

impl From<Plan> for Draft {
    fn from(plan: Plan) -> Self {
        Self { plan, offers: Vec::new(), mended: Mended::new() }
    }
}

/// A change to be made.
pub(super) struct Task {
    /// How much of the machine its planner looks at.
    pub(super) depth: Depth,
    /// What Enter stands for when the user is asked.
    pub(super) default: Answer,
    /// What it changes.
    pub(super) aim: Aim,
    /// What it may although the policy is against it.
    pub(super) allow: Allow,
    /// Keys that are offered along with packages.
    pub(super) contact: Contact,
}

impl Task {
    /// Returns the task that is allowed nothing beyond the policy.
    pub(super) fn new(depth: Depth, default: Answer, aim: Aim) -> Self {
        Self { depth, default, aim, allow: Allow::default(), contact: Contact::default() }
    }

    /// Allows it more.
    pub(super) fn allowing(self, allow: &Allow) -> Self {
        Self { allow: allow.clone(), ..self }
    }

    /// Offers a key along with packages.
    pub(super) fn offering(self, contact: &Contact) -> Self {
        Self { contact: contact.clone(), ..self }
    }
}

/// What a change is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// Files on the host, by way of the package manager or without.
    Packages,
    /// What is known of them.
    Registry,
}
