//! Cues of the beginning: detected, paged, declared, impact.

use super::{Cue, asks, denied, doing, done, plan};
use crate::lexicon::Act::{Declared, Detected, Impact, Paged};

#[rustfmt::skip]
pub(super) const CUES: &[Cue] = &[
    // Detected: a machine said so.
    done(Detected, 0.9, r"\b(?:alerts?|alarms?|monitors?|pages?)(?: \w+)? (?:just |has |have |was |were |also |then )*(?:fired|firing|triggered|triggers|tripped|raised|went off|going off|came in|sent|received|kicked in)\b"),
    done(Detected, 0.9, r"\b(?:monitoring|alerting|dashboards?|pingdom|pagerduty|opsgenie|datadog|grafana|prometheus|sentry|nagios|zabbix|cloudwatch|new relic|synthetics?|health ?checks?|probes?|statuscake|uptime ?robot)(?: \w+){0,3} (?:alerted|alerts|notified|notifies|flagged|flags|detected|detects|reported|reports|showed|shows|picked up|indicated|indicates|caught|screaming|is red|went red|triggered|paged|warned|starts screaming|started)\b"),
    done(Detected, 0.8, r"\b(?:pagerduty|opsgenie|datadog|grafana|prometheus|sentry|nagios|zabbix|cloudwatch|new relic|pingdom) (?:alert|alarm|says|page|incident|error)\b"),
    done(Detected, 0.8, r"\b(?:pager|alert|alarm) (?:says|shows|for|about|indicating|that)\b"),
    done(Detected, 0.9, r"\b(?:received|receives|got|gets|getting|saw|noticed) (?:an?|the|some|several|multiple|many|another)? ?(?:\w+ ){0,2}(?:alerts?|alarms?)\b"),
    done(Detected, 0.8, r"^(?:alert|alarm|detection|detected|issue detected|problem detected|incident detected|firing)(?:$|:| -)"),
    done(Detected, 0.95, r"\b(?:issue|problem|incident|outage|anomaly|failure|error|errors|degradation|spike|it|this){was} (?:first |initially |originally |automatically )*(?:detected|noticed|spotted|discovered|observed|reported|raised|flagged|seen|caught)\b"),
    done(Detected, 0.8, r"\b(?:detected|noticed|spotted|observed)(?: \S+){0,3} (?:spikes?|surge|increase\w*|rise|drop|errors?|failures?|latency|anomal\w+|slow\w*|unusual|elevated|high|5xx|500s?|timeouts?|outage|problems?|issues?)\b"),
    done(Detected, 0.8, r"\b(?:first )?(?:noticed|detected|spotted) by\b"),
    denied(Detected, 0.9, r"\bno (?:alerts?|alarms?|page) (?:fired|triggered|went off|was|were|came|raised)\b"),
    denied(Detected, 0.95, r"\b(?:alerts?|alerting|alarms?|monitors?|monitoring|monitoring alerts) (?:failed to|did not|was not|were not|never|missed|had not|have not|has not)\b"),
    // Detected: people said so.
    asks(Detected, 0.8, r"\b(?:any ?(?:one|body) else|is any ?(?:one|body)|are others|others) (?:else )?(?:also )?(?:seeing|getting|having|noticing|experiencing)\b"),
    doing(Detected, 0.7, r"{start}(?:seeing|getting|observing|noticing|we see|i see|see)(?: \S+){0,4}? (?:[45]\d\ds|5xx|4xx|50\d|errors?|timeouts?|failures?|spikes?|latency|exceptions?|slow\w*|alerts?|failed|failing|elevated|increase\w*|stack ?traces?|drops?)\b"),
    done(Detected, 0.9, r"\b{user}(?: \w+)?(?: are| is| were| was| have| has)?(?: now| also| been| just)* (?:report|reports|reported|reporting|complain|complains|complained|complaining|calling in|writing in|noticed|raising tickets|opening tickets|are saying|say|said|contacted|tweeting)\b"),
    done(Detected, 0.85, r"\b{user} on the (?:phone|line)\b"),
    done(Detected, 0.85, r"\b(?:support|helpdesk|help desk|service desk|customer (?:service|support|success|care)|call cent(?:er|re)|qa|sales|a colleague)(?: \w+){0,2} (?:reports?|reported|reporting|says?|said|noticed|flagged|alerted|is seeing|are seeing|is getting|received|escalated reports|flooded|informed|notified)\b"),
    done(Detected, 0.85, r"\b(?:getting|got|received|receiving|have|seeing|first|initial|incoming|through|several|multiple|many)(?: \S+){0,3} (?:reports|complaints|support tickets|customer tickets|tickets)\b"),
    done(Detected, 0.8, r"\b(?:surge|spike|wave|flood|influx|increase|rise|uptick|burst|flurry) (?:of|in)(?: \w+){0,2} (?:tickets|complaints|calls|reports|errors|failures|failed|5xx|50\ds?|timeouts)\b"),
    done(Detected, 0.7, r"\b(?:we have|there is|looks like we have|have got|got) (?:an?|some) (?:big |serious |real |major )?(?:problem|issue|outage|situation|incident|fire)\b"),
    doing(Detected, 0.88, r"\b(?:error rates?|errors|attempts|latency|5xx|failures|failure rate|response times?|load|cpu|memory|queue|lag|timeouts|p99|p95)(?: \S+){0,3} (?:is|are|was|were|has been|have been|started|starts|begins?|began|just)? ?(?:to )?(?:climb\w*|spik\w+|going up|went up|rising|rose|jump\w*|increas\w+|exploding|shot up|skyrocket\w*|through the roof|elevated|way up|surg\w+)\b"),
    doing(Detected, 0.7, r"\bheads[ -]up\b.*\b(?:errors?|failing|fails|down|latency|slow|timeouts?|5xx|50\ds?|broken|outage)\b"),
    asks(Detected, 0.6, r"\bis it just me\b"),
    // Paged.
    done(Paged, 0.9, r"\b(?:got|getting|was|were|been|being) (?:just |also )?(?:paged|woken(?: up)?|called out|beeped)\b"),
    done(Paged, 0.95, r"\b(?:on-?call|primary|secondary|engineers?|duty|sres?|team)(?: \w+){0,2} (?:was|were|got|is|has been) (?:also |then |automatically )*(?:paged|called out|woken)\b"),
    done(Paged, 0.9, r"\b(?:pagerduty|opsgenie|pager|alertmanager|victorops) (?:paged|called|notified|woke|went off|goes off|beeped)\b"),
    done(Paged, 0.85, r"\b(?:notified|alerted|alerting|notifies|alerts|notifying) (?:the )?(?:\w+ )?(?:on-?call|duty)\b"),
    done(Paged, 0.8, r"\b(?:on-?call|duty)(?: \w+)? (?:receive[ds]?|gets|got) (?:\w+ ){0,4}(?:alert|page|call|notification)\b"),
    // Declared.
    doing(Declared, 0.9, r"\b(?:declaring|opening|starting|raising|calling|creating|kicking off)(?: this| it| that)?(?: as)? ?(?:an?|the)? ?(?:new |major |critical )*(?:incident|sev ?-?\d|p[0-2]|outage)\b"),
    done(Declared, 0.95, r"\b(?:incident|sev ?-?\d|p[0-2]|outage|emergency)(?:{was})? (?:declared|opened|raised|called|initiated|created|started)\b"),
    done(Declared, 0.95, r"\b(?:declared|declares|raised|opened|initiates|initiated|called|upgraded|initiating)(?: \w+){0,4} (?:incident|sev ?-?\d|p[0-2]|major|emergency)\b"),
    done(Declared, 0.85, r"\b(?:this|it) is (?:now |officially )?(?:an? )?(?:sev ?-?\d|p[0-2]|major incident|an incident|incident)\b"),
    doing(Declared, 0.85, r"\b(?:bumping|upgrading|raising|promoting|moving|setting|changing)(?: \w+){0,3} to (?:an? )?(?:sev ?-?\d|p[0-2])\b"),
    done(Declared, 0.9, r"\b(?:i am|i will be|acting as|taking|i have got|i take|taking over as) (?:the )?(?:ic|incident (?:commander|lead|manager|command))\b").firm(),
    done(Declared, 0.8, r"\b(?:incident|war) ?-?(?:channel|room|bridge|call)(?:{was})? (?:created|opened|open|up|is up|started|set up)\b"),
    plan(Declared, 0.7, r"\b(?:declare)(?: \w+){0,3} (?:incident|sev ?-?\d|p[0-2]|outage)\b"),
    plan(Declared, 0.7, r"\bis (?:this|it) (?:an? )?(?:sev ?-?\d|p[0-2]|incident)\b"),
    denied(Declared, 0.8, r"\bnot (?:declaring|an incident|a sev)\b"),
    // Impact.
    done(Impact, 0.85, r"\b(?:is|are|was|were|went|goes|gone|being|be|currently|'s|been) (?:\w+ )?(?:down|offline|unavailable|unreachable|inaccessible|unresponsive|degraded|hard down|dead|out of service)\b(?: for| in| since|$|[,.;:]| again| now| and| due| because| with| hard| at)"),
    done(Impact, 0.85, r"\b(?:became|becomes|becoming|went|remained|remains|completely|fully|totally|partially|entirely) (?:down|offline|unavailable|unreachable|inaccessible|unresponsive|broken|dead|degraded|dark)\b"),
    done(Impact, 0.9, r"\b(?:{user}|nobody|no one|logins?|payments?|orders?|half of \w+|some|most|all|i|we)(?: \w+){0,3} (?:can not|could not|unable to|not able to|fail(?:s|ed|ing)? to|prevented from|locked out|kicked out|lost access)(?: \w+)? (?:log ?in|log ?on|login|sign ?in|sign ?up|access|check ?out|pay|buy|order|reach|connect|use|load|open|see|view|search|upload|download|complete|place|submit|authenticate|retrieve|get in)\b").denies(),
    done(Impact, 0.9, r"\b(?:nobody|no one|none of \w+|no users?|no customers?) (?:\w+ )?(?:can|could|is able to|are able to) (?:\w+ )?(?:log|sign|access|check ?out|pay|buy|order|reach|connect|use|load|open|see|search|get in)\b").denies(),
    done(Impact, 0.9, r"\b(?:\d+(?:\.\d+)? ?%|(?:a )?(?:third|quarter|half|majority|fraction|all|most|some|many|thousands|hundreds)|percent)(?: of)?(?: \w+){0,4} (?:affected|impacted|fail|failed|failing|error|errors|timing out|timed out|lost|dropped|unavailable|down)\b"),
    done(Impact, 0.8, r"\b(?:affecting|impacting|(?:has|have|that|which|outage|incident|issue|it|this|bug|problem) (?:affected|impacted))(?: \S+){0,3} (?:{user}|requests|traffic|regions?|services?|accounts|orders|production)\b"),
    done(Impact, 0.8, r"\b{user}(?: \w+)? (?:are|is|were|was|experienced?|experiencing|see|seeing|saw|get|getting|received?|receiving|met with|encounter\w*|faced?|facing|hitting)(?: \w+){0,3} (?:errors?|\d{3}s?|5xx|issues|failures|slow\w*|timeouts?|blank|impacted|affected|degraded|delays?|latency|error messages?|locked out|logged out)\b"),
    done(Impact, 0.8, r"\b(?:logins?|log-?ins?|sign-?ins?|payments?|checkouts?|orders?|requests?|transactions?|uploads?|searches|api calls|calls|jobs|builds|deliveries|emails?|login attempts|attempts|sessions|connections|writes|reads|queries|deploys)(?: \w+){0,2}? (?:failing|fail|failed|erroring|timing out|timed out|time out|(?:start|started|starts|begin|began) (?:to )?fail(?:ing)?|being rejected|being dropped|hanging|rejected|broken)\b"),
    done(Impact, 0.85, r"\b(?:service|website|site|app|application|api|server|page|system|platform|servers|apis|frontend|backend)(?: \w+)? (?:returned|returning|returns|responding with|serving|started (?:returning|serving|throwing)|throwing|stopped responding|stops responding|is not (?:responding|loading|working|reachable)|was not (?:responding|loading|working)|not loading|crash\w*)\b").denies(),
    done(Impact, 0.85, r"\b(?:outage|downtime|disruption|degradation|service degradation|customer impact|user impact|impact|incident) (?:begins|began|starts|started|start)\b"),
    done(Impact, 0.8, r"\b(?:is|are|was|were)(?: \w+)? (?:broken|hosed|toast|borked|on fire)\b"),
    denied(Impact, 0.95, r"\b(?:no|zero|without)(?: \w+)? (?:customer|user|client|external|visible|customer-facing|user-facing|production)?[ -]?(?:visible |facing )?impact\b"),
    denied(Impact, 0.9, r"\b{user} (?:are|were|is|was) not (?:\w+ )?(?:affected|impacted)\b"),
];
