//! Cues of the repair: fix, workaround.

use super::{Cue, denied, doing, done, plan};
use crate::lexicon::Act::{Fix, Workaround};

#[rustfmt::skip]
pub(super) const CUES: &[Cue] = &[
    // Going back.
    done(Fix, 0.95, r"\b(?:rolled (?:it |this |that |the \S+ |\S+ )?back|rolls back|reverted|reverts|backed (?:it |this |that )?out|backs out|undid|undone|rolledback)\b(?: (?:the |to |all )*{after})?"),
    doing(Fix, 0.95, r"\b(?:rolling (?:it |this |that |the \S+ |everything |\S+ )?back|reverting|backing (?:it |this |that )?out|undoing)\b(?: (?:the |to )?{after})?"),
    plan(Fix, 0.8, r"\b(?:roll (?:it |this |that |the \S+ |anything |everything |\S+ )?(?:back|forward)|revert|back (?:it|this|that) out|undo)\b(?: (?:the |to )?{after})?"),
    done(Fix, 0.9, r"\b(?:roll-?back|revert)(?: \S+)? (?:is |was |has |has been |now |just |also )*(?:complete|completed|done|out|live|merged|deployed|finished|succeeded|successful|through|landed|deploying|went out|gone out|shipped|applied)\b"),
    doing(Fix, 0.85, r"\b(?:roll-?back|revert) (?:is |was )?(?:now )?(?:started|starting|begun|initiated|underway|under way|in progress|running|ongoing|rolling out|going out|kicked off)\b"),
    denied(Fix, 0.97, r"\b(?:{repair}|restart|reboot|failover)(?: \S+){0,3}? (?:failed|failing|fails|is stuck|stuck|is blocked|blocked|did not (?:help|work|take|fix|change|stick|do)|does not (?:help|work)|had no effect|made no difference|made it worse|made things worse|was unsuccessful|unsuccessful|not working)\b"),
    denied(Fix, 0.97, r"\b(?:reverting|restarting|rolling back|rebooting|scaling)(?: \S+){0,3}? (?:did nothing|did not (?:help|work|fix|change)|had no effect|made no difference|failed)\b"),
    denied(Fix, 0.95, r"\b(?:do not|please do not|never) (?:restart|revert|roll|deploy|touch|reboot|push|scale)\b"),
    // Repairs shipped.
    done(Fix, 0.95, r"\b(?:pushed|deployed|shipped|released|applied|landed|merged|implemented|rolled out|installed|issued|put in|put out|published|deploys|ships|applies|pushes|releases|implements|developed|executed|promoted)(?: out)?(?: \S+){0,4}? {repair}\b(?: (?:to|for|in|that) (?:the )?{after})?"),
    doing(Fix, 0.9, r"\b(?:pushing|deploying|shipping|releasing|applying|landing|merging|implementing|rolling out|installing|promoting)(?: out)?(?: \S+){0,3}? {repair}\b"),
    done(Fix, 0.95, r"\b{repair}(?: \S+){0,2}?(?:{was}| now| just) (?:\w+ )?(?:live|out|deployed|in|shipped|released|applied|merged|pushed|landed|rolled out|in place|implemented|complete|completed|installed|rolling out|on (?:\S+ )?(?:staging|production|canary|prod|main))\b"),
    done(Fix, 0.9, r"\b{repair} (?:deployed|shipped|released|applied|merged|pushed|landed|rolled out|implemented|verified|live|on \S+)\b"),
    doing(Fix, 0.8, r"\b(?:testing|verifying|trying|validating) (?:out )?(?:an?|the|our|this|\w+) (?:\w+ )?{repair}\b"),
    doing(Fix, 0.8, r"\b{repair} (?:is |now )*(?:deploying|rolling out|going out|building|shipping|on its way)\b"),
    done(Fix, 0.85, r"\b{repair}(?: \S+){0,2} (?:{was} )?(?:verified|tested|confirmed|validated|works?|working) (?:in|on)\b"),
    plan(Fix, 0.8, r"\b(?:preparing|drafting|writing|working on|building|cooking|prepping|coding|started work on|crafting) (?:up )?(?:on )?(?:an?|the|our)? ?(?:\w+ )?{repair}\b"),
    plan(Fix, 0.7, r"\b(?:deploy|push|ship|release|apply|merge|implement|land)(?: \S+){0,2}? {repair}\b"),
    denied(Fix, 0.9, r"\bno (?:{repair}) (?:yet|available|so far)\b"),
    // Settings and code put right.
    done(Fix, 0.9, r"\b(?:corrected|fixed|patched|repaired|re-enabled|reconfigured|renewed|rotated|replaced|reinstated|adjusted|fixes|corrects|remediated|rectified|optimi[sz]ed)(?: \S+){0,4}? (?:typo|config\w*|misconfig\w*|setting\w*|bug|issue|problem|certs?|certificates?|passwords?|tokens?|keys?|secrets?|rules?|file\w*|permissions?|index\w*|query|queries|code|path|route\w*|dns|records?|script|manifest|annotation|values?|error|permission|extension|variable|chart|connections?|leak|balancer|server|password)\b"),
    done(Fix, 0.85, r"\breset (?:\S+ ){0,4}?(?:passwords?|connections?|pool|breaker|cache|state|counters?|limits?|credentials)\b"),
    done(Fix, 0.85, r"\b(?:config\w*|misconfig\w*|settings?|typo|bug|cert|certificate|password|token|key|secret|rule|file|file ?name|permissions?|index|query|code|dns|records?|issue|problem|error|misconfigured \S+ rule|rule|extension|values?|settings)(?:{was})? (?:\w+ )?(?:corrected|fixed|patched|repaired|renewed|restored|replaced|adjusted|addressed|installed|reinstalled|rectified|reset)\b"),
    done(Fix, 0.8, r"\b(?:restored|recovered)(?: \S+){0,3} (?:from (?:an? |the )?(?:\w+ )?(?:backup|snapshot|replica)|config\w*|permissions)\b"),
    done(Fix, 0.8, r"\b(?:new|renewed|correct|right|fresh|valid|missing)(?: \w+)? (?:certs?|certificates?|tokens?|keys?|secrets?|config\w*|index|credentials|password)(?:{was})? (?:in place|installed|deployed|live|created|added|active|pushed|loaded|rolled out)\b"),
    done(Fix, 0.75, r"{start}(?:fixed|patched|reverted|rolled back|restarted|redeployed|failed over|rebooted)\b(?:{end}| it| that| this| in)"),
    done(Fix, 0.8, r"\b(?:patched|fixed|squashed) (?:it|that|this|the (?:\w+ )?(?:bug|problem|issue|leak|hole))\b"),
    done(Fix, 0.7, r"{before}{was} (?:now |finally |quickly )*(?:fixed|patched|repaired|addressed)\b"),
    // Restarts, capacity, failover.
    done(Fix, 0.9, r"\b(?:restarted|rebooted|bounced|recycled|redeployed|reloaded|power-?cycled|respawned|killed|drained|cordoned|evicted|recreated|rebuilt|reattached|restarts|reboots|kills|terminated|deleted)\b(?: (?:the |all )*(?:\S+ ){0,4}?(?:pods?|services?|servers?|nodes?|brokers?|workers?|process\w*|quer(?:y|ies)|containers?|instances?|gateways?|proxies|proxy|apache\w*|nginx|mysql|postgres\w*|redis|daemons?|sessions?|jobs?|connections?|deployment|release|version|app|application|api|cluster|host|vms?|auth|database|db|everything|it|them|checkout|consumers?|cache|load balancer|ingress|machines?|replicas?|target group\w*|primary|stack|backend|frontend|kafka|php-fpm)\b)"),
    doing(Fix, 0.9, r"{start}(?:restarting|resetting|rebooting|bouncing|recycling|redeploying|reloading|power-?cycling|killing|failing over|draining|scaling (?:up|out|it|the|\S+)|flushing|reindexing|renewing|rotating|switching over|recreating|increasing|raising)\b"),
    done(Fix, 0.85, r"\b(?:restart|reboot|redeploy|redeployment|failover|fail-over|scale-?up)(?: \S+){0,3} (?:is |was )?(?:done|complete|completed|finished|ok|performed|begins?|began|started|succeeded)\b"),
    done(Fix, 0.85, r"\b(?:service|server|servers|pods?|nodes?|database|apache|nginx|workers?|brokers?|instances?|gateway|cluster|containers?){was} (?:\w+ )?(?:restarted|rebooted|bounced|recycled|redeployed|failed over|scaled|replaced|reloaded|recreated|reset)\b"),
    done(Fix, 0.7, r"\btried (?:an? |the |to )?(?:restart|roll-?back|revert|reboot|failover|redeploy)\b"),
    plan(Fix, 0.6, r"\b(?:an?|the|do|doing|start|starting) (?:roll-?back|revert|restart|failover)\b"),
    plan(Fix, 0.7, r"\b(?:restart|reboot|bounce|redeploy|fail over|scale (?:up|out)|turn (?:\S+ ){0,3}off|flip (?:\S+ ){0,3}(?:off|back))\b"),
    done(Fix, 0.85, r"\b(?:scaled|scaled up|scaled out|scales)(?: \S+){0,3} (?:to|from|up|out|by)\b"),
    done(Fix, 0.8, r"\b(?:bumped|raised|increased|doubled|tripled|enlarged|lifted|upped|expanded|extended|bumped up)(?: \S+){0,4}? (?:pool|limits?|size|memory|replicas?|capacity|timeouts?|quota|connections?|heap|disk|nodes?|ulimit|count|max\w*|storage|volume|threads|workers|instances?|resources)\b"),
    done(Fix, 0.8, r"\b(?:added|adding|provisioned|spun up)(?: \S+){0,4}? (?:nodes?|replicas?|capacity|instances?|servers?|workers?|pods?|brokers?|index|indexes|indices|resources|disk|memory)\b"),
    done(Fix, 0.85, r"\bfailed (?:\S+ )?over to\b|\b(?:promoted|switched|cut over|flipped)(?: \S+){0,3}? (?:to )?(?:the )?(?:replica|standby|secondary|backup|old version|previous version|dr|previous)\b"),
    done(Fix, 0.85, r"\btraffic(?:{was}) (?:\w+ )?(?:shifted|moved|rerouted|redirected|drained|switched|redistributed|evenly redistributed)\b|\b(?:shifted|moved|rerouted|redirected|drained)(?: \S+){0,2} traffic\b"),
    done(Fix, 0.8, r"\b(?:cleared|flushed|purged|emptied|invalidated|vacuumed|pruned|freed)(?: \S+){0,3}? (?:cache|caches|queue|disk|logs|space|sessions?|table|backlog|redis|locks?|memory)\b"),
    // Flags and features.
    done(Fix, 0.9, r"\b(?:feature |the )?(?:flag|toggle|feature|switch) (?:is |was |has been |turned |switched |flipped |now |set to )*(?:off|disabled|reverted|back off|rolled back)\b"),
    done(Fix, 0.9, r"\b(?:turned|flipped|switched|toggled|set)(?: \S+){0,3}? (?:flag|toggle|feature|switch)(?: \S+)? (?:\w+ )?(?:off|to (?:off|false|0))\b|\b(?:turned|switched|flipped|toggled)(?: (?:the |off )?\S+){0,3}? off\b"),
    doing(Fix, 0.85, r"\b(?:turning|flipping|switching|toggling)(?: \S+){0,3}? off\b|\b(?:turning|switching) off\b"),
    done(Fix, 0.8, r"\b(?:disabled|disables|removed|deleted|killed)(?: \S+){0,3}? (?:flag|feature|toggle|rule|bad \w+|rollout|experiment|job|cron\w*|cron job|batch|change|deploy|version|object|release)\b"),
    done(Fix, 0.75, r"\b(?:redeployed|deployed|restored|reinstalled|back on|switched back to|went back to|returned to)(?: the| to the| to)? (?:previous|old|last (?:known )?good|prior|earlier|stable)(?: \w+){0,2}\b"),
    done(Fix, 0.85, r"\bfix is in\b|\b(?:config|configuration|change) (?:corrected|fixed) and pushed\b"),
    // Workarounds.
    done(Workaround, 0.95, r"\b(?:temporary|temp|interim|short[ -]?term|stop-?gap|band-?aid|emergency|tactical|manual|quick and dirty) (?:\w+ )?(?:mitigation|fix|workaround|work-around|solution|measure|bypass|patch|relief|hack)\b"),
    done(Workaround, 0.9, r"\b(?:work-?arounds?)\b(?: (?:in place|is in|deployed|applied|was|live|implemented)\b)?"),
    denied(Workaround, 0.97, r"\b(?:no|without an?y?) (?:\w+ )?(?:work-?around|bypass|mitigation)\b"),
    done(Workaround, 0.9, r"\b(?:as|for) an? (?:\w+ )?(?:stop-?gap|work-?around|band-?aid|temporary (?:\w+)|interim \w+|quick hack)\b"),
    doing(Workaround, 0.95, r"\b(?:bypassing|bypassed|by-passing|skipping|skipped|hard-?coded|hardcoding|white-?listed|white-?listing|allow-?listed|short-?circuited|sidestepped|monkey-?patched)\b(?: (?:the )?{after})?"),
    done(Workaround, 0.9, r"\b(?:temporarily|for now|for the time being|until further notice|as a precaution) (?:\w+ )?(?:disabled|disabling|raised|raising|lowered|blocked|blocking|bypass\w*|turned|turning|removed|removing|skip\w*|increased|routed|routing|switched|allow\w*|relaxed|paused|scaled|stopped|limited|suspended)\b"),
    done(Workaround, 0.92, r"\b(?:disabled|disabling|turned off|turning off|switched off|commented out|relaxed|suspended|paused|lowered|loosened)(?: \S+){0,4}? (?:checks?|checking|validation|validator|verification|signature|auth\w*|audit|limiter|rate limit\w*|rate limiting|logging|mfa|2fa|tls|firewall|waf|captcha|sampling|encryption|for now|temporarily|for the time being|until \w+)\b"),
    done(Workaround, 0.9, r"\b(?:running|operating|serving|checks?|validation|auth\w*|audit|verification)(?: \S+){0,4}? (?:off|without|disabled|degraded|read-?only)(?: \w+)? (?:for now|temporarily|for the time being|mode)\b"),
    doing(Workaround, 0.9, r"\b(?:shedding|shed|throttling|throttled|rate[ -]limiting|rate[ -]limited|begin throttling)(?: \S+){0,3}? (?:traffic|load|requests|clients?|connections?|users?|writes?|\d+ ?%)"),
    done(Workaround, 0.85, r"\b(?:put|putting|enabled|turned on|switched)(?: \S+){0,3}? (?:maintenance|static|sorry|read-?only|degraded)(?: page| mode)"),
    done(Workaround, 0.85, r"\b(?:blocked|blocking|banned|banning|blackholed|null-?routed)(?: \S+){0,4}? (?:clients?|ips?|address\w*|user agents?|bots?|range|subnet|traffic|partner|caller|asn|requests?|customer|country|edge)\b"),
    plan(Workaround, 0.8, r"\b(?:bypass|skip|disable|whitelist|hardcode|throttle|block)\b(?: (?:the )?{after})?"),
    plan(Workaround, 0.97, r"\b(?:remove|undo|revert|drop|lift|clean up|get rid of) (?:the )?(?:temporary |temp |interim )(?:mitigation|fix|workaround|bypass|hack|patch)\b"),
    plan(Workaround, 0.97, r"\b(?:remove|undo|drop|lift|clean up|get rid of) (?:the )?(?:workaround|bypass|hack|override|whitelist)\b"),
];
