//! Bulk logs: eight services in eight formats over some hours, with one incident in the
//! middle, as many bytes as wanted. For measuring speed and memory, not for reading.

use crate::rng::Rng;
use chrono::DateTime;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Bulk {
    /// Bytes of all logs together, about.
    pub bytes: u64,
    /// Hours that the logs cover.
    pub hours: i64,
    /// Users that there are.
    pub users: i64,
    /// Where the randomness begins.
    pub seed: u64,
}

/// 2025-09-01T06:00:00Z.
const START: i64 = 1_756_706_400;
const MICROS: i64 = 1_000_000;
/// Lines that are drawn before the file is told where it stands.
const STRETCH: usize = 512;

/// One entry, written behind what is there already.
pub type Entry = fn(&mut Moment<'_>, &mut Vec<u8>) -> io::Result<()>;

/// The files and what writes their entries.
pub const FILES: [(&str, Entry); 8] = [
    ("edge/access.log", access),
    ("checkout.log", logfmt),
    ("pricing.jsonl", json),
    ("ledger.log", log4j),
    ("mail/maillog", bsd_syslog),
    ("gateway.syslog", ietf_syslog),
    ("pods/cart-7d9f.log", cri),
    ("nodes/kubelet.log", klog),
];

/// What an entry is written from: the time, whether the fault is on, and chance.
pub struct Moment<'m> {
    rng: &'m mut Rng,
    micros: i64,
    failing: bool,
    users: i64,
    clock: &'m Clock,
}

/// A second's spellings, kept while the second lasts: formatting a date costs more than the rest.
#[derive(Default)]
struct Clock {
    second: i64,
    iso: String,
    clf: String,
    bsd: String,
    klog: String,
}

impl Clock {
    fn turn(&mut self, micros: i64) {
        let second = micros.div_euclid(MICROS);
        if second == self.second {
            return;
        }
        let at = DateTime::from_timestamp_nanos(second * 1_000_000_000);
        *self = Self {
            second,
            iso: at.format("%Y-%m-%dT%H:%M:%S").to_string(),
            clf: at.format("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            bsd: at.format("%b %e %H:%M:%S").to_string(),
            klog: at.format("%m%d %H:%M:%S").to_string(),
        };
    }
}

impl Moment<'_> {
    fn user(&mut self) -> i64 {
        self.rng.between(1, self.users)
    }

    fn millis(&self) -> i64 {
        self.micros.rem_euclid(MICROS) / 1000
    }

    /// True `normally` times in a thousand, `failing` times while the fault is on.
    fn chance(&mut self, normally: u32, failing: u32) -> bool {
        let odds = if self.failing { failing } else { normally };
        self.rng.chance(odds)
    }
}

impl Bulk {
    /// Writes the logs and an alert into `folder`; gives back the bytes written.
    pub fn write(&self, folder: &Path) -> io::Result<u64> {
        let mut total = 0;
        for (name, entry) in FILES {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
            let rng = Rng::new(self.seed).fork(name);
            total += self.file(rng, entry, &mut out)?;
            out.flush()?;
        }
        let alert = self.alert();
        fs::write(folder.join("alerts.jsonl"), &alert)?;
        Ok(total + alert.len() as u64)
    }

    fn file(&self, mut rng: Rng, entry: Entry, out: &mut impl Write) -> io::Result<u64> {
        let share = (self.bytes / FILES.len() as u64).max(1);
        let (mut clock, mut text) = (Clock::default(), Vec::new());
        let fault = self.fault();
        let mut written = 0;
        while written < share {
            text.clear();
            for _ in 0..STRETCH {
                let place = i128::from(written + text.len() as u64);
                let span = i128::from(self.span() * MICROS);
                let into = i64::try_from(span * place / i128::from(share)).unwrap_or(i64::MAX);
                let micros = START * MICROS + into;
                clock.turn(micros);
                let mut moment = Moment {
                    failing: fault.contains(&(into / MICROS)),
                    rng: &mut rng,
                    micros,
                    users: self.users,
                    clock: &clock,
                };
                entry(&mut moment, &mut text)?;
            }
            out.write_all(&text)?;
            written += text.len() as u64;
        }
        Ok(written)
    }

