//! One person under several names: `Imke Sand`, `Imke`, `isand`, `imke.sand@shop.example`.

/// A person and everything that names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// Names and handles, as they stand in actors and in texts.
    pub(super) aliases: Vec<String>,
    /// Names that may be words of every day, and name a person where one signs.
    pub(super) signed: Vec<String>,
    /// Given and family name in small letters, where both are known.
    full: Option<(String, String)>,
    given: Vec<String>,
}

/// First names that begin sentences as words of their own.
const WORDS: [&str; 22] = [
    "Will", "Mark", "May", "Bill", "Art", "Hope", "Faith", "Grace", "Joy", "Rob", "Sue", "Pat",
    "Drew", "Chase", "Page", "Dash", "Chance", "Victor", "Angel", "April", "June", "Summer",
];

/// Actors that are accounts of programs, whatever the input calls them.
const PROGRAMS: [&str; 20] = [
    "root",
    "admin",
    "jenkins",
    "argocd",
    "terraform",
    "system",
    "ci",
    "deploy",
    "deployer",
    "github-actions",
    "gitlab-ci",
    "ansible",
    "spinnaker",
    "flux",
    "kubernetes-admin",
    "ubuntu",
    "ec2-user",
    "www-data",
    "nobody",
    "unknown",
];

/// The people behind these actors, each once, in the order of their names.
pub(super) fn gather<'a>(actors: impl Iterator<Item = &'a str>) -> Vec<Person> {
    let mut names: Vec<&str> = actors.map(str::trim).filter(|a| is_person(a)).collect();
    names.sort_unstable();
    names.dedup();
    // Full names first, so that handles find whose they are.
    let (full, handles): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|n| full_name(n).is_some());
    let mut people: Vec<Person> = Vec::new();
    for name in full {
        let (given, family) = full_name(name).unwrap_or_default();
        let both = Some((given.to_lowercase(), family.to_lowercase()));
        let known = people.iter_mut().find(|p| p.full == both);
        if let Some(known) = known {
            known.aliases.push(name.to_owned());
            continue;
        }
        people.push(Person {
            aliases: vec![name.to_owned()],
            signed: Vec::new(),
            given: vec![given.to_owned(), family.to_owned()],
            full: both,
        });
    }
    for handle in handles {
        let local = handle.split('@').find(|p| !p.is_empty()).unwrap_or(handle);
        let low = local.to_lowercase();
        let mut whose = people.iter_mut().filter(|p| p.patterns().contains(&low));
        match (whose.next(), whose.next()) {
            (Some(person), None) => person.name(handle, local),
            _ => {
                let mut person = Person {
                    aliases: Vec::new(),
                    signed: Vec::new(),
                    full: None,
                    given: Vec::new(),
                };
                person.name(handle, local);
                people.push(person);
            }
        }
    }
    by_given_name(&mut people);
    people
}

/// Given and family names alone name a person where no other has them, and handles made of both
/// where they are mentioned.
fn by_given_name(people: &mut [Person]) {
    let all: Vec<String> = people.iter().flat_map(|p| p.given.clone()).collect();
    for person in people {
        for name in std::mem::take(&mut person.given) {
            let alone = all.iter().filter(|n| **n == name).count() == 1;
            if alone && name.chars().count() > 1 {
                person.signed.extend([name.to_lowercase(), name.clone()]);
            }
            if alone && !WORDS.contains(&name.as_str()) && name.chars().count() > 1 {
                person.aliases.push(name);
            }
        }
        let handles = person.patterns().into_iter().filter(|h| h.len() >= 4);
        let mut handles: Vec<String> = handles.collect();
        if let Some((given, family)) = &person.full {
            // A name in small letters may be a word.
            handles.retain(|h| h != given && h != family);
        }
        person.aliases.extend(handles);
        person.aliases.sort();
        person.aliases.dedup();
    }
}

impl Person {
    /// Whether an actor is this person.
    pub(super) fn is(&self, actor: &str) -> bool {
        let actor = actor.trim();
        self.aliases.iter().any(|a| a == actor)
    }

    fn name(&mut self, handle: &str, local: &str) {
        self.aliases.push(handle.to_owned());
        // A short handle is too often a word of its own.
        if local.len() >= 3 {
            self.aliases.push(local.to_owned());
        }
    }

    /// The handles that people make of their names.
    fn patterns(&self) -> Vec<String> {
        let Some((given, family)) = &self.full else {
            return Vec::new();
        };
        let first = |s: &str| s.chars().next().map(String::from).unwrap_or_default();
        let (g, f) = (first(given), first(family));
        vec![
            format!("{g}{family}"),
            format!("{g}.{family}"),
            format!("{given}{f}"),
            format!("{given}.{f}"),
            format!("{given}.{family}"),
            format!("{given}_{family}"),
            format!("{given}-{family}"),
            format!("{given}{family}"),
            format!("{family}{g}"),
            format!("{family}.{given}"),
            given.clone(),
            family.clone(),
        ]
    }
}

/// First and last word of a name of at least two words, each with a capital.
fn full_name(name: &str) -> Option<(&str, &str)> {
    let mut words = name.split_whitespace();
    let (first, last) = (words.next()?, words.next_back()?);
    let named = |w: &str| {
        w.chars().next().is_some_and(char::is_uppercase)
            && w.chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
    };
    (named(first) && named(last)).then_some((first, last))
}

fn is_person(actor: &str) -> bool {
    let low = actor.to_lowercase();
    let words = || low.split(|c: char| !c.is_alphanumeric());
    actor.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !PROGRAMS.contains(&low.as_str())
        && !low.contains([':', '/', '(', '['])
        && !words().any(|w| matches!(w, "bot" | "service" | "pipeline" | "controller"))
        && !low.ends_with("bot")
}
