//! Findings the way compilers print them: the rule, the place, the line itself, underlined.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use builder::{Finding, Severity};
use console::Charset;
use console::printable::drives;
use plugin::yaml::Span;

/// Longest line that is quoted, in bytes; nobody wrote a longer one by hand.
const LONGEST: usize = 4096;

/// How findings are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawing {
    /// What the terminal can show.
    pub(crate) charset: Charset,
    /// Its width in columns.
    pub(crate) width: usize,
}

/// A stretch of one line of a text.
struct Quote<'a> {
    line: &'a str,
    marked: Range<usize>,
}

/// Returns `finding`, in the file at `path` that reads `text`, as a block that ends with a line break.
///
/// Colors are in it: they are taken out again where they are not wanted.
pub(crate) fn draw(
    finding: &Finding,
    severity: Severity,
    path: &str,
    text: &str,
    drawing: Drawing,
) -> String {
    let Drawing { charset, width } = drawing;
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let path = charset.line(path);
    let mut group = level
        .primary_title(charset.line(&finding.message))
        .id(finding.code.to_string())
        .element(place(finding.span, path, text));
    if !finding.path.0.is_empty() {
        let at = charset.line(&finding.path.to_string()).into_owned();
        group = group.element(Level::NOTE.with_name("at").message(at));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(charset.lines(help)));
    }
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(width);
    let mut drawn = defuse(&renderer.render(&[group]), charset);
    drawn.push('\n');
    drawn
}

fn place<'a>(span: Option<Span>, path: Cow<'a, str>, text: &'a str) -> Element<'a> {
    let Some(span) = span else { return Origin::path(path).into() };
    match quote(text, span) {
        Some(Quote { line, marked }) => Snippet::source(line)
            .path(path)
            .line_start(span.start.line)
            .annotation(AnnotationKind::Primary.span(marked))
            .into(),
        None => Origin::path(path).line(span.start.line).char_column(span.start.column).into(),
    }
}

/// Returns the line that `span` begins on, or nothing where quoting it would help nobody.
///
/// Looks no further than a quoted line can reach: one line may hold all findings of a file.
fn quote(text: &str, span: Span) -> Option<Quote<'_>> {
    let start = span.start.offset;
    let (before, behind) = text.split_at_checked(start)?;
    let is_break = |byte| byte == b'\n';
    let begin = before.bytes().rev().take(LONGEST + 1).position(is_break);
    let begin = begin.map_or(0, |length| start - length);
    let end = behind.bytes().take(LONGEST + 1).position(is_break);
    let end = end.map_or(text.len(), |length| start + length);
    let line = text.get(begin..end)?;
    if line.len() > LONGEST {
        return None;
    }
    let line = line.trim_end();
    let from = (start - begin).min(line.len());
    let until = span.end.offset.saturating_sub(begin).clamp(from, line.len());
    line.get(from..until)?;
    Some(Quote { line, marked: from..until })
}

