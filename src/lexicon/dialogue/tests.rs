//! Conversations, message by message: what each says in the light of those before it, and what
//! looks like it and says nothing of the kind.

use super::*;

/// What messages of two say in turns, half a minute apart.
fn talk(texts: &[&str]) -> Vec<Heard> {
    let turn = |(n, text): (usize, &&'static str)| Turn {
        second: i64::try_from(n).unwrap_or(0) * 30,
        who: Some(["ana", "ben"][n % 2]),
        text,
        quotes: None,
    };
    let texts: Vec<&'static str> = texts.iter().map(|t| leak(t)).collect();
    let turns: Vec<Turn<'_>> = texts.iter().enumerate().map(turn).collect();
    converse(&turns, &Names::default())
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// Whether a message does an act, as surely as a milestone needs.
fn does(heard: &Heard, act: Act) -> bool {
    heard
        .statements
        .iter()
        .any(|s| s.act == act && s.holds() && s.score >= 0.6)
}

/// What a message suspects or drops.
fn about(heard: &Heard, act: Act) -> Option<String> {
    let mut all = heard.statements.iter().filter(|s| s.act == act);
    all.find_map(|s| s.subject.as_ref().map(|s| s.text().to_owned()))
}

#[test]
fn a_guess_and_its_denial_are_a_pair() {
    for (guess, denial) in [
        ("walrus feeder?", "nope, feeder is idle since noon"),
        (
            "did the paper mill overrun?",
            "the mill finished at six, as always",
        ),
        (
            "maybe the tide gauge again",
            "tide gauge reads the same as yesterday",
        ),
        (
            "my money is on the ferry timetable",
            "timetable has nothing to do with it",
        ),
        ("too much herring?", "no, that's not it"),
        (
            "do you think the harbour crane can do this?",
            "the crane is parked, can't be",
        ),
        (
            "I suspect the lighthouse lamp",
            "checked the lamp, we can cross it off",
        ),
    ] {
        let heard = talk(&["on it", guess, denial]);
        let suspected = about(&heard[1], Act::Hypothesis);
        assert!(suspected.is_some(), "{guess}: {heard:?}");
        assert_eq!(about(&heard[2], Act::RuledOut), suspected, "{denial}");
    }
}

#[test]
fn what_is_no_guess_is_not_denied() {
    for (question, answer) in [
        ("who is on call today?", "not me"),
        ("can somebody look at the boiler?", "no, I am out"),
        ("any news?", "no"),
        ("are the lodgers affected as well?", "lodgers are fine"),
        (
            "which lodgers? is it one floor?",
            "no pattern that I can see",
        ),
        ("anyone up for lunch?", "nope"),
    ] {
        let heard = talk(&["on it", question, answer]);
        assert_eq!(about(&heard[2], Act::RuledOut), None, "{question}");
    }
}

#[test]
fn a_guess_is_neither_denied_by_doubt_nor_by_other_matters() {
    for answer in [
        "not sure yet about the tide gauge",
        "let me check the tide gauge",
        "no idea, looking",
        "no alerts from anywhere else",
        "the boat leaves at five",
    ] {
        let heard = talk(&["on it", "tide gauge?", answer]);
        assert_eq!(about(&heard[2], Act::RuledOut), None, "{answer}");
    }
}

#[test]
fn what_words_drop_by_its_name_is_dropped_whatever_was_guessed() {
    let heard = talk(&[
        "I suspect the database, queries look slow",
        "ping and mtr to the db are clean too, so it isn't the network",
    ]);
    let mut dropped = heard[1]
        .statements
        .iter()
        .filter(|s| s.act == Act::RuledOut);
    let network = |s: &Statement| s.subject.as_ref().is_some_and(|s| s.text() == "network");
    assert!(dropped.any(network), "{heard:?}");
}

#[test]
fn what_stands_before_a_denial_is_no_second_thing_dropped() {
    for talk_of in [
        [
            "perhaps the session store lost its data?",
            "session store has all keys, it is not guilty",
        ],
        [
            "stale record cached by the jvm?",
            "jvm ttl is 10s, so not jvm",
        ],
    ] {
        let heard = talk(&talk_of);
        let dropped = heard[1]
            .statements
            .iter()
            .filter(|s| s.act == Act::RuledOut);
        assert_eq!(dropped.count(), 1, "{heard:?}");
    }
}

#[test]
fn a_guess_affirmed_is_the_cause() {
    let heard = talk(&["on it", "frozen inlet?", "yup, inlet is one block of ice"]);
    assert!(does(&heard[2], Act::Identified), "{heard:?}");
    let heard = talk(&["on it", "frozen inlet?", "yes, I see errors too"]);
    assert!(!does(&heard[2], Act::Identified), "{heard:?}");
}

#[test]
fn words_that_point_back_conclude() {
    for conclusion in [
        "two clerks share one stamp. that's what jams it",
        "the stamp is worn out, so this is our culprit",
        "stamp worn out since may. there's your problem",
        "the stamp lost a digit. That explains everything",
        "stamp was swapped at noon. mystery solved",
        "so the fault lies at their side: their stamp is worn",
        "We have found the reason: a worn stamp.",
    ] {
        let heard = talk(&["on it", "letters come back", conclusion]);
        assert!(does(&heard[2], Act::Identified), "{conclusion}: {heard:?}");
    }
}

#[test]
fn words_that_look_for_a_cause_conclude_nothing() {
    for search in [
        "no idea what the cause is",
        "we still have to find out why",
        "is this the cause?",
        "maybe that's the problem",
        "that's not the culprit",
        "this is what I see in the log",
        "that's why we should have more tests",
    ] {
        let heard = talk(&["on it", "letters come back", search]);
        assert!(!does(&heard[2], Act::Identified), "{search}: {heard:?}");
    }
}

#[test]
fn what_was_begun_is_told_to_be_done() {
    for (begun, done) in [
        ("swapping the stamp", "stamp swapped in all offices"),
        ("putting the old ink back", "old ink is back on every desk"),
        ("I raise the quota", "quota is 80 now, raised everywhere"),
        ("killing the batch", "done"),
        ("rolling restart of the sorters", "sorters are up"),
        ("I issue a new stamp", "the new stamp is in place"),
    ] {
        let heard = talk(&["stamp is worn out, that's the cause", begun, done]);
        assert!(does(&heard[2], Act::Fix), "{done}: {heard:?}");
    }
}

#[test]
fn what_is_told_before_a_question_is_done() {
    let done = |heard: &Heard| {
        let fixes = |s: &Statement| s.act == Act::Fix && s.mood == Mood::Done && s.score > 0.5;
        heard.statements.iter().any(fixes)
    };
    for (text, fixes) in [
        ("there, spare gate opened, any better?", true),
        ("could somebody tell me who opened the gate, please?", false),
        ("should the spare gate be opened, what do you think?", false),
    ] {
        let heard = talk(&["on it", "opening the spare gate", text]);
        assert_eq!(done(&heard[2]), fixes, "{text}: {heard:?}");
    }
}

#[test]
fn what_is_planned_or_only_tested_repairs_nothing() {
    for (begun, said) in [
        ("swapping the stamp", "will be swapped in ten minutes"),
        ("swapping the stamp", "stamp not swapped yet"),
        ("who swapped the stamp?", "no idea"),
        ("letters come back", "the mill is up"),
        ("swapping the stamp", "it is back again, same errors"),
    ] {
        let heard = talk(&["stamp is worn out, that's the cause", begun, said]);
        assert!(!does(&heard[2], Act::Fix), "{said}: {heard:?}");
    }
    let heard = talk(&["found it", "swapping the stamp", "stamp swapped on staging"]);
    let reaches = |s: &Statement| s.act == Act::Fix && s.reaches_users();
    assert!(!heard[2].statements.iter().any(reaches), "{heard:?}");
}

/// "Done" tells of a repair that was begun, and once that was told, that all is over.
#[test]
fn where_somebody_starts_to_look_is_no_repair_begun() {
    for looks in [
        "starting with the boiler's log",
        "starting from the top floor",
    ] {
        let heard = talk(&["on it", looks, "pumps are up, lamp is twice as warm though"]);
        assert!(!does(&heard[2], Act::Fix), "{looks}: {heard:?}");
    }
    let heard = talk(&["on it", "starting the spare pump", "pumps are up"]);
    assert!(does(&heard[2], Act::Fix), "{heard:?}");
}

#[test]
fn done_behind_the_repair_ends_it() {
    let heard = talk(&[
        "found it",
        "swapping the stamp",
        "stamp swapped",
        "letters arrive",
        "ok done",
    ]);
    assert!(does(&heard[4], Act::Resolved), "{heard:?}");
    let heard = talk(&["found it", "swapping the stamp", "done"]);
    assert!(
        !does(&heard[2], Act::Resolved) && does(&heard[2], Act::Fix),
        "{heard:?}"
    );
}

#[test]
fn what_is_told_last_before_the_repair_is_its_reason() {
    let heard = talk(&[
        "on it",
        "letters come back from every office",
        "someone set the date stamp to 1924",
        "setting it to today",
        "done",
    ]);
    let hinted: Vec<usize> = (0..heard.len())
        .filter(|n| {
            heard[*n]
                .statements
                .iter()
                .any(|s| s.act == Act::Identified)
        })
        .collect();
    assert_eq!(hinted, [2], "{heard:?}");
}

#[test]
fn who_comes_first_takes_it() {
    for (first, takes) in [
        ("mine", true),
        ("yep, looking", true),
        ("I check it.", true),
        ("customers keep complaining", false),
        ("somebody please look", false),
    ] {
        let heard = talk(&[first]);
        assert_eq!(does(&heard[0], Act::Acknowledged), takes, "{first}");
    }
}

#[test]
fn what_has_no_proof_yet_is_suspected() {
    for (text, named) in [
        ("it comes from the dredger upgrade", true),
        ("it comes from the dredger upgrade, not sure", false),
        ("it is caused by the dredger upgrade, to be verified", false),
    ] {
        let heard = talk(&["on it", "the locks do not open", text]);
        assert_eq!(does(&heard[2], Act::Identified), named, "{heard:?}");
        assert_eq!(
            about(&heard[2], Act::Hypothesis).is_none(),
            named,
            "{heard:?}"
        );
    }
}

#[test]
fn idioms_of_betting_suspect() {
    for (text, thing) in [
        ("i would not put it past the sluice", "sluice"),
        ("ten to one the sluice controller", "sluice controller"),
        ("call me old-fashioned, but this is the sluice", "sluice"),
        ("i cast my vote on the sluice", "sluice"),
        ("100% a full disk, calling it", "disk"),
    ] {
        let heard = talk(&[
            "on it",
            "half of the boats are stuck",
            text,
            "the sluice is fine",
        ]);
        let suspected = about(&heard[2], Act::Hypothesis).unwrap_or_default();
        assert!(suspected.contains(thing), "{text}: {:?}", heard[2]);
    }
    let heard = talk(&["on it", "status?", "the plant needs water, volunteers?"]);
    for heard in &heard[1..] {
        assert_eq!(about(heard, Act::Hypothesis), None, "{heard:?}");
    }
}

#[test]
fn who_names_the_cause_clears_nothing() {
    let heard = talk(&[
        "on it",
        "it smells like the sluice rollout",
        "root cause: sluice 4.2 forgets a field that the ledger cannot work without",
    ]);
    assert_eq!(about(&heard[2], Act::RuledOut), None, "{heard:?}");
    assert!(does(&heard[2], Act::Identified), "{heard:?}");
}

#[test]
fn a_desk_that_went_down_is_no_outage() {
    let heard = talk(&[
        "my standing desk went down by itself",
        "the locks went down by themselves",
    ]);
    let told = |h: &Heard| does(h, Act::Impact) || does(h, Act::Detected);
    assert!(!told(&heard[0]), "{heard:?}");
    assert!(told(&heard[1]), "{heard:?}");
}

/// What sounds like life may be the trade's: all signs together decide.
#[test]
fn a_clear_suspicion_may_sound_like_life() {
    for text in [
        "Working hypothesis: a noisy neighbour on the storage node, please verify.",
        "I'd put a beer on the school portal",
    ] {
        let heard = talk(&["on it", "half of the requests fail", text]);
        assert!(about(&heard[2], Act::Hypothesis).is_some(), "{heard:?}");
    }
    let heard = talk(&[
        "on it",
        "half of the requests fail",
        "is the cake for everybody?",
    ]);
    assert!(about(&heard[2], Act::Hypothesis).is_none(), "{heard:?}");
}

#[test]
fn how_people_speak_of_a_suspicion_is_not_what_they_suspect() {
    for (text, suspected) in [
        ("guess: might be the new tide tables", "new tide tables"),
        (
            "my gut says it might have something to do with the pilot boat",
            "pilot boat",
        ),
        (
            "it reminds me of the case with the stale replica",
            "stale replica",
        ),
    ] {
        let heard = talk(&["on it", "half of the requests fail", text]);
        let about = about(&heard[2], Act::Hypothesis);
        assert_eq!(about.as_deref(), Some(suspected), "{heard:?}");
    }
}

#[test]
fn who_quotes_a_guess_answers_that_one() {
    let said = [
        "on it",
        "is it the tide pump?",
        "or maybe the sluice gate",
        "as always, 3 ms",
    ];
    let heard = |quotes: Option<&'static str>| {
        let turn = |(n, text): (usize, &&'static str)| Turn {
            second: i64::try_from(n).unwrap_or(0) * 30,
            who: Some(["ana", "ben"][n % 2]),
            text,
            quotes: quotes.filter(|_| n == 3),
        };
        let turns: Vec<Turn<'_>> = said.iter().enumerate().map(turn).collect();
        converse(&turns, &Names::default())
    };
    let dropped = |quotes| about(&heard(quotes)[3], Act::RuledOut);
    assert_eq!(
        dropped(Some("is it the tide…")).as_deref(),
        Some("tide pump")
    );
    assert_ne!(dropped(None).as_deref(), Some("tide pump"));
    assert_ne!(
        dropped(Some("is it the crane?")).as_deref(),
        Some("tide pump")
    );
}

