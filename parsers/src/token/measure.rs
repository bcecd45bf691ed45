//! Names of durations, and what they are measured in.

use super::duration::Unit;
use super::role::Role;

/// `duration_ms`, `latencyNs`, `elapsed`, `request_time` …: a word for duration, and perhaps its unit.
pub(super) fn latency(name: &[u8]) -> Option<(Role, u8)> {
    // The longer of two names that begin alike comes first.
    const BASES: &[(&[u8], Unit)] = &[
        (b"upstreamresponsetime", Unit::Seconds),
        (b"requestduration", Unit::Unsaid),
        (b"requestlatency", Unit::Unsaid),
        (b"requesttime", Unit::Seconds),
        (b"responseduration", Unit::Unsaid),
        (b"responsetime", Unit::Millis),
        // Cloudflare's: what its edge saw, and what the origin took.
        (b"edgetimetofirstbyte", Unit::Millis),
        (b"originresponseduration", Unit::Millis),
        (b"originresponsetime", Unit::Nanos),
        // Amazon API Gateway's.
        (b"responselatency", Unit::Millis),
        (b"integrationlatency", Unit::Millis),
        (b"elapsedtime", Unit::Unsaid),
        (b"elapsed", Unit::Unsaid),
        (b"duration", Unit::Unsaid),
        (b"latency", Unit::Unsaid),
        (b"timetaken", Unit::Unsaid),
        (b"totaltime", Unit::Unsaid),
        (b"took", Unit::Millis),
        (b"rtt", Unit::Millis),
        (b"rt", Unit::Seconds),
    ];
    let (base, usual) = BASES.iter().find(|(base, _)| name.starts_with(base))?;
    let unit = match name.get(base.len()..)? {
        b"" => *usual,
        b"ms" | b"millis" | b"msec" | b"msecs" | b"milliseconds" | b"inms" | b"inmillis" => {
            Unit::Millis
        }
        b"s" | b"sec" | b"secs" | b"seconds" | b"inseconds" => Unit::Seconds,
        b"us" | b"micros" | b"usec" | b"microseconds" => Unit::Micros,
        b"ns" | b"nanos" | b"nsec" | b"nanoseconds" => Unit::Nanos,
        _ => return None,
    };
    let rank = match *base {
        b"upstreamresponsetime" | b"integrationlatency" | b"originresponsetime" => 3,
        b"originresponseduration" => 1,
        b"rt" | b"rtt" | b"took" | b"totaltime" => 2,
        _ => 0,
    };
    Some((Role::Latency(unit), rank))
}
