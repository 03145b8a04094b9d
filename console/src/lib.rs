//! How our programs talk: one way to answer, to tell what is going on, to fail.
//!
//! Each program names itself in one [`Program`] and its sorts of failures in an enum that is a
//! [`Kind`]. A call goes one way: [`Program::parse`] turns words into the program's own declarations,
//! whose [`Globals`] and the [`Terminal`] decide the [`Manner`]; [`carry_out`] does the work, which
//! hands all it has to say to the [`Report`], the only printer, and what went wrong as one [`Failure`].
//! What comes out is the exit [`Status`].

mod charset;
pub mod completions;
pub mod explain;
mod failure;
mod globals;
mod interrupt;
pub mod man;
mod manner;
pub mod printable;
mod program;
mod report;
mod status;
mod terminal;

pub use charset::Charset;
pub use explain::Explanation;
pub use failure::{Failure, Kind};
pub use globals::Globals;
pub use interrupt::{Interrupt, guarded};
pub use manner::{Form, Manner, Spelling, Verbosity};
pub use program::{Program, carry_out};
pub use report::{Answer, Column, Confirmation, Report, Table};
pub use status::{Status, Statuses};
pub use terminal::Terminal;