#[test]
fn who_takes_it_or_asks_for_the_end_does_no_more() {
    let heard = talk(&[
        "the ferry desk is down",
        "okay that's me! looking at the graphs",
    ]);
    assert!(does(&heard[1], Act::Acknowledged), "{heard:?}");
    assert!(!does(&heard[1], Act::Identified), "{heard:?}");
    let heard = talk(&[
        "on it",
        "found it, the tide table",
        "table is replaced",
        "may we regard this as over?",
    ]);
    assert!(!does(&heard[3], Act::Resolved), "{heard:?}");
    let heard = talk(&[
        "on it",
        "found it, the tide table",
        "table is replaced",
        "we regard this as over",
    ]);
    assert!(does(&heard[3], Act::Resolved), "{heard:?}");
}

#[test]
fn who_tells_others_that_work_goes_on_ends_nothing() {
    for (last, over) in [
        ("told the skippers we're still on it", false),
        ("telling the skippers we are working on it", false),
        ("told the skippers it is over, thanks all", true),
    ] {
        let heard = talk(&[
            "the lock gates do not open for anybody",
            "on it",
            "it was the hydraulics release, it floods the queue",
            "anyone seen my charger?",
            last,
        ]);
        assert_eq!(does(&heard[4], Act::Resolved), over, "{last}: {heard:?}");
    }
}

