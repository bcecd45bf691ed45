//! The people and bots of the invented company, the same in every story.

/// Somebody who pages, deploys, or talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Full name.
    pub name: &'static str,
    /// Login name.
    pub login: &'static str,
    /// Id in the chat system.
    pub chat: &'static str,
    /// What they do.
    pub role: &'static str,
    /// Not a person after all.
    pub bot: bool,
}

const fn person(
    name: &'static str,
    login: &'static str,
    chat: &'static str,
    role: &'static str,
) -> Person {
    Person {
        name,
        login,
        chat,
        role,
        bot: false,
    }
}

const fn bot(name: &'static str, login: &'static str, chat: &'static str) -> Person {
    Person {
        name,
        login,
        chat,
        role: "bot",
        bot: true,
    }
}

/// On-call engineer.
pub const MARISOL: Person = person("Marisol Quintero", "mquintero", "U04LK1MQ7", "on-call");
/// Second on-call engineer.
pub const TOBIAS: Person = person("Tobias Renner", "trenner", "U04LK2TR3", "on-call");
/// Owns the login and identity code.
pub const ANNEKE: Person = person("Anneke Visser", "avisser", "U04LK3AV9", "identity");
/// Senior engineer.
pub const DIPESH: Person = person(
    "Dipesh Khanal",
    "dkhanal",
    "U04LK4DK2",
    "senior engineering",
);
/// Leads customer support.
pub const NGOZI: Person = person("Ngozi Adeyemi", "nadeyemi", "U04LK5NA6", "support");
/// Database administrator.
pub const RAGNHILD: Person = person("Ragnhild Moen", "rmoen", "U04LK6RM8", "database");
/// Front-end engineer.
pub const LEO: Person = person("Leo Castellanos", "lcastellanos", "U04LK7LC1", "web");
/// Platform and deployment engineer.
pub const HYEJIN: Person = person("Hyejin Bae", "hbae", "U04LK8HB4", "devops");
/// Engineering manager, usually incident commander.
pub const FAROUK: Person = person("Farouk Benali", "fbenali", "U04LK9FB5", "management");
/// Posts alerts into chat.
pub const ALERTBOT: Person = bot("alertbot", "alertbot", "B04LKALRT");
/// Deploys and says so.
pub const SHIPBOT: Person = bot("shipbot", "shipbot", "B04LKSHIP");

/// Everybody, in the order of the chat export's user list.
pub const ALL: [Person; 11] = [
    MARISOL, TOBIAS, ANNEKE, DIPESH, NGOZI, RAGNHILD, LEO, HYEJIN, FAROUK, ALERTBOT, SHIPBOT,
];
