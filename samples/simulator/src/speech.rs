//! What people write while something is broken. Many ways to say each thing, as many
//! people would; one line a way. `{svc}` is the service at fault, `{what}` the service that
//! users miss, `{lead}` a suspicion, `{who}` a colleague, `{ver}` a version.

/// Suspicions that lead nowhere: as said, and the words that tell it from others.
pub const LEADS: [(&str, &[&str]); 16] = [
    ("DNS", &["dns"]),
    ("the load balancer", &["load balancer", "lb"]),
    ("redis", &["redis", "cache"]),
    ("the CDN", &["cdn"]),
    ("the firewall change from Tuesday", &["firewall"]),
    ("a traffic spike", &["traffic", "spike"]),
    ("kafka", &["kafka"]),
    ("the network between the zones", &["network"]),
    ("disk space on the brokers", &["disk"]),
    ("a DDoS", &["ddos"]),
    ("the payment provider", &["payment", "provider"]),
    ("noisy neighbours on the hosts", &["neighbour", "noisy"]),
    ("the kernel upgrade", &["kernel"]),
    ("the mobile app release", &["mobile", "app"]),
    ("the message queue", &["queue"]),
    ("clock drift on the nodes", &["clock", "drift"]),
];

/// Somebody notices.
pub const REPORT: [&str; 16] = [
    "is {what} broken for anybody else? I only get error pages",
    "something is off with {what}, every second click ends in an error",
    "hey, {what} does not work for me since a few minutes",
    "customer on the line: {what} is not usable right now",
    "{what} keeps failing for me, tried two browsers",
    "we have people complaining about {what} in the shop",
    "I get nothing but errors out of {what}",
    "heads up, {what} looks unhealthy: lots of failed calls",
    "support desk here, callers tell us {what} is not working",
    "hmm {what} is acting up, half of my requests die",
    "anyone aware that {what} is returning errors?",
    "our partner says {what} has been failing for them",
    "{what} is down for me",
    "seeing errors on {what}, is that known?",
    "cannot get anything through {what}, it just fails",
    "the {what} pages are erroring out in front of a customer",
];

/// Somebody takes it.
pub const ACK: [&str; 14] = [
    "I'm on it",
    "got the page, having a look",
    "ack, looking",
    "mine",
    "I'll take this one",
    "taking this",
    "I have it",
    "acked, opening my laptop",
    "on it, give me a minute",
    "picking this up",
    "yep, got it, looking",
    "acknowledged, starting now",
    "looking into it, I've got the pager",
    "I can take that",
];

/// People look.
pub const LOOK: [&str; 16] = [
    "pulling up the dashboards for {what}",
    "checking the logs of {what}",
    "going through the last deploys",
    "looking at the traces now",
    "digging into {what}",
    "comparing with yesterday's graphs",
    "tailing {what} on two hosts",
    "let me see what the pods say",
    "I'm reading the error messages, one second",
    "checking who talks to {svc}",
    "running a few queries against the metrics",
    "investigating, nothing obvious yet",
    "let me grab a request id and follow it",
    "trying to reproduce with curl",
    "having a look at the saturation panels",
    "narrowing it down by host",
];

/// A suspicion.
pub const SUSPECT: [&str; 18] = [
    "could this be {lead}?",
    "smells like {lead} to me",
    "my first guess would be {lead}",
    "I suspect {lead}",
    "maybe it's {lead}",
    "this looks like {lead} again",
    "is it {lead}?",
    "I have a feeling that {lead} is behind this",
    "theory: {lead}",
    "what about {lead}? that had trouble last month",
    "might be {lead}",
    "wondering if {lead} is to blame",
    "I'd bet on {lead}",
    "looks to me as if {lead} is the problem",
    "suspecting {lead} at the moment",
    "could well be {lead}, the timing fits",
    "probably {lead}",
    "thinking {lead}, going to check",
];

