//! Turns of a search, by their grammar: a question that denies what it suspects, a thing taken out of
//! the way to no effect, a verdict that its sequel passes ("…, moving on"), a state that a tool tells.

use super::{Cue, asks, doing, done};
use crate::lexicon::Act::{
    Acknowledged, Escalated, Fix, Hypothesis, Identified, Recovery, Resolved, RuledOut,
};

#[rustfmt::skip]
pub(super) const CUES: &[Cue] = &[
    // Suspected.
    asks(Hypothesis, 0.93, r"{start}(?:could|can|would|might|may|is|are|was|were|does|do|has|have) not (?:it|this|that|these|those|they|there|we)(?: all| just| simply| maybe| possibly| also| really| still)*(?: be| have been| been| being| have)?(?: due to| caused by| from| because of| about| related to| down to| a case of| hitting| in)? (?:an? |the |our |some |just )*{after}").technical().asked().denies(),
    asks(Hypothesis, 0.85, r"{before} (?:is |are |was |were |still |now |currently )*(?:under (?:\w+ )?suspicion|under the microscope|in the (?:crosshairs|frame)|on my radar|in my sights|on (?:the|my|our) (?:suspects? list|list of suspects)|(?:the )?(?:number|no) one suspect)\b").technical(),
    asks(Hypothesis, 0.8, r"\b(?:would|will) not (?:\w+ )?(?:surprise|shock|astonish|amaze) (?:me|us|anyone)(?: \w+)? (?:if|that|were) (?:(?:it|this|that) )?(?:is |was |were |turns out to be |has to do with |came from |comes from )*(?:an? |the |our )?{after}").technical().denies(),
    asks(Hypothesis, 0.8, r"\b(?:could|can|might|may|would|is|are|was|were) (?:it|this|that|these|they|all this|all that|all of this|everything)(?: \w+)? (?:be )?(?:\w+ )?(?:related|linked|connected|tied|due|owing|down|thanks) to (?:an? |the |our |some )*{after}").technical().asked(),
    asks(Hypothesis, 0.75, r"{before} (?:could|might|may|would) (?:\w+ )?be (?:why|(?:the|a|one) (?:reason|explanation)|what (?:is|broke|hit)|how|part of (?:it|this))\b").technical(),
    asks(Hypothesis, 0.75, r"{before} (?:looks?|looked|seems?|feels?|is|are|smells?|sounds?)(?: \w+)? (?:dodgy|sketchy|iffy|sus|questionable|fishy|not (?:quite |so )?right)\b").technical().denies(),
    asks(Hypothesis, 0.78, r"{start}(?:any ?(?:one|body)|some ?(?:one|body)|who|did you|have you|did we|have we)(?: \w+)? (?:flip\w*|toggl\w+|touch\w*|chang\w+|mess\w*(?: around)?(?: with)?|deploy\w*|push\w*|updat\w+|upgrad\w+|rotat\w+|renew\w*|play\w* with|fiddl\w+ with|edit\w*|modif\w+|migrat\w+|delet\w+|bump\w*) (?:an? |the |our |some |any )*{after}").technical().asked(),
    asks(Hypothesis, 0.88, r"\b(?:wonder(?:ing)?|curious|question is|want to know|checking|let us see) (?:if|whether) (?:an? |the |our |some )?{after} (?:is|are|was|were|has|have|had|does|did|might|could)\b").technical(),
    asks(Hypothesis, 0.65, r"{start}(?:possible|potential|suspected|probable|apparent) (?:an? )?{after}$").technical(),
    asks(Hypothesis, 0.78, r"\b(?:(?:the|my|our) (?:first|main|prime|primary|top|number one|usual|obvious|likeliest|most likely) (?:suspect|candidate|guess|place to look|thought)|first (?:suspect|candidate|guess|place to look)|prime candidate|usual suspect)(?: here| for now| so far)?(?: is| would be| was|:| -|,)+ (?:an? |the |our )*{after}").technical(),
    asks(Hypothesis, 0.78, r"\b(?:believe|believes|think|thinks|suspect|guess|feel|say)(?: that)? (?:an? |the |our |this )*{after} (?:is|are|has|have|was|were) (?:\w+ )?(?:responsible|guilty|problem|problems|the reason|behind|faulty|bad|overloaded|broken|slow|stuck|sick|to blame|at fault)\b").technical(),
    asks(Hypothesis, 0.8, r"\b(?:expecting|expect|expected) (?:this|it|that) to be (?:an? |the |our )?{after}").technical(),
    asks(Hypothesis, 0.8, r"\bcan not (?:help|stop|avoid)(?: but)? (?:think(?:ing)?|suspect(?:ing)?|wonder(?:ing)?)(?: of| about| it is)* (?:an? |the |our )?{after}").technical().denies(),
    asks(Hypothesis, 0.8, r"\b(?:do|did|are|have|is|does) (?:we|they|it|something|somebody) (?:\w+ )?(?:hit(?:s|ting)?|reach(?:ed|ing)?|run(?:ning)? (?:out of|into)|exceed\w*|exhaust\w*) (?:an? |the |our |some |any )*{after}").technical().asked(),
    asks(Hypothesis, 0.8, r"{before} (?:acting|behaving) (?:\w+ )?(?:strange\w*|odd\w*|weird\w*|funny|funky|badly|erratic\w*|suspicious\w*)").technical(),
    asks(Hypothesis, 0.76, r"\b(?:is|are|was|were|has|have|did|does|do) (?:an? |the |our )?{after} (?:maybe|perhaps|possibly|by (?:any )?chance|somehow)\b").technical().asked(),
    asks(Hypothesis, 0.8, r"\b(?:investigating|looking (?:into|at)|checking|exploring|considering|chasing) (?:an? )?(?:possible|potential|suspected|likely) {after}").technical(),
    asks(Hypothesis, 0.75, r"^(?:an? |the |our )?{after} (?:{hedge})(?:, | - |; )").technical(),
    // Dropped: it was taken out of the way, and nothing changed. Repairs in vain acquit nobody.
    done(RuledOut, 0.96, r"\b(?:bypass(?:ed|ing)|drain(?:ed|ing)|flush(?:ed|ing)|purg(?:ed|ing)|disabl(?:ed|ing)|stopp(?:ed|ing)|paus(?:ed|ing)|skipp(?:ed|ing)|isolat(?:ed|ing)|turn(?:ed|ing) off|switch(?:ed|ing) off|cordon(?:ed|ing)|unplugg(?:ed|ing)|block(?:ed|ing)|cut(?:ting)?(?: off| out)?|took|taking|without|even with)(?: out| off| down)? (?:an? |the |that |this |our |all )*{after}(?:,|;| -|:| and| but)+ (?:the |that |\w+ ){0,2}?(?:still (?:fail\w*|broken|seeing|happening|there|the same|bad|erroring|slow|down|see|errors?|getting|red|no)|same (?:errors?|result|thing|issue|problem|symptoms?|picture|behaviou?r|story|failures?)|nothing chang\w*|no (?:change|difference|effect|improvement|better)|(?:did|does|do) not (?:help|change|matter|make)|errors? (?:continue|persist|remain|keep|stay)|keeps? failing|kept failing|(?:fails|failing|breaks) (?:anyway|the same|too|just the same|regardless)|to no avail|in vain|unchanged)").technical().denies(),
    done(RuledOut, 0.9, r"\b(?:still|keeps?|kept|continues? to)(?: \w+)? (?:fail\w*|broken|happening|happens|errors?|erroring|there|the same|bad|slow|down|red)(?: \w+)?(?: even)? (?:(?:with|when|after) (?:an? |the |our |that )?{after} (?:is |was |being )?(?:out|off|gone|disabled|bypassed|removed|stopped|paused|drained|away|turned off|switched off|out of the \w+|isolated)\b)").technical().denies(),
    done(RuledOut, 0.9, r"\b(?:still|keeps?|kept|continues? to)(?: \w+)? (?:fail\w*|broken|happening|happens|errors?|erroring|bad|slow|down|red)(?: \w+)?(?: even)? without (?:an? |the |our |that )?{after}").technical().denies(),
    done(RuledOut, 0.92, r"\b(?:turns|turned) out(?: that| to)?(?: it| this| that| they| these| be)?(?: is| was| were| are)? not (?:to be |be )?(?:an? |the |our |caused by |related to |due to |about )*{after}").technical().denies(),
    done(RuledOut, 0.95, r"^(?:ok |so |and |but |well )*(?:the |our )?{after}(?::| -|,) (?:(?:is|it is|definitely|clearly|also|still) )*(?:not (?:it|guilty|involved|related|to blame|affected|us|this|the (?:problem|cause|issue|culprit))|nope|negative|unaffected|excluded|ruled out|cleared|unrelated|no findings)\b").technical().denies(),
    done(RuledOut, 0.85, r"^(?:ok |okay |so |well |and |but |hm+ |the |our |an? )*{after}(?: [^,;]{1,40})?(?:, | - |; )(?:so |and |ok |then |guess |i guess |we can )*(?:forget (?:about )?(?:it|that)|discard(?:ing)?(?: it| that)?|drop(?:ping)? (?:it|that)|scratch (?:it|that)|moving on|disproved|false (?:lead|trail)|dead end|red herring|so (?:that|it) is not it|it is something else|must be something else|(?:so )?unrelated|does not (?:fit|match|add up)|next(?: one| idea| theory| suspect| guess)?)$").technical().at_once().denies(),
    done(RuledOut, 0.96, r"\bcan (?:now |safely |probably |also )*(?:cross|strike|tick|scratch|take|rule|put|remove|clear) (?:an? |the |our )?{after} (?:off|out|aside|from)\b").technical().firm(),
    done(RuledOut, 0.85, r"\brul(?:ed|ing) (?:an? |the |our )?{after} out\b").technical(),
    done(RuledOut, 0.82, r"{before} (?:finished|ended|completed|ran|was (?:done|over|finished|completed)|stopped|happened) (?:\w+ ){0,2}?(?:hours?|days?|weeks?|long|well|way) (?:before|earlier|after|later|ago)\b").technical(),
    done(RuledOut, 0.85, r"\b(?:errors?|it|this|impact|spike|failures?|problems?|issues?|timeouts?|outage)(?: \w+)? (?:started|began|were there|was there|showed up|predates?|predated|existed|happened)(?: \w+){0,3}? (?:before|prior to|earlier than) (?:an? |the |our |that )*{after}").technical(),
    done(RuledOut, 0.85, r"\b(?:errors?|it|this|impact|spike|failures?|problems?|issues?|timeouts?|outage) (?:predates?|predated) (?:an? |the |our |that )*{after}").technical(),
    done(RuledOut, 0.82, r"{before} (?:went out|was deployed|was applied|happened|started|began|came|landed)(?: \w+){0,2} (?:after|later than) (?:the )?(?:first )?(?:errors?|impact|spike|outage|onset|it (?:started|began|broke)|(?:things|everything) (?:started|began|broke))\b").technical(),
    done(RuledOut, 0.8, r"\b(?:back to (?:square one|the drawing board|zero|the start)|none the wiser|starting (?:over|from scratch)|close but no cigar|no cigar|led nowhere|leads nowhere|went nowhere|going nowhere|drew a blank|drawing a blank|(?:that|this|it|theory|idea|lead)(?: \w+)? (?:did|does) not (?:pan out|hold (?:up|water)|check out|lead anywhere|fly)|wrong (?:tree|track|trail|turn))\b").denies(),
    done(RuledOut, 0.82, r"{before} (?:lag|loss|backlog|drops|retransmits|evictions)(?: is| was| are|:| -| at| stays at)* (?:0|zero|nil|none)(?:{end}|, )").technical(),
    done(RuledOut, 0.85, r"\b(?:hitting|calling|testing|querying|going to|talking to|connecting to|went) (?:\S+ ){1,3}?(?:directly|straight|around (?:it|the \w+))(?: \w+)? (?:fails?|breaks?|errors?|times? out|is slow)(?: \w+)? (?:too|as well|the same|just the same|anyway)(?:,|;| -| so)+ (?:so )?(?:not |it is not )?(?:an? |the )?{after}").technical().denies(),
    done(RuledOut, 0.85, r"{before} (?:checked|verified|inspected|tested|reviewed)(?:,| -|:)+ (?:\w+ ){0,2}?(?:{well}|no (?:\w+ )?(?:issues?|problems?|errors?|anomal\w+|changes?|findings)|nothing(?: \w+)?)\b").technical().denies(),
    done(RuledOut, 0.96, r"{before} (?:says?|reports?|shows?|claims?|confirms?)(?: that)?(?: all| everything| systems?| services?| is| are)* (?:operational|available|up and running|in service|without incident)\b").technical(),
    done(RuledOut, 0.85, r"{before} (?:is|are|was|were) not (?:even )?(?:on|in|deployed (?:to|on|in)|installed (?:on|in)|part of|running (?:on|in)|rolled out to) (?:those|these|that|this|the (?:affected|failing|broken)|any of)\b").technical().denies(),
    // Found.
    done(Identified, 0.8, r"\b(?:this|that) is (?:exactly |precisely |then )?why(?:{end}| (?:it|they|everything|requests?|{user}|calls?|we (?:see|saw|get|got|are|were)|all) )"),
    done(Identified, 0.72, r"{start}(?:definitely|for sure|certainly|undoubtedly|no doubt|without doubt|100 ?%) (?:it is )?(?:an? |the |our |that |this |about )*{after}{end}").technical(),
    done(Identified, 0.8, r"\b(?:too (?:low|high|small|short|big|long|large|strict|aggressive|many)|wrong|missing|invalid|expired|broken|buggy|typo|leak\w*|regression|null|npe|exhausted|starv\w+|mis\w+|deadlock\w*|full|oom\w*)(?: [^ ,;]+){0,6}?(?:,| -) (?:confirmed|verified|reproduced|can reproduce|i can reproduce(?: it)?|proven|we have proof|no doubt|there we are|that is (?:it|our \w+))\b"),
    done(Identified, 0.92, r"\b(?:nobody|no one) (?:ever )?(?:renewed|updated|rotated|noticed|bumped|raised|migrated|remembered(?: to \w+)?) (?:an? |the |our )?{after}").technical().denies(),
    done(Identified, 0.62, r"{before} (?:has |is |had )?(?:just )?(?:gone away|went away|fell over|fallen over|keeled over)\b").technical(),
    done(Identified, 0.65, r"{start}(?:some ?one|some ?body|security|dev\w*) (?:\w+ )?(?:rotated|deleted|changed|removed|renamed|revoked|flipped|disabled|overwrote|edited|dropped|truncated) (?:an? |the |our |some )*{after}").technical(),
    done(Identified, 0.7, r"{start}(?:wrong|bad|broken|invalid|stale|corrupt\w*|incorrect|outdated|faulty) {after} (?:shipped|deployed|pushed|rolled out|loaded|went out|applied|got (?:shipped|deployed|pushed|loaded|merged))\b").technical(),
    done(Identified, 0.7, r"{start}(?:it is )?(?:an? )?(?:regression|bug|typo|off[- ]by[- ]one(?: error)?|race condition|memory leak|infinite loop|misconfiguration|missing index|bad merge)(?: \w+)? (?:in|on|introduced (?:in|by|with)) (?:an? |the |our )?{after}"),
    // Taken.
    doing(Acknowledged, 0.85, r"\b(?:taking|i take|i will take|took) (?:this|the|that) (?:ticket|page|alert|incident|case|issue|one)(?: over| on| now)?{end}").soon(),
    doing(Acknowledged, 0.8, r"{start}(?:the )?(?:on-?call|on duty|primary|duty engineer|duty)(?: \w+)? (?:here|speaking|reporting|present|on the line)\b"),
    doing(Acknowledged, 0.85, r"\b(?:taking|took|take) over from (?:@?\w+|the \w+)(?: \w+)?{end}"),
    doing(Acknowledged, 0.85, r"{before} (?:is|are) (?:now |already |currently )*(?:on (?:it|this|the case)|taking (?:it|this)|handling (?:it|this)|(?:working on|looking (?:at|into)|investigating) (?:it|this)(?: incident| alert| page| issue| ticket)?)\b").party(),
    doing(Acknowledged, 0.85, r"{start}(?:pick|take|grab|own|handle|claim)(?:s|ed|ing)? (?:this|that|it|the (?:ticket|page|alert|incident|case|issue))(?: (?:one|ticket|page|alert|incident|case|issue))?(?: up| over| on)?{end}").firm(),
    done(Acknowledged, 0.85, r"\b(?:state|status)(?: \w+)?(?: changed| set| moved| updated| transitioned)?(?: from \S+(?: \S+)?)?(?: \w+ [-=]+>| to|:)+ (?:in progress|work in progress|active|acknowledged|under investigation|investigating|accepted)\b"),
    doing(Acknowledged, 0.8, r"{start}(?:handling|responding|attending|(?:this|it|that) is (?:with|on) me)(?: it| this)?{end}"),
    // Called.
    asks(Escalated, 0.85, r"\b(?:can|could) (?:we|you|i|some ?one|some ?body|any ?one) (?:please )?(?:get|call|page|pull|bring|loop|have|invite|add|wake|ping)(?: in| up)? (?:the |an? |our |some ?one from )*{after}").party(),
    done(Escalated, 0.88, r"\b(?:vendor|support|supplier|provider|carrier) (?:ticket|case|request)(?:{was})? (?:opened|raised|filed|created|logged|submitted)\b"),
    doing(Escalated, 0.85, r"\b(?:calling|reaching|called|reached) out to (?:the |our )?{after}").party(),
    asks(Escalated, 0.85, r"\b(?:need|needs|get|want|could use|can we get|can we have|is there|any chance of|looking for) (?:some ?(?:one|body)|any ?(?:one|body)|a person|people|folks|hands|eyes|a colleague) (?:from|of|in|on) (?:the )?{after}"),
    asks(Escalated, 0.8, r"\bany (?:dba|sre|expert|network engineer|admin|developer|dev|specialist|engineer|maintainer|owner)s? (?:around|here|awake|online|available|on ?call|about|free)\b"),
    asks(Escalated, 0.8, r"\b(?:need|want|get) (?:them|him|her|you|these (?:guys|folks)) (?:here|in here|on (?:the|this) (?:call|bridge|line)|asap|now|to (?:join|help|look))\b").soon(),
    done(Escalated, 0.9, r"\b(?:requested|requesting|requests|added|adding|adds|paged|invited) (?:\w+ )?(?:additional |more |extra |another )?responders?\b"),
    done(Escalated, 0.9, r"\bescalation (?:policy|level|step|path|rule|chain)(?: \S+){0,4} (?:notified|paged|reached|triggered|activated|started|called|executed)\b"),
    done(Escalated, 0.85, r"{before} (?:has |have )?(?:just )?joined (?:to (?:help|support|assist)|the (?:incident|call|bridge|response|investigation|war room))\b").party(),
    // Better, and over.
    done(Recovery, 0.85, r"\bgreen (?:across the board|everywhere|all over|all the way|again everywhere)\b"),
    done(Recovery, 0.78, r"{start}(?:it |all |everything |this )?(?:looks?|looking|seems?) (?:\w+ )?(?:healthy|good|fine|ok|okay|normal|stable|clean)(?: again| now)+{end}"),
    done(Resolved, 0.88, r"\b(?:calling|declaring|giving|sounding)(?: the| it| an)? all[ -]clear\b"),
    done(Resolved, 0.94, r"{start}(?:let us|we can|i would) (?:call (?:it|this)|consider (?:it|this)|mark (?:it|this)|declare (?:it|this|the \w+))(?: out| as| now)? ?(?:done|a day|a night|a wrap|resolved|closed|over|fixed|solved|mitigated|finished)?{end}").firm(),
    done(Resolved, 0.8, r"{start}(?:finito|over|finished|ended)(?:,|\.|{end})"),
    done(Resolved, 0.92, r"\b(?:state|status|phase|stage)(?: \w+)?(?: changed| set| moved| updated| transitioned)?(?: from \S+(?: \S+){0,2}?)?(?: to|:| [-=]+>)+ (?:resolved|closed|fixed|done|completed?|solved)\b"),
    done(Fix, 0.8, r"\b(?:switch|toggle|flag|settings?|config|change|values?|limit|version|dns|record|weights?)(?: \w+)?(?:{was})? (?:flipped|switched|changed|set|put|turned|moved|toggled|pointed) back\b"),
];
