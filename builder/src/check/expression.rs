//! Whether a text is a regular expression in Python's dialect.
//!
//! Only the syntax counts: the expression is run by the product, never here. What Python writes
//! differently is translated for our engine; where ours can do less, the expression passes. What takes
//! our engine time and means nothing for the syntax (counts, classes of all scripts' letters) is
//! replaced by something small of its kind, so that checking takes no longer than reading.

use std::iter::Peekable;
use std::str::Chars;

use fancy_regex::{CompileError, Error, ParseError, RegexBuilder};

/// Most bytes of expressions in a file that are looked at; those behind them pass. Real plugins have
/// less than a hundredth of it.
pub(super) const MOST_TEXT: usize = 1 << 16;

/// Most bytes that one expression's machine may take. A larger one has been read to its end by then, so its
/// syntax is known to be right; making the rest of its machine would only take time.
const MOST_MEMORY: usize = 1 << 16;

/// Returns what is wrong with `body`, in the engine's words.
pub(super) fn complaint(body: &str) -> Option<String> {
    let translated = match translate(body) {
        Ok(translated) => translated,
        Err(complaint) => return Some(complaint.to_owned()),
    };
    let engine = RegexBuilder::new(&translated).delegate_size_limit(MOST_MEMORY).build();
    let error = engine.err()?;
    (!is_our_limit(&error)).then(|| error.to_string())
}

/// Whether Python's engine would have gone on: it nests deeper, repeats more, and may repeat what
/// consumes nothing.
fn is_our_limit(error: &Error) -> bool {
    match error {
        Error::ParseError(_, error) => {
            matches!(error, ParseError::RecursionExceeded | ParseError::TargetNotRepeatable)
        }
        Error::CompileError(error) => match &**error {
            CompileError::InnerError(error) => error.syntax_error().is_none(),
            CompileError::FeatureNotYetSupported(_) | CompileError::PatternTooComplex => true,
            _ => false,
        },
        _ => false,
    }
}

/// What the last part of an expression was.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// There is none that can be repeated: the beginning of the whole, of a group or of an
    /// alternative, or an anchor.
    Nothing,
    Something,
    Quantifier,
}

/// Writes `body` as our engine wants it.
fn translate(body: &str) -> Result<String, &'static str> {
    let mut out = String::with_capacity(body.len());
    let mut rest = body.chars().peekable();
    let mut last = Last::Nothing;
    while let Some(c) = rest.next() {
        let now = match c {
            '\\' => escape(&mut rest, &mut out),
            '[' => class(&mut rest, &mut out),
            '(' => match group(&mut rest, &mut out) {
                Some(opened) => opened,
                None => continue,
            },
            '*' | '+' | '?' | '{' => quantifier(c, &mut rest, &mut out)?,
            _ => {
                out.push(c);
                if "|^$".contains(c) { Last::Nothing } else { Last::Something }
            }
        };
        match (last, now) {
            (Last::Nothing, Last::Quantifier) => return Err("nothing to repeat"),
            (Last::Quantifier, Last::Quantifier) => return Err("multiple repeat"),
            _ => last = now,
        }
    }
    Ok(out)
}

/// Copies the opening of a group. Flags and comments are no part of the expression: of flags only
/// the one that changes how the rest is read is copied, of comments nothing.
fn group(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<Last> {
    let flags: String = rest.clone().skip(1).take_while(|c| "iLmsux".contains(*c)).collect();
    let behind = rest.clone().nth(flags.len() + 1);
    if rest.peek() == Some(&'?') && !flags.is_empty() && behind == Some(')') {
        rest.nth(flags.len() + 1);
        out.push_str(if flags.contains('x') { "(?x)" } else { "" });
        return None;
    }
    if rest.clone().take(2).eq("?#".chars()) {
        if rest.find(|&c| c == ')').is_none() {
            // As open as the comment is.
            out.push('(');
        }
        return None;
    }
    out.push('(');
    if rest.next_if_eq(&'?').is_some() {
        out.push('?');
        kind(rest, out);
    }
    Some(Last::Nothing)
}

/// Copies what says of which kind a group is; a mark there is no quantifier.
fn kind(rest: &mut Peekable<Chars<'_>>, out: &mut String) {
    let first = rest.next_if(|c| ":=!<P(".contains(*c));
    out.extend(first);
    let end = match first {
        Some('<') => return out.extend(rest.next_if(|c| "=!".contains(*c))),
        Some('P') if rest.peek() == Some(&'<') => '>',
        Some('(') => ')',
        _ => return,
    };
    while let Some(c) = rest.next_if(|&c| c != end) {
        out.push(c);
    }
    out.extend(rest.next());
}

/// Copies a quantifier with the `?` or `+` that makes it lazy or possessive; a brace can
/// also be a plain character.
fn quantifier(
    first: char,
    rest: &mut Peekable<Chars<'_>>,
    out: &mut String,
) -> Result<Last, &'static str> {
    if first == '{' {
        let counts: String = rest.clone().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
        let closed = rest.clone().nth(counts.len()) == Some('}');
        if !closed || counts.is_empty() || counts.matches(',').count() > 1 {
            out.push_str("\\{");
            return Ok(Last::Something);
        }
        rest.nth(counts.len());
        if is_empty_range(&counts) {
            return Err("min repeat greater than max repeat");
        }
    }
    out.push(if first == '{' { '*' } else { first });
    out.extend(rest.next_if(|c| matches!(c, '?' | '+')));
    Ok(Last::Quantifier)
}

