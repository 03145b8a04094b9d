//! What values must look like, as data: a side file's rules read like its table in `fuel-schemas`.
//!
//! Shapes are walked by [`super::walk`], mappings by [`super::table`] and alternatives by
//! [`super::alternatives`].

use plugin::Generation;
use plugin::yaml::Node;

use super::place::Place;
use crate::Code;

/// A rule for one value.
pub(super) enum Shape {
    /// Anything, null included.
    Any,
    /// A string.
    Text,
    /// A string of at least one character.
    FullText,
    /// `true` or `false`.
    Boolean,
    /// A whole number; `true` and `1.0` are none.
    Integer,
    /// A whole number that is not negative.
    Natural,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// A string of a certain form.
    Form(&'static Form),
    /// A list.
    List(&'static List),
    /// A mapping.
    Map(&'static Table),
    /// The first shape that fits.
    Either(&'static Either),
    /// A shape from one generation on, and another before.
    Since(Generation, &'static Self, &'static Self),
    /// A shape that depends on the value.
    Chosen(fn(&Node) -> Self),
    /// A rule that is no shape.
    Rule(fn(&Place<'_>)),
}

/// The form of a string.
pub(super) struct Form {
    pub(super) code: Code,
    pub(super) fits: fn(&str) -> bool,
    /// Ends the sentence "`x` is not …".
    pub(super) says: &'static str,
}

/// A list whose items are alike.
pub(super) struct List {
    pub(super) items: Shape,
    pub(super) least: usize,
    pub(super) unique: bool,
}

/// Several shapes, of which one must fit.
pub(super) struct Either {
    /// Ends the sentence "expected …".
    pub(super) says: &'static str,
    pub(super) among: &'static [Shape],
    pub(super) path: PathOf,
}

/// Which path a breach inside an alternative is reported with.
#[derive(Clone, Copy)]
pub(super) enum PathOf {
    Part,
    Whole,
}

/// The keys of a mapping.
pub(super) struct Table {
    pub(super) fields: &'static [&'static [Field]],
    pub(super) others: Others,
}

/// What keys may be there besides the fields.
pub(super) enum Others {
    /// Any; they are ignored.
    Ignored,
    /// None.
    Refused,
    /// Names, with values of one shape.
    Named(&'static Shape),
    /// Names of a certain form, with values of one shape.
    Formed(&'static Form, &'static Shape),
}

/// A key of a mapping and its value.
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) required: bool,
    pub(super) since: Generation,
    pub(super) shape: Shape,
}

/// A key that must be there.
pub(super) const fn required(key: &'static str, shape: Shape) -> Field {
    Field { key, required: true, since: Generation::V1, shape }
}

/// A key that may be there.
pub(super) const fn optional(key: &'static str, shape: Shape) -> Field {
    Field { key, required: false, since: Generation::V1, shape }
}

/// A key that is known but not checked.
pub(super) const fn unchecked(key: &'static str) -> Field {
    optional(key, Shape::Any)
}

/// One of several shapes, `says` naming all of them.
pub(super) const fn either(says: &'static str, among: &'static [Shape]) -> Either {
    Either { says, among, path: PathOf::Part }
}

impl Either {
    /// The same, with the path of the whole value for each breach in a part of it, as the original
    /// has it. The place is still that of the part.
    pub(super) const fn reported_whole(self) -> Self {
        Self { path: PathOf::Whole, ..self }
    }
}

impl Field {
    /// The same, unchecked before `generation`.
    pub(super) const fn since(self, generation: Generation) -> Self {
        Self { since: generation, ..self }
    }
}

/// Any number of items of one shape.
pub(super) const fn list_of(items: Shape) -> List {
    List { items, least: 0, unique: false }
}

/// At least one item of one shape.
pub(super) const fn some_of(items: Shape) -> List {
    List { items, least: 1, unique: false }
}

/// A list of strings.
pub(super) static TEXTS: List = list_of(Shape::Text);
