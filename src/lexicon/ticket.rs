//! Ticket subjects: does one report a failure, and about what.

use super::{cues, fold, subject};

use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Something does not do what it should, in words that leave no doubt.
static FAILS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:can not|could not|unable to|not able to|impossible to|will not|would not|(?:is|are|was|were|does|do|did|has|have|stopped|stops?|keeps?|am|being) (?:\w+ )?(?:not|down|broken|failing|working|crashing|hanging|unavailable|unreachable|inaccessible|stuck|rejected|frozen|blank|empty|locked|missing|slow|unresponsive|dead|offline)|not (?:work\w*|load\w*|respond\w*|receiv\w+|accept\w*|possible|reachable|available|show\w*|open\w*|connect\w*|logging|sync\w*|going through|arriv\w+)|broken|crash(?:es|ed|ing)?|outage|fail(?:s|ed|ing|ure|ures)?|errors?|exception|time[ds]? ?-?out|timing out|timeouts?|locked out|logged out|kicked out|signed out|thrown out|denied|rejected|declined|hangs?|frozen|freez(?:es|ing)|stuck|spinn(?:s|ing|er)|blank|white (?:page|screen)|unresponsive|unreachable|nothing happens|no (?:longer|response|access)|lost access|(?:http )?\b(?:500|502|503|504|5xx)\b|bad gateway|gateway timeout|internal server|invalid (?:credentials|password|token|session)|wrong password|bug|glitch\w*|issues? (?:with|when|on|logging|signing|accessing)|problems? (?:with|when|on|logging|signing|accessing|in)|trouble|very slow|extremely slow|so slow|slow\b|laggy|keeps? (?:\w+ ){1,3}(?:out|failing|crashing|loading|asking)|loops?|looping|charged twice|double charged|not found|404|disconnect\w*|funktioniert nicht|geht nicht|fehler|no (?:puedo|funciona)|error al|impossible de|ne (?:fonctionne|marche) pas|en panne|no working|dead)\b|\bdown(?:time)?(?:$|[ !?,.])",
    )
});

/// The same in other languages of Europe: "Anzeige lädt nicht", "l'écran ne répond plus", "no carga".
static ABROAD: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(concat!(
        r"\b(?:try (?:again )?later",
        // German and Dutch
        r"|\w+t (?:sich )?nicht|nicht (?:möglich|erreichbar|verfügbar|abrufbar|mehr)|kann (?:\w+ ){0,3}nicht",
        r"|keine (?:verbindung|anmeldung|antwort|reaktion|rückmeldung)|hängt|abgestürzt|absturz|stürzt ab|störung|ausfall",
        r"|ausgefallen|kaputt|bricht ab|abgebrochen|fehlgeschlagen|schlägt fehl|fehlermeldung|(?:sehr|extrem|so) langsam",
        r"|(?:werkt|laadt|opent|lukt|gaat|doet het|reageert|start) niet|storing|kapot|foutmelding|vastgelopen|heel traag",
        // French
        r"|(?:ne |n')\S+ (?:pas|plus)|erreur|bloquée?s?|plantée?s?|très lente?|indisponible|échoue|impossible d",
        // Spanish, Portuguese, Italian
        r"|no (?:carga|abre|responde|podemos|se puede|deja|imprime|guarda|conecta)|caíd[oa]|muy lent[oa]|bloquead[oa]",
        r"|não (?:funciona|carrega|abre|responde|consigo|conseguimos|entra|salva)|erro|travou|travad[oa]|fora do ar",
        r"|non (?:funziona|carica|si apre|risponde|riesco|riusciamo|si può|parte|stampa|salva)|errore|bloccat[oa]|guasto",
        // Danish, Norwegian, Swedish
        r"|(?:virker|fungerer|laster|åpner|åbner) ikke|(?:fungerar|laddar|öppnas|går|svarar) inte|kan (?:ikke|inte)|hænger|hänger sig",
        // Polish, Czech
        r"|nie (?:działa|można|ładuje|otwiera|odpowiada)|błąd|awaria|nefunguje|výpadek)\b",
    ))
});

/// A wish, a question of use, or money.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:how (?:to|do|can|does|should|long|many|much)|is it possible|feature request|request(?:ing)?(?: for| to|:)|(?:please|pls|kindly|can you|could you) (?:add|create|enable|grant|change|update|send|provide|increase|set up|remove|delete|cancel|reset|upgrade|renew|invite|assign|extend|unsubscribe|whitelist|rename|move|install)|new (?:user|account|hire|laptop|licen[cs]e|starter|employee|feature)|invoices?|billing|quote|quotation|pricing|refund|subscription|renewal|licen[cs]e|upgrade (?:my |our |to )?|downgrade|cancel|change (?:my|of|the|our) |update (?:my|our|the) |question (?:about|on|regarding)|inquiry|enquiry|onboarding|access request|request access|documentation|training|suggestion|feedback|would (?:like|love)|thank(?:s| you)|password reset$|reset (?:my )?password$|forgot(?:ten)? (?:my |the )?password|demo|trial|gdpr|export my data|delete my account|newsletter|schedule a|planned maintenance|maintenance window|out of office|address change)\b",
    )
});

