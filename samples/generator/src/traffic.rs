//! The users: who asks for what, when, and with what success.

use crate::rng::Rng;
use crate::time::Time;

/// One request as the edge saw it, stamped when it was answered.
#[derive(Clone, Debug)]
pub struct Request {
    /// When the answer was sent.
    pub at: Time,
    /// Address of the client.
    pub client: String,
    /// Who asked, where known.
    pub user: Option<String>,
    /// Method.
    pub method: &'static str,
    /// Path.
    pub path: String,
    /// Status code of the answer.
    pub status: u16,
    /// Size of the answer's body.
    pub bytes: i64,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// Id that the services log too.
    pub id: String,
    /// User agent.
    pub agent: &'static str,
    /// The request is one of the operation that the fault hits.
    pub operation: bool,
    /// The fault made it fail.
    pub failed: bool,
}

/// Something that can be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// How often, against the other routes of its list.
    pub weight: u32,
    /// Method.
    pub method: &'static str,
    /// Path; `{…}` is filled as in [`crate::voice`].
    pub path: &'static str,
    /// Status of a good answer.
    pub status: u16,
    /// Least and greatest size of a good answer.
    pub bytes: (i64, i64),
    /// Least and greatest time of a good answer, in milliseconds.
    pub took_ms: (i64, i64),
}

/// How the operation fails.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// How often, against the other answers.
    pub weight: u32,
    /// Status code.
    pub status: u16,
    /// Least and greatest time, in milliseconds.
    pub took_ms: (i64, i64),
}

/// The outage, as users meet it.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The first attempt fails here.
    pub from: Time,
    /// From here on nothing fails any more.
    pub to: Time,
    /// Distinct users who come while it lasts; every one attempts the operation.
    pub active: usize,
    /// Those of them for whom every attempt fails; for the others every one succeeds.
    pub affected: usize,
    /// What the failing attempts get.
    pub answers: &'static [Answer],
    /// Least and greatest number of attempts before an affected user gives up.
    pub tries: (i64, i64),
}

/// The product and its habits.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Letter(s) before the number of a user id.
    pub prefix: &'static str,
    /// How many users there are in all.
    pub population: usize,
    /// Visits an hour, on average.
    pub visits_per_hour: i64,
    /// The routes of the operation that the fault hits; every visit begins with one.
    pub operation: &'static [Route],
    /// What people do once they are in.
    pub pages: &'static [Route],
    /// What is asked for without a user: landing page, assets, crawlers.
    pub public: &'static [Route],
    /// Public requests an hour.
    pub public_per_hour: i64,
    /// Wrong passwords an hour, answered 401 without a user; 0 where 401 is how the
    /// fault shows.
    pub typos_per_hour: i64,
    /// Seconds between two health checks.
    pub health_every_s: i64,
}

const AGENTS: [&str; 6] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Mobile/15E148 Safari/604.1",
    "Larkfield/7.3 (Android 14)",
    "Larkfield/7.2 (iOS 17.1)",
];

#[derive(Clone, Debug)]
struct User {
    id: String,
    client: String,
    agent: &'static str,
}

/// Everything that reaches the edge in `span`, in the order of the answers.
///
/// # Panics
/// Where the site is too quiet for the fault's active users to come at all.
#[must_use]
pub fn play(site: &Site, span: (Time, Time), fault: Option<&Fault>, seed: &Rng) -> Vec<Request> {
    let mut rng = seed.fork("traffic");
    let users = people(site, &mut rng);
    let mut street = Street {
        site,
        fault,
        rng,
        requests: Vec::new(),
    };
    let starts = street.starts(span, site.visits_per_hour);
    for (start, user) in guests(&starts, &users, fault, &mut street.rng) {
        let broken = fault.is_some_and(|f| user < f.affected);
        street.visit(&users[user], broken, start);
    }
    if let Some(fault) = fault {
        street.edges_of(fault, &users);
    }
    street.strangers(span);
    let mut requests = street.requests;
    requests.retain(|r| r.at < span.1);
    requests.sort_by_key(|r| r.at);
    requests
}

