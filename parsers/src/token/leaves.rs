//! The values of an object that are none themselves, by what their names say they are.

use super::azure::Resource;
use super::json::{Json, Object};
use super::payload;
use super::request::{backend, served_by};
use super::role::{Role, role};
use std::borrow::Cow;
use std::mem::discriminant;

/// A value that is no object, with its path and what that says it is.
#[derive(Debug)]
pub struct Leaf<'o, 'a> {
    /// Its dotted path.
    pub path: Cow<'a, str>,
    /// The value.
    pub value: &'o Json<'a>,
    /// What the path says it is.
    pub role: Option<(Role, u8)>,
}

impl Leaf<'_, '_> {
    /// Whether a logger of this name may be a program: no place in its source, and no component called after a class.
    #[must_use]
    pub fn names_program(&self, logger: &str) -> bool {
        let lower = logger.starts_with(|c: char| c.is_ascii_lowercase());
        let class = self.path.ends_with("omponent") && !lower;
        self.path != "c" && !self.path.ends_with("caller") && !class
    }
}

/// All of an object.
#[derive(Debug)]
pub struct Leaves<'o, 'a>(Vec<Option<Leaf<'o, 'a>>>);

impl<'o, 'a> Leaves<'o, 'a> {
    /// Those of `object`, at any depth.
    #[must_use]
    pub fn of(object: &'o Object<'a>) -> Self {
        let mut leaves = Vec::with_capacity(object.len() + 8);
        payload::walk(object, &mut |path, value| {
            let role = role(&path).map(|r| dated(&path, value).unwrap_or(r));
            leaves.push(Some(Leaf { path, value, role }));
        });
        Self(leaves)
    }

    /// Takes out the best value of this role, in whatever unit, that `read` can make something of.
    pub fn take<T>(
        &mut self,
        wanted: Role,
        read: impl Fn(&Leaf<'o, 'a>) -> Option<T>,
    ) -> Option<T> {
        let mut best: Option<(u8, usize, T)> = None;
        for (place, leaf) in self.0.iter().enumerate() {
            let Some(leaf) = leaf else { continue };
            let Some((_, rank)) = leaf
                .role
                .filter(|(r, _)| discriminant(r) == discriminant(&wanted))
            else {
                continue;
            };
            if best.as_ref().is_none_or(|(least, ..)| rank < *least)
                && let Some(found) = read(leaf)
            {
                best = Some((rank, place, found));
            }
        }
        let (_, place, found) = best?;
        if let Some(leaf) = self.0.get_mut(place) {
            *leaf = None;
        }
        Some(found)
    }

    /// The first of these paths that there is, not taken yet.
    #[must_use]
    pub fn named(&self, paths: &[&str]) -> Option<&Leaf<'o, 'a>> {
        let mut leaves = self.0.iter().flatten();
        leaves.find(|l| paths.contains(&l.path.as_ref()))
    }

    /// The service behind a proxy, which stays a field, too.
    #[must_use]
    pub fn behind(&self) -> Option<Cow<'a, str>> {
        let mut leaves = self.0.iter().flatten();
        if let Some(leaf) = leaves.find(|l| matches!(l.role, Some((Role::Backend, _)))) {
            return Some(Cow::Owned(backend(&leaf.value.text()?)?.to_owned()));
        }
        // Cloudflare knows no service, but the host that was asked for.
        let host = self.named(&["ClientRequestHost"])?.value.text()?;
        served_by(&host).map(|name| Cow::Owned(name.to_owned()))
    }

    /// The resource of Azure that logs, which names itself by its id alone, or the facility of GELF, which had no other
    /// field for it.
    #[must_use]
    pub fn resource(&self) -> Option<Cow<'a, str>> {
        if let Some(facility) = self.facility() {
            return Some(facility);
        }
        let id = self.named(&["resourceId", "ResourceId", "_ResourceId"])?;
        let id = id.value.text()?;
        let resource = Resource::of(&id).filter(|r| !r.is_store() && !r.is_host())?;
        Some(Cow::Owned(resource.spelled()))
    }

    fn facility(&self) -> Option<Cow<'a, str>> {
        // What libraries write who were not told, and the words of syslog.
        const NONE: [&str; 12] = [
            "auth",
            "console",
            "cron",
            "daemon",
            "gelf",
            "kernel",
            "kern",
            "mail",
            "syslog",
            "unknown",
            "user",
            "user-level",
        ];
        let name = self.named(&["facility"])?.value.text()?;
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
        let plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let none =
            NONE.contains(&name.as_ref()) || name.starts_with("local") || name.starts_with("gelf-");
        (begins && plain && !none).then_some(name)
    }

    /// Those that nobody took.
    pub fn rest(self) -> impl Iterator<Item = Leaf<'o, 'a>> {
        self.0.into_iter().flatten()
    }
}

/// `requestTime` is how long a request took, or, in a log of Amazon's API Gateway, when it came:
/// `19/Jan/2024:10:30:02 +0000`.
fn dated(path: &str, value: &Json<'_>) -> Option<(Role, u8)> {
    if !path.ends_with("equestTime") {
        return None;
    }
    let text = value.text()?;
    (text.as_bytes().get(2) == Some(&b'/')).then_some((Role::Time, 2))
}
