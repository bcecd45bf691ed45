//! Users who ask for things, and what they get while something is broken.

use crate::episode::{Episode, Hit, Reach};
use crate::world::World;
use recon_samples::rng::Rng;
use recon_samples::time::Time;

/// One request, stamped when it was answered.
#[derive(Clone, Debug)]
pub struct Request {
    /// When.
    pub at: Time,
    /// Who asked.
    pub user: usize,
    /// Which service and which of its routes.
    pub route: (usize, usize),
    /// Path, filled in.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// Milliseconds that it took.
    pub ms: i64,
    /// Id.
    pub id: String,
    /// The episode that hit it.
    pub hit: Option<usize>,
}

/// Everything that was asked for, in the order of the answers.
#[must_use]
pub fn play(rng: &Rng, world: &World, episodes: &[Episode]) -> Vec<Request> {
    let mut street = Street {
        rng: rng.fork("traffic"),
        world,
        episodes,
        all: Vec::new(),
    };
    let seconds = world.span.1.since(world.span.0) / 1_000_000;
    for second in 0..seconds {
        // A slow swell over the hours and minutes that differ.
        let swell = 100 - (second / 60 % 240 - 120).abs();
        let due = world.pace * (1_000 + swell + street.rng.between(-250, 250)) / 1_000;
        let count = due / 1_000 + i64::from(street.rng.between(0, 999) < due % 1_000);
        for _ in 0..count {
            let at = world
                .span
                .0
                .plus_s(second)
                .plus_ms(street.rng.between(0, 999));
            street.visit(at);
        }
    }
    let mut all = street.all;
    all.retain(|r| r.at < world.span.1);
    all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    all
}

struct Street<'w> {
    rng: Rng,
    world: &'w World,
    episodes: &'w [Episode],
    all: Vec<Request>,
}

impl Street<'_> {
    /// One wish of a user; who fails tries again, mostly.
    fn visit(&mut self, at: Time) {
        // Some come often, most now and then.
        let people = i64::try_from(self.world.users.len()).unwrap_or(1);
        let user = usize::try_from(self.rng.skewed(0, people - 1)).unwrap_or(0);
        let route = self.route();
        let mut at = at;
        for _ in 0..3 {
            let request = self.request(at, user, route);
            let failed = request.hit.is_some() && request.status >= 400;
            at = request.at.plus_ms(self.rng.between(1_500, 20_000));
            self.all.push(request);
            if !failed || !self.rng.chance(350) {
                return;
            }
        }
    }

    fn route(&mut self) -> (usize, usize) {
        let public = &self.world.services[..self.world.public];
        let routes: Vec<(usize, usize)> = public
            .iter()
            .enumerate()
            .flat_map(|(s, v)| (0..v.routes.len()).map(move |r| (s, r)))
            .collect();
        *self
            .rng
            .weigh(&routes, |(s, r)| public[*s].routes[*r].weight)
    }

    fn request(&mut self, at: Time, user: usize, (service, route): (usize, usize)) -> Request {
        let asked = &self.world.services[service].routes[route];
        let id = 1_000 + self.rng.between(0, 60_000);
        let mut request = Request {
            at,
            user,
            route: (service, route),
            path: asked.path.replace('#', &id.to_string()),
            status: if asked.method == "POST" && self.rng.chance(300) {
                201
            } else {
                200
            },
            ms: asked.ms / 2 + self.rng.skewed(0, asked.ms * 4),
            id: self.rng.hex(16),
            hit: None,
        };
        if self.rng.chance(9) {
            request.status = *self.rng.pick(&[404, 404, 400, 401, 422]);
        } else if self.rng.chance(1) && self.rng.chance(700) {
            request.status = *self.rng.pick(&[500, 502, 504]);
        }
        let hit = self.episodes.iter().find(|e| self.is_hit(e, &request));
        if let Some(e) = hit {
            let into = at.since(e.from()) / 1_000_000;
            match e.hit {
                Hit::Status(status) => {
                    request.status = status;
                    request.ms = if status == 504 {
                        10_000 + request.ms
                    } else {
                        3 + request.ms / 3
                    };
                }
                Hit::Slow(times, rise) => {
                    let times = if rise > 0 {
                        (1 + times * into / rise).min(times)
                    } else {
                        times
                    };
                    request.ms *= times.max(1);
                }
            }
            request.hit = Some(e.number);
        }
        request
    }

    fn is_hit(&self, e: &Episode, request: &Request) -> bool {
        let (service, route) = request.route;
        if !e.hurts(request.at)
            || !e.victims.contains(&service)
            || e.route.is_some_and(|r| r != route)
        {
            return false;
        }
        // Drawn from what was asked for, so that one request is hit or not.
        let luck = |key: &str| i64::try_from(hash(key) % 1_000).unwrap_or(0);
        match e.reach {
            Reach::Users(share) => luck(&self.world.users[request.user].id) < share,
            Reach::Requests(share) => luck(&request.id) < share,
            Reach::Region(region) => self.world.users[request.user].region == region,
        }
    }
}

pub(crate) fn hash(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    }) >> 7
}
