//! Requests of HTTP, as entries in words or JSON name them.

use std::borrow::Cow;

/// Whether `text` may be a method: `GET`, `PROPFIND`, `VERSION_CONTROL`.
#[must_use]
pub fn is_method(text: &str) -> bool {
    (3..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// The method and the target of `GET /path HTTP/1.1`.
#[must_use]
pub fn request_line<'a>(line: &str) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    let mut words = line.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let whole = is_method(method) && words.next()?.starts_with("HTTP/");
    whole.then(|| (Cow::Owned(method.to_owned()), Cow::Owned(path.to_owned())))
}

/// The method and the path of `GET /path`, which nothing follows: a route as gateways and Application Insights name it.
#[must_use]
pub fn route<'a>(text: &str) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    let (method, path) = text.split_once(' ')?;
    let whole = is_method(method) && path.starts_with('/') && !path.contains(' ');
    whole.then(|| (Cow::Owned(method.to_owned()), Cow::Owned(path.to_owned())))
}

/// The service that a proxy says it passed a request on to: by name, and no address of a machine or a word that any
/// proxy has for what is behind it. Istio's `outbound|80||shop.live.svc.cluster.local` names `shop`.
#[must_use]
pub fn backend(value: &str) -> Option<&str> {
    const ANY: [&str; 16] = [
        "api",
        "app",
        "backend",
        "blue",
        "canary",
        "cluster",
        "default",
        "false",
        "green",
        "http",
        "https",
        "local",
        "localhost",
        "origin",
        "true",
        "upstream",
    ];
    let name = value.rsplit('|').next().unwrap_or(value);
    let name = match name.split_once('.') {
        Some((name, rest)) if rest.ends_with(".cluster.local") || rest.ends_with(".svc") => name,
        _ => name,
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let whole = name.len() > 2
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(letters);
    let ip = name.starts_with("ip-");
    let none = matches!(name, "null" | "none" | "nil" | "undefined" | "unknown");
    (whole && !ip && !none && !ANY.contains(&name)).then_some(name)
}

/// The service that a host of the public names: `shop` of `shop.acme.example`, and none of what every company has.
#[must_use]
pub fn served_by(host: &str) -> Option<&str> {
    const ANY: [&str; 12] = [
        "app", "apps", "assets", "cdn", "edge", "gateway", "mobile", "static", "web", "www", "img",
        "media",
    ];
    let (name, domain) = host.split_once('.')?;
    let plain = domain.contains('.') && !ANY.contains(&name);
    backend(name).filter(|_| plain && !host.ends_with(|c: char| c.is_ascii_digit()))
}

/// The path of a URL or of a request's target.
#[must_use]
pub fn without_query(target: Cow<'_, str>) -> Cow<'_, str> {
    let from = match target.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphabetic()) => rest
            .find('/')
            .map_or(target.len(), |n| scheme.len() + 3 + n),
        _ => 0,
    };
    let to = target.find(['?', '#']).unwrap_or(target.len());
    if from == 0 && to == target.len() {
        return target;
    }
    let path = target
        .get(from..to)
        .filter(|p| !p.is_empty())
        .unwrap_or("/");
    Cow::Owned(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{backend, request_line, route, served_by, without_query};

    #[test]
    fn targets_lose_what_is_no_path() {
        for (target, path) in [
            ("/cart?id=7", "/cart"),
            ("https://shop.example:443/cart#top", "/cart"),
            ("https://shop.example", "/"),
            ("/plain", "/plain"),
        ] {
            assert_eq!(without_query(target.into()), path);
        }
        assert!(request_line("GET /cart HTTP/1.1").is_some());
        assert!(request_line("get going HTTP/1.1").is_none());
        assert!(request_line("GET /cart").is_none());
        assert!(route("GET /cart/{id}").is_some());
        assert!(route("GET Cart/Read").is_none());
        assert!(route("GET /cart HTTP/1.1").is_none());
    }

    #[test]
    fn a_host_may_name_a_service() {
        assert_eq!(served_by("kilns.acme.example"), Some("kilns"));
        for none in [
            "www.acme.example",
            "api.acme.example",
            "acme.example",
            "192.0.2.7",
            "localhost",
        ] {
            assert_eq!(served_by(none), None, "{none}");
        }
    }

    #[test]
    fn a_proxy_names_who_is_behind_it() {
        for (value, name) in [
            ("cart-svc", Some("cart-svc")),
            ("outbound|80||cart.live.svc.cluster.local", Some("cart")),
            ("10.0.4.7:8080", None),
            ("ip-10-0-4-7", None),
            ("http://cart:8080", None),
            ("cart.example", None),
            ("backend", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(backend(value), name, "{value}");
        }
    }
}