/// It is dropped.
pub const DROP: [&str; 18] = [
    "so it's not {lead}",
    "{lead} is fine",
    "ruled out {lead}",
    "{lead} looks healthy, moving on",
    "scratch that, {lead} is innocent",
    "nothing wrong with {lead}",
    "{lead} was a red herring",
    "we can rule out {lead}: same numbers as yesterday",
    "checked {lead}, all normal there",
    "not {lead} after all",
    "{lead} isn't the cause, flat all day",
    "crossing off {lead}",
    "it isn't {lead}, metrics are clean",
    "{lead} checks out ok",
    "dead end, {lead} has nothing to do with it",
    "I was wrong about {lead}",
    "{lead} can be excluded",
    "no, {lead} is behaving as usual",
];

/// Others are asked in.
pub const ESCALATE: [&str; 14] = [
    "paging the {svc} owners",
    "looping in {who}, who wrote most of {svc}",
    "pulling {who} in",
    "escalating to the {svc} team",
    "calling {who}, this needs somebody who knows {svc}",
    "getting {who} on the bridge",
    "I've paged {who} for help",
    "bringing in {who}",
    "adding {who} to the incident",
    "waking up {who}",
    "we need the {svc} people here, paging them now",
    "escalated to {who}",
    "asked {who} to join us",
    "handing this over to {who} from the {svc} team",
];

/// The cause is named; `{cause}` is a noun phrase.
pub const FOUND: [&str; 16] = [
    "found it: {cause}",
    "root cause is {cause}",
    "it's {cause}",
    "got it, {cause}",
    "the culprit is {cause}",
    "confirmed: {cause}",
    "okay, this is {cause}",
    "turns out it was {cause}",
    "tracked it down to {cause}",
    "we know what it is now: {cause}",
    "cause identified: {cause}",
    "there it is, {cause}",
    "it was caused by {cause}",
    "pinned it on {cause}, the diff shows it",
    "the problem is {cause}",
    "this started with {cause}, confirmed with the traces",
];

/// Phrases for the cause, by fault.
pub const CAUSE_DEPLOY: [&str; 5] = [
    "the {ver} release of {svc}",
    "{svc} {ver}",
    "a bug in {svc} {ver}",
    "the new {svc} build, {ver}",
    "the deploy of {svc} ({ver})",
];
/// The same of a setting.
pub const CAUSE_CONFIG: [&str; 5] = [
    "the config change on {svc}, {ver}",
    "a wrong setting in {svc}",
    "the {svc} settings that were pushed as {ver}",
    "a bad value in the {svc} config",
    "the {svc} configuration from this morning",
];
/// Of a certificate.
pub const CAUSE_CERTIFICATE: [&str; 4] = [
    "an expired certificate on {svc}",
    "the certificate of {svc}, it ran out",
    "the TLS certificate of {svc} expired",
    "{svc} serving an expired cert",
];
/// Of a pool.
pub const CAUSE_POOL: [&str; 4] = [
    "the connection pool of {svc} is exhausted",
    "{svc} running out of connections",
    "connection pool exhaustion in {svc}",
    "the pool size of {svc}, all 40 connections are taken",
];
/// Of a database.
pub const CAUSE_STORE: [&str; 4] = [
    "{svc} not accepting connections",
    "{svc}, the primary is gone",
    "the primary of {svc} being stuck",
    "{svc} out of connection slots",
];
/// Of a crash.
pub const CAUSE_CRASH: [&str; 4] = [
    "{svc} running out of memory",
    "{svc} crash looping with OOM",
    "the memory limit of {svc}",
    "{svc} getting killed for memory",
];

/// A repair that is merely thought about.
pub const PLAN: [&str; 8] = [
    "should we roll back?",
    "I'd like to roll {svc} back, objections?",
    "preparing the fix for {svc}",
    "we need to get {svc} back to the old state",
    "can somebody review the fix?",
    "let's revert if nobody minds",
    "will push the change in a minute",
    "waiting for the build",
];

