//! Numbers of an entry's fields by the bytes that they were read from.

use crate::record::Value;
use crate::token::duration::{Unit, millis};
use crate::token::payload::number;

/// How a grammar makes a number of some bytes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelt {
    /// As it stands, whole or with a fraction.
    Plain,
    /// As a duration in this unit, unless another one is written behind it.
    Duration(Unit),
}

impl Spelt {
    /// All ways.
    pub const ALL: [Self; 6] = [
        Self::Plain,
        Self::Duration(Unit::Millis),
        Self::Duration(Unit::Seconds),
        Self::Duration(Unit::Micros),
        Self::Duration(Unit::Nanos),
        Self::Duration(Unit::Unsaid),
    ];

    /// The value of the number that stands there. `None` also of one that begins with a needless zero: such
    /// numbers may be of another order of magnitude than others of as many digits.
    #[must_use]
    pub fn read(self, text: &str) -> Option<Value<'static>> {
        if matches!(text.as_bytes(), [b'0', b'0'..=b'9', ..]) {
            return None;
        }
        match self {
            Self::Plain => match number(text) {
                Value::Int(whole) => Some(Value::Int(whole)),
                Value::Float(float) => Some(Value::Float(float)),
                Value::Text(_) | Value::Time(_) => None,
            },
            Self::Duration(unit) => millis(text, unit).map(Value::Float),
        }
    }
}
