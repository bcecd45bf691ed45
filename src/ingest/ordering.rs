//! In which order each file writes the days and months of dates of numbers.

use super::sample::Timed;
use crate::clock::{DateOrder, Ground, Known, choose, date_of_name};
use crate::source::Input;
use recon_parsers::Reading;
use recon_parsers::stamp::Dates;

/// Seconds in a day.
const DAY: i64 = 86_400;

/// The order of each file's dates and what decided it: first of the files that tell it themselves,
/// then of the others by those. The order of the files says nothing.
pub(super) fn orders(inputs: &[&Input], timed: &[Vec<Timed>]) -> Vec<(DateOrder, Ground)> {
    let readings: Vec<Vec<Reading>> = timed
        .iter()
        .map(|times| times.iter().map(|t| t.at).collect())
        .collect();
    let decide = |file: usize, known: &Known| {
        let input = inputs.get(file)?;
        let modified = input.modified.map(|s| s.div_euclid(DAY));
        choose(
            readings.get(file)?,
            known,
            date_of_name(&input.path),
            modified,
        )
    };
    let alone: Vec<_> = (0..readings.len())
        .map(|file| decide(file, &Known::default()).filter(|(_, why)| *why != Ground::Modified))
        .collect();
    let known = |decided: &[Option<(DateOrder, Ground)>]| {
        let sure = readings.iter().zip(decided).map(|(readings, decided)| {
            let read = |r: &Reading| match decided {
                Some((order, _)) => Reading {
                    dates: Dates::Plain,
                    ..order.read(*r)
                },
                None => *r,
            };
            Known::of(&readings.iter().map(read).collect::<Vec<_>>())
        });
        sure.fold(Known::default(), |all, one| all.and(&one))
    };
    let others = known(&alone);
    alone
        .iter()
        .enumerate()
        .map(|(file, own)| {
            let own = own.or_else(|| decide(file, &others));
            own.unwrap_or((DateOrder::AsRead, Ground::Assumed))
        })
        .collect()
}
