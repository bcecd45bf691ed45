//! Packets that the Linux firewall logs through the kernel:
//! `Jan 19 10:30:02 gw-1 kernel: [4117.118] DROP-IN IN=eth0 OUT= MAC=… SRC=192.0.2.7 DST=198.51.100.9 … PROTO=TCP SPT=41822 DPT=22`.

use super::syslog_3164;
use crate::format::{Context, Cut, Format};
use crate::record::{Record, field};
use crate::token::pairs;
use memchr::memmem;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "netfilter",
    title: "Linux firewall (iptables, nftables, ufw)",
    reference: "https://www.netfilter.org/projects/nftables/manpage.html",
    cut: Cut::Line,
    specificity: 72,
    hint: |i| memmem::find(i, b" DST=").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/netfilter/input.log"),
};

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (tail, n) = (
        entry,
        memmem::find(entry, b" IN=").or_else(|| memmem::find(entry, b"IN="))?,
    );
    memmem::find(tail.get(n..)?, b" DST=")?;
    let from = out.len();
    (syslog_3164::FORMAT.parse)(entry, cx, out)?;
    packet(out.get_mut(from)?);
    Some(())
}

fn packet(record: &mut Record<'_>) {
    let message = record.message.clone().into_owned();
    if let Some(rule) = prefix(&message) {
        record.fields.push("rule", rule.to_owned());
    }
    for (name, value) in pairs::among_words(&message) {
        let name = match name {
            "SRC" => field::CLIENT,
            "DST" => "destination",
            "DPT" => "port",
            "PROTO" => "protocol",
            "IN" => "interface",
            _ => continue,
        };
        record.fields.push(name, value.to_owned());
    }
}

/// What the rule says before the packet, behind the kernel's uptime.
fn prefix(message: &str) -> Option<&str> {
    let said = message.get(..message.find("IN=")?)?;
    let said = match said.strip_prefix('[') {
        Some(inner) => inner.split_once("] ").map_or(said, |(uptime, rest)| {
            let number = uptime
                .trim()
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'.');
            if number { rest } else { said }
        }),
        None => said,
    };
    let said = said.trim().trim_end_matches(':').trim_matches(['[', ']']);
    (!said.is_empty()).then_some(said)
}
