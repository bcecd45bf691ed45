use recon::lexicon::{Names, read_among};
use std::io::BufRead;
fn main() {
    let names = Names::new(
        [
            "wallet",
            "signup",
            "menu",
            "rides",
            "ratings",
            "mariadb-1",
            "stockkeeper",
            "payments-api",
            "auth-service",
            "media",
            "rules-engine",
            "postgres-primary",
            "checkout",
            "ledger",
            "orders-db",
            "catalog",
        ]
        .into_iter(),
    );
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (want, text) = line.split_once('\t').unwrap_or(("", &line));
        let all = read_among(text, &names);
        let heard: Vec<String> = all
            .iter()
            .map(|s| {
                format!(
                    "{:?}/{:?}/{:.2}/{}[{}]",
                    s.act,
                    s.mood,
                    s.score,
                    s.subject
                        .as_ref()
                        .map_or("-".to_owned(), |s| s.text().to_owned()),
                    s.words
                )
            })
            .collect();
        println!("{want}\t{text}\t{}", heard.join(" || "));
    }
}