#[test]
fn what_somebody_takes_was_a_notice() {
    for (talk_of, noticed) in [
        (
            ["two skippers gave up on a mooring receipt", "ok, I take it"],
            true,
        ),
        (["[FIRING:1] MooringErrors", "ok, I take it"], false),
        (
            [
                "two skippers gave up on a mooring receipt",
                "alert seen, I take it",
            ],
            false,
        ),
        (["thx", "ok, I take it"], false),
        (["the dentist gave up on my tooth", "ok, I take it"], false),
    ] {
        let heard = talk(&talk_of);
        let told = heard[0].statements.iter().any(|s| s.act == Act::Detected);
        assert_eq!(told, noticed, "{talk_of:?}: {heard:?}");
    }
}

#[test]
fn what_was_told_as_found_may_be_taken_back() {
    let heard = talk(&[
        "on it",
        "found it, it is the sluice controller",
        "half of the boats are stuck",
        "I take it back, bypassing the sluice controller gives the same errors",
    ]);
    let claims = |h: &Heard| {
        h.statements
            .iter()
            .any(|s| s.act == Act::Identified && s.holds())
    };
    assert!(!claims(&heard[1]), "{heard:?}");
    assert!(about(&heard[1], Act::Hypothesis).is_some(), "{heard:?}");
    assert!(about(&heard[3], Act::RuledOut).is_some(), "{heard:?}");
    // What is well again once it was repaired was the cause.
    let heard = talk(&[
        "on it",
        "found it, it is the sluice controller",
        "restarted the sluice controller in production",
        "the sluice controller is fine now, same as ever",
    ]);
    assert!(claims(&heard[1]), "{heard:?}");
}

