use super::*;

fn read(s: &'static str) -> (Option<&'static str>, String, String, &'static str) {
    let p = preamble(s.as_bytes());
    let show = |o: Option<&[u8]>| o.map_or_else(String::new, |b| text(b).into_owned());
    (
        p.level.map(Level::name),
        show(p.logger),
        show(p.thread),
        std::str::from_utf8(p.message).expect("ASCII"),
    )
}

#[test]
fn layouts() {
    for (line, level, logger, thread, message) in [
        (
            " INFO [main] com.example.Ledger: ready",
            "info",
            "com.example.Ledger",
            "main",
            "ready",
        ),
        (
            " [main] INFO  c.e.Ledger - ready: now",
            "info",
            "c.e.Ledger",
            "main",
            "ready: now",
        ),
        (
            "  WARN 7 --- [nio-8080-1] c.e.Ledger   : slow",
            "warn",
            "c.e.Ledger",
            "nio-8080-1",
            "slow",
        ),
        (
            " - ledger - ERROR - it broke",
            "error",
            "ledger",
            "",
            "it broke",
        ),
        (" [7] [ERROR] it broke", "error", "", "", "it broke"),
        (
            " ERROR ledger.db: it broke",
            "error",
            "ledger.db",
            "",
            "it broke",
        ),
        (
            " [INFO ][o.e.n.Node] [node-1] started",
            "info",
            "o.e.n.Node",
            "node-1",
            "started",
        ),
        (
            " I NETWORK  [conn7] end",
            "info",
            "",
            "",
            "NETWORK  [conn7] end",
        ),
        (" warning/Scheduler: late", "warn", "Scheduler", "", "late"),
        (
            "  1702  2395 D ViewRoot: drawn",
            "debug",
            "ViewRoot",
            "2395",
            "drawn",
        ),
        (" ERROR ledger::db: lost", "error", "ledger::db", "", "lost"),
        (" production.ERROR: lost", "error", "", "", "lost"),
        (" nothing of that", "", "", "", "nothing of that"),
        (" 10 users left", "", "", "", "users left"),
        (
            " [Server thread/WARN]: late",
            "warn",
            "",
            "Server thread",
            "late",
        ),
        (" - util.py[DEBUG]: read", "debug", "util.py", "", "read"),
        (
            "] sync.exe *64 - lost peer",
            "",
            "",
            "",
            "] sync.exe *64 - lost peer",
        ),
        (" sync.exe *64 - lost peer", "", "sync.exe", "", "lost peer"),
        (" 7zip.exe - lost peer", "", "7zip.exe", "", "lost peer"),
        ("|Meter|77|read a|b", "", "Meter", "", "read a|b"),
        (
            " D/dalvikvm( 1702): freed",
            "debug",
            "dalvikvm",
            "",
            "freed",
        ),
        (" W | etcdserver: slow", "warn", "etcdserver", "", "slow"),
        (" E! lost", "error", "", "", "lost"),
        (" NOTICE[7][C-1] lost", "info", "", "", "lost"),
        (" : Info: ready", "info", "", "", "ready"),
        (
            " fail: Quay.Api.Berths[15] lost",
            "error",
            "Quay.Api.Berths",
            "",
            "lost",
        ),
        (" fail: quay[15] lost", "", "", "", "fail: quay[15] lost"),
        (" INFO quay[15] lost", "info", "", "", "lost"),
    ] {
        let level = (!level.is_empty()).then_some(level);
        let want = (level, logger.to_owned(), thread.to_owned(), message);
        assert_eq!(read(line), want, "{line}");
    }
}

#[test]
fn loggers_at_the_end() {
    assert_eq!(trailing_logger(b"up (a.b.C)"), Some(&b"a.b.C"[..]));
    assert_eq!(trailing_logger(b"call f(a.b)"), None);
}
