//! What goes wrong, when, and what people do about it: times and facts, not yet words.

use crate::Kind;
use crate::world::World;
use recon_samples::rng::Rng;
use recon_samples::time::Time;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A release has a bug.
    Deploy,
    /// A setting is wrong.
    Config,
    /// A certificate ran out.
    Certificate,
    /// Connections ran out.
    Pool,
    /// A database stopped taking connections.
    Store,
    /// A program runs out of memory and restarts again and again.
    Crash,
}

/// How requests are hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// They fail with this status.
    Status(u16),
    /// They take so many times as long, after a rise of so many seconds.
    Slow(i64, i64),
}

/// Which requests are hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// So many of a thousand users, all of their requests.
    Users(i64),
    /// So many of a thousand requests.
    Requests(i64),
    /// The users of a region.
    Region(usize),
}

/// How somebody noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// An alert.
    Alert,
    /// Customers' tickets.
    Tickets,
    /// A person in chat.
    Person,
    /// Nobody.
    Nobody,
}

/// A change to a service.
#[derive(Clone, Debug)]
pub struct Change {
    /// When it took effect.
    pub at: Time,
    /// deploy, config, rollback …
    pub kind: &'static str,
    /// Where.
    pub service: String,
    /// Version.
    pub version: String,
    /// production or staging.
    pub environment: &'static str,
    /// By whom.
    pub by: String,
    /// What it says.
    pub summary: String,
}

/// A wrong turn: number of the hypothesis, when voiced, when dropped.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    /// Which of the leads of [`crate::speech::Speech`].
    pub lead: usize,
    /// Voiced.
    pub from: Time,
    /// Ruled out.
    pub to: Time,
}

/// One incident.
#[derive(Clone, Debug)]
pub struct Episode {
    /// What went wrong.
    pub fault: Fault,
    /// The service at fault.
    pub culprit: usize,
    /// Public services whose requests are hit.
    pub victims: Vec<usize>,
    /// The only route that is hit, of the first victim.
    pub route: Option<usize>,
    /// How.
    pub hit: Hit,
    /// Whom.
    pub reach: Reach,
    /// When: more than one where it came back.
    pub windows: Vec<(Time, Time)>,
    /// What caused it, where somebody changed something.
    pub cause: Option<Change>,
    /// What mended it.
    pub fix: Option<Change>,
    /// A fix on staging before.
    pub staging: Option<Change>,
    /// How it was noticed.
    pub noticed: Noticed,
    /// When.
    pub detected: Time,
    /// When the page went out.
    pub paged: Time,
    /// When somebody took it.
    pub acknowledged: Time,
    /// When others were asked in.
    pub escalated: Option<Time>,
    /// Wrong turns.
    pub wrong: Vec<Wrong>,
    /// When the cause was named.
    pub identified: Time,
    /// When somebody closed it; absent where it still runs.
    pub resolved: Option<Time>,
    /// Somebody called it over too early.
    pub early: Option<Time>,
    /// It still runs when the logs end.
    pub unfinished: bool,
    /// The number of the episode in its bundle.
    pub number: usize,
}

impl Episode {
    /// When it began to hurt.
    #[must_use]
    pub fn from(&self) -> Time {
        self.windows.first().map_or(Time(0), |w| w.0)
    }

    /// When it stopped.
    #[must_use]
    pub fn to(&self) -> Time {
        self.windows.last().map_or(Time(0), |w| w.1)
    }

    /// Whether it hurts at an instant.
    #[must_use]
    pub fn hurts(&self, at: Time) -> bool {
        self.windows.iter().any(|w| at >= w.0 && at < w.1)
    }
}