/// Replaces what the renderer lets through from a quoted line, one character by one, so that the
/// underlining stays in place. Its own colors are all that may begin with an escape: it has replaced
/// those of the text.
fn defuse(drawn: &str, charset: Charset) -> String {
    let substitute = match charset {
        Charset::Unicode => char::REPLACEMENT_CHARACTER,
        Charset::Ascii => '?',
    };
    let shown = |character: char| match character {
        '\n' | '\x1b' => character,
        _ if drives(character) => substitute,
        _ if !character.is_ascii() && charset == Charset::Ascii => substitute,
        _ => character,
    };
    drawn.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use builder::{Code, Step, ValuePath};
    use plugin::yaml::Position;

    use super::*;

    fn finding(span: Option<Span>) -> Finding {
        Finding {
            code: Code::Yaml,
            file: "metadata.yaml".to_owned(),
            span,
            path: ValuePath::default(),
            message: "`package_verison` is not a known key".to_owned(),
            help: Some("did you mean `package_version`?".to_owned()),
        }
    }

    fn span(text: &str, marked: &str) -> Option<Span> {
        let offset = text.find(marked).unwrap();
        let line = text[..offset].matches('\n').count() + 1;
        let column = text[..offset].lines().last().map_or(0, |line| line.chars().count()) + 1;
        let start = Position { line, column, offset };
        let end = Position {
            line,
            column: column + marked.chars().count(),
            offset: offset + marked.len(),
        };
        Some(Span { start, end })
    }

    fn drawn(finding: &Finding, text: &str, charset: Charset) -> String {
        let drawing = Drawing { charset, width: 100 };
        let drawn = draw(finding, Severity::Error, "demo/metadata.yaml", text, drawing);
        anstream::adapter::strip_str(&drawn).to_string()
    }

    #[test]
    fn a_finding_shows_its_place_and_its_line() {
        let text = "name: demo\npackage_verison: '4.0.0'\nversion: '1.0.0'\n";
        insta::assert_snapshot!(
            drawn(&finding(span(text, "package_verison")), text, Charset::Unicode),
            @"
        error[F0101]: `package_verison` is not a known key
         --> demo/metadata.yaml:2:1
          |
        2 | package_verison: '4.0.0'
          | ^^^^^^^^^^^^^^^
          |
          = help: did you mean `package_version`?
        "
        );
    }

    #[test]
    fn a_finding_says_how_to_get_to_its_value() {
        let text = "attributes:\n  key: {weight: '1'}\n";
        let keys = ["attributes", "ke\ny", "weight"].map(|key| Step::Key(key.to_owned()));
        let finding = Finding { path: ValuePath(keys.into()), ..finding(span(text, "'1'")) };
        let drawn = drawn(&finding, text, Charset::Ascii);
        assert!(drawn.contains("  = at: attributes -> ke\\ny -> weight\n"), "{drawn}");
    }

    #[test]
    fn a_finding_about_a_whole_file_shows_the_file() {
        insta::assert_snapshot!(drawn(&finding(None), "", Charset::Unicode), @"
        error[F0101]: `package_verison` is not a known key
        --> demo/metadata.yaml
         = help: did you mean `package_version`?
        ");
    }

    #[test]
    fn a_quoted_line_cannot_drive_the_terminal() {
        let text = "a: '\x1b]0;x\x07 \u{9b}31m \u{202e}é'\n";
        let finding = finding(span(text, "a"));
        for charset in [Charset::Unicode, Charset::Ascii] {
            let drawn = drawn(&finding, text, charset);
            assert!(!drawn.chars().any(|c| c != '\n' && drives(c)), "{drawn:?}");
            assert!(charset == Charset::Unicode || drawn.is_ascii(), "{drawn:?}");
        }
    }

    #[test]
    fn places_that_cannot_be_quoted_are_named() {
        let long = format!("a: {}\n", "x".repeat(LONGEST));
        let nowhere = Position { line: 7, column: 3, offset: 1 << 40 };
        for (text, span) in
            [(long.as_str(), span(&long, "a")), ("", Some(Span { start: nowhere, end: nowhere }))]
        {
            let drawn = drawn(&finding(span), text, Charset::Unicode);
            let place = span.unwrap().start;
            let expected = format!("--> demo/metadata.yaml:{}:{}\n", place.line, place.column);
            assert!(drawn.contains(&expected), "{drawn}");
        }
    }

    #[test]
    fn a_mark_may_be_empty_or_end_on_a_later_line() {
        let text = "a: [\n  1\n]\n";
        let end = Position { line: 3, column: 2, offset: 10 };
        let start = Position { line: 1, column: 4, offset: 3 };
        let over_lines = drawn(&finding(Some(Span { start, end })), text, Charset::Unicode);
        assert!(over_lines.contains("1 | a: [\n  |    ^\n"), "{over_lines}");
        let start = Position { line: 4, column: 1, offset: text.len() };
        let at_end = drawn(&finding(Some(Span { start, end: start })), text, Charset::Unicode);
        assert!(at_end.contains(":4:1\n"), "{at_end}");
    }
}
