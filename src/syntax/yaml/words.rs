//! What the YAML library finds wrong, in words that say what to do.
//!
//! Kinds that mean the same to the person who wrote the file share a sentence; the rest keep the library's.

use granit_parser::{ErrorKind as K, ScanError};

use super::super::tree::too_deep;
use super::super::{MAX_DEPTH, SyntaxError};
use crate::source::{FileId, Span};

/// The library's error at its place.
pub(super) fn explain(error: &ScanError, file: FileId, text: &str) -> SyntaxError {
    let at = error.marker().byte_offset().unwrap_or(text.len());
    let found = SyntaxError::at(message(error.kind()), file, text, at);
    match error.kind() {
        K::RecursionLimitExceeded => too_deep(found.span),
        K::UnknownAnchor => {
            let name = alias(text, found.span);
            let span = Span::new(file, found.span.range().start..found.span.range().start + name.len());
            SyntaxError::new(
                format!("no `&{}` stands before this alias", super::shown(name.trim_start_matches('*'))),
                span,
            )
        }
        _ => found,
    }
}

/// The alias that starts at a place, `*` included.
fn alias(text: &str, span: Span) -> &str {
    let rest = text.get(span.range().start..).unwrap_or("");
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '[' | '{')).unwrap_or(rest.len());
    rest.get(..end).unwrap_or("")
}

fn message(kind: &K) -> String {
    let words = match kind {
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabInPlainScalar => {
            "a tab cannot indent: use spaces"
        }
        K::TabAtBlockScalarStart => "a tab cannot indent the text below `|` or `>`: use spaces",
        K::UnexpectedCharacter { character } => return unexpected(*character),
        K::UnknownQuotedScalarEscape => "unknown escape: write a backslash as `\\\\`, or use single quotes",
        K::InvalidQuotedScalarHexEscape => "this escape lacks hexadecimal digits: `\\x` takes 2, `\\u` 4, `\\U` 8",
        K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => "this escape is not a character",
        K::UnclosedQuotedScalar => "this quote is not closed",
        K::InvalidQuotedScalarIndent => "close the quote before this line, or indent the line as part of the text",
        K::DocumentIndicatorInQuotedScalar => "close the quote before this line",
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            "unexpected text after the closing quote"
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement => {
            "unexpected `:`: check the indentation, or put a text that holds `: ` in quotes"
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => "expected `:` after this key",
        K::ExpectedBlockMappingKey => "expected a key here: check the indentation",
        K::ExpectedBlockSequenceEntry => "expected `- ` here: check the indentation",
        K::InvalidIndentation | K::InvalidFlowScalarIndent | K::InvalidBlockScalarIndent => {
            "this line is not indented to fit the lines before it"
        }
        K::ExpectedNodeContent => "expected a value here",
        K::MappingKeyNotAllowed => "a key cannot stand here: check the indentation",
        K::BlockSequenceEntryNotAllowed => "`- ` cannot stand here: start the list on a line of its own",
        K::BlockEntryInFlowCollection => "`- ` cannot stand inside brackets",
        K::PlainScalarStartsWithDashFlowIndicator => "put a text that starts with `-` in quotes here",
        K::ExpectedFlowMappingSeparator | K::UnexpectedEofFlowMapping | K::UnexpectedEofImplicitFlowMapping => {
            "expected `,` or `}`"
        }
        K::ExpectedFlowSequenceSeparator | K::UnexpectedEofFlowSequence => "expected `,` or `]`",
        K::UnclosedFlowCollection { open } => return format!("the file ends before `{open}` is closed"),
        K::MismatchedFlowCollectionEnd { open, close } => return format!("`{open}` is closed by `{close}`"),
        K::MisplacedFlowCollectionEnd => "this bracket closes nothing: remove it, or put the text in quotes",
        K::UnexpectedEof | K::UnexpectedEofBlockSequence | K::UnexpectedEofBlockMapping => "the file ends too early",
        K::ExpectedDocumentStart => "unexpected text after the end of the document: check the indentation",
        K::InvalidDocumentEnd => "unexpected text after `...`",
        K::BomInsideDocument => "remove the byte order mark (U+FEFF) here",
        K::CommentNotSeparated => "put a space before `#`",
        K::CommentInterceptedScalar => "a comment cannot stand between the lines of a text",
        K::InvalidMappingValueWhitespace => "put a space after `:`",
        K::InvalidBlockEntryWhitespace => "put a space after `-`",
        K::ZeroBlockScalarIndent => "the indentation of a text below `|` or `>` is 1 to 9",
        K::InvalidBlockScalarHeader => "the text below `|` or `>` starts on the next line",
        K::UndeclaredTagHandle => "this tag has a second `!` whose meaning no `%TAG` line gives",
        K::MissingAnchorOrAliasName => "a name is missing after `&` or `*`: put a text that starts so in quotes",
        K::UnsupportedYamlMajorVersion => "only YAML version 1 can be read",
        K::RecursionLimitExceeded => return format!("nested deeper than {MAX_DEPTH} levels"),
        other => return other.to_string().to_lowercase().trim_end_matches('.').to_owned(),
    };
    words.to_owned()
}

fn unexpected(character: char) -> String {
    match character {
        '\t' => "a tab cannot stand here: use spaces".to_owned(),
        c if c.is_control() || !c.is_ascii() => {
            format!(
                "the character U+{:04X} cannot stand here: remove it, or write it as an escape in double quotes",
                u32::from(c)
            )
        }
        c => format!("a text cannot start with `{c}`: put it in quotes"),
    }
}
