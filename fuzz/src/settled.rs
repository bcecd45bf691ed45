//! Every use that recon makes of a time that was read.

use recon::clock::{Era, EraUnit, FileClock, Ground, Zone};
use recon_parsers::Reading;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A clock of each kind: with nothing to supply, with years, with days.
static CLOCKS: LazyLock<Vec<FileClock>> = LazyLock::new(|| {
    let day = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap_or_default();
    let units = [None, Some(EraUnit::Year(2023)), Some(EraUnit::Day(day))];
    let zones = [
        Zone::UTC,
        Zone::Named(chrono_tz::Europe::Berlin),
        Zone::Fixed(-64_800),
    ];
    let clocks = units.into_iter().zip(zones).map(|(unit, zone)| FileClock {
        eras: unit.into_iter().map(|unit| Era { from: 0, unit }).collect(),
        skews: BTreeMap::from([(None, -1_500_000_000)]),
        origin: 43_200_000_000_000,
        ..FileClock::zoned(zone, Ground::Stated)
    });
    clocks.collect()
});

/// Settles a reading with every clock and writes it down.
pub fn settle(reading: Reading) {
    let _ = reading.notation();
    for reading in [
        reading,
        reading.at_offset(50_400),
        reading.at_offset(-43_200),
    ] {
        for clock in CLOCKS.iter() {
            let _ = clock.wall(reading.when, 7);
            if let Some(stamp) = clock.settle(&reading, 7) {
                let right = clock.correct(stamp, None);
                let _ = (right.second(), right.rfc3339());
            }
        }
    }
}