/// Whether `3,2` asks for more than it allows.
fn is_empty_range(counts: &str) -> bool {
    let bounds = counts.split_once(',').map(|(least, most)| (least.parse(), most.parse()));
    matches!(bounds, Some((Ok::<u64, _>(least), Ok::<u64, _>(most))) if least > most)
}

/// Copies what follows a backslash. Letters without a meaning stand for themselves, and digits that
/// begin with 0 or are three octal ones are a character's number.
fn escape(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Last {
    let octal = rest.clone().take(3).filter(|c| c.is_digit(8)).count();
    match rest.next() {
        Some(c) if c == '0' || octal == 3 => {
            while rest.next_if(|c| c.is_digit(8)).is_some() {}
            out.push_str("\\x00");
        }
        Some('d' | 's' | 'w' | 'D' | 'S' | 'W') => out.push_str("\\s"),
        Some(c) if c.is_ascii_alphabetic() && !"abfnrtuvxABUZ".contains(c) => out.push(c),
        Some(c) => {
            out.extend(['\\', c]);
            if "bBAZ".contains(c) {
                return Last::Nothing;
            }
        }
        None => out.push('\\'),
    }
    Last::Something
}

/// Copies a character class; a bracket in it is a plain character, as is one that comes first, and
/// so is a dash that begins or ends a range.
fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Last {
    out.push('[');
    out.extend(rest.next_if_eq(&'^'));
    if rest.next_if_eq(&']').is_some() {
        out.push_str("\\]");
    }
    let mut last = '[';
    while let Some(c) = rest.next() {
        match c {
            ']' => {
                out.push(c);
                break;
            }
            '\\' => member(rest, out),
            '-' if last == '-' => out.push_str("\\-"),
            '[' | '&' | '~' => out.extend(['\\', c]),
            _ => out.push(c),
        }
        last = c;
    }
    Last::Something
}

/// Copies what follows a backslash within a character class, where there are neither anchors nor
/// references.
fn member(rest: &mut Peekable<Chars<'_>>, out: &mut String) {
    match rest.next_if(|c| c.is_ascii_digit() || "ABZ".contains(*c)) {
        Some(c) if c.is_ascii_digit() => out.push_str("\\x00"),
        Some(letter) => out.push(letter),
        None => {
            escape(rest, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_accepts_is_accepted() {
        for body in [
            "",
            ".*",
            "a|",
            "|",
            "(|a)",
            "(?:a)",
            "(?=a)b",
            "(?!a)b",
            "(?<=a)b",
            "(?<!ab)c",
            "(?P<n>a)(?P=n)",
            "(a)\\1",
            "(a)(?(1)b|c)",
            "(?P<n>a)?(?(n)b)",
            "(?iLmsux)a",
            "(?u)a",
            "(?x) a b # c",
            "(?#comment)a",
            "a(?#[*)*",
            "a(?i)*",
            "a*(?i)b",
            "\\777",
            "[\\A\\B\\Z]",
            "[--a]",
            "\\A\\d\\D\\s\\S\\w\\W\\b\\B\\Z",
            "\\q",
            "\\x41",
            "\\0",
            "\\07",
            "\\377",
            "[]a]",
            "[^]a]",
            "[[a]",
            "[a[b]",
            "[a&&b]",
            "[\\b]",
            "[\\q\\/]",
            "(?=a)*",
            "{",
            "a{",
            "a{x}",
            "a{,3}",
            "a{2}?",
            "a*?",
            "a{100000}",
            "(a{1000}){1000}",
            "é+",
            "\\/",
            "]",
            "primary-.*",
            "^(?!primary-)(controller|compute)$",
        ] {
            assert_eq!(complaint(body), None, "{body}");
        }
        let deep = format!("{}a{}", "(".repeat(99), ")".repeat(99));
        assert_eq!(complaint(&deep), None);
    }

    #[test]
    fn what_python_refuses_is_refused() {
        let refused = r"
            [ * +a ? a** a{2}{3} ( ) a) (?P=x) \1 (?z) [a-z [z-a] [] [^] a|* (a \ a\ (?
            (?P (?P< a{2,1} ^* a*(?i)* a$+ \b? (?i)* (?<=*a) (?P<n>+) (a)(?(1)*) [a--b]
            (?#*
        ";
        for body in refused.split_whitespace() {
            assert!(complaint(body).is_some(), "{body} passed");
        }
    }

    #[test]
    fn a_long_expression_is_read_once() {
        for part in ["{", "\\w{1000}", "[\\w\\W]", "(?:a)", "{1,"] {
            assert_eq!(complaint(&part.repeat(MOST_TEXT / part.len())), None, "{part}");
        }
    }
}
