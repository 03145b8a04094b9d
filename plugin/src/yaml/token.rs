//! What the scanner cuts a text into.

use super::Span;

/// A piece of the text and its place. Pieces that only mean something have an empty one.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The text's end.
    End,
    /// `%YAML`, `%TAG` or another line that begins with `%`.
    Directive(Directive),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    /// An indented list begins.
    BlockList,
    /// An indented mapping begins.
    BlockMap,
    /// An indented list or mapping is over.
    BlockEnd,
    /// `[`
    OpenList,
    /// `]`
    CloseList,
    /// `{`
    OpenMap,
    /// `}`
    CloseMap,
    /// `,` between brackets.
    Comma,
    /// `-` before an item.
    Dash,
    /// `?`, or the place where a key without it begins.
    Key,
    /// `:` behind a key.
    Colon,
    /// `&name`
    Anchor(String),
    /// `*name`
    Alias(String),
    /// `!handle!suffix`; no handle in `!` and `!<…>`.
    Tag {
        /// With its exclamation marks.
        handle: Option<String>,
        /// The tag's own part.
        suffix: String,
    },
    /// A text, its quotes and its folding resolved.
    Scalar {
        /// The content.
        text: String,
        /// Whether it stands without quotes and not as a block.
        plain: bool,
    },
}

/// A line that begins with `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// `%YAML`: the first part of the version, as written.
    Version(String),
    /// `%TAG`: a handle and what it stands for.
    Handle(String, String),
    /// To be ignored.
    Unknown,
}

/// The token as a message names it.
impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::End => "the end of the file",
            Self::Directive(_) => "a line with `%`",
            Self::DocumentStart => "`---`",
            Self::DocumentEnd => "`...`",
            Self::BlockList => "a list",
            Self::BlockMap => "a mapping",
            Self::BlockEnd => "the end of an indented block",
            Self::OpenList => "`[`",
            Self::CloseList => "`]`",
            Self::OpenMap => "`{`",
            Self::CloseMap => "`}`",
            Self::Comma => "`,`",
            Self::Dash => "`-`",
            Self::Key => "a key",
            Self::Colon => "`:`",
            Self::Anchor(_) => "an anchor",
            Self::Alias(_) => "an alias",
            Self::Tag { .. } => "a tag",
            Self::Scalar { .. } => "a text",
        })
    }
}
