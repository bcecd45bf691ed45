//! Words for people who use a service, which services name their users by: `rider_id`, `passengerRef`,
//! `pupil=P1207`.

use super::role::Role;

/// The least rank of names that are words for people.
pub const WORD: u8 = 4;
/// Names of this rank say whom an entry is about only where the value looks like an id: a `driver` may be a
/// program, a `guest` a machine.
const BARE: u8 = 5;

/// People who ask for something.
const ASKING: &[&str] = &[
    "accountholder",
    "applicant",
    "attendee",
    "bettor",
    "bidder",
    "borrower",
    "buyer",
    "cardholder",
    "citizen",
    "claimant",
    "commuter",
    "consumer",
    "customer",
    "cyclist",
    "depositor",
    "diner",
    "donor",
    "eater",
    "endcustomer",
    "enduser",
    "flyer",
    "gambler",
    "gamer",
    "guest",
    "householder",
    "imsi",
    "insured",
    "investor",
    "learner",
    "lessee",
    "listener",
    "lodger",
    "mobilenumber",
    "motorist",
    "msisdn",
    "participant",
    "passenger",
    "patient",
    "patron",
    "payer",
    "payor",
    "phonenumber",
    "player",
    "policyholder",
    "punter",
    "pupil",
    "purchaser",
    "ratepayer",
    "registrant",
    "renter",
    "resident",
    "rider",
    "shopper",
    "student",
    "subscriber",
    "supporter",
    "taxpayer",
    "traveler",
    "traveller",
    "user",
    "viewer",
    "visitor",
    "voter",
];
/// People who serve those, or belong to something: if both are named, the others asked.
const SERVING: &[&str] = &[
    "account",
    "agent",
    "artist",
    "backer",
    "beneficiary",
    "candidate",
    "clinician",
    "colleague",
    "contractor",
    "contestant",
    "courier",
    "creator",
    "creditor",
    "debtor",
    "doctor",
    "driver",
    "employee",
    "freelancer",
    "hirer",
    "homeowner",
    "landlord",
    "lender",
    "member",
    "membership",
    "merchant",
    "nurse",
    "parent",
    "payee",
    "profile",
    "rep",
    "seller",
    "shareholder",
    "staff",
    "teacher",
    "tenant",
    "trader",
    "trainee",
];
/// Words that mean machines and programs as often as people: alone they say nothing.
const MACHINES: &[&str] = &[
    "account",
    "agent",
    "backer",
    "candidate",
    "consumer",
    "listener",
    "member",
    "parent",
    "profile",
    "rep",
    "staff",
    "subscriber",
    "tenant",
    "trader",
];
/// The same: not even their ids are people's.
const PROGRAMS: &[&str] = &[
    "agentid",
    "consumerid",
    "parentid",
    "listenerid",
    "staffkey",
    "candidateid",
];
/// What makes the name of an id of such a word.
const ENDINGS: &[&str] = &[
    "",
    "id",
    "ref",
    "reference",
    "no",
    "nr",
    "num",
    "number",
    "key",
    "hash",
    "uid",
    "uuid",
    "guid",
    "code",
];

/// The rank of a folded name (lower case, no separators) that says whom an entry is about; higher ones
/// are less sure.
#[must_use]
pub fn rank(name: &[u8]) -> Option<u8> {
    let name = std::str::from_utf8(name).ok()?;
    if PROGRAMS.contains(&name) {
        return None;
    }
    let of = |list: &[&str]| {
        list.iter().find_map(|word| {
            let ending = name.strip_prefix(word)?;
            let bare = ending.is_empty();
            let fits = ENDINGS.contains(&ending) && !(bare && MACHINES.contains(word));
            fits.then_some(bare)
        })
    };
    match (of(ASKING), of(SERVING)) {
        (Some(false), _) => Some(WORD),
        (Some(true), _) => Some(BARE),
        (None, Some(_)) => Some(BARE + 1),
        (None, None) => None,
    }
}

/// Whether a word of a sentence is one for who asks.
#[must_use]
pub fn asks(word: &str) -> bool {
    let is = |list: &[&str]| list.iter().any(|w| w.eq_ignore_ascii_case(word));
    is(ASKING) && !is(MACHINES)
}

/// Whether a value may be whom a name of this rank speaks of.
#[must_use]
pub fn fits(rank: u8, value: &str) -> bool {
    rank < BARE || is_id(value)
}

/// Whether a value may have this role: any but that of a user has values of all kinds.
#[must_use]
pub fn suits(role: Option<(Role, u8)>, value: &str) -> bool {
    match role {
        Some((Role::User, rank)) => fits(rank, value),
        _ => true,
    }
}

/// Whether a value looks like an id: a part of it has digits, or could be a hexadecimal number.
fn is_id(value: &str) -> bool {
    let parts = || {
        value
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
    };
    let id = |part: &str| {
        part.bytes().any(|b| b.is_ascii_digit())
            || part.len() >= 4 && part.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let plain = !value.contains(['/', ' ', ':']) && value.len() <= 64;
    plain && (value.contains('@') || parts().any(id))
}

#[cfg(test)]
mod tests {
    use super::{asks, fits, rank};
    use crate::token::role::{Role, role};

    #[test]
    fn people_are_named_by_what_they_do() {
        for name in [
            "rider_id",
            "passengerRef",
            "pupil-no",
            "patient.key",
            "taxpayer_number",
            "voterUid",
            "msisdn",
            "lessee",
            "context.shopper_hash",
            "Policyholder",
            "courier",
            "seller_id",
            "user_ref",
            "viewer_uuid",
        ] {
            assert_eq!(role(name).map(|r| r.0), Some(Role::User), "{name}");
        }
        let ranks = ["user_id", "customer_id", "rider_id", "rider", "driver_id"]
            .map(|n| role(n).map(|r| r.1));
        assert!(
            ranks.is_sorted(),
            "{ranks:?}: who asks comes before who serves"
        );
    }

    #[test]
    fn programs_and_things_are_no_people() {
        for name in [
            "host",
            "pod",
            "thread",
            "order_id",
            "amount",
            "agent",
            "agent_id",
            "consumer_id",
            "member",
            "parent_id",
            "listener",
            "player_count",
            "driver_version",
            "guest_os",
            "staffing",
            "tenant",
            "viewers",
        ] {
            assert_ne!(role(name).map(|r| r.0), Some(Role::User), "{name}");
        }
        assert_eq!(rank(b"request"), None);
        assert_eq!(role("request_id").map(|r| r.0), Some(Role::RequestId));
    }

    #[test]
    fn a_word_alone_needs_an_id() {
        for value in [
            "D-2291",
            "4711",
            "cafebabe",
            "p.ode@example.com",
            "sh_77ac",
            "b4e1-77",
        ] {
            assert!(fits(5, value), "{value}");
        }
        for value in [
            "overlay",
            "postgres",
            "true",
            "/dev/sda1",
            "10.0.0.1:80",
            "two words 2",
        ] {
            assert!(!fits(5, value), "{value}");
        }
        assert!(fits(4, "overlay"), "an id by its name");
        assert!(asks("Passenger") && !asks("consumer") && !asks("order"));
    }
}
