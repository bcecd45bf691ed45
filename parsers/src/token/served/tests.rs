use super::*;

fn told(line: &str) -> Option<String> {
    assert!(
        may(line.as_bytes()) || read(line, false).served.is_none(),
        "{line}"
    );
    let served = read(line, false).served?;
    let took = served.took.and_then(Took::ms);
    let took = took.map(|ms| format!(" {ms}ms")).unwrap_or_default();
    let user = served.user.map(|u| format!(" {u}")).unwrap_or_default();
    let (method, path) = (served.method, served.path);
    Some(format!("{method} {path} {}{took}{user}", served.status?))
}

#[test]
fn requests_are_told_in_many_ways() {
    for (line, expected) in [
        (
            "PUT /carts/8 -> 503 in 72ms user=c19",
            "PUT /carts/8 503 72ms",
        ),
        ("GET /a/b 200 9ms", "GET /a/b 200 9ms"),
        (
            "HSL client=198.51.100.4 pool=pool_seats user=\"c19\" req=\"POST /seats\" status=502 bytes=31 rtt_ms=41",
            "POST /seats 502 41ms",
        ),
        ("GET /a/b 200 OK", "GET /a/b 200"),
        (
            "completed 502 for PATCH /seats (38 ms) uid=5",
            "PATCH /seats 502 38ms",
        ),
        (
            "request done method=PUT path=/seats?x=1 status=500 dur=44ms",
            "PUT /seats 500 44ms",
        ),
        ("path=/seats method=PUT code=201", "PUT /seats 201"),
        ("\"DELETE /seats/4 HTTP/1.1\" 204 -", "DELETE /seats/4 204"),
        (
            "198.51.100.4 \"GET /seats?row=4\" 404 0.25s",
            "GET /seats 404 250ms",
        ),
        ("POST /seats status 500 took 0.044s", "POST /seats 500 44ms"),
        ("POST /seats took 44 returned 500", "POST /seats 500 44ms"),
        ("[r-77ab] 500 POST /seats 44ms", "POST /seats 500 44ms"),
        ("409 POST /seats 1.5ms", "POST /seats 409 1.5ms"),
        (
            "handled POST /seats code=500 latency=44.5 ms tenant=b",
            "POST /seats 500 44.5ms",
        ),
        (
            "Handled POST /seats, status=500, took 4 ms, user=x1",
            "POST /seats 500 4ms",
        ),
        ("POST /seats => HTTP/1.1 500 (4 ms)", "POST /seats 500 4ms"),
        ("POST /seats \u{2192} 500", "POST /seats 500"),
        (
            "POST /seats responded with HTTP status 500",
            "POST /seats 500",
        ),
        ("POST /seats HTTP/2 - 500 - 4ms", "POST /seats 500 4ms"),
        (
            "| 500 |  1.25ms | 192.0.2.9 | POST \"/seats\"",
            "POST /seats 500 1.25ms",
        ),
        (
            "edge: POST /seats: 500 in 4ms for user c19",
            "POST /seats 500 4ms c19",
        ),
        (
            "POST /seats from 192.0.2.9:4411 status: 500",
            "POST /seats 500",
        ),
        (
            "Completed POST /seats with status 502 after 38 ms for passenger QR88",
            "POST /seats 502 38ms QR88",
        ),
        ("answered 500 (POST /seats)", "POST /seats 500"),
        ("request returned 500 (POST /seats)", "POST /seats 500"),
        (
            "POST /seats 500 timeout=30s dur_ms=12",
            "POST /seats 500 12ms",
        ),
        // Who answered is no name, or is the program itself.
        ("returned 500 for POST /seats", "POST /seats 500"),
        ("request returned 500 (POST /seats)", "POST /seats 500"),
        (
            "successfully returned 200 for POST /seats",
            "POST /seats 200",
        ),
        ("POST /seats has returned 200", "POST /seats 200"),
        ("INFO depot returned 200 for POST /seats", "POST /seats 200"),
        ("POST /seats stalls returned 200", "POST /seats 200"),
        // Why it failed is said behind the status.
        (
            "POST /seats -> 502 upstream timed out after 3s",
            "POST /seats 502",
        ),
        (
            "POST /seats 500 retry=0 upstream=192.0.2.8:80",
            "POST /seats 500",
        ),
    ] {
        assert_eq!(told(line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn calls_to_others_and_other_numbers_are_no_requests() {
    for line in [
        "upstream POST http://stock/x failed: 503",
        "upstream POST /x failed: status 503",
        "calling GET /x on stock ... got 500",
        "calling GET /x returned 500",
        "retrying POST /x after 502",
        "retry 2 of POST /x status=502",
        "POST /x -> 503 attempt=2",
        "call to stock: POST /x -> 503",
        "unexpected status 503 from stock: GET /x",
        "POST /x to stock returned 503",
        "GET /x got status 500",
        "received 503 from GET /x",
        "sending POST /x -> 200",
        "depot answered 502 (POST /hold)",
        "booth-2 returned status 503 for GET /x",
        "depot failed with 500 (GET /x)",
        "ERROR depot answered 502 (POST /hold)",
        "POST /x: depot returned 502",
        "stock answered 500 (POST /x)",
        "tide-tables responded with 503 (GET /x) user=c19",
        "fetch http://stock/x POST /x 200",
        "POST /x 200 bytes",
        "POST /x 700",
        "POST /x started",
        "worker 212 POST /x started",
        "stock:443 POST /x started",
        "POST x 500",
        "post /x 500",
        "read /etc/hosts 200",
        "GET /a -> POST /b -> 500",
        "method=get path=/x status=500",
        "method=POST path=x status=500",
    ] {
        assert_eq!(told(line), None, "{line}");
    }
}

#[test]
fn what_other_digits_would_change_is_told() {
    assert!(read("POST /x 700", false).by_digits);
    assert!(!read("POST /x 500 12ms", false).by_digits);
    assert!(!read("POST /x 5001", false).by_digits);
}

#[test]
fn a_request_that_fields_end_may_tell_of_a_call() {
    let line = "POST /book aborted: upstream seats.example refused: HTTP 503";
    assert_eq!(read(line, false).served, None);
    let served = read(line, true)
        .served
        .expect("the request that it begins with");
    assert_eq!((served.method, served.path), ("POST", "/book"));
    let call = "calling POST /holds at seats.example failed";
    assert_eq!(read(call, true).served, read(call, false).served);
}
