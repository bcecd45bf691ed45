//! Why a file's times were settled as they were.

/// What decided a year, a day or a zone that a file's entries do not state.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The entries state it, if only some of them.
    Stated,
    /// An option.
    Flag,
    /// The declaration of its format.
    Declared,
    /// The head of the file says it for all entries.
    Head,
    /// The weekdays that the entries name.
    Weekday,
    /// 29 February, which not every year has.
    LeapDay,
    /// The order of the file's lines.
    Lines,
    /// A date in the file's name.
    Name,
    /// The neighbours in its rotated set.
    Rotation,
    /// The date in the header of the gzip file.
    Gzip,
    /// Ids that it shares with files whose times are known.
    SharedIds,
    /// The dates of the other inputs.
    Inputs,
    /// When the file was last modified.
    #[serde(rename = "mtime")]
    Modified,
    /// Nothing.
    Assumed,
}

impl Ground {
    /// The name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Flag => "flag",
            Self::Declared => "declared",
            Self::Head => "head",
            Self::Weekday => "weekday",
            Self::LeapDay => "leap-day",
            Self::Lines => "lines",
            Self::Name => "name",
            Self::Rotation => "rotation",
            Self::Gzip => "gzip",
            Self::SharedIds => "shared-ids",
            Self::Inputs => "inputs",
            Self::Modified => "mtime",
            Self::Assumed => "assumed",
        }
    }

    /// For people, of a zone.
    #[must_use]
    pub const fn of_zone(self) -> &'static str {
        match self {
            Self::Flag => "given by --input-zone",
            Self::Assumed => "not stated: UTC assumed",
            other => other.words(),
        }
    }

    /// For people, of a year or a day.
    #[must_use]
    pub const fn of_year(self) -> &'static str {
        match self {
            Self::Flag => "given by --year",
            Self::Assumed => "unknown: a placeholder; give --year",
            other => other.words(),
        }
    }

    /// For people, of the order of days and months.
    #[must_use]
    pub const fn of_dates(self) -> &'static str {
        match self {
            Self::Assumed => {
                "nothing in the inputs tells: write the dates as 2024-01-31 or declare their format if that is wrong"
            }
            other => other.words(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Flag => "given by an option",
            Self::Declared => "declared with its format",
            Self::Head => "stated in the head of the file",
            Self::Weekday => "the weekdays named in the file",
            Self::LeapDay => "29 February occurs in the file",
            Self::Lines => "the order of its lines",
            Self::Name => "the date in the file's name",
            Self::Rotation => "the neighbours in its rotated set",
            Self::Gzip => "the date in the gzip header",
            Self::SharedIds => "ids shared with files whose times are known",
            Self::Inputs => "nearest to dated entries of the inputs",
            Self::Modified => "the file was last modified then",
            Self::Assumed => "assumed",
        }
    }
}
