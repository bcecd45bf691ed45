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
    use super::{request_line, without_query};

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
    }
}