/// The incidents of a bundle.
#[must_use]
pub fn draw(rng: &Rng, kind: Kind, world: &World) -> Vec<Episode> {
    let mut rng = rng.fork("episode");
    let length = world.span.1.since(world.span.0) / 1_000_000;
    match kind {
        Kind::Quiet => vec![],
        Kind::Apart => {
            let first = rng.between(4_000, 6_000);
            let second = length - rng.between(11_000, 13_000);
            vec![
                one(&mut rng, kind, world, (first, 0, rng_public(world, 0))),
                one(&mut rng, kind, world, (second, 1, rng_public(world, 1))),
            ]
        }
        Kind::Overlap => {
            let first = rng.between(4_000, 5_500);
            let second = first + rng.between(300, 2_400);
            vec![
                one(&mut rng, kind, world, (first, 0, rng_public(world, 0))),
                one(&mut rng, kind, world, (second, 1, rng_public(world, 1))),
            ]
        }
        _ => {
            let from = if kind == Kind::Running {
                -rng.between(600, 3_000)
            } else {
                rng.between(4_200, 7_000)
            };
            let service = rng.index(world.public);
            vec![one(&mut rng, kind, world, (from, 0, service))]
        }
    }
}

const fn rng_public(world: &World, n: usize) -> usize {
    n % world.public
}

fn fault_of(rng: &mut Rng, kind: Kind) -> Fault {
    match kind {
        Kind::BadDeploy | Kind::Staging => Fault::Deploy,
        Kind::ConfigChange => Fault::Config,
        Kind::Certificate => Fault::Certificate,
        Kind::Pool => Fault::Pool,
        Kind::Dependency => *rng.pick(&[Fault::Store, Fault::Store, Fault::Deploy, Fault::Config]),
        Kind::Crash => Fault::Crash,
        // Unrelated services share no database.
        Kind::Overlap | Kind::SomeUsers | Kind::OneRoute | Kind::OneRegion | Kind::OneLog => {
            *rng.pick(&[Fault::Deploy, Fault::Config, Fault::Config])
        }
        Kind::Slow => *rng.pick(&[Fault::Deploy, Fault::Config, Fault::Pool]),
        _ => *rng.pick(&[
            Fault::Deploy,
            Fault::Deploy,
            Fault::Config,
            Fault::Pool,
            Fault::Store,
            Fault::Crash,
            Fault::Certificate,
        ]),
    }
}

fn place_of(
    rng: &mut Rng,
    fault: Fault,
    kind: Kind,
    world: &World,
    public: usize,
) -> (usize, Vec<usize>) {
    let callers = |inner: usize| -> Vec<usize> {
        (0..world.public)
            .filter(|s| world.services[*s].calls.contains(&inner))
            .collect()
    };
    let inner = match fault {
        Fault::Store => Some(world.public + 2),
        Fault::Certificate => Some(world.public + rng.index(2)),
        _ if kind == Kind::Dependency => Some(world.public + rng.index(2)),
        _ => None,
    };
    match inner.map(|n| (n, callers(n))) {
        Some((inner, victims)) if !victims.is_empty() => (inner, victims),
        _ => (public, vec![public]),
    }
}

fn hit_of(rng: &mut Rng, fault: Fault, kind: Kind) -> Hit {
    match (kind, fault) {
        (Kind::Slow, _) => Hit::Slow(rng.between(6, 25), rng.between(0, 90)),
        (Kind::ConfigChange | Kind::Tickets, Fault::Config) => {
            Hit::Status(*rng.pick(&[401, 403, 500, 500, 503]))
        }
        (_, Fault::Certificate) => Hit::Status(*rng.pick(&[502, 526, 500])),
        (_, Fault::Pool) => Hit::Status(*rng.pick(&[503, 500, 504])),
        (_, Fault::Store) => Hit::Status(*rng.pick(&[500, 503])),
        (_, Fault::Crash) => Hit::Status(*rng.pick(&[502, 503])),
        _ => Hit::Status(*rng.pick(&[500, 500, 503])),
    }
}

