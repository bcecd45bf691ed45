//! What a user wants redacted.

use super::Class;
use std::str::FromStr;

/// What is redacted. Secrets always are, unless nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Tokens, passwords, keys, cookies, card numbers.
    pub secrets: bool,
    /// E-mail addresses.
    pub emails: bool,
    /// IP addresses.
    pub ips: bool,
    /// Names of people.
    pub names: bool,
}

impl Choice {
    /// Nothing is redacted.
    pub const NONE: Self = Self {
        secrets: false,
        emails: false,
        ips: false,
        names: false,
    };
    /// Secrets alone.
    pub const SECRETS: Self = Self {
        secrets: true,
        ..Self::NONE
    };

    /// Whether nothing is redacted.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    pub(super) const fn wants(self, class: Class) -> bool {
        match class {
            Class::Secret => self.secrets,
            Class::Email => self.emails,
            Class::Ip => self.ips,
            Class::Name => self.names,
        }
    }
}

impl Default for Choice {
    fn default() -> Self {
        Self::SECRETS
    }
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::NONE);
        }
        let mut choice = Self::SECRETS;
        for word in text.split(',') {
            match word.trim() {
                "secrets" => {}
                "email" | "emails" => choice.emails = true,
                "ip" | "ips" => choice.ips = true,
                "name" | "names" => choice.names = true,
                "all" => {
                    choice = Self {
                        secrets: true,
                        emails: true,
                        ips: true,
                        names: true,
                    }
                }
                "none" => return Err("`none` stands alone".to_owned()),
                other => {
                    return Err(format!(
                        "`{other}` is nothing that can be redacted: secrets, email, ip, name, all or none"
                    ));
                }
            }
        }
        Ok(choice)
    }
}
