//! A day on which nothing happened: errors at their usual level, a deploy that changes
//! nothing, a disk warning that goes away, and people who talk about other things.

use super::ordinary as usual;
use crate::bundle::{Bundle, Story};
use crate::cast::{ANNEKE, LEO, SHIPBOT};
use crate::expect::Truth;
use crate::format::alertmanager::{Alert, Post, post};
use crate::format::change_lines::{Change, change};
use crate::format::{json_lines, logfmt, nginx, postgres};
use crate::rng::Rng;
use crate::time::{Day, Zone};
use crate::traffic;
use crate::voice::{chatter, echo};

/// Name of the bundle.
pub const NAME: &str = "quiet-day";

const DAY: Day = Day {
    date: (2024, 1, 24),
    zone: Zone::UTC,
};

/// What the bundle tells.
#[must_use]
pub fn bundle() -> Bundle {
    let rng = Rng::new(0x0d47);
    let span = (DAY.at(9_00_00), DAY.at(14_00_00));
    let requests = traffic::play(&usual::SITE, span, None, &rng);
    let mut says = rng.fork("identity");
    let mut identity = chatter(&mut says, span, &usual::IDENTITY_DAILY);
    identity.extend(echo(
        &mut says,
        &requests,
        |r| r.operation,
        &usual::IDENTITY_OK,
    ));
    let database = chatter(&mut rng.fork("database"), span, &usual::DATABASE_DAILY);
    let billing = usual::billing(&rng, span, &requests);

    let mut story = Story::new(NAME);
    story.file("edge/access.log", nginx::render(&usual::EDGE, &requests));
    story.log(
        "identity/identity.log",
        &usual::IDENTITY,
        json_lines::write,
        identity,
    );
    story.log(
        "db/postgresql.log",
        &usual::DATABASE,
        postgres::write,
        database,
    );
    story.log(
        "billing/billing.log",
        &usual::BILLING_PROGRAM,
        logfmt::write,
        billing,
    );
    story.alerts("alerts/alertmanager.jsonl", &alerts());
    story.changes("changes/changes.jsonl", &changes(), Zone::UTC);
    story.chat(DAY, include_str!("chat/quiet-day.txt"));
    story.finish(&Truth {
        requests: &requests,
        operation: &usual::OPERATION,
        fault: None,
        culprit: None,
        cause: None,
        leads: &[],
        tasks: &[],
    })
}

fn alerts() -> Vec<Post> {
    let disk = Alert {
        name: "DiskWillFillIn24h",
        service: "imagestore",
        severity: "warning",
        instance: "img-3:9100",
        summary: "/var/lib/images fills within a day at the present rate",
        from: DAY.at(11_02_35).plus_ms(440),
        to: None,
    };
    let again = Alert {
        from: DAY.at(11_21_05).plus_ms(440),
        ..disk
    };
    vec![
        post([disk]),
        post([disk.until(DAY.at(11_09_35).plus_ms(440))]),
        post([again]),
        post([again.until(DAY.at(11_26_05).plus_ms(440))]),
    ]
}

fn changes() -> Vec<Change> {
    vec![
        change(DAY.at(9_41_08), "deploy", "billing", "2024.3.4", SHIPBOT),
        change(DAY.at(11_40_26), "deploy", "identity", "6.12.0", ANNEKE),
        change(
            DAY.at(13_12_50),
            "flag",
            "web-frontend",
            "new_footer=on",
            LEO,
        ),
    ]
}