/// The users; those whom the fault hits come first, then those who are spared, then
/// those who stay away while it lasts.
fn people(site: &Site, rng: &mut Rng) -> Vec<User> {
    let mut numbers: Vec<i64> = (0..site.population)
        .map(|i| 10_000 + 37 * i64::try_from(i).unwrap_or(0))
        .collect();
    rng.shuffle(&mut numbers);
    let user = |n: &i64| User {
        id: format!("{}{}", site.prefix, n + rng.between(0, 36)),
        client: client(rng),
        agent: AGENTS[rng.index(AGENTS.len())],
    };
    numbers.iter().map(user).collect()
}

/// An address that documentation may use.
fn client(rng: &mut Rng) -> String {
    let net = rng.pick(&["198.51.100", "203.0.113"]);
    format!("{net}.{}", rng.between(1, 254))
}

/// Who comes when: while the fault lasts, all of its active users at least once and
/// nobody else; just before it only they, so that nobody else is still around.
fn guests(
    starts: &[Time],
    users: &[User],
    fault: Option<&Fault>,
    rng: &mut Rng,
) -> Vec<(Time, usize)> {
    let Some(fault) = fault else {
        let anybody = |&t: &Time| (t, rng.index(users.len()));
        return starts.iter().map(anybody).collect();
    };
    let during = |t: Time| t >= fault.from && t < fault.to;
    let mut queue: Vec<usize> = (0..fault.active).collect();
    let places = starts.iter().filter(|t| during(**t)).count();
    assert!(places >= fault.active, "{places} visits are too few");
    queue.extend((fault.active..places).map(|_| rng.index(fault.active)));
    rng.shuffle(&mut queue);
    let mut next = queue.into_iter();
    let guest = |&t: &Time| {
        let near = t >= fault.from.plus_min(-30) && t < fault.to;
        let user = if during(t) {
            next.next().unwrap_or(0)
        } else if near {
            rng.index(fault.active)
        } else {
            rng.index(users.len())
        };
        (t, user)
    };
    starts.iter().map(guest).collect()
}

struct Street<'s> {
    site: &'s Site,
    fault: Option<&'s Fault>,
    rng: Rng,
    requests: Vec<Request>,
}