fn one(
    rng: &mut Rng,
    kind: Kind,
    world: &World,
    (from, number, public): (i64, usize, usize),
) -> Episode {
    let fault = fault_of(rng, kind);
    let (culprit, victims) = place_of(rng, fault, kind, world, public);
    let start = world.span.0.plus_s(from).plus_ms(rng.between(0, 999));
    let unfinished = kind == Kind::Unfinished;
    let lasts = match kind {
        Kind::Apart | Kind::Overlap => rng.between(1_200, 4_000),
        Kind::Running => -from + rng.between(1_800, 5_400),
        Kind::Unfinished => world.span.1.since(world.span.0) / 1_000_000 - from + 60,
        _ => rng.skewed(900, 7_500),
    };
    let reach = match kind {
        Kind::SomeUsers => Reach::Users(rng.between(60, 350)),
        Kind::OneRegion => Reach::Region(rng.index(world.regions.len())),
        Kind::Slow => Reach::Requests(1_000),
        _ => match rng.between(0, 2) {
            0 => Reach::Requests(1_000),
            1 => Reach::Requests(rng.between(300, 950)),
            _ => Reach::Users(rng.between(300, 800)),
        },
    };
    let route = (kind == Kind::OneRoute).then(|| rng.index(world.services[public].routes.len()));
    let noticed = match kind {
        Kind::Tickets => Noticed::Tickets,
        Kind::Person => Noticed::Person,
        Kind::NoAlerts => *rng.pick(&[Noticed::Tickets, Noticed::Person]),
        Kind::OneLog => Noticed::Nobody,
        _ => Noticed::Alert,
    };
    let mut e = Episode {
        fault,
        culprit,
        victims,
        route,
        hit: hit_of(rng, fault, kind),
        reach,
        windows: vec![(start, start.plus_s(lasts).plus_ms(rng.between(0, 999)))],
        cause: None,
        fix: None,
        staging: None,
        noticed,
        detected: start,
        paged: start,
        acknowledged: start,
        escalated: None,
        wrong: vec![],
        identified: start,
        resolved: None,
        early: None,
        unfinished,
        number,
    };
    respond(rng, kind, world, &mut e, lasts);
    if kind == Kind::Relapse {
        relapse(rng, &mut e);
    }
    change(rng, kind, world, &mut e);
    e
}

/// When people did what; all between the first failure and the end of it.
fn respond(rng: &mut Rng, kind: Kind, world: &World, e: &mut Episode, lasts: i64) {
    let from = e.from();
    let delay = match e.noticed {
        Noticed::Alert => rng.skewed(40, 420),
        Noticed::Tickets => rng.skewed(150, 900),
        _ => rng.skewed(120, 1_200),
    }
    .min(lasts / 4);
    e.detected = from.plus_s(delay).plus_ms(rng.between(0, 999));
    if kind == Kind::Running {
        e.detected = world.span.0.plus_s(rng.between(120, 500));
    }
    e.paged = e.detected.plus_s(rng.between(3, 60));
    e.acknowledged = e.paged.plus_s(rng.skewed(25, 420));
    let until = e.to().since(e.acknowledged) / 1_000_000;
    let until = if e.unfinished { until * 2 / 3 } else { until };
    let at = |share: i64| e.acknowledged.plus_s(until * share / 100);
    e.identified = at(rng.between(60, 78));
    e.escalated = (rng.chance(600) && until > 400).then(|| at(rng.between(30, 55)));
    let turns = if until > 500 { rng.between(0, 2) } else { 0 };
    let mut leads: Vec<usize> = (0..world.speech().leads.len()).collect();
    rng.shuffle(&mut leads);
    for (n, lead) in (0..turns).zip(leads) {
        let (first, last) = (8 + 24 * n, 28 + 26 * n);
        e.wrong.push(Wrong {
            lead,
            from: at(rng.between(first, first + 6)),
            to: at(rng.between(last - 8, last)),
        });
    }
    if !e.unfinished {
        e.resolved = Some(e.to().plus_s(rng.between(300, 1_500)));
    }
}

