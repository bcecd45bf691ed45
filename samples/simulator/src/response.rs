//! What alerts, pages, people and customers make of an episode: events with words.

use crate::Kind;
use crate::episode::{Episode, Fault, Hit, Noticed, Wrong};
use crate::speech::Speech;
use crate::world::{Person, World};
use recon_samples::rng::Rng;
use recon_samples::time::Time;

/// An alert with the times it fired.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub service: String,
    /// Severity.
    pub severity: &'static str,
    /// What it says.
    pub summary: String,
    /// From when until when it fired.
    pub fired: Vec<(Time, Option<Time>)>,
}

/// What happened to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opened.
    Opened,
    /// Taken.
    Taken,
    /// To somebody else.
    Escalated,
    /// Closed.
    Closed,
}

/// A step of a page.
#[derive(Clone, Debug)]
pub struct Step {
    /// Id of the page.
    pub id: String,
    /// Title.
    pub title: String,
    /// Service.
    pub service: String,
    /// When.
    pub at: Time,
    /// What.
    pub act: Act,
    /// Who; nobody for the monitoring itself.
    pub by: Option<Person>,
    /// Who has it now.
    pub to: Person,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// When.
    pub at: Time,
    /// Who.
    pub who: Person,
    /// What.
    pub text: String,
}

/// All that people and monitoring left.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Pages.
    pub steps: Vec<Step>,
    /// The channel of each incident.
    pub channels: Vec<Vec<Message>>,
    /// Tickets: when, user, subject.
    pub tickets: Vec<(Time, usize, String)>,
}

/// Which sources there are.
#[derive(Clone, Copy, Debug)]
pub struct Sources {
    /// Alerts.
    pub alerts: bool,
    /// Pages.
    pub pages: bool,
    /// Chat.
    pub chat: bool,
    /// Tickets.
    pub tickets: bool,
    /// Changes.
    pub changes: bool,
    /// The programs' own logs.
    pub logs: bool,
}

impl Sources {
    /// What there is for a kind.
    #[must_use]
    pub fn draw(rng: &Rng, kind: Kind) -> Self {
        let mut rng = rng.fork("sources");
        let no_alert = matches!(kind, Kind::Tickets | Kind::Person | Kind::NoAlerts);
        let all = kind != Kind::OneLog;
        let chat = all && kind != Kind::NoChat;
        Self {
            alerts: all && kind != Kind::NoAlerts,
            // With neither chat nor pages nobody says anything.
            pages: all && !no_alert && (kind == Kind::NoChat || rng.chance(650)),
            chat,
            tickets: all && (no_alert || rng.chance(500)),
            changes: all,
            logs: all,
        }
    }
}

/// What an episode leaves with alerts, pages, people and customers.
#[must_use]
pub fn traces(
    rng: &Rng,
    kind: Kind,
    world: &World,
    episodes: &[Episode],
    sources: Sources,
) -> Traces {
    let mut found = Traces::default();
    for e in episodes {
        let mut rng = rng.fork(&format!("response {}", e.number));
        if sources.alerts && e.noticed == Noticed::Alert {
            found.alerts.push(alert(&mut rng, kind, world, e));
        }
        if sources.pages {
            found.steps.extend(steps(&mut rng, world, e, &found.alerts));
        }
        if sources.chat {
            found.channels.push(chat(&mut rng, world, e, sources));
        }
        if sources.tickets && (e.noticed == Noticed::Tickets || rng.chance(600)) {
            found.tickets.extend(complaints(&mut rng, world, e));
        }
    }
    found
}

