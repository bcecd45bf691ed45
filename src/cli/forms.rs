//! The forms that results are written in, as they are typed.

use clap::ValueEnum;

/// Forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// Markdown
    Md,
    /// One self-contained page: chart, filterable timeline, citations in context
    Html,
    /// JSON, schema recon.report/1
    Json,
}

/// Forms of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventsForm {
    /// One JSON object a line
    Jsonl,
    /// For spreadsheets (RFC 4180)
    Csv,
    /// For data frames
    Parquet,
    /// JSON lines as Timesketch imports them
    Timesketch,
}

/// Forms of what recon tells of its own doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccountForm {
    /// For reading
    Text,
    /// For programs
    Json,
}

/// Forms of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimelineForm {
    /// Aligned columns of plain text, to paste into a chat
    Table,
    /// For spreadsheets
    Csv,
    /// JSON lines as Timesketch imports them
    Timesketch,
}

/// Forms of the findings of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckForm {
    /// Markdown
    Md,
    /// JSON, schema recon.check/1
    Json,
}

/// Forms of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableForm {
    /// For reading
    Table,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}