/// Words of failure in a question of use: "how to handle errors in the API".
static LEARNS: LazyLock<Regex> = LazyLock::new(|| {
    cues::regex(
        r"\b(?:how (?:to|do i|do we|can i|can we|should) (?:\w+ ){0,2}?(?:handle|read|interpret|catch|configure|log|set|change|export|add|remove|integrate|monitor|report|customi[sz]e|avoid|recover|invite|create|cancel|use|find)|error codes?|list of errors|feature request|(?:error|outage|incident|bug) (?:report(?:ing)?|handling|tracking|budget|page) (?:feature|documentation|docs|settings?|policy)|question (?:about|on|regarding)|thank(?:s| you)|what does (?:the )?error|bug bounty|out of office)\b",
    )
});

/// Whether a ticket's subject reports that something fails ("cannot log in"), as
/// against a request, a question of use or a bill ("please add a user").
///
/// A failure outweighs the matter it is about: "error when downloading invoice"
/// is a complaint.
pub fn is_complaint(text: &str) -> bool {
    let folded = fold::fold(text);
    let fails = FAILS.is_match(&folded) || ABROAD.is_match(&folded);
    fails && !LEARNS.is_match(&folded) && !withdrawn(&folded)
}

/// "No issues, just a question", "resolved: login error".
fn withdrawn(folded: &str) -> bool {
    static WITHDRAWN: LazyLock<Regex> = LazyLock::new(|| {
        cues::regex(
            r"\b(?:no (?:issues?|problems?|errors?|bugs?|rush)|not urgent, just|nothing broken|(?:error|bug|issue|problem)s? (?:is |are )?(?:gone|fixed|solved|resolved))\b|^(?:resolved|solved|closed|fixed)\b",
        )
    });
    WITHDRAWN.is_match(folded)
        || (ASKS.is_match(folded) && FAILS.find_iter(folded).all(|found| is_weak(found.as_str())))
}

/// Words that complain only where nothing is asked for: "invoice missing a line
/// for downtime" is about the invoice.
fn is_weak(word: &str) -> bool {
    matches!(
        word.trim_end_matches([' ', ',', '.', '!']),
        "down"
            | "downtime"
            | "slow"
            | "loop"
            | "loops"
            | "bug"
            | "outage"
            | "dead"
            | "blank"
            | "404"
    )
}

/// What a ticket is about, for grouping: its meaning words by their topics'
/// names, without the words of failure. "Can't sign in!" and "login broken" are
/// both {login}.
pub fn topics(text: &str) -> BTreeSet<String> {
    let folded = fold::fold(text);
    let kept = FAILS.replace_all(&folded, " ");
    let mut topics = subject::keys(&kept);
    topics.retain(|word| word.len() > 2 && !NOISE.contains(&word.as_str()));
    topics
}

/// What tickets are full of and what groups none of them.
const NOISE: &[&str] = &[
    "urgent",
    "help",
    "hello",
    "please",
    "asap",
    "get",
    "getting",
    "got",
    "trying",
    "try",
    "since",
    "always",
    "still",
    "cannot",
    "keep",
    "say",
    "says",
    "see",
    "message",
    "my",
    "me",
    "your",
    "what",
    "how",
    "page",
    "screen",
    "today",
    "morning",
    "after",
    "time",
    "user",
    "customer",
    "working",
    "work",
    "critical",
    "every",
    "happen",
    "happens",
    "http",
    "internal",
    "500",
    "502",
    "503",
    "504",
    "like",
    "no",
    "into",
    "when",
    "do",
    "stopped",
    "even",
    "though",
    "back",
    "need",
    "want",
    "available",
    "receive",
    "show",
    "anymore",
    "longer",
];

#[cfg(test)]
mod tests {
    use super::is_complaint;

    #[test]
    fn customers_complain_in_their_own_language() {
        for text in [
            "Lageplan lädt nicht, Halle 4",
            "Etikett lässt sich nicht drucken",
            "Waage hängt seit 7 Uhr",
            "het scherm laadt niet",
            "l'imprimante ne répond plus",
            "la báscula no responde",
            "a balança não abre",
            "la bilancia non risponde",
            "vekten virker ikke",
            "waga nie działa",
            "the scale only says: try again later",
        ] {
            assert!(is_complaint(text), "{text}");
        }
        for text in [
            "Bitte neuen Benutzer anlegen",
            "Rechnung für Mai",
            "nouvelle étiquette pour juin",
            "factura de mayo",
            "ny bruger på lageret",
            "toner for the label printer",
            "can we meet later?",
        ] {
            assert!(!is_complaint(text), "{text}");
        }
    }
}
