//! What the names in structured logs mean: `ts`, `@timestamp` and `eventTime` are when,
//! `requestId` and `x-request-id` are the same thing.

use super::duration::Unit;
use super::measure::latency;
use super::memo::Memo;
use super::whose;
use std::cell::RefCell;

/// What a named value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// When it happened.
    Time,
    /// Severity.
    Level,
    /// What it says.
    Message,
    /// The program or service.
    Service,
    /// The service behind a proxy that a request was passed on to.
    Backend,
    /// The machine, pod or container.
    Host,
    /// Whom it is about.
    User,
    /// An id that the entries of one request share.
    RequestId,
    /// A session id.
    Session,
    /// Where the request came from.
    Client,
    /// Status code.
    Status,
    /// Request method.
    Method,
    /// Request path or URL.
    Path,
    /// Request line: method, path and protocol in one.
    Request,
    /// How long it took.
    Latency(Unit),
    /// Logger, class or module.
    Logger,
    /// Error class, or what there is of one.
    Error,
}

/// Role and rank of a value called `name`, a dotted path where it is nested. Of two values
/// with one role the one of lower rank has it.
#[must_use]
pub fn role(name: &str) -> Option<(Role, u8)> {
    thread_local!(static MEMO: RefCell<Memo> = const { RefCell::new(Memo::new()) });
    MEMO.with_borrow_mut(|memo| memo.role(name, look_up))
}

fn look_up(name: &str) -> Option<(Role, u8)> {
    if name == "_UID" {
        return None; // the account a daemon runs under, says journald
    }
    match name {
        // What Datadog measures is in nanoseconds.
        "@duration" => return Some((Role::Latency(Unit::Nanos), 0)),
        // Serilog's middleware logs milliseconds, with and without an enclosing `Properties`.
        "Elapsed" | "Properties.Elapsed" => return Some((Role::Latency(Unit::Millis), 0)),
        // Kong tells how long a request took as a whole, in it itself and behind it, and whose key was used.
        "latencies.request" => return Some((Role::Latency(Unit::Millis), 0)),
        "latencies.proxy" => return Some((Role::Latency(Unit::Millis), 3)),
        "consumer.username" => return Some((Role::User, 2)),
        _ => {}
    }
    let mut folded = Folded::new(name)?;
    if let Some(found) = known(folded.bytes()) {
        return Some(found);
    }
    // `attributes.user_id` is `user_id` a little less surely.
    if let Some(bare) = typed(name) {
        return look_up(bare).map(|(role, rank)| (role, rank + 2));
    }
    for depth in 1..=3 {
        let envelope = folded.unwrap()?;
        if let Some((role, rank)) = known(folded.bytes()) {
            // The host of a request is not that of the program, and the type or reason of
            // something enclosed is not what the entry says.
            let stranger = match role {
                Role::Message => envelope == Envelope::Request || rank > 2,
                Role::Host | Role::Level | Role::Service => envelope == Envelope::Request,
                // A pod's namespace is no package.
                Role::Logger => name.starts_with("kubernetes") || name.starts_with("k8s"),
                _ => false,
            };
            return (!stranger).then_some((role, rank + depth));
        }
    }
    None
}

/// Log Analytics marks the columns of its table of all resources by their type: `httpStatus_d`, `clientIP_s`. Other
/// names that end so are no camels.
fn typed(name: &str) -> Option<&str> {
    let bare = ["_s", "_d", "_g"]
        .iter()
        .find_map(|t| name.strip_suffix(t))?;
    let hump = bare.bytes().skip(1).any(|b| b.is_ascii_uppercase());
    (hump && bare.starts_with(|c: char| c.is_ascii_lowercase())).then_some(bare)
}

/// A name in lower case without its separators, so that `requestId`, `request_id` and
/// `request.id` are one. Dots are remembered: they bound what encloses.
struct Folded {
    letters: [u8; Self::LEN],
    dots: [bool; Self::LEN],
    from: usize,
    to: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Envelope {
    Request,
    Other,
}

impl Folded {
    /// Longer names mean nothing that we know.
    const LEN: usize = 56;