#[test]
fn memories_and_proposals_suspect_nothing() {
    for text in [
        "reminds me of the regatta, back then it was an expired pass",
        "I'd say we swap the sluice, objections?",
        "is it all customers or some?",
        "worth waking the harbour master?",
    ] {
        let heard = talk(&["on it", "half of the boats are stuck", text]);
        assert_eq!(about(&heard[2], Act::Hypothesis), None, "{text}: {heard:?}");
        assert!(!does(&heard[2], Act::Identified), "{text}: {heard:?}");
    }
    // What was so the last time is suspected again.
    let heard = talk(&[
        "on it",
        "half of the boats are stuck",
        "i would say the sluice, last time it was the same",
    ]);
    let suspected = about(&heard[2], Act::Hypothesis).unwrap_or_default();
    assert!(suspected.contains("sluice"), "{heard:?}");
}

#[test]
fn whom_nobody_names_nobody_brings_in() {
    for (text, brought) in [
        ("paging @mira, she knows the sluice", true),
        ("I am getting the hydraulics team on the phone", true),
        ("worth waking the hydraulics team?", false),
        ("I read, patience please", false),
        ("need a minute, my vpn kicked me out", false),
    ] {
        let heard = talk(&["on it", "half of the boats are stuck", text]);
        let told = |s: &Statement| s.act == Act::Escalated && s.holds() && s.mood != Mood::Question;
        let told = heard[2]
            .statements
            .iter()
            .any(|s| told(s) && s.score >= 0.6);
        assert_eq!(told, brought, "{text}: {heard:?}");
    }
}

