//! Which words of a message are values and which are its wording.

/// What the bytes of a word have been: a union over the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u8);

const SEPARATOR: u8 = 1;
/// Digits, `@` and backslashes: a word that has one is a value.
const VALUE: u8 = 2;
const SLASH: u8 = 4;
const DOT: u8 = 8;
/// Outside ASCII: a letter of another script, or not.
const HIGH: u8 = 16;

const TABLE: [u8; 256] = {
    let mut table = [0; 256];
    let separators = b" \t=:,;()[]{}<>\"'|";
    let mut n = 0;
    while n < separators.len() {
        table[separators[n] as usize] = SEPARATOR;
        n += 1;
    }
    let mut byte = b'0';
    while byte <= b'9' {
        table[byte as usize] = VALUE;
        byte += 1;
    }
    table[b'@' as usize] = VALUE;
    table[b'\\' as usize] = VALUE;
    table[b'/' as usize] = SLASH;
    table[b'.' as usize] = DOT;
    let mut high = 0x80;
    while high < 256 {
        table[high] = HIGH;
        high += 1;
    }
    table
};

#[inline]
fn class_of(byte: u8) -> u8 {
    TABLE.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether a byte stands between words.
pub(super) fn is_separator(byte: u8) -> bool {
    class_of(byte) & SEPARATOR != 0
}

/// The length of the word that `rest` begins with, and what is in it.
#[inline]
pub(super) fn scan(rest: &[u8]) -> (usize, Class) {
    let mut seen = 0;
    let end = rest.iter().position(|byte| {
        let class = class_of(*byte);
        seen |= class;
        class & SEPARATOR != 0
    });
    (end.unwrap_or(rest.len()), Class(seen & !SEPARATOR))
}

/// Where dots lead from a word to its value, as in `prefetch depth........0`.
pub(super) fn leader(word: &[u8], class: Class) -> Option<usize> {
    if class.0 & DOT == 0 {
        return None;
    }
    let found = word.windows(3).position(|three| three == b"...");
    found.filter(|at| *at > 0)
}

/// How many dots `rest` begins with.
pub(super) fn dots(rest: &[u8]) -> usize {
    rest.iter().take_while(|b| **b == b'.').count()
}

/// Whether a word is the beginning of a path or of an address with a scheme.
pub(super) fn opens_path(rest: &[u8], length: usize, class: Class) -> bool {
    (class.0 & SLASH != 0 && length > 1)
        || rest.get(length) == Some(&b':') && rest.get(length..length + 3) == Some(b"://")
}

/// How far a path reaches: to a blank, a quote or a closing bracket; what ends a sentence is
/// not part of it.
pub(super) fn path_length(rest: &[u8], least: usize) -> usize {
    let ends = |b: &u8| {
        matches!(
            b,
            b' ' | b'\t' | b'"' | b'\'' | b')' | b']' | b'}' | b'>' | b','
        )
    };
    let whole = rest.iter().position(ends).unwrap_or(rest.len()).max(least);
    let path = rest.get(..whole).unwrap_or(rest);
    let tail = path
        .iter()
        .rev()
        .take_while(|b| matches!(b, b':' | b'.' | b';'));
    (whole - tail.count()).max(1)
}

impl Class {
    /// Whether a word is a value rather than part of the wording.
    pub(super) fn is_value(self, word: &[u8]) -> bool {
        if self.0 == 0 {
            return is_calendar(word) || is_hexadecimal(word);
        }
        self.0 & VALUE != 0
            || self.0 & DOT != 0 && is_dotted_name(word)
            || self.0 & HIGH != 0 && !is_prose(word)
    }
}

/// Months, weekdays and zones: they change with the calendar, not with what is said.
fn is_calendar(word: &[u8]) -> bool {
    word.len() == 3
        && matches!(
            word,
            b"Mon"
                | b"Tue"
                | b"Wed"
                | b"Thu"
                | b"Fri"
                | b"Sat"
                | b"Sun"
                | b"Jan"
                | b"Feb"
                | b"Mar"
                | b"Apr"
                | b"May"
                | b"Jun"
                | b"Jul"
                | b"Aug"
                | b"Sep"
                | b"Oct"
                | b"Nov"
                | b"Dec"
                | b"UTC"
                | b"GMT"
                | b"EST"
                | b"EDT"
                | b"CST"
                | b"CDT"
                | b"PST"
                | b"PDT"
                | b"CET"
        )
}

fn is_hexadecimal(word: &[u8]) -> bool {
    word.len() >= 6 && word.iter().all(u8::is_ascii_hexdigit)
}

/// A host's name or a class's: three parts and more, or an ending that hosts have.
fn is_dotted_name(word: &[u8]) -> bool {
    let stop = word.iter().rposition(|b| *b != b'.').map_or(0, |at| at + 1);
    let name = word.get(..stop).unwrap_or(word);
    let dots = name.iter().filter(|b| **b == b'.').count();
    let Some(last) = name.iter().rposition(|b| *b == b'.') else {
        return false;
    };
    (dots >= 2 && name.iter().any(u8::is_ascii_alphabetic))
        || last > 0 && name.get(last + 1..).is_some_and(is_host_ending)
}

/// Endings of host names: those most registered and those of private networks.
fn is_host_ending(ending: &[u8]) -> bool {
    matches!(
        ending,
        b"com"
            | b"net"
            | b"org"
            | b"io"
            | b"edu"
            | b"gov"
            | b"dev"
            | b"app"
            | b"cloud"
            | b"info"
            | b"local"
            | b"internal"
            | b"localdomain"
            | b"lan"
            | b"svc"
            | b"corp"
            | b"test"
            | b"example"
            | b"invalid"
            | b"uk"
            | b"de"
            | b"jp"
            | b"fr"
            | b"ru"
            | b"cn"
            | b"us"
            | b"tw"
            | b"hk"
            | b"kr"
            | b"br"
            | b"ca"
            | b"au"
            | b"eu"
            | b"ch"
            | b"nl"
            | b"it"
            | b"es"
            | b"pl"
            | b"se"
    )
}

/// A word of another script: letters alone.
fn is_prose(word: &[u8]) -> bool {
    std::str::from_utf8(word).is_ok_and(|text| text.chars().all(char::is_alphabetic))
}

/// Words that a name follows: `user mallory`.
pub(super) fn announces_name(word: &[u8]) -> bool {
    matches!(
        word,
        b"user" | b"User" | b"username" | b"host" | b"hostname" | b"account"
    )
}

/// Words that go on with the sentence where a name could stand: `user is unknown`.
pub(super) fn goes_on(word: &[u8]) -> bool {
    matches!(
        word,
        b"is"
            | b"not"
            | b"unknown"
            | b"has"
            | b"was"
            | b"and"
            | b"or"
            | b"for"
            | b"in"
            | b"with"
            | b"from"
            | b"to"
            | b"by"
            | b"on"
            | b"at"
            | b"of"
            | b"can"
            | b"cannot"
            | b"could"
            | b"does"
            | b"failed"
            | b"requested"
            | b"authenticated"
            | b"login"
            | b"agent"
            | b"name"
            | b"id"
            | b"data"
            | b"mode"
            | b"info"
            | b"key"
            | b"keys"
            | b"session"
            | b"process"
            | b"service"
            | b"space"
            | b"does't"
            | b"doesn"
            | b"locked"
            | b"logged"
            | b"created"
            | b"deleted"
            | b"disabled"
    )
}

/// Units after a number: `512 KB` and `3 MB` are the same amount of wording.
pub(super) fn is_unit(word: &[u8]) -> bool {
    matches!(
        word,
        b"B" | b"KB"
            | b"kB"
            | b"MB"
            | b"GB"
            | b"TB"
            | b"KiB"
            | b"MiB"
            | b"GiB"
            | b"bytes"
            | b"ns"
            | b"us"
            | b"ms"
            | b"s"
            | b"sec"
            | b"secs"
            | b"second"
            | b"seconds"
            | b"minute"
            | b"minutes"
            | b"hour"
            | b"hours"
            | b"day"
            | b"days"
    )
}

/// Words made by programmers rather than written by people: `getUser`, `max_size`, `eth-wan`.
pub(super) fn is_identifier(word: &str) -> bool {
    let bytes = word.as_bytes();
    let humped = bytes
        .windows(2)
        .any(|w| matches!(w, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    humped
        || word.contains(['_', '#', '$', '~', '%'])
        || word.contains('-') && word.len() > 3
        || word.contains('.') && !word.ends_with('.')
}