fn alert(rng: &mut Rng, kind: Kind, world: &World, e: &Episode) -> Alert {
    let what = world.name(*rng.pick(&e.victims));
    let about = match rng.between(0, 3) {
        0 => world.edge_name,
        1 if e.culprit >= world.public => world.name(e.culprit),
        _ => what,
    };
    let title = |s: &str| s.split('-').map(capital).collect::<String>();
    let (name, summary) = match e.hit {
        Hit::Slow(..) => (
            format!("{}LatencyHigh", title(about)),
            format!("p99 latency of {about} above 2 s"),
        ),
        Hit::Status(_) => match rng.between(0, 2) {
            0 => (
                format!("{}ErrorRateHigh", title(about)),
                format!("error ratio of {about} above 5 %"),
            ),
            1 => (
                format!("{}Failing", title(about)),
                format!("{about}: too many failed requests"),
            ),
            _ => (
                format!("{about}-availability"),
                format!("availability of {about} below its objective"),
            ),
        },
    };
    let ends = (!e.unfinished).then(|| e.to().plus_s(rng.between(60, 280)));
    let fired = match (kind, ends) {
        (Kind::Flapping, Some(last)) => flaps(rng, e.detected, last),
        (Kind::Relapse, _) if e.windows.len() > 1 => {
            let (first, again) = (e.windows[0].1, e.windows[1].0);
            vec![
                (e.detected, Some(first.plus_s(rng.between(40, 90)))),
                (again.plus_s(rng.between(40, 120)), ends),
            ]
        }
        _ => vec![(e.detected, ends)],
    };
    Alert {
        name,
        service: about.to_owned(),
        severity: rng.pick::<&str>(&["critical", "critical", "page", "high"]),
        summary,
        fired,
    }
}

fn flaps(rng: &mut Rng, from: Time, to: Time) -> Vec<(Time, Option<Time>)> {
    let mut all = Vec::new();
    let mut at = from;
    while to.since(at) > 240_000_000 && all.len() < 9 {
        let until = at.plus_s(rng.between(60, 200));
        all.push((at, Some(until)));
        at = until.plus_s(rng.between(45, 240));
    }
    all.push((at.min(to.plus_s(-30)), Some(to)));
    all
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn steps(rng: &mut Rng, world: &World, e: &Episode, alerts: &[Alert]) -> Vec<Step> {
    let Some(alert) = alerts.last() else {
        return vec![];
    };
    let (first, second) = (world.people[0], world.people[1]);
    let id = format!("Q{}", rng.hex(10).to_uppercase());
    let step = |at, act, by, to| Step {
        id: id.clone(),
        title: format!("{}: {}", alert.name, alert.summary),
        service: alert.service.clone(),
        at,
        act,
        by,
        to,
    };
    let mut all = vec![
        step(e.paged, Act::Opened, None, first),
        step(e.acknowledged, Act::Taken, Some(first), first),
    ];
    if let Some(at) = e.escalated {
        all.push(step(at, Act::Escalated, Some(first), second));
    }
    if let Some(at) = e.resolved {
        all.push(step(at, Act::Closed, Some(first), first));
    }
    all
}

/// The channel of one incident. Where a page tells the same, words follow it.
fn chat(rng: &mut Rng, world: &World, e: &Episode, sources: Sources) -> Vec<Message> {
    let say = world.speech();
    let mut talk = Talk {
        rng: rng.fork("chat"),
        words: say,
        world,
        e,
        said: Vec::new(),
    };
    let paged = sources.pages && e.noticed == Noticed::Alert;
    let (lead, helper) = (world.people[0], world.people[1]);
    if e.noticed == Noticed::Person {
        talk.say(e.detected, world.people[4], say.report);
    }
    if !paged {
        talk.say(e.acknowledged, lead, say.ack);
        if let Some(at) = e.escalated {
            talk.say(at, lead, say.escalate);
        }
    }
    talk.say(e.acknowledged.plus_s(40), lead, say.look);
    for wrong in &e.wrong {
        talk.wrong(*wrong);
    }
    if let Some(at) = e.early {
        talk.say(at, lead, say.over);
        if let Some(again) = e.windows.get(1) {
            talk.say(again.0.plus_s(100), helper, say.again);
        }
    }
    talk.cause(helper);
    talk.repair(helper, lead);
    if let Some(at) = e.resolved {
        if !paged {
            talk.say(at, lead, say.over);
        }
        if talk.rng.chance(600) {
            talk.say(at.plus_s(400), helper, say.after);
        }
    }
    talk.between();
    talk.said.sort_by_key(|m| m.at);
    talk.said
}

struct Talk<'w> {
    rng: Rng,
    words: &'static Speech,
    world: &'w World,
    e: &'w Episode,
    said: Vec<Message>,
}