    fn new(name: &str) -> Option<Self> {
        let mut folded = Self {
            letters: [0; Self::LEN],
            dots: [false; Self::LEN],
            from: 0,
            to: 0,
        };
        for byte in name.bytes() {
            match byte {
                b'_' | b'-' | b' ' | b'/' | b'@' | b':' | b'(' | b')' => {}
                b'.' => *folded.dots.get_mut(folded.to)? = true,
                _ => {
                    *folded.letters.get_mut(folded.to)? = byte.to_ascii_lowercase();
                    folded.to += 1;
                }
            }
        }
        Some(folded)
    }

    fn bytes(&self) -> &[u8] {
        self.letters.get(self.from..self.to).unwrap_or_default()
    }

    /// Leaves the outermost part of the name behind, if that only encloses.
    fn unwrap(&mut self) -> Option<Envelope> {
        let inner = (self.from + 1..self.to).find(|n| self.dots.get(*n) == Some(&true))?;
        let kind = match self.letters.get(self.from..inner)? {
            b"request" | b"req" | b"http" | b"httprequest" | b"response" | b"res" | b"resp"
            | b"headers" | b"url" => Envelope::Request,
            b"fields" | b"labels" | b"attributes" | b"attrs" | b"attr" | b"context" | b"ctx"
            | b"data" | b"properties" | b"extra" | b"jsonpayload" | b"payload" | b"event"
            | b"log" | b"kubernetes" | b"k8s" | b"docker" | b"resource" | b"metadata" | b"meta"
            | b"mdc" | b"contextmap" | b"record" | b"params" | b"tags" | b"details" | b"info"
            | b"body" | b"span" | b"host" | b"agent" | b"cloud" | b"systemd" | b"protopayload" => {
                Envelope::Other
            }
            _ => return None,
        };
        self.from = inner;
        Some(kind)
    }
}

fn known(name: &[u8]) -> Option<(Role, u8)> {
    program(name)
        .or_else(|| request(name))
        .or_else(|| behind(name))
        .or_else(|| latency(name))
        .or_else(|| whose::rank(name).map(|rank| (Role::User, rank)))
        .or_else(|| vague_time(name))
}

/// What every entry has: when, how bad, what, who says it.
fn program(name: &[u8]) -> Option<(Role, u8)> {
    Some(match name {
        b"timestamp" | b"ts" | b"time" | b"datetime" | b"realtimetimestamp" | b"t$date" => {
            (Role::Time, 0)
        }
        b"requesttimeepoch" => (Role::Time, 1),
        b"eventtime" | b"timegenerated" | b"t" | b"date" | b"asctime" | b"logtime"
        | b"logtimestamp" | b"timeunixnano" | b"timemillis" | b"timestampms" | b"timems"
        | b"epochms" | b"eventtimestamp" | b"ecstimestamp" => (Role::Time, 2),
        b"starttime"
        | b"startutc"
        | b"calendartime"
        | b"stagetimestamp"
        | b"timelocal"
        | b"timeiso8601"
        | b"edgestarttimestamp" => (Role::Time, 3),
        b"unixtime"
        | b"epoch"
        | b"msec"
        | b"instantepochsecond"
        | b"created"
        | b"occurredat"
        | b"when" => (Role::Time, 4),
        b"severitylevel" => (Role::Level, 1),
        b"level" | b"severity" | b"lvl" | b"loglevel" | b"levelname" | b"severitytext"
        | b"priority" | b"logseverity" => (Role::Level, 0),
        b"l" | b"severitynumber" | b"levelno" | b"syslogseverity" | b"prio" | b"sev" => {
            (Role::Level, 2)
        }
        b"s" | b"tags" => (Role::Level, 8),
        b"message" | b"msg" | b"shortmessage" | b"textpayload" | b"logmessage" | b"raw" => {
            (Role::Message, 0)
        }
        b"m" | b"mt" | b"body" | b"text" | b"log" | b"bodystringvalue" | b"messagetemplate" => {
            (Role::Message, 1)
        }
        b"event" | b"eventmessage" | b"fullmessage" => (Role::Message, 2),
        b"content" | b"resultdescription" | b"description" | b"summary" | b"errormessage"
        | b"outermessage" | b"innermostmessage" | b"errmessage" | b"errormsg" | b"errmsg"
        | b"exceptionmessage" => (Role::Message, 4),
        b"title" | b"reason" | b"detail" | b"eventname" | b"operationname" => (Role::Message, 6),
        b"action" | b"operation" | b"type" | b"eventtype" => (Role::Message, 8),
        b"servicename"
        | b"service"
        | b"svc"
        | b"ddservice"
        | b"appservice"
        | b"approlename"
        | b"cloudrolename"
        | b"servicecontextservice" => (Role::Service, 0),
        b"app"
        | b"application"
        | b"appname"
        | b"applicationname"
        | b"microservice"
        | b"labelsapp"
        | b"labelsservice"
        | b"labelsappkubernetesioname"
        | b"springapplicationname" => (Role::Service, 1),
        b"syslogidentifier" | b"program" | b"appid" | b"job" => (Role::Service, 3),
        b"containername" | b"container" | b"resourcelabelscontainername" => (Role::Service, 4),
        b"systemdunit" | b"unit" | b"comm" | b"processname" | b"tag" => (Role::Service, 5),
        b"host" | b"hostname" | b"nodename" | b"servername" | b"machinename" | b"machine" => {
            (Role::Host, 0)
        }
        b"approleinstance" | b"cloudroleinstance" => (Role::Host, 1),
        b"pod" | b"podname" | b"hostidentifier" | b"instance" | b"instanceid" | b"computer" => {
            (Role::Host, 1)
        }
        b"node" | b"server" | b"containerid" => (Role::Host, 3),
        b"logger" | b"loggername" | b"module" | b"class" | b"classname" | b"category"
        | b"sourcecontext" | b"target" | b"namespacename" => (Role::Logger, 0),
        // A part of a program, which may be called after a class.
        b"component" => (Role::Logger, 1),
        b"name" | b"caller" | b"c" => (Role::Logger, 3),
        b"errortype"
        | b"exceptionclass"
        | b"exceptiontype"
        | b"errorclass"
        | b"exctype"
        | b"errname"
        | b"errorname"
        | b"exceptionname"
        | b"errtype"
        | b"errorkind"
        | b"exceptionexceptionclass"
        | b"throwablename"
        | b"thrownname"
        | b"throwableclass"
        | b"errorcode" => (Role::Error, 0),
        b"error" | b"err" | b"exception" | b"throwable" | b"thrown" => (Role::Error, 2),
        b"stacktrace"
        | b"excinfo"
        | b"exceptionstacktrace"
        | b"errorstacktrace"
        | b"errorstack"
        | b"errstack"
        | b"stack"
        | b"x" => (Role::Error, 4),
        _ => return None,
    })
}

/// What entries about a request have.
fn request(name: &[u8]) -> Option<(Role, u8)> {
    Some(match name {
        b"userid" | b"user" | b"usrid" | b"enduserid" | b"uid" => (Role::User, 0),
        b"username"
        | b"usrname"
        | b"remoteuser"
        | b"accountid"
        | b"customerid"
        | b"memberid"
        | b"clientusername"
        | b"useridentityusername" => (Role::User, 1),
        b"useremail"
        | b"usremail"
        | b"email"
        | b"login"
        | b"account"
        | b"customer"
        | b"principal"
        | b"principalemail"
        | b"authenticationinfoprincipalemail" => (Role::User, 3),
        b"requestid" | b"reqid" | b"xrequestid" | b"rid" | b"rayid" => (Role::RequestId, 0),
        // Traefik's name for a request's header that it was told to keep.
        b"requestxrequestid" | b"downstreamxrequestid" => (Role::RequestId, 0),
        b"correlationid" | b"xcorrelationid" | b"transactionid" => (Role::RequestId, 1),
        b"traceid"
        | b"ddtraceid"
        | b"trace"
        | b"oteltraceid"
        | b"xb3traceid"
        | b"logginggoogleapiscomtrace"
        | b"traceparent" => (Role::RequestId, 2),
        b"operationid" => (Role::RequestId, 3),
        b"session" | b"sessionid" | b"sid" => (Role::Session, 0),
        b"clientip" | b"remoteaddr" | b"remoteip" | b"remoteaddress" | b"clientaddr"
        | b"clientaddress" | b"clienthost" | b"srcip" | b"sourceip" | b"sourceipaddress"
        | b"ipaddress" | b"calleripaddress" | b"callerip" | b"xforwardedfor" | b"realip"
        | b"ip" | b"cip" => (Role::Client, 0),
        b"client"
        | b"remotehost"
        | b"peer"
        | b"peeraddress"
        | b"downstreamremoteaddress"
        | b"remote" => (Role::Client, 1),
        b"statuscode"
        | b"httpstatus"
        | b"httpstatuscode"
        | b"responsecode"
        | b"respstatus"
        | b"downstreamstatus"
        | b"responsestatus"
        | b"responsestatuscode" => (Role::Status, 0),
        b"status" | b"originstatus" | b"edgeresponsestatus" | b"scstatus" => (Role::Status, 1),
        b"resultcode" => (Role::Status, 3),
        b"code" => (Role::Status, 4),
        b"method"
        | b"httpmethod"
        | b"requestmethod"
        | b"verb"
        | b"csmethod"
        | b"clientrequestmethod" => (Role::Method, 0),
        b"path" | b"uri" | b"requesturi" | b"requestpath" | b"urlpath" | b"httppath"
        | b"httptarget" | b"csuristem" | b"clientrequestpath" => (Role::Path, 0),
        b"url" | b"requesturl" | b"httpurl" | b"originalurl" | b"urloriginal" | b"urlfull"
        | b"clientrequesturi" => (Role::Path, 1),
        b"route" | b"httproute" | b"endpoint" | b"resourcepath" => (Role::Path, 2),
        b"request" | b"requestline" | b"httprequest" => (Role::Request, 0),
        b"routekey" => (Role::Request, 2),
        _ => return None,
    })
}

/// Who served what a proxy tells of.
fn behind(name: &[u8]) -> Option<(Role, u8)> {
    const NAMES: [&[u8]; 12] = [
        b"backend",
        b"backendname",
        b"backendservice",
        b"backendservicename",
        b"backendpoolname",
        b"upstream",
        b"upstreamname",
        b"upstreamservice",
        b"upstreamcluster",
        b"targetservice",
        b"destinationservice",
        b"integration",
    ];
    NAMES.contains(&name).then_some((Role::Backend, 0))
}

/// Names that sound like a time: better than none.
fn vague_time(name: &[u8]) -> Option<(Role, u8)> {
    let sounds = [&b"timestamp"[..], b"datetime", b"time", b"date"]
        .iter()
        .any(|end| name.ends_with(end));
    (sounds
        || matches!(
            name,
            b"createdat" | b"updatedat" | b"startedat" | b"receivedat"
        ))
    .then_some((Role::Time, 9))
}

#[cfg(test)]
mod tests {
    use super::{Role, Unit, role};