/// It is repaired, in words; there is a record of it elsewhere as a rule.
pub const FIXED_BACK: [&str; 6] = [
    "rolled {svc} back",
    "rollback of {svc} is done",
    "reverted {svc}",
    "{svc} is back on the old version",
    "we rolled back",
    "the revert is live",
];
/// The same where something else was done.
pub const FIXED: [&str; 6] = [
    "fix for {svc} is live",
    "the fix is out",
    "pushed the corrected settings to {svc}",
    "{svc} is patched",
    "fix deployed to production",
    "change is applied everywhere",
];

/// Better already.
pub const BETTER: [&str; 12] = [
    "errors are going down",
    "seeing recovery",
    "{what} works again",
    "graphs are back to normal",
    "error rate is back at its usual level",
    "looking good now",
    "success rate is climbing",
    "users confirm that it works again",
    "all green again",
    "traffic looks normal",
    "no more errors in the last minutes",
    "{what} is healthy again",
];

/// Over.
pub const OVER: [&str; 14] = [
    "calling this resolved",
    "all clear, thanks everybody",
    "closing the incident",
    "resolved",
    "incident is over, thank you all",
    "marking this one as resolved",
    "we are done here, resolved",
    "I'm closing this out, {what} has been stable for a while",
    "standing down",
    "resolving the incident",
    "that's it, incident closed",
    "everything stable, resolving",
    "and we're resolved. nice work",
    "declaring this resolved",
];

/// After that.
pub const AFTER: [&str; 6] = [
    "postmortem tomorrow at ten",
    "I'll start the writeup",
    "ticket for the follow-up is filed",
    "can we get an alert for that?",
    "will add a regression test on Monday",
    "thanks {who}",
];

/// Tried out where no user is.
pub const STAGED: [&str; 5] = [
    "fix is on staging, testing",
    "deployed the patch to staging, looks good there",
    "staging works again with the new build",
    "verified on staging, production next",
    "the staging environment is happy with it",
];

/// It came back.
pub const AGAIN: [&str; 5] = [
    "it's back, errors again on {what}",
    "spoke too soon, {what} is failing again",
    "reopening, same errors as before",
    "not over: {what} is throwing errors again",
    "and here we go again, {what} fails",
];

/// Talk between.
pub const BETWEEN: [&str; 10] = [
    "any update?",
    "please keep the status page current",
    "how many customers are affected?",
    "ETA?",
    "who is on the bridge?",
    "status page is updated",
    "I told the account managers",
    "ok",
    "thanks",
    "do we need a second pair of eyes?",
];

/// Talk on any day.
pub const CHATTER: [&str; 20] = [
    "morning all",
    "lunch at half past?",
    "can someone review 4312?",
    "the coffee machine is broken again",
    "who owns the billing export these days?",
    "docs for the new onboarding are up",
    "standup moved to 10:15",
    "flaky test in the nightly, restarted it",
    "I'll be out on Friday",
    "merged, thanks",
    "the new laptop works, finally",
    "retro notes are in the wiki",
    "is the staging database slow for anyone?",
    "happy birthday {who}!",
    "deployed the docs site",
    "found the bug in my script, never mind",
    "we should rotate the signing keys next quarter",
    "back from the dentist",
    "demo went well",
    "reminder: fire drill at three",
];

/// What customers write about a failure.
pub const TICKET: [&str; 14] = [
    "{what} not working",
    "Error message when I use {what}",
    "Cannot use {what} since this morning",
    "{what} is down??",
    "Something went wrong, please try again",
    "Getting error 500 on your site",
    "Your {what} page fails for me",
    "URGENT: {what} broken",
    "Page does not load",
    "I keep getting errors",
    "Unable to finish, site shows an error",
    "{what}: internal error",
    "Service unavailable",
    "It fails every time",
];

/// What customers write on any day.
pub const ENQUIRY: [&str; 10] = [
    "How do I change my email address?",
    "Question about my invoice",
    "Please add a second user",
    "Refund for order 88213",
    "Where can I find the export?",
    "Feature request: dark mode",
    "Change of address",
    "Do you ship to Iceland?",
    "Cancel my subscription",
    "Thank you for the quick help",
];
