//! People who move to another channel go on with the same conversation.

use super::util::{put, run, scratch};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// A weighbridge that fails from 09:20 to 09:50.
fn log() -> String {
    let mut all = String::new();
    for second in 0..7200 {
        let (hour, minute, second) = (9 + second / 3600, second / 60 % 60, second % 60);
        let wrong = hour == 9 && (20..50).contains(&minute) && second % 2 == 0;
        let (level, status) = if wrong { ("error", 500) } else { ("info", 200) };
        writeln!(
            all,
            "time=2024-11-05T{hour:02}:{minute:02}:{second:02}Z level={level} service=weighbridge method=PUT path=/load status={status}"
        )
        .expect("room");
    }
    all
}

/// The wrong turns of an incident that two people talk of first in one channel and then in another.
fn leads(moving: &str) -> Vec<Json> {
    let folder = scratch();
    put(&folder, "weighbridge.log", log());
    put(
        &folder,
        "port.irc.log",
        format!(
            "[2024-11-05 09:22:00] <ole> the weighbridge refuses every truck\n\
             [2024-11-05 09:22:30] <tove> on it\n\
             [2024-11-05 09:24:00] <tove> maybe the toll gateway?\n\
             [2024-11-05 09:25:00] <ole> {moving}\n"
        ),
    );
    put(
        &folder,
        "inc-weighbridge.irc.log",
        "[2024-11-05 09:26:00] <ole> everybody here?\n\
         [2024-11-05 09:28:00] <ole> nope, all of its calls answer\n\
         [2024-11-05 09:40:00] <tove> found it: the calibration job locks the table\n\
         [2024-11-05 09:50:00] <tove> job is killed, trucks pass again\n",
    );
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let report = run(&[path, "--window".into(), "--format".into(), "json".into()]).json();
    let leads = report["incidents"][0]["false_leads"].as_array();
    leads.cloned().unwrap_or_default()
}

#[test]
fn what_was_guessed_before_the_move_is_answered_behind_it() {
    let [lead] = &leads("moving to #inc-weighbridge")[..] else {
        panic!("one wrong turn");
    };
    assert_eq!(lead["hypothesis"], "toll gateway");
    assert_eq!(lead["ruled_out"], true);
    assert_eq!(lead["to"], "2024-11-05T09:28:00Z");
}

#[test]
fn channels_that_do_not_name_each_other_are_two_conversations() {
    let answered =
        |l: &&Json| l["to"] == "2024-11-05T09:28:00Z" && l["hypothesis"] == "toll gateway";
    let leads = leads("see ticket #4711");
    assert!(!leads.iter().any(|l| answered(&l)), "{leads:?}");
}