    const fn span(&self) -> i64 {
        self.hours * 3600
    }

    /// Seconds after the start between which things fail.
    const fn fault(&self) -> Range<i64> {
        let from = self.span() / 2;
        from..from + 2400
    }

    fn alert(&self) -> String {
        let at = DateTime::from_timestamp_nanos((START + self.fault().start + 120) * 1_000_000_000);
        let alert = serde_json::json!({
            "receiver": "oncall", "status": "firing", "version": "4", "groupKey": "checkout",
            "alerts": [{
                "status": "firing",
                "labels": {"alertname": "CheckoutErrors", "service": "checkout", "severity": "critical"},
                "annotations": {"summary": "checkout fails"},
                "startsAt": at.to_rfc3339(), "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.example.net/", "fingerprint": "6f1d2c3b4a596877",
            }],
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "externalURL": "http://alertmanager.example.net", "truncatedAlerts": 0,
        });
        format!("{alert}\n")
    }
}

fn access(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    const PATHS: [&str; 7] = [
        "/cart",
        "/checkout",
        "/search?q=lamp",
        "/item/4411",
        "/",
        "/api/v2/prices",
        "/login",
    ];
    const AGENTS: [&str; 3] = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15",
        "shop-app/4.12 (Android 14)",
    ];
    let path = *m.rng.pick(&PATHS);
    let status = if path == "/checkout" && m.chance(2, 600) {
        503
    } else if m.rng.chance(15) {
        404
    } else {
        200
    };
    let method = if matches!(path, "/checkout" | "/login") {
        "POST"
    } else {
        "GET"
    };
    writeln!(
        out,
        "198.51.100.{} - - [{}] \"{method} {path} HTTP/1.1\" {status} {} \"https://shop.example/\" \"{}\" rt=0.{:03} user=u{}",
        m.rng.between(1, 250),
        m.clock.clf,
        m.rng.between(200, 9000),
        m.rng.pick(&AGENTS),
        m.rng.between(1, 900),
        m.rng.between(1, m.users),
    )
}

fn logfmt(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (millis, user) = (m.millis(), m.user());
    write!(out, "ts={}.{millis:03}Z ", m.clock.iso)?;
    if m.chance(1, 400) {
        return writeln!(
            out,
            "level=error svc=checkout msg=\"price lookup timed out\" user=u{user} after_ms=3000"
        );
    }
    let what = m.rng.pick(&[
        "cart loaded",
        "address checked",
        "order stored",
        "voucher applied",
    ]);
    let level = if m.rng.chance(20) { "warn" } else { "info" };
    let took = m.rng.between(1, 400);
    writeln!(
        out,
        "level={level} svc=checkout msg=\"{what}\" user=u{user} took_ms={took}"
    )
}

fn json(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (level, said) = if m.chance(1, 300) {
        ("error", "connection pool exhausted")
    } else {
        (
            "info",
            *m.rng
                .pick(&["price computed", "rate refreshed", "cache hit"]),
        )
    };
    writeln!(
        out,
        "{{\"time\":\"{}.{:03}Z\",\"level\":\"{level}\",\"service\":\"pricing\",\"msg\":\"{said}\",\"logger\":\"com.example.pricing.Quotes\",\"sku\":{},\"user_id\":\"u{}\",\"duration_ms\":{},\"labels\":{{\"region\":\"eu-1\",\"canary\":false}},\"request_id\":\"{:016x}\",\"caller\":\"quotes.go:{}\"}}",
        m.clock.iso,
        m.millis(),
        m.rng.between(1, 100_000),
        m.rng.between(1, m.users),
        m.rng.between(1, 90),
        m.rng.next_u64(),
        m.rng.between(10, 400),
    )
}