impl Talk<'_> {
    fn say(&mut self, at: Time, who: Person, ways: &[&str]) {
        self.say_of(at, who, ways, "", "");
    }

    fn say_of(&mut self, at: Time, who: Person, ways: &[&str], lead: &str, cause: &str) {
        let e = self.e;
        let ver = e
            .cause
            .as_ref()
            .map_or("the last one", |c| c.version.as_str());
        let what = self.world.name(e.victims[0]);
        let text = self
            .rng
            .pick(ways)
            .replace("{cause}", cause)
            .replace("{lead}", lead)
            .replace("{what}", what);
        let text = text
            .replace("{svc}", self.world.name(e.culprit))
            .replace("{ver}", ver);
        let text = text.replace("{who}", self.world.people[2].first);
        let text = match self.rng.between(0, 9) {
            0..=2 => capital_first(&text),
            3 => format!("{text}."),
            4 => format!("ok, {text}"),
            _ => text,
        };
        self.said.push(Message {
            at: at.plus_ms(0),
            who,
            text,
        });
    }

    fn wrong(&mut self, wrong: Wrong) {
        let (lead, _) = self.words.leads[wrong.lead];
        let who = *self.rng.pick(&self.world.people[..3]);
        self.say_of(wrong.from, who, self.words.suspect, lead, "");
        self.say_of(wrong.to, who, self.words.drop, lead, "");
    }

    fn cause(&mut self, who: Person) {
        let ways: &[&str] = match self.e.fault {
            _ if self.e.cause.is_none()
                && matches!(self.e.fault, Fault::Deploy | Fault::Config) =>
            {
                &["a change in {svc} from earlier today"]
            }
            Fault::Deploy => self.words.cause_deploy,
            Fault::Config => self.words.cause_config,
            Fault::Certificate => self.words.cause_certificate,
            Fault::Pool => self.words.cause_pool,
            Fault::Store => self.words.cause_store,
            Fault::Crash => self.words.cause_crash,
        };
        let cause = *self.rng.pick(ways);
        self.say_of(self.e.identified, who, self.words.found, "", cause);
    }

    fn repair(&mut self, who: Person, lead: Person) {
        let Some(fix) = &self.e.fix else { return };
        let half = fix.at.since(self.e.identified) / 3_000_000;
        self.say(self.e.identified.plus_s(half), lead, self.words.plan);
        if let Some(staging) = &self.e.staging {
            self.say(staging.at.plus_s(40), who, self.words.staged);
        }
        if self.rng.chance(700) {
            let ways: &[&str] = if fix.kind == "rollback" {
                self.words.fixed_back
            } else {
                self.words.fixed
            };
            self.say(fix.at.plus_s(self.rng.clone().between(5, 25)), who, ways);
        }
        self.say(
            self.e.to().plus_s(self.rng.clone().between(30, 200)),
            lead,
            self.words.better,
        );
    }

    fn between(&mut self) {
        let last = self.e.resolved.unwrap_or(self.world.span.1);
        let span = last.since(self.e.acknowledged) / 1_000_000;
        for _ in 0..self.rng.between(1, 5) {
            let at = self
                .e
                .acknowledged
                .plus_s(self.rng.between(60, span.max(61)));
            let who = *self.rng.pick(&self.world.people);
            self.say(at, who, self.words.between);
        }
        if span > 900 {
            let at = self.e.acknowledged.plus_s(self.rng.between(100, span / 3));
            self.say(at, self.world.people[1], self.words.look);
        }
    }
}

fn capital_first(text: &str) -> String {
    capital(text)
}

fn complaints(rng: &mut Rng, world: &World, e: &Episode) -> Vec<(Time, usize, String)> {
    let first = if e.noticed == Noticed::Tickets {
        e.detected
    } else {
        e.detected.plus_s(rng.between(200, 600))
    };
    let mut at = first;
    let mut all = Vec::new();
    for _ in 0..rng.between(5, 18) {
        if at >= e.to() || at >= world.span.1 {
            break;
        }
        let subject = rng
            .pick(world.speech().ticket)
            .replace("{what}", world.name(e.victims[0]));
        all.push((at, rng.index(world.users.len()), subject));
        at = at.plus_s(rng.between(10, 170));
    }
    all
}
