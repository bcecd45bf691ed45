//! Pieces that formats share.

pub mod account;
pub mod alert;
pub mod ansi;
pub mod audit;
pub mod aws_call;
pub mod azure;
pub mod change;
pub mod clock;
pub mod closing;
pub mod columns;
pub mod continuation;
pub mod csv;
pub mod date;
pub mod duration;
pub mod entity;
pub mod epoch;
pub mod json;
pub mod leaves;
pub mod level;
pub mod login;
pub mod mail;
mod measure;
mod memo;
pub(crate) mod messenger;
pub mod month;
pub mod named;
pub mod paging;
pub mod pairs;
pub mod payload;
pub mod pod;
pub mod preamble;
pub mod quoted;
pub mod request;
pub mod role;
pub mod served;
pub mod speaker;
pub mod table;
pub mod text;
pub mod time;
pub mod trace;
pub mod trailing;
pub mod whose;
pub mod wrapped;
pub mod yaml;
pub mod zone;

use nom::IResult;

/// What every grammar here gives: the rest of the input and what was read, or
/// "not this" without a reason, since a format that does not fit is no error.
pub type Found<'a, T> = IResult<&'a [u8], T, ()>;

/// "Not this".
pub(crate) const NOT: nom::Err<()> = nom::Err::Error(());

/// A whole number of `min` to `max` decimal digits (at most 18).
pub(crate) fn number(min: usize, max: usize) -> impl Fn(&[u8]) -> Found<'_, i64> {
    move |i| {
        let mut value = 0i64;
        let mut len = 0;
        for b in i.iter().take(max).take_while(|b| b.is_ascii_digit()) {
            value = value * 10 + i64::from(b - b'0');
            len += 1;
        }
        match i.get(len..) {
            Some(rest) if len >= min => Ok((rest, value)),
            _ => Err(NOT),
        }
    }
}

/// Whether a word or number that ends before `rest` ends there.
pub(crate) fn at_boundary(rest: &[u8]) -> bool {
    !rest
        .first()
        .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// `i` without the spaces and tabs it begins with.
pub(crate) fn blank(i: &[u8]) -> &[u8] {
    let n = i.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    i.get(n..).unwrap_or_default()
}
