#!/usr/bin/env bash
# recon and the tools next to it on the same generated files: first that they count alike, then
# how long they take. Prints a table in Markdown.
#
#   benches/peers.sh [MEGABYTES]      1000 unless said
#
# Needs hyperfine and GNU time. Peers that are not installed are left out with a word:
# ripgrep, lnav and goaccess are in Debian; agrind (crate ag), kelora and
# super_speedy_syslog_searcher come from crates.io, hl from its repository.
# Environment: RECON, SAMPLES (the two binaries), RUNS (5), KEEP (a folder to keep the files in).
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

megabytes=${1:-1000}
recon=${RECON:-target/release/recon}
samples=${SAMPLES:-target/release/recon-samples}
runs=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
logs=${KEEP:-$work}/bulk-$megabytes

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null || { say "left out: $1 is not installed"; return 1; }; }
die() { say "$*"; exit 1; }

have hyperfine || exit 1
[ -x /usr/bin/time ] || die "/usr/bin/time is not installed"
[ -x "$recon" ] && [ -x "$samples" ] ||
    die "build first: cargo build --release -p recon -p recon-samples"
[ -d "$logs" ] || "$samples" --bulk "$megabytes" --out "$logs"
bytes=$(du -bsc "$logs"/*.* "$logs"/*/* | tail -n 1 | cut -f 1)

# --- counts: what recon says of a file, and what a plain search says
entries() { # FILE
    "$recon" explain "$logs/$1" --no-progress | awk '$1 == "entries" { print $2; exit }'
}
same() { # WHAT OURS THEIRS
    if [ "$2" = "$3" ]; then say "counts agree: $1: $2"; else die "counts differ: $1: recon $2, other $3"; fi
}
for file in edge/access.log checkout.log pricing.jsonl mail/maillog gateway.syslog \
    pods/cart-7d9f.log nodes/kubelet.log; do
    same "$file" "$(entries "$file")" "$(wc -l <"$logs/$file")"
done
same "ledger.log, with stack traces" "$(entries ledger.log)" "$(grep -c '^20' "$logs/ledger.log")"

# --- times
measure() { # NAME BYTES COMMAND...
    local name=$1 size=$2
    shift 2
    hyperfine --style none --warmup 1 --runs "$runs" --ignore-failure \
        --export-json "$work/times.json" "$* >$work/out 2>/dev/null" >/dev/null
    /usr/bin/time -o "$work/memory" -f %M sh -c "$* >$work/out 2>/dev/null" || true
    local median user kilobytes
    median=$(awk -F'[:,]' '/"median"/ { print $2; exit }' "$work/times.json")
    user=$(awk -F'[:,]' '/"user"/ { print $2; exit }' "$work/times.json")
    kilobytes=$(tail -n 1 "$work/memory")
    awk -v name="$name" -v size="$size" -v s="$median" -v u="$user" -v k="$kilobytes" 'BEGIN {
        printf "| %s | %.0f | %.2f | %.2f | %.0f | %.0f |\n", name, size / 1e6, s, u, size / 1e6 / s, k / 1024 }'
}
size() { wc -c <"$logs/$1"; }
# A fast wrong answer is no result: tells of peers that count otherwise.
check() { # NAME OURS THEIRS
    [ "$2" = "$3" ] || say "counts differ: $1 read $3 entries of $2"
}

echo "| what | MB | s | s of processor | MB/s | peak MB |"
echo "|---|---|---|---|---|---|"
measure "recon: files to draft, eight formats" "$bytes" "$recon" "$logs" --window auto --no-progress
measure "recon: the same, one thread" "$bytes" "$recon" "$logs" --window auto --no-progress -j 1
measure "recon: JSON lines to draft" "$(size pricing.jsonl)" "$recon" "$logs/pricing.jsonl" --window auto --no-progress
measure "recon: access log to draft" "$(size edge/access.log)" "$recon" "$logs/edge/access.log" --window auto --no-progress
measure "wc -l (lines counted)" "$bytes" "find $logs -type f -exec cat {} + | wc -l"
if have rg; then
    measure "rg, sort, uniq (errors by minute, JSON)" "$(size pricing.jsonl)" \
        "rg -No '\"time\":\"(.{16}).*\"level\":\"error\"' -r '\$1' $logs/pricing.jsonl | sort | uniq -c"
fi
if have goaccess; then
    measure "goaccess (access log to JSON report)" "$(size edge/access.log)" \
        "goaccess $logs/edge/access.log --log-format=COMBINED -o $work/goaccess.json --no-progress"
    check goaccess "$(entries edge/access.log)" \
        "$(grep -o '"valid_requests": *[0-9]*' "$work/goaccess.json" | head -n 1 | grep -o '[0-9]*$')"
fi
if have lnav; then
    measure "lnav (access log, requests counted by status)" "$(size edge/access.log)" \
        "lnav -n -c ';SELECT sc_status, count(*) FROM access_log GROUP BY 1' $logs/edge/access.log"
    check lnav "$(entries edge/access.log)" "$(awk '$2 ~ /^[0-9]+$/ { n += $2 } END { print n }' "$work/out")"
fi
if have agrind; then
    measure "agrind (JSON, entries by level)" "$(size pricing.jsonl)" \
        "agrind -f $logs/pricing.jsonl '* | json | count by level'"
fi
if have kelora; then
    measure "kelora (JSON, levels by minute)" "$(size pricing.jsonl)" \
        "kelora -j --span 1m --span-summary --freq level $logs/pricing.jsonl"
fi
if have hl; then
    measure "hl (JSON, errors)" "$(size pricing.jsonl)" "hl -P --level error $logs/pricing.jsonl"
fi
if have s4; then
    measure "s4 (five files merged by time)" "$bytes" "s4 --color never -t +00:00 $logs"
fi
