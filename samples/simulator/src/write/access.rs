//! The edge's log of requests.

use crate::traffic::Request;
use crate::world::{Edge, World};
use recon_samples::json::quoted;
use recon_samples::time::Zone;
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn write(world: &World, requests: &[Request], files: &mut BTreeMap<String, String>) {
    let mut out = String::new();
    for request in requests {
        let _ = line(world, request, &mut out);
    }
    let ending = if matches!(world.edge, Edge::Json | Edge::Traefik) {
        "jsonl"
    } else {
        "log"
    };
    files.insert(format!("{}/access.{ending}", world.edge_name), out);
}

fn line(world: &World, r: &Request, out: &mut String) -> std::fmt::Result {
    let user = &world.users[r.user];
    let route = &world.services[r.route.0].routes[r.route.1];
    let region = world.regions[user.region];
    let size = 200 + r.ms * 7 % 9_000;
    let seconds = format!("{}.{:03}", r.ms / 1_000, r.ms % 1_000);
    let local = r.at.show(Zone::UTC, "%d/%b/%Y:%H:%M:%S %z");
    let agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101";
    match world.edge {
        Edge::Nginx => writeln!(
            out,
            "{} - - [{local}] \"{} {} HTTP/1.1\" {} {size} \"-\" \"{agent}\" rt={seconds} user={} region={region} request_id={}",
            user.client, route.method, r.path, r.status, user.id, r.id
        ),
        Edge::Combined => writeln!(
            out,
            "{} - {} [{local}] \"{} {} HTTP/1.1\" {} {size} \"-\" \"{agent}\"",
            user.client, user.id, route.method, r.path, r.status
        ),
        Edge::Json => writeln!(
            out,
            "{{\"time\":\"{}\",\"remote_addr\":\"{}\",\"method\":\"{}\",\"path\":{},\"status\":{},\"bytes\":{size},\"duration_ms\":{},\"user_id\":\"{}\",\"region\":\"{region}\",\"request_id\":\"{}\"}}",
            super::milli(r.at),
            user.client,
            route.method,
            quoted(&r.path),
            r.status,
            r.ms,
            user.id,
            r.id
        ),
        Edge::Logfmt => writeln!(
            out,
            "time={} level=info msg=request method={} path={} status={} duration={}ms user={} region={region} request_id={} client={}",
            super::milli(r.at),
            route.method,
            r.path,
            r.status,
            r.ms,
            user.id,
            r.id,
            user.client
        ),
        Edge::Traefik => writeln!(
            out,
            "{{\"ClientHost\":\"{}\",\"DownstreamStatus\":{},\"DownstreamContentSize\":{size},\"Duration\":{},\"RequestMethod\":\"{}\",\"RequestPath\":{},\"RequestProtocol\":\"HTTP/2.0\",\"RouterName\":\"{}@docker\",\"StartUTC\":\"{}\",\"level\":\"info\",\"msg\":\"\",\"time\":\"{}\"}}",
            user.client,
            r.status,
            r.ms * 1_000_000,
            route.method,
            quoted(&r.path),
            world.edge_name,
            r.at.plus_ms(-r.ms).stamp_ms(Zone::UTC),
            r.at.stamp_ms(Zone::UTC)
        ),
        Edge::Envoy => writeln!(
            out,
            "[{}] \"{} {} HTTP/1.1\" {} - via_upstream - \"-\" 0 {size} {} {} \"{}\" \"{agent}\" \"{}\" \"www.example.com\" \"10.0.0.7:8080\"",
            super::milli(r.at),
            route.method,
            r.path,
            r.status,
            r.ms,
            r.ms,
            user.client,
            r.id
        ),
        Edge::Haproxy => writeln!(
            out,
            "{} {} haproxy[901]: {}:{} [{}] https-in~ front/web-1 0/0/1/{}/{} {} {size} - - ---- 9/9/2/1/0 0/0 \"{} {} HTTP/1.1\"",
            r.at.show(Zone::UTC, "%b %e %H:%M:%S"),
            world.edge_name,
            user.client,
            2_000 + r.ms % 50_000,
            r.at.show(Zone::UTC, "%d/%b/%Y:%H:%M:%S%.3f"),
            r.ms,
            r.ms,
            r.status,
            route.method,
            r.path
        ),
        Edge::Balancer => writeln!(
            out,
            "https {} app/front/7a41e0b96d2f3c58 {}:{} 10.0.0.1:80 0.001 {seconds} 0.000 {} {} 34 {size} \"{} https://www.example.com:443{} HTTP/2.0\" \"{agent}\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/front/73e2d6bc \"Root=1-{}\" \"www.example.com\" \"-\" 0 {} \"forward\" \"-\" \"-\"",
            r.at.show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.6fZ"),
            user.client,
            2_000 + r.ms % 50_000,
            r.status,
            r.status,
            route.method,
            r.path,
            r.id,
            r.at.plus_ms(-r.ms)
                .show(Zone::UTC, "%Y-%m-%dT%H:%M:%S%.6fZ"),
        ),
    }
}
