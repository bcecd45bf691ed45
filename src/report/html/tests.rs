use super::*;

#[test]
fn the_policy_names_the_script_of_the_page() {
    let script = BASE64.encode(Sha256::digest(SCRIPT.as_bytes()));
    assert!(policy().contains(&script));
    // The parser of HTML ends the element at the first of these, whatever stands around it.
    assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("<!--"));
    assert!(!STYLE.contains("</style"));
}

#[test]
fn nothing_is_fetched() {
    for word in [
        "http:", "https:", "url(", "@import", "src=", "fetch(", "XMLHttp",
    ] {
        assert!(!STYLE.contains(word), "{word}");
        let script = SCRIPT.replace("http://www.w3.org/2000/svg", "");
        assert!(!script.contains(word), "{word}");
    }
}