impl Street<'_> {
    /// Arrival times: `per_hour` on average, with a slow swell and minutes that differ.
    fn starts(&mut self, span: (Time, Time), per_hour: i64) -> Vec<Time> {
        let minutes = span.1.since(span.0) / 60_000_000;
        let mut starts = Vec::new();
        for minute in 0..minutes {
            let swell = 150 - (minute % 120 - 60).abs() * 5;
            let per_mille = 1_000 + swell + self.rng.between(-350, 350);
            let due = per_hour * per_mille / 60;
            let count = due / 1_000 + i64::from(self.rng.between(0, 999) < due % 1_000);
            for _ in 0..count {
                let ms = self.rng.between(0, 59_999);
                starts.push(span.0.plus_min(minute).plus_ms(ms));
            }
        }
        starts.sort();
        starts
    }

    /// One visit: get in (again and again where that fails), then look around.
    fn visit(&mut self, user: &User, broken: bool, start: Time) {
        let (low, high) = self.fault.map_or((1, 1), |f| f.tries);
        let tries = self.rng.between(low, high);
        let mut at = start;
        for _ in 0..tries.max(1) {
            if self.attempt(user, broken, at) {
                return self.wander(user, at);
            }
            at = at.plus_ms(self.rng.skewed(3_000, 110_000));
        }
    }

    /// One attempt at the operation; whether it succeeded.
    fn attempt(&mut self, user: &User, broken: bool, at: Time) -> bool {
        let answers = match self.fault {
            Some(f) if broken && at >= f.from && at < f.to => f.answers,
            _ => &[],
        };
        let route = *self.rng.weigh(self.site.operation, |r| r.weight);
        let mut request = self.request(&route, at, Some(user));
        request.operation = true;
        if !answers.is_empty() {
            let answer = *self.rng.weigh(answers, |a| a.weight);
            request.failed = true;
            request.status = answer.status;
            request.bytes = self.rng.between(150, 190);
            request.took_ms = self.rng.skewed(answer.took_ms.0, answer.took_ms.1);
        }
        let through = !request.failed;
        self.requests.push(request);
        through
    }

    fn wander(&mut self, user: &User, entry: Time) {
        let mut at = entry;
        for _ in 0..self.rng.between(1, 4) {
            at = at.plus_ms(self.rng.between(1_500, 48_000));
            let route = *self.rng.weigh(self.site.pages, |r| r.weight);
            let mut request = self.request(&route, at, Some(user));
            self.hiccup(&mut request);
            self.requests.push(request);
        }
    }

    /// What goes wrong on any day.
    fn hiccup(&mut self, request: &mut Request) {
        if self.rng.chance(7) {
            request.status = 404;
            request.bytes = 146;
        } else if self.rng.chance(3) {
            request.status = *self.rng.pick(&[500, 502, 504]);
            request.bytes = 157;
        }
    }

    /// The first seconds of the fault and the last, so that its ends can be measured.
    fn edges_of(&mut self, fault: &Fault, users: &[User]) {
        let ends = [
            (fault.from, [340, 1_120, 2_870, 6_410, 9_035, 14_200]),
            (fault.to, [-21_300, -13_750, -8_160, -4_900, -2_240, -1_480]),
            (fault.to, [2_650, 5_300, 7_900, 12_450, 18_020, 26_700]),
        ];
        for (end, offsets) in ends {
            for ms in offsets {
                let user = &users[self.rng.index(fault.affected)];
                self.attempt(user, true, end.plus_ms(ms));
            }
        }
    }

    /// Requests without a user: visitors, crawlers, wrong passwords, health checks.
    fn strangers(&mut self, span: (Time, Time)) {
        for at in self.starts(span, self.site.public_per_hour) {
            let route = *self.rng.weigh(self.site.public, |r| r.weight);
            let mut request = self.request(&route, at, None);
            self.hiccup(&mut request);
            self.requests.push(request);
        }
        if self.site.typos_per_hour > 0 {
            for at in self.starts(span, self.site.typos_per_hour) {
                let mut request = self.request(&self.site.operation[0], at, None);
                request.status = 401;
                request.bytes = 92;
                self.requests.push(request);
            }
        }
        let mut at = span.0.plus_ms(self.rng.between(0, 9_999));
        let health = Route {
            weight: 1,
            method: "GET",
            path: "/healthz",
            status: 200,
            bytes: (2, 2),
            took_ms: (0, 2),
        };
        while at < span.1 {
            let mut request = self.request(&health, at, None);
            request.client = "192.0.2.5".to_owned();
            request.agent = "edge-probe/1.4";
            self.requests.push(request);
            at = at.plus_s(self.site.health_every_s);
        }
    }

    fn request(&mut self, route: &Route, at: Time, user: Option<&User>) -> Request {
        let rng = &mut self.rng;
        Request {
            at,
            client: user.map_or_else(|| client(rng), |u| u.client.clone()),
            user: user.map(|u| u.id.clone()),
            method: route.method,
            path: crate::voice::fill(route.path, rng, None),
            status: route.status,
            bytes: rng.between(route.bytes.0, route.bytes.1),
            took_ms: rng.skewed(route.took_ms.0, route.took_ms.1),
            id: rng.hex(12),
            agent: user.map_or_else(|| AGENTS[rng.index(AGENTS.len())], |u| u.agent),
            operation: false,
            failed: false,
        }
    }
}