    #[test]
    fn products_measure_in_units_of_their_own() {
        let unit = |name| role(name).map(|r| r.0);
        assert_eq!(unit("@duration"), Some(Role::Latency(Unit::Nanos)));
        assert_eq!(unit("Elapsed"), Some(Role::Latency(Unit::Millis)));
        assert_eq!(unit("rtt_ms"), Some(Role::Latency(Unit::Millis)));
        assert_eq!(unit("elapsed"), Some(Role::Latency(Unit::Unsaid)));
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        for name in [
            "request_id",
            "requestId",
            "RequestID",
            "request.id",
            "X-Request-Id",
            "request_X-Request-Id",
        ] {
            assert_eq!(role(name).map(|r| r.0), Some(Role::RequestId), "{name}");
        }
        for name in [
            "@timestamp",
            "ts",
            "eventTime",
            "t.$date",
            "__REALTIME_TIMESTAMP",
            "@t",
        ] {
            assert_eq!(role(name).map(|r| r.0), Some(Role::Time), "{name}");
        }
        assert_eq!(role("log.level"), Some((Role::Level, 0)));
        assert_eq!(
            role("http.response.status_code").map(|r| r.0),
            Some(Role::Status)
        );
        assert_eq!(
            role("kubernetes.labels.app").map(|r| r.0),
            Some(Role::Service)
        );
        assert_eq!(role("httpStatus_d").map(|r| r.0), Some(Role::Status));
        assert_eq!(role("clientIP_s").map(|r| r.0), Some(Role::Client));
        assert_eq!(role("status_s"), None, "no camel");
        assert_eq!(role("whatever"), None);
        assert_eq!(role("whatever"), None, "remembered");
        assert_eq!(role(""), None);
        assert_eq!(role(&"x".repeat(100)), None);
    }

    #[test]
    fn what_a_request_says_of_itself_is_not_said_of_the_program() {
        assert_eq!(role("request.host"), None);
        assert_eq!(role("req.headers.host"), None);
        assert_eq!(role("req.method").map(|r| r.0), Some(Role::Method));
    }
}
