//! What must be known of a file before its parts can be read in any order:
//! its formats, its zone, and the years or days its times leave out.

use super::dating::{self, Undated};
use super::declared::{self, Declared};
use super::naming;
use super::ordering;
use super::sample::{HEAD, excerpt, further, samples};
use super::service::{self, Rule};
use super::zones::ZoneRule;
use crate::cite::FileId;
use crate::clock::{self, FileClock};
use crate::source::Library;
use rayon::prelude::*;
use recon_parsers::Detected;
use recon_parsers::custom::Custom;
use recon_parsers::detect::{detect_more, detect_with};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// What people set for all files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Zones of times that state none; UTC if not given.
    pub input_zones: Vec<ZoneRule>,
    /// The year of the first entry of files that state none.
    pub year: Option<i32>,
    /// Services of files.
    pub services: Vec<Rule>,
    /// Formats that they declared.
    pub declared: Vec<Declared>,
}

/// How one file is read.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// The file.
    pub file: FileId,
    /// Its formats.
    pub detected: Detected,
    /// The declared formats that it may be in.
    pub declared: Vec<Arc<Custom>>,
    /// How its times are settled.
    pub clock: FileClock,
    /// The service it speaks for.
    pub service: String,
    /// It was rotated away, and the piece that goes on from it is not among the inputs.
    pub closed: bool,
    /// That service was set by an option and outranks what entries say.
    pub service_given: bool,
}

/// Strays of another format that make a file mixed.
const STRAYS: usize = 3;

/// Plans every file of the library.
pub fn plan(library: &Library, options: &Options) -> io::Result<Vec<FilePlan>> {
    let inputs: Vec<_> = library.iter().map(|(_, input)| input).collect();
    let detections = inputs
        .par_iter()
        .map(|input| {
            let head = excerpt(input, 0, HEAD)?;
            let further = further(input)?;
            let excerpts: Vec<&[u8]> = further.iter().map(Vec::as_slice).collect();
            let declared = declared::applying(&options.declared, &input.path);
            Ok(detect_with(&head, &excerpts, &declared))
        })
        .collect::<io::Result<Vec<_>>>()?;
    let timed = inputs
        .par_iter()
        .zip(&detections)
        .map(|(input, detected)| samples(input, detected))
        .collect::<io::Result<Vec<_>>>()?;
    let orders = ordering::orders(&inputs, &timed);
    let files = inputs.iter().zip(&detections).zip(&timed).zip(&orders);
    let undated: Vec<Undated<'_>> = files
        .map(|(((input, detected), timed), dates)| Undated {
            input,
            detected,
            samples: timed.iter().map(|t| t.sample(dates.0)).collect(),
            dates: *dates,
        })
        .collect();
    let clocks = dating::clocks(&undated, options)?;
    let paths: Vec<&str> = library.iter().map(|(_, i)| i.path.as_str()).collect();
    let closed = closed(&paths);
    let mut plans = Vec::new();
    for (((file, input), detected), clock) in library.iter().zip(detections).zip(clocks) {
        let given =
            service::given(&options.services, &input.path).or_else(|| service::of_staging(input));
        plans.push(FilePlan {
            file,
            closed: closed.get(plans.len()).copied().unwrap_or_default(),
            service_given: given.is_some(),
            service: given.unwrap_or_else(|| service::of_name(input, detected.main())),
            declared: declared::applying(&options.declared, &input.path),
            detected,
            clock,
        });
    }
    naming::settle(library, &mut plans)?;
    Ok(plans)
}

/// Which files were rotated away while the piece that goes on from them is not among the inputs:
/// they end where they were cut, not where their writer stopped.
fn closed(paths: &[&str]) -> Vec<bool> {
    let pieces: Vec<(String, u32)> = paths.iter().map(|p| clock::rotated(p)).collect();
    let known: BTreeSet<&(String, u32)> = pieces.iter().collect();
    let is_closed = |(set, nth): &(String, u32)| {
        nth.checked_sub(1)
            .is_some_and(|next| !known.contains(&(set.clone(), next)))
    };
    pieces.iter().map(is_closed).collect()
}

/// A plan with more formats, if lines that the first reading could not place are in some.
pub fn replan(
    library: &Library,
    plan: &FilePlan,
    strays: &[Vec<u8>],
) -> io::Result<Option<FilePlan>> {
    let lines: Vec<&[u8]> = strays.iter().map(Vec::as_slice).collect();
    let head = excerpt(library.input(plan.file), 0, HEAD)?;
    let Some(more) = detect_more(&plan.detected, &head, &lines, &plan.declared) else {
        return Ok(None);
    };
    let read = lines
        .iter()
        .filter(|l| more.read(l, &mut Vec::new()).is_some())
        .count();
    let wanted = if plan.detected.formats.is_empty() {
        1
    } else {
        STRAYS.max(lines.len() / 2)
    };
    Ok((read >= wanted).then(|| FilePlan {
        detected: more,
        ..plan.clone()
    }))
}

#[cfg(test)]
mod tests {
    use super::closed;

    #[test]
    fn a_piece_is_closed_where_the_next_is_missing() {
        let paths = [
            "a.log",
            "a.log.1",
            "a.log.3",
            "b.log.1.gz",
            "c-20240102.log",
        ];
        assert_eq!(closed(&paths), [false, false, true, true, false]);
    }
}
