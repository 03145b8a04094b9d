//! What a code is: a sort of failure with its exit status and its explanation.

use console::{Explanation, Kind, Status};

/// A sort of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// The stable code: `P0207`.
    pub(crate) code: &'static str,
    /// How the program ends.
    pub(crate) status: Status,
    /// What it means.
    pub(crate) about: Explanation,
}

impl Kind for Code {
    fn code(self) -> &'static str {
        self.code
    }

    fn status(self) -> Status {
        self.status
    }

    fn explanation(self) -> Explanation {
        self.about
    }
}

/// Declares codes as constants, and `ALL` of them in order.
macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $code:literal, $status:ident {
        title: $title:literal, cause: $cause:literal, effect: $effect:literal, cure: $cure:literal $(,)?
    })*) => {
        $($(#[$about])* pub(crate) const $name: $crate::failure::Code = $crate::failure::Code {
            code: $code,
            status: console::Status::$status,
            about: console::Explanation { title: $title, cause: $cause, effect: $effect, cure: $cure },
        };)*

        /// All of them, by code.
        pub(crate) const ALL: &[$crate::failure::Code] = &[$($name),*];
    };
}

pub(super) use codes;
