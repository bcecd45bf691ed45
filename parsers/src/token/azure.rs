//! Resources of Azure by their ids:
//! `/subscriptions/…/resourceGroups/shop-rg/providers/Microsoft.Web/sites/shop/slots/staging`.

use super::change;

/// What an id names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// The group that it belongs to.
    pub group: Option<&'a str>,
    /// What it is, in small letters: `microsoft.web/sites`.
    pub sort: String,
    /// Its own name.
    pub name: &'a str,
    /// A part of it: `("slots", "staging")`, `("config", "appsettings")`.
    pub part: Option<(&'a str, &'a str)>,
}

impl<'a> Resource<'a> {
    /// Reads an id; providers of extensions (alerts, locks) stand behind what they are about.
    #[must_use]
    pub fn of(id: &'a str) -> Option<Self> {
        let parts: Vec<&str> = id.trim_matches('/').split('/').collect();
        let find = |word: &str| parts.iter().position(|p| p.eq_ignore_ascii_case(word));
        let at = find("providers")?;
        let sort = [*parts.get(at + 1)?, *parts.get(at + 2)?].join("/");
        let part = parts.get(at + 4).zip(parts.get(at + 5));
        Some(Self {
            group: find("resourceGroups").and_then(|n| parts.get(n + 1).copied()),
            sort: sort.to_ascii_lowercase(),
            name: parts.get(at + 3).filter(|n| !n.is_empty())?,
            part: part.map(|(sort, name)| (*sort, *name)),
        })
    }

    /// The name as people write it: logs of the platform shout.
    #[must_use]
    pub fn spelled(&self) -> String {
        match self.name.bytes().any(|b| b.is_ascii_lowercase()) {
            true => self.name.to_owned(),
            false => self.name.to_ascii_lowercase(),
        }
    }

    /// A machine, and no service.
    #[must_use]
    pub fn is_host(&self) -> bool {
        self.sort.contains("virtualmachine")
    }

    /// What others log and measure in: the alert is about one of them.
    #[must_use]
    pub fn is_store(&self) -> bool {
        const STORES: [&str; 4] = [
            "microsoft.operationalinsights/workspaces",
            "microsoft.monitor/accounts",
            "microsoft.containerservice/managedclusters",
            "microsoft.insights/scheduledqueryrules",
        ];
        STORES.contains(&self.sort.as_str())
    }

    /// Where it is, as far as its slot or the names tell.
    #[must_use]
    pub fn environment(&self) -> Option<&'a str> {
        let slot = self
            .part
            .filter(|(sort, _)| sort.eq_ignore_ascii_case("slots"));
        slot.and_then(|(_, name)| change::environment_of(name))
            .or_else(|| change::parted(self.name).1)
            .or_else(|| self.group.and_then(change::environment_of))
    }
}

#[cfg(test)]
mod tests {
    use super::Resource;

    #[test]
    fn an_id_names_a_resource() {
        let id = "/subscriptions/9/resourceGroups/quay-prod-rg/providers/Microsoft.Web/sites/quay/slots/staging";
        let found = Resource::of(id).unwrap();
        assert_eq!((found.name, found.group), ("quay", Some("quay-prod-rg")));
        assert_eq!(found.sort, "microsoft.web/sites");
        assert_eq!(found.environment(), Some("staging"));
        let id = "/SUBSCRIPTIONS/9/RESOURCEGROUPS/QUAY-PROD/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/QUAY-7";
        let found = Resource::of(id).unwrap();
        assert_eq!(found.spelled(), "quay-7");
        assert!(found.is_host());
        assert_eq!(found.environment(), Some("PROD"));
        assert_eq!(Resource::of("/subscriptions/9/resourceGroups/quay"), None);
        assert_eq!(Resource::of("quay"), None);
    }
}