fn log4j(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let day = m.clock.iso.replace('T', " ");
    let thread = m.rng.between(1, 32);
    let order = m.rng.between(100_000, 999_999);
    write!(out, "{day},{:03} ", m.millis())?;
    if m.chance(2, 120) {
        writeln!(
            out,
            "ERROR [exec-{thread}] com.example.ledger.Posting - posting of order {order} failed"
        )?;
        writeln!(
            out,
            "java.sql.SQLTransientConnectionException: pool of 20 is in use"
        )?;
        for (class, line) in [
            ("db.Pool.take", 88),
            ("ledger.Posting.post", 141),
            ("ledger.Worker.run", 57),
        ] {
            writeln!(out, "\tat com.example.{class}(Source.java:{line})")?;
        }
        return Ok(());
    }
    let level = *m
        .rng
        .weigh(&[("INFO ", 90), ("DEBUG", 7), ("WARN ", 3)], |l| l.1);
    let what = m.rng.pick(&["posted", "balanced", "queued"]);
    writeln!(
        out,
        "{} [exec-{thread}] com.example.ledger.Posting - order {order} {what} in {} ms",
        level.0,
        m.rng.between(1, 300),
    )
}

fn bsd_syslog(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (stamp, pid) = (&m.clock.bsd, m.rng.between(900, 30_000));
    writeln!(
        out,
        "{stamp} mx1 postfix/smtp[{pid}]: {:010X}: to=<u{}@example.com>, relay=mx.example.com[192.0.2.25]:25, delay={}.{}, dsn=2.0.0, status=sent (250 2.0.0 Ok)",
        m.rng.between(1, 1 << 40),
        m.rng.between(1, m.users),
        m.rng.between(0, 9),
        m.rng.between(0, 9),
    )
}

fn ietf_syslog(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (priority, said) = if m.chance(1, 150) {
        (163, "upstream pricing refused the connection")
    } else {
        (166, "upstream pricing answered")
    };
    writeln!(
        out,
        "<{priority}>1 {}.{:06}Z gw-{} gateway {} route [origin@32473 ip=\"192.0.2.{}\"] {said} after {} ms",
        m.clock.iso,
        m.micros.rem_euclid(MICROS),
        m.rng.between(1, 4),
        m.rng.between(900, 9000),
        m.rng.between(1, 250),
        m.rng.between(1, 2000),
    )
}

fn cri(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let micros = m.micros.rem_euclid(MICROS);
    let (stream, level, said) = if m.chance(1, 200) {
        ("stderr", "error", "checkout did not answer")
    } else {
        (
            "stdout",
            "info",
            *m.rng.pick(&["line added", "line removed", "cart shown"]),
        )
    };
    writeln!(
        out,
        "{}.{micros:06}{:03}Z {stream} F level={level} msg=\"{said}\" cart={} user=u{} took={}ms",
        m.clock.iso,
        m.rng.between(0, 999),
        m.rng.between(1, 9_999_999),
        m.rng.between(1, m.users),
        m.rng.between(1, 80),
    )
}

fn klog(m: &mut Moment<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (letter, place, said) = if m.chance(1, 60) {
        (
            'E',
            "prober.go:104",
            "\"Probe failed\" probeType=\"Readiness\"",
        )
    } else {
        *m.rng.pick(&[
            ('I', "kubelet.go:2406", "\"SyncLoop UPDATE\" source=\"api\""),
            (
                'I',
                "reconciler.go:224",
                "\"operationExecutor.MountVolume started\"",
            ),
            ('W', "watcher.go:93", "Error while processing event"),
        ])
    };
    writeln!(
        out,
        "{letter}{}.{:06}    1187 {place}] {said} pod=\"shop/cart-{}\"",
        m.clock.klog,
        m.micros.rem_euclid(MICROS),
        m.rng.between(1, 40),
    )
}

#[cfg(test)]
mod tests {
    use super::{Bulk, FILES};

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_about_as_many_as_wanted() {
        let bulk = Bulk {
            bytes: 400_000,
            hours: 6,
            users: 1000,
            seed: 7,
        };
        for (name, entry) in FILES {
            let draw = |seed| {
                let mut text = Vec::new();
                let rng = crate::rng::Rng::new(seed).fork(name);
                bulk.file(rng, entry, &mut text).expect("memory takes all");
                text
            };
            let text = draw(7);
            assert_eq!(text, draw(7), "{name}");
            assert_ne!(text, draw(8), "{name}");
            assert!(
                (50_000..350_000).contains(&text.len()),
                "{name}: {}",
                text.len()
            );
        }
    }
}
