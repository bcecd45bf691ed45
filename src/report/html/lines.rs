//! Statements, questions and the template's own words.

use super::Page;
use super::text::{emphasis, html};
use crate::cite::{Cite, Grade, Line, Piece};
use crate::report::draft::Inset;
use crate::report::template::Form;
use std::fmt::Write as _;
use std::io;

impl Page<'_> {
    pub(super) fn lines(&mut self, form: Form, lines: &[Line]) -> io::Result<()> {
        let list = match form {
            Form::Numbers(_) => "ol",
            Form::Bullets(_) => "ul",
            Form::Paragraph => return self.paragraph(lines),
        };
        let _ = writeln!(self.out, "<{list} class=\"lines\">");
        for line in lines {
            self.line(line)?;
        }
        let _ = writeln!(self.out, "</{list}>");
        Ok(())
    }

    /// Sentences one after the other, then what is asked of people.
    fn paragraph(&mut self, lines: &[Line]) -> io::Result<()> {
        let (said, asked): (Vec<&Line>, Vec<&Line>) =
            lines.iter().partition(|l| matches!(l, Line::Said { .. }));
        if !said.is_empty() {
            self.out.push_str("<p class=\"prose\">");
            for line in said {
                self.statement(line)?;
                self.out.push('\n');
            }
            self.out.push_str("</p>\n");
        }
        if asked.is_empty() {
            return Ok(());
        }
        self.out.push_str("<ul class=\"lines\">\n");
        for line in asked {
            self.line(line)?;
        }
        self.out.push_str("</ul>\n");
        Ok(())
    }

    /// A line of the template. Of its Markdown only emphasis is read; a comment is left out.
    pub(super) fn words(&mut self, words: &[Inset]) -> io::Result<()> {
        if let [Inset::Template(fixed)] = words
            && fixed.trim().starts_with("<!--")
        {
            return Ok(());
        }
        self.out.push_str("<p>");
        let mut rests: Vec<Cite> = Vec::new();
        let mut known = Grade::Observed;
        for word in words {
            match word {
                Inset::Template(fixed) => self.out.push_str(&emphasis(fixed)),
                Inset::Figure(Line::Ask { prompt }) => {
                    let _ = write!(
                        self.out,
                        "<b class=\"todo\">For people</b> {}",
                        html(prompt)
                    );
                }
                Inset::Figure(Line::Said {
                    text,
                    grade,
                    evidence,
                }) => {
                    for piece in text {
                        if let Piece::Text(words) | Piece::Strong(words) = piece {
                            self.out.push_str(&html(words));
                        }
                    }
                    known = known.max(*grade);
                    rests.extend(evidence.iter());
                }
            }
        }
        self.grade(known);
        for (n, cite) in rests.iter().enumerate() {
            if !rests.iter().take(n).any(|c| c == cite) {
                self.out.push(' ');
                self.cite(*cite)?;
            }
        }
        self.out.push_str("</p>\n");
        Ok(())
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        if let Line::Ask { prompt } = line {
            let _ = writeln!(
                self.out,
                "<li class=\"ask\"><b class=\"todo\">For people</b> {}</li>",
                html(prompt)
            );
            return Ok(());
        }
        self.out.push_str("<li>");
        self.statement(line)?;
        self.out.push_str("</li>\n");
        Ok(())
    }

    /// What is said, how well it is known, and what it rests on.
    fn statement(&mut self, line: &Line) -> io::Result<()> {
        let Line::Said {
            text,
            grade,
            evidence,
        } = line
        else {
            return Ok(());
        };
        let mut inline = Vec::new();
        for piece in text {
            match piece {
                Piece::Text(words) => self.out.push_str(&html(words)),
                Piece::Strong(words) => {
                    let _ = write!(self.out, "<b>{}</b>", html(words.trim()));
                }
                Piece::Cite(cite) => {
                    inline.push(*cite);
                    self.cite(*cite)?;
                }
            }
        }
        self.grade(*grade);
        for cite in evidence.iter().filter(|c| !inline.contains(c)) {
            self.out.push(' ');
            self.cite(cite)?;
        }
        Ok(())
    }

    pub(super) fn grade(&mut self, grade: Grade) {
        if grade != Grade::Observed {
            let _ = write!(self.out, " <i class=\"grade {grade}\">{grade}</i>");
        }
    }

    pub(super) fn cite(&mut self, cite: Cite) -> io::Result<()> {
        let name = self.locator.name(cite)?;
        let n = self.quotes.number(cite);
        let _ = write!(
            self.out,
            "<a class=\"cite\" href=\"#q{n}\">{}</a>",
            html(&name)
        );
        Ok(())
    }
}
