//! Citations with the lines that they quote and the lines around them.

use super::text::html;
use crate::cite::Cite;
use crate::report::Locator;
use crate::report::escape::visible;
use crate::report::markdown::UNNAMED;
use crate::report::roles::Cast;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// Citations that are shown with the lines around them; of further ones the line itself, so
/// that a page of very many events still opens at once.
const WITH_CONTEXT: usize = 2_000;
/// Citations listed at the end of the page; the script shows the others beside the text.
const LISTED: usize = 1_000;
/// Lines before and after.
const AROUND: usize = 3;
/// Characters of a line.
const WIDTH: usize = 600;

/// Where a citation opens: filled by the script.
pub(super) const DIALOG: &str = "<dialog id=\"quote\" aria-labelledby=\"quote-name\"><form method=\"dialog\"><h2 id=\"quote-name\"></h2>\
<button value=\"close\" aria-label=\"Close\">×</button></form><pre tabindex=\"0\"></pre></dialog>\n";

/// The citations of a page, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    numbers: BTreeMap<Cite, usize>,
    order: Vec<Cite>,
}

/// One citation, read.
#[derive(Debug)]
pub(super) struct Quote {
    name: String,
    /// The number of the first of the lines.
    first: u64,
    /// The cited ones of the lines, by place.
    cited: (usize, usize),
    lines: Vec<String>,
}

impl Quotes {
    pub(super) fn number(&mut self, cite: Cite) -> usize {
        let next = self.order.len();
        let number = *self.numbers.entry(cite).or_insert(next);
        if number == next {
            self.order.push(cite);
        }
        number
    }

    pub(super) fn read(self, locator: &mut Locator<'_>, cast: &Cast) -> io::Result<Vec<Quote>> {
        let read = |(n, cite): (usize, &Cite)| {
            let around = if n < WITH_CONTEXT { AROUND } else { 0 };
            quote(*cite, around, locator, cast)
        };
        self.order.iter().enumerate().map(read).collect()
    }
}

fn quote(cite: Cite, around: usize, locator: &mut Locator<'_>, cast: &Cast) -> io::Result<Quote> {
    let name = locator.name(cite)?;
    let place = locator.place(cite)?;
    if around == 0 {
        return Ok(Quote {
            name,
            first: place.line,
            cited: (0, 0),
            lines: vec![shown(&cast.quoted(&place.text))],
        });
    }
    let (before, own, after) = locator.around(cite, around)?;
    let cited = (before.len(), before.len() + own.len().saturating_sub(1));
    Ok(Quote {
        name,
        first: place.line.saturating_sub(before.len() as u64),
        cited,
        lines: [before, own, after]
            .iter()
            .flatten()
            .map(|l| shown(&cast.quoted(l)))
            .collect(),
    })
}

fn shown(line: &str) -> String {
    let line = visible(line);
    let mut short: String = line.chars().take(WIDTH).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// For the script.
pub(super) fn data(quotes: &[Quote]) -> Value {
    let each = |q: &Quote| json!([q.name, q.first, q.cited.0, q.cited.1, q.lines]);
    quotes.iter().map(each).collect()
}

/// For reading without a script, and on paper.
pub(super) fn appendix(out: &mut String, quotes: &[Quote], unnamed: bool) {
    if quotes.is_empty() {
        return;
    }
    out.push_str(
        "<section class=\"quotes\" aria-labelledby=\"cited\"><h3 id=\"cited\">Cited lines</h3>\n",
    );
    if unnamed {
        let _ = writeln!(out, "<p>{}</p>", html(UNNAMED));
    }
    out.push_str("<dl>\n");
    for (n, quote) in quotes.iter().take(LISTED).enumerate() {
        let _ = write!(
            out,
            "<div id=\"q{n}\"><dt>{}</dt><dd><code>",
            html(&quote.name)
        );
        let cited = quote.lines.iter().take(quote.cited.1 + 1);
        for line in cited.skip(quote.cited.0) {
            let _ = writeln!(out, "{}", html(line));
        }
        out.push_str("</code></dd></div>\n");
    }
    out.push_str("</dl>\n");
    if quotes.len() > LISTED {
        let _ = writeln!(
            out,
            "<p class=\"more\">{} more are cited: open them from the text.</p>",
            quotes.len() - LISTED
        );
    }
    out.push_str("</section>\n");
}
