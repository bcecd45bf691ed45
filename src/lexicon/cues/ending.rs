//! Cues of the end: recovery, resolved, closed.

use super::{Cue, denied, doing, done, plan};
use crate::lexicon::Act::{Closed, Recovery, Resolved};

#[rustfmt::skip]
pub(super) const CUES: &[Cue] = &[
    // Recovery: the numbers.
    doing(Recovery, 0.85, r"\b(?:errors?|error rates?|5xx|4xx|50\ds?|latency|latencies|failures?|failure rates?|response times?|load|cpu|lag|backlog|queue|queue depth|timeouts?|p99|p95|memory|alerts?|exceptions|rate|connections|numbers|retries|saturation)(?: \S+){0,3}? (?:is |are |was |were |has |have |has been |have been |now |started |starting |start |began |begins |all |slowly |gradually |steadily )*(?:to )?(?:drop\w*|going down|coming down|went down|came down|falling|fell|fall|decreas\w+|declin\w+|trending down|subsid\w+|down to|gone|back down|draining|drained|recover\w*|stabili[sz]\w+|normali[sz]\w+|clear(?:ed|ing)|stopped|ceased|improv\w+|zero|at zero|back under|under|better|looking better)\b"),
    doing(Recovery, 0.85, r"\b(?:success rates?|traffic|throughput|logins?|orders|payments|requests?|transactions|qps|rps|conversion|health checks?|checkouts?)(?: \S+){0,3}? (?:is |are |was |were |has |have |now |all |started |starting )*(?:recover\w*|climbing|back|coming back|rising|flowing|succeed\w*|stabili[sz]\w+|normali[sz]\w+|passing|pass|going through|working|work|improv\w+|processing|completing|resum\w+)\b"),
    done(Recovery, 0.9, r"\b(?:back|return\w*|restored|came back|recovered) (?:to|at|under|below|within|in) (?:the )?(?:\w+ )?(?:normal|baseline|usual|nominal|green|healthy|expected|100|99|\d|zero|operation\w*|service|slo|pre-\w+)"),
    done(Recovery, 0.9, r"\b(?:back|return\w*) to normal\b"),
    done(Recovery, 0.85, r"\bback (?:up|online|in business|on track|to life|and running|to work)\b"),
    done(Recovery, 0.9, r"\b(?:normal|full|regular) (?:operations?|service|functionality|traffic|functioning)(?: \w+)? (?:resumed|restored|returned|is back|resumes)\b|\bresum(?:ed|es|ing) (?:normal|full|regular)\b"),
    done(Recovery, 0.95, r"\b(?:service|services|functionality|access|operation\w*|site|website|login|logins?|system|systems|connectivity|traffic|availability|app|application|api|everything|server|servers|database|queries|search|product listings)(?: \w+){0,2}?(?:{was})? (?:fully |completely |partially |gradually |now |all |successfully |mostly )*(?:restored|recovered|back|operational|up again|online|functional|functioning|resumed|working again|stable|up and running|responding|reachable|healthy)\b"),
    done(Recovery, 0.85, r"\b(?:restoring|restored|restores|restore) (?:normal |full |the )?(?:\w+ )?(?:service|services|functionality|access|operations?|availability|product listings|connectivity|login|system)\b"),
    done(Recovery, 0.9, r"\b(?:works?|working|loads?|loading|fine|up|live|available|reachable|online|healthy|responding|green|usable|functional|ok|okay|succeed|succeeding|operational|log ?in|access\w*) (?:\w+ )?again\b"),
    done(Recovery, 0.85, r"{start}(?:all|everything|dashboards?|graphs?|things|metrics|it|checks|monitors|numbers|systems|charts|all \w+)(?: \w+)?(?:{is}| back)* (?:all |back to )?(?:green|healthy|normal|happy|better|stable|healthy again|recovered|operational)\b"),
    doing(Recovery, 0.8, r"{start}(?:recovering|recovered|coming back|it is coming back|stabili[sz]ing|stabili[sz]ed|improving|all green|looking better|better now|healthy again|green again|things are recovering)\b"),
    doing(Recovery, 0.8, r"\b(?:is|are|has|have|started|starts|starting|begins?|began|now|it|fully|was|were|systems?|services?)(?: \w+)? (?:recover(?:ing|ed|s)?|coming back|stabili[sz]ing|stabili[sz]ed|returning)\b"),
    doing(Recovery, 0.7, r"{start}(?:seeing|see|getting|observing) (?:\w+ )?(?:200s?|2xx|recovery|improvements?|successes|success|successful \w+|green)\b"),
    doing(Recovery, 0.75, r"{start}(?:seeing|see|watching)(?: \S+){1,4} (?:succeed\w*|recover\w*|improv\w+|go through|pass\w*|coming back|dropping|working)\b"),
    done(Recovery, 0.85, r"\bconfirmed (?:working|fixed|good|ok|healthy)\b|\bworks (?:for me|now|here|there)\b|\b(?:is|are|now) working(?: \w+)?{end}|\b(?:fix|it) works\b"),
    done(Recovery, 0.85, r"\b{user} (?:are |were |can |could |is |was )(?:\w+ )?(?:able to )?(?:log ?in|sign ?in|access|check ?out|pay|connect|use)(?: \S+){0,3} (?:again|normally|now|successfully)\b|\b{user} (?:are|were) (?:now |again )?able to (?:log|sign|access|use|connect|place|pay|check)\b"),
    done(Recovery, 0.85, r"\b(?:full|complete|partial) (?:\w+ )?(?:recovery|restoration)\b|\brecovery(?: \w+)? (?:confirmed|complete|completed|observed|began|begins|started|underway|is underway|verified)\b|\bfunctionality (?:is )?back\b"),
    done(Recovery, 0.8, r"\bno (?:more|further|new) (?:errors?|failures?|alerts?|5xx|50\ds?|timeouts?|reports|complaints|issues)\b").denies(),
    done(Recovery, 0.8, r"\b(?:alerts?|alarms?|monitors?|page) (?:\w+ )?(?:cleared|recovered|auto-?resolved|went green|closed itself)\b"),
    done(Recovery, 0.8, r"\b(?:mitigated|impact (?:is |was )?(?:over|ended|ends|mitigated|gone)|bleeding (?:has )?stopped|out of the woods|customer impact ends|outage (?:ends|ended|over))\b"),
    denied(Recovery, 0.95, r"\b(?:still|continue to|keep|continuing to|again) (?:seeing|see|getting|get|failing|fail|down|broken|erroring|throwing|hearing|happening|timing out|elevated|slow|red|degraded|unstable|climbing|climb|rising|affected|impacted|not)\b"),
    denied(Recovery, 0.95, r"\b(?:keeps?|kept|continues? to|are still|is still|continued to|remains?|remained) (?:\w+ )?(?:climb\w*|rising|increas\w+|growing|failing|fail|elevated|high|down|crashing|broken|happening|degraded|up|unavailable|unstable|returning|spiking)\b"),
    denied(Recovery, 0.9, r"\bno (?:\w+ )?(?:improvement|recovery|change|relief|better)\b|\bgetting worse\b|\b(?:not (?:yet |fully |quite |really |all |completely |exactly )?(?:recovering|recovered|dropping|going down|better|improving|working|back|fixed|helping))\b"),
    denied(Recovery, 0.9, r"\b(?:errors|alerts?|5xx|failures|problem|issue|latency) (?:is |are )?(?:\w+ )?(?:coming back|came back|back again|returned|is back|are back|back up|reappeared|resurfaced|recurred)\b"),
    done(Recovery, 0.75, r"{start}(?:looking|things look|all looks) (?:\w+ )?(?:good|better|healthy|stable|ok|okay|fine|normal)(?: again| now| here)?{end}"),
    done(Recovery, 0.8, r"\b(?:graphs?|dashboards?|metrics|numbers|charts|curves?|error (?:rate|ratio)|latency|traffic|success rate)(?: \w+)? (?:look|looks|looking|are|is|back)(?: \w+){0,2} (?:normal|good|fine|healthy|green|flat|usual|stable|clean|better|level)\b"),
    plan(Recovery, 0.7, r"\b(?:will|should|would|expect\w*|waiting for|hope\w*|hoping|to)(?: \S+){0,4}? (?:recover|recovery|drop|stabili[sz]e|normali[sz]e|come back|go down|subside|clear)\b"),
    plan(Recovery, 0.6, r"{start}(?:better now|any (?:recovery|improvement)|any better)\b"),
    plan(Recovery, 0.6, r"\b(?:any|some) (?:recovery|improvement|change)\b"),
    // Resolved.
    done(Resolved, 0.85, r"{start}(?:resolved|fixed and resolved|solved|closed|closing|resolving|done and dusted|mitigated and resolved|all resolved|all clear|all-clear|we are good|all good|all good now|we are clear|we are green|we are back|good to close|closing (?:it|this|out)|closing this out|crisis averted|that is a wrap|stand down|standing down|done here)(?: (?:by|at|as|the|this|via|on)\b|{end})"),
    done(Resolved, 0.95, r"\b(?:incident|issue|problem|outage|alert|page|ticket|sev ?-?\d|p[0-2]|bug|everything|this|it)(?: \S+){0,2}?(?:{was}| is| now| marked(?: as)?)* (?:now |fully |completely |officially |finally |successfully )*(?:resolved|closed|concluded|done with|behind us)\b"),
    done(Resolved, 0.95, r"\b(?:(?:this|it|everything) is (?:now |finally |officially )?|(?:incident|outage) (?:is (?:now |finally |officially )?)?|calling (?:it|this) )over\b"),
    done(Resolved, 0.9, r"\b(?:incident|issue|problem|outage){was} (?:now |fully |finally )*solved\b"),
    doing(Resolved, 0.9, r"\b(?:closing|resolving)(?: \w+)? (?:the |this |out the )?(?:incident|page|alert|sev ?-?\d|p[0-2]|ticket|issue|out|bridge|channel|call|this)\b"),
    done(Resolved, 0.9, r"\b(?:marking|marked|calling|called|call|considering|consider|considered|declaring|declared|call)(?: \S+){1,3}? (?:as )?(?:resolved|done|closed|over|fixed|mitigated|good)\b"),
    doing(Resolved, 0.95, r"\b(?:we|you) can (?:now )?(?:close|call|resolve|stand down|mark|consider)\b"),
    done(Resolved, 0.9, r"\b(?:resolved|closed|closes|resolves)(?: \w+)? (?:the )?(?:incident|page|alert|outage|sev ?-?\d|p[0-2])\b"),
    done(Resolved, 0.85, r"\bstand(?:ing)? down\b|\b(?:all|the) clear(?: given|{end})|(?:^|: | - )(?:incident |issue |full )?resolution$|\b(?:gave|sounded|giving) the all[ -]clear\b"),
    done(Resolved, 0.85, r"\b(?:we are|and we are|that is it,? we are|i am|we will be) (?:\w+ )?(?:resolved|done|finished|in the clear|closing (?:this|it|up))\b"),
    done(Resolved, 0.85, r"\b(?:everything|all|it|service|things?|{user})(?: is| are| looks?| has been| have been)?(?: \w+)? (?:stable|good|calm|quiet|ok|fine|green|healthy)(?: \S+){0,4}?, (?:so |i am |we are |let us |and )?(?:resolving|closing|calling it|standing down|wrapping up|ending|done)\b"),
    doing(Resolved, 0.85, r"{start}(?:wrapping (?:this |it )?up|winding (?:this |it )?down|ending (?:the |this )?(?:incident|call|bridge)|declaring (?:victory|this (?:over|resolved|done))|closing shop)\b"),
    denied(Resolved, 0.97, r"\bnot (?:\w+ )?(?:resolved|over|closed|solved|out of the woods|done yet|close|resolve|closing)\b|\bunresolved\b"),
    plan(Resolved, 0.8, r"\b(?:close|resolve) (?:it|this|that|the (?:incident|page|alert|ticket|issue)|out)\b"),
    // Closed: the work after.
    done(Closed, 0.9, r"\b(?:post-?mortem|post mortem|retro|retrospective|pir|rca|post-?incident review|incident review|incident report)(?: \w+){0,2}? (?:published|written|done|held|complete|completed|finished|took place|shared|posted|circulated|conducted|commences|commenced|begins|started|is up|is out|was held|sent)\b"),
    done(Closed, 0.9, r"\b(?:held|holds|wrote|published|completed|finished|posted|shared|conducted|wrote up|filed|ran|circulated|gather\w*)(?: \S+){0,3}? (?:post-?mortem|post mortem|retro|retrospective|post-?incident review|incident review|rca|incident report)\b"),
    doing(Closed, 0.9, r"\b(?:starting|beginning|kicking off|holding|running) (?:the |our |a )?(?:post-?mortem|post mortem|retro|retrospective|post-?incident review|incident review)\b"),
    plan(Closed, 0.8, r"\b(?:post-?mortem|post mortem|retro|retrospective|pir|post-?incident review|incident review)\b"),
    plan(Closed, 0.6, r"\bwrite (?:it|this|that) up\b"),
];
