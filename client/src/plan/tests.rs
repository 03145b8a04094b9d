//! Planners against small hosts: tables, the rules of the symlink layer, and plans with their reversal.

mod admission;
mod layer;
mod matrix;
mod registry_only;
mod reversal;
mod sample;