/// It stops, everybody is content, and it comes back.
fn relapse(rng: &mut Rng, e: &mut Episode) {
    let (from, to) = (e.from(), e.to());
    let first = e.detected.plus_s(rng.between(200, 420));
    let again = first.plus_s(rng.between(400, 800));
    if again.plus_s(600) >= to {
        return;
    }
    e.windows = vec![(from, first), (again, to)];
    e.early = Some(first.plus_s(rng.between(100, 240)));
    let until = to.since(again) / 1_000_000;
    let at = |share: i64| again.plus_s(until * share / 100);
    e.acknowledged = e.acknowledged.min(first.plus_s(-20));
    e.identified = at(rng.between(60, 75));
    e.escalated = e.escalated.map(|_| at(rng.between(30, 50)));
    for (n, wrong) in (0i64..).zip(&mut e.wrong) {
        wrong.from = at(6 + 22 * n);
        wrong.to = at(18 + 24 * n);
    }
}

fn version(rng: &mut Rng) -> (String, String) {
    let (a, b, c) = (rng.between(1, 9), rng.between(0, 30), rng.between(1, 20));
    match rng.between(0, 3) {
        0 => (format!("v{a}.{b}.{c}"), format!("v{a}.{b}.{}", c - 1)),
        1 => (format!("{a}.{b}.{c}"), format!("{a}.{b}.{}", c - 1)),
        2 => (rng.hex(7), rng.hex(7)),
        _ => (
            format!("build-{}", 1_000 + b * 37 + c),
            format!("build-{}", 999 + b * 37 + c),
        ),
    }
}

fn change(rng: &mut Rng, kind: Kind, world: &World, e: &mut Episode) {
    let name = world.name(e.culprit).to_owned();
    let (new, old) = version(rng);
    let person = |rng: &mut Rng| rng.pick(&world.people).login();
    let lead_s = rng.skewed(15, 700);
    let made = |kind, summary: &str, rng: &mut Rng| Change {
        at: e.from().plus_s(-lead_s).plus_ms(rng.between(0, 999)),
        kind,
        service: name.clone(),
        version: new.clone(),
        environment: "production",
        by: person(rng),
        summary: summary.to_owned(),
    };
    let caused = kind != Kind::Running;
    e.cause = match e.fault {
        Fault::Deploy if caused => Some(made("deploy", &format!("release {new}"), rng)),
        Fault::Config if caused => Some(made(
            *rng.pick(&["config", "flag", "config"]),
            "settings updated",
            rng,
        )),
        Fault::Pool | Fault::Crash if caused && rng.chance(400) => Some(made(
            "config",
            if e.fault == Fault::Pool {
                "pool settings"
            } else {
                "memory settings"
            },
            rng,
        )),
        _ => None,
    };
    if e.unfinished {
        return;
    }
    let (kind_of_fix, version, summary) = match e.fault {
        Fault::Deploy => {
            let back = rng.chance(700);
            (
                if back {
                    "rollback"
                } else {
                    *rng.pick(&["hotfix", "deploy"])
                },
                if back { old } else { format!("{new}-p1") },
                "restore service",
            )
        }
        Fault::Config => (
            *rng.pick(&["config", "rollback", "flag"]),
            format!("{new}-r"),
            "put the settings right",
        ),
        Fault::Certificate => (
            "certificate",
            format!("cert-{}", rng.hex(6)),
            "renewed certificate",
        ),
        Fault::Pool => (
            *rng.pick(&["config", "restart", "scale"]),
            format!("{new}-pool"),
            "more connections",
        ),
        Fault::Store => (
            *rng.pick(&["failover", "restart", "scale"]),
            format!("{new}-db"),
            "standby takes over",
        ),
        Fault::Crash => (
            *rng.pick(&["config", "restart", "rollback"]),
            format!("{new}-mem"),
            "more memory",
        ),
    };
    let ahead = rng.between(3, 50);
    let fix = Change {
        at: e.to().plus_s(-ahead),
        kind: kind_of_fix,
        service: name,
        version,
        environment: "production",
        by: person(rng),
        summary: summary.to_owned(),
    };
    if kind == Kind::Staging {
        let at = e.identified.plus_s(fix.at.since(e.identified) / 2_000_000);
        e.staging = Some(Change {
            at,
            environment: "staging",
            kind: "deploy",
            ..fix.clone()
        });
    }
    e.fix = Some(fix);
}