#[test]
fn how_many_are_hit_and_since_when_is_no_suspicion() {
    for text in [
        "I think one in nine boats",
        "would say 12 % of the tickets",
        "probably started around noon",
        "it began shortly before the tide, I guess",
        "mostly the ferries, I think",
    ] {
        let heard = talk(&["bookings fail, on it", text, "ok"]);
        assert!(!does(&heard[1], Act::Hypothesis), "{text}: {:?}", heard[1]);
    }
    for text in [
        "I think one of the disks died",
        "mostly DNS, it is always DNS, no?",
    ] {
        let heard = talk(&["bookings fail, on it", text, "no, it is fine"]);
        assert!(does(&heard[1], Act::Hypothesis), "{text}: {:?}", heard[1]);
    }
}

#[test]
fn what_people_are_shown_neither_names_a_cause_nor_clears_one() {
    let heard = talk(&[
        "bookings fail, on it",
        "maybe the disk filled up?",
        "\"no berth could be reserved\" is what the skippers see",
        "df says 31 %, so that is out",
    ]);
    for act in [Act::Identified, Act::RuledOut] {
        assert!(!does(&heard[2], act), "{:?}", heard[2]);
    }
    assert!(does(&heard[3], Act::RuledOut), "{:?}", heard[3]);
    assert!(about(&heard[3], Act::RuledOut).is_some_and(|s| s.contains("disk")));
}

#[test]
fn what_befalls_us_may_be_asked() {
    for (question, suspects) in [
        ("are we being flooded by some crawler?", true),
        ("are we running out of file handles maybe?", true),
        ("are we all on the call?", false),
        ("do we have somebody for the notes?", false),
        ("has anybody tried the new canteen?", false),
    ] {
        let heard = talk(&[
            "bookings fail, on it",
            question,
            "nope, checked that, not it",
        ]);
        assert_eq!(does(&heard[1], Act::Hypothesis), suspects, "{question}");
    }
}

#[test]
fn who_answers_somebody_calls_nobody_in() {
    let heard = talk(&[
        "bookings fail",
        "on it",
        "@ben still red here",
        "@ana reading logs",
    ]);
    assert!(!heard.iter().any(|h| does(h, Act::Escalated)), "{heard:?}");
}

#[test]
fn who_is_called_in() {
    for text in [
        "let us get the harbour team on this",
        "I cannot solve this alone, fetching Olga",
        "could use another pair of eyes, @olga?",
        "harbour people will be here in five, I rang them",
    ] {
        let heard = talk(&["bookings fail", "on it", text]);
        assert!(does(&heard[2], Act::Escalated), "{text}: {:?}", heard[2]);
    }
    for text in [
        "mine, and please stop paging me",
        "support has four tickets by now",
        "sharing my screen",
        "would we need a second pair of eyes on the locks?",
        "a bit more time please, the tide is low",
        "the captain asks whether the night ferry sails",
    ] {
        let heard = talk(&["bookings fail", "on it", text]);
        assert!(!does(&heard[2], Act::Escalated), "{text}: {:?}", heard[2]);
    }
}

#[test]
fn who_names_the_cause_suspects_nothing_besides_and_ends_nothing() {
    let heard = talk(&[
        "bookings fail",
        "on it",
        "so that is it: the config of the till points at the wrong quay",
    ]);
    assert!(does(&heard[2], Act::Identified), "{:?}", heard[2]);
    for act in [Act::Hypothesis, Act::Resolved] {
        assert!(!does(&heard[2], act), "{:?}", heard[2]);
    }
}

#[test]
fn who_was_wrong_to_suspect_it_names_no_cause() {
    let heard = talk(&[
        "bookings fail, on it",
        "maybe the disk?",
        "the disk is fine, my bad",
    ]);
    assert!(does(&heard[2], Act::RuledOut), "{:?}", heard[2]);
    assert!(!does(&heard[2], Act::Identified), "{:?}", heard[2]);
}
