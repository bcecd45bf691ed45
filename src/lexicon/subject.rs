//! What a statement is about, in words that can be compared.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The thing that is suspected, ruled out, identified or repaired.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Its words as said, folded.
    text: String,
    /// The words that carry its meaning, each by its topic's name where it has
    /// one: "the Postgres connections" is {connection, database}.
    keys: BTreeSet<String>,
}

/// Words that begin something else: the subject ends before them.
#[rustfmt::skip]
const STOPS: &[&str] = &[
    "after", "although", "and", "as", "at", "because", "before", "but", "by", "causing", "due",
    "during", "for", "from", "he", "i", "if", "in", "is", "are", "it", "on", "or", "she", "since",
    "so", "that", "the", "then", "they", "this", "to", "was", "we", "were", "when", "where",
    "which", "while", "who", "with", "has", "have", "had", "did", "does", "not", "will", "would",
    "could", "should", "can", "again", "now", "here", "there", "today", "yesterday",
    "into", "led", "following", "using", "via", "than", "rather", "us", "even", "only", "yet", "sure",
    "you", "also", "responsible", "never",
];

/// What happened to the thing, behind its name; before it they describe it.
#[rustfmt::skip]
const FATES: &[&str] = &[
    "broke", "expired", "failed", "ran", "died", "crashed", "dropped", "flapped", "lost", "stopped", "filled",
];

/// Words that say nothing about which thing is meant.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "a", "an", "any", "the", "our", "my", "their", "its", "his", "her", "some", "that", "this",
    "these", "those", "possible", "potential", "likely", "suspected", "new", "old", "recent",
    "current", "bad", "wrong", "faulty", "broken", "stale", "full", "possibility", "kind", "sort",
    "problem", "issue", "error", "failure", "fault", "fail", "thing", "stuff", "related", "layer",
    "side", "system", "just", "really", "certain", "whole", "entire", "very", "increased", "high",
    "excessive", "of", "performance", "bottleneck", "case", "one", "be", "been", "being", "both",
    "all", "definitely", "probably", "actually", "maybe", "team", "service", "component", "cause",
    "root", "up", "out", "unexpected", "due", "caused", "attributed", "investigation",
    "assumption", "theory", "hypothesis", "possibly", "perhaps", "identified", "found", "known", "correct", "address", "same", "own", "again", "about",
    "so", "well", "it", "we", "i", "ok", "down",
    // How people speak of what they suspect.
    "might", "may", "could", "must", "bet", "betting", "guess", "guessing", "suspect", "suspicion", "something",
    "status", "volunteers", "lead", "handover",
    "aloud", "stupid", "saying", "question", "reason", "feeling", "funny", "no", "yes", "see", "look",
    // What one looks at is not what is to blame.
    "picture", "screenshot", "attached",
    "dashboard", "graph", "chart", "metrics",
    // What people say before they say something.
    "fwiw", "btw", "fyi", "tbh", "imo", "imho", "afaik", "iirc", "hm", "hmm", "eyes",
];

/// One topic under its many names. The first word is its name.
#[rustfmt::skip]
const TOPICS: &[&[&str]] = &[
    &["database", "db", "dbs", "postgres", "postgresql", "pg", "mysql", "mariadb", "mongo",
      "mongodb", "oracle", "sql", "rds", "aurora", "cassandra", "replica", "primary", "dynamodb",
      "dynamo", "query"],
    &["attack", "dos", "ddos", "ddosed", "denial-of-service", "attacker", "botnet", "bot",
      "bruteforce", "brute-force", "scraper", "crawler"],
    &["infrastructure", "infra", "server", "network", "networking", "load", "overload",
      "overloaded", "host", "hardware", "connectivity", "packet", "vm", "traffic", "firewall",
      "switch", "router", "bandwidth", "cpu", "machine", "kernel", "hypervisor"],
    &["auth", "authentication", "authorization", "authorisation", "sso", "oauth", "identity",
      "idp", "keycloak", "ldap"],
    &["login", "signin", "sign-in", "log-in", "logins", "logon", "password", "session"],
    &["config", "configuration", "misconfiguration", "misconfig", "misconfigured", "setting",
      "parameter", "configmap", "yaml", "conf"],
    &["deploy", "deployment", "release", "rollout", "rollouts", "version", "build", "update",
      "push"],
    &["code", "application", "app", "logic", "bug", "codebase", "commit", "regression", "patch"],
    &["cache", "redis", "memcached", "memcache", "elasticache", "varnish"],
    &["certificate", "cert", "tls", "ssl", "x509"],
    &["queue", "kafka", "rabbitmq", "rabbit", "sqs", "broker", "consumer", "nats", "pulsar"],
    &["storage", "disk", "volume", "filesystem", "s3", "nfs", "inode", "ebs", "bucket",
      "df", "iowait"],
    &["memory", "oom", "heap", "gc", "leak", "ram", "swap"],
    &["dns", "resolver", "route53", "nameserver", "coredns", "hostname"],
    &["loadbalancer", "loadbalancing", "lb", "elb", "alb", "nlb", "haproxy", "balancer",
      "balancing"],
    &["flag", "toggle", "experiment", "feature"],
    &["provider", "vendor", "third-party", "upstream", "aws", "gcp", "azure", "cloudflare",
      "stripe", "partner"],
    &["cdn", "fastly", "akamai", "edge", "cloudfront"],
    &["token", "jwt", "secret", "key", "credential", "keys"],
    &["migration", "schema", "ddl", "backfill"],
    &["cron", "cronjob", "batch", "job"],
];

/// Things of the trade that have one name each.
#[rustfmt::skip]
const TRADE: &[&str] = &[
    "api", "autoscaler", "backend", "certs", "change", "checkout", "ci", "clock", "cluster",
    "connection", "container", "cookie", "crash", "deadlock", "dependency", "endpoint",
    "extension", "file", "frontend", "gateway", "helm", "image", "index", "ingress", "instance",
    "integration", "k8s", "kernel", "kubernetes", "latency", "library", "limit", "limiter",
    "lock", "log", "logs", "loop", "manifest", "merge", "mesh", "middleware", "nginx", "apache",
    "node", "ntp", "permission", "php", "pipeline", "pod", "pool", "pr", "process", "proxy",
    "quota", "race", "rate", "ratelimit", "region", "retry", "retries", "route", "routing",
    "rule", "scheduler", "script", "search", "service", "shard", "sidecar", "socket", "space",
    "spike", "syntax", "terraform", "thread", "throttling", "timeout", "typo", "ulimit",
    "upgrade", "user", "validation", "webhook", "worker", "zone", "payment", "allowlist",
    "acl", "agent", "airflow", "akamai", "antivirus", "apigee", "argo", "arp", "artifact", "artefact", "autoscaling", "az", "backlog",
    "backpressure", "backup", "bandwidth", "bgp", "bigquery", "billing", "binary", "bios", "breaker", "cabling", "canary", "captcha",
    "cdns", "celery", "ceph", "cgroup", "chart", "clickhouse", "cni", "cockroach", "conntrack", "consul", "containerd", "contention",
    "cooling", "cors", "couchbase", "couchdb", "cpus", "crawler", "crawlers", "crd", "csrf", "daemon", "datacenter", "datacentre",
    "debug", "descriptor", "dhcp", "disks", "docker", "driver", "drift", "egress", "elastic", "elasticsearch", "encoding", "envoy", "esxi",
    "etcd", "etl", "eviction", "exporter", "failover", "fiber", "fibre", "firmware", "flannel", "flink", "fluentd", "garbage",
    "gluster", "golang", "grafana", "graphql", "grpc", "gunicorn", "hadoop", "handshake", "hazelcast", "header", "hikari", "hpa",
    "hypervisor", "iam", "iis", "indexer", "iops", "ip", "ips", "ipsec", "ipv6", "iptables", "isp", "istio", "jenkins", "jetty", "jitter", "journal",
    "jvm", "keepalive", "kerberos", "kibana", "kong", "kubelet", "lambda", "launchdarkly", "leader", "libc", "linkerd", "locale", "lookup",
    "logstash", "minio", "mobile", "mtls", "mtu", "mutex", "nat", "netty", "nic", "nodejs", "nomad", "oauth2", "okta", "openssl", "opensearch", "os",
    "outage", "packets", "partition", "paypal", "peering", "pgbouncer", "php-fpm", "plugin", "power", "prefork", "prometheus",
    "protobuf", "proxysql", "puma", "puppet", "python", "quorum", "rack", "raid", "raft", "rebalance", "rebalancing", "redirect",
    "redshift", "registry", "replication", "resolver", "restart", "rollback", "ruby", "runtime", "saml", "san", "sdk", "selinux", "sentry", "serverless",
    "shards", "sharding", "sidekiq", "smtp", "sms", "snapshot", "snowflake", "solr", "spark", "spot", "squid", "ssd", "sso", "stacktrace", "statsd",
    "subnet", "swap", "sync", "systemd", "tcp", "throttle", "thundering", "timezone", "tomcat", "topic", "traefik", "tunnel", "twilio", "udp",
    "unicode", "ups", "vacuum", "varnish", "vault", "virus", "vitess", "vlan", "vmware", "vpc", "vpn", "waf", "websocket", "wifi", "wireguard",
    "wsgi", "xfs", "zfs", "zipkin", "zookeeper", "pauses", "handles", "slots", "provisioning", "neighbours", "neighbors",
    "planner", "bytes", "neighbour", "neighbor", "buffer", "port", "path", "pointer", "environment", "variable",
];

static STOP_SET: LazyLock<BTreeSet<&str>> = LazyLock::new(|| STOPS.iter().copied().collect());
static EMPTY_SET: LazyLock<BTreeSet<&str>> = LazyLock::new(|| EMPTY.iter().copied().collect());

impl Subject {
    /// The subject that a free phrase names; nothing if it names none.
    pub fn new(phrase: &str) -> Option<Self> {
        let folded = super::fold::fold(phrase);
        Self::of(folded.split_whitespace())
    }

    /// The subject at the beginning of `words`, which stand behind a cue.
    pub(super) fn leading(words: &str) -> Option<Self> {
        let mut rest: Vec<&str> = words.split(' ').collect();
        while rest.first().is_some_and(|word| is_filler(word)) {
            rest.remove(0);
        }
        let mut words = Vec::new();
        for word in rest {
            let plain = bare(word);
            let fate = !words.is_empty() && FATES.contains(&plain);
            let joint = matches!(plain, "in" | "of" | "with") && !words.is_empty();
            let inside = plain == "the" && matches!(words.last(), Some(&("in" | "of" | "with")));
            if fate || (STOP_SET.contains(plain) && !joint && !inside) {
                break;
            }
            words.push(plain);
        }
        Self::of(words.into_iter())
    }

    /// The subject at the end of `words`, which stand before a cue.
    pub(super) fn trailing(words: &str) -> Option<Self> {
        // "The firewall change from Tuesday", "the network between the zones".
        let joins = |word: &str| {
            matches!(
                word,
                "the" | "in" | "of" | "from" | "on" | "between" | "for" | "at" | "with" | "to"
            )
        };
        // What the cue begins with may have gone to the name: "rides is | failing".
        let copula = |word: &&str| {
            matches!(
                *word,
                "is" | "are"
                    | "was"
                    | "were"
                    | "has"
                    | "have"
                    | "been"
                    | "had"
                    | "just"
                    | "also"
                    | "still"
                    | "now"
                    | "all"
                    | "it"
            )
        };
        // "Some crawler hammering us": what it does is part of its name here.
        let whole = words.trim_end();
        let words = whole
            .strip_suffix("ing us")
            .map_or(whole, |doing| whole.get(..doing.len() + 3).unwrap_or(whole));
        let tail: Vec<&str> = words
            .split(' ')
            .rev()
            .map(bare)
            .skip_while(copula)
            .take_while(|word| !STOP_SET.contains(word) || joins(word))
            .collect();
        Self::of(tail.into_iter().rev())
    }

    fn of<'a>(words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let words: Vec<&str> = words.map(bare).filter(|word| !word.is_empty()).collect();
        let text = words.join(" ");
        let keys = keys(&text);
        (!keys.is_empty()).then_some(Self { text, keys })
    }

    /// The subject that its first words alone name.
    pub(super) fn head(&self, words: usize) -> Option<Self> {
        Self::of(self.text.split(' ').take(words))
    }

    /// Whether it is no more than the name of a thing: "the new rate limits", not "do logins work".
    pub(super) fn is_bare(&self) -> bool {
        const TALK: &[&str] = &[
            "any",
            "anything",
            "what",
            "how",
            "who",
            "when",
            "where",
            "why",
            "do",
            "does",
            "did",
            "is",
            "are",
            "was",
            "can",
            "could",
            "should",
            "shall",
            "will",
            "would",
            "has",
            "have",
            "which",
            "update",
            "updates",
            "eta",
            "news",
            "status",
            "slow",
            "down",
            "broken",
            "borked",
            "failing",
            "dead",
            "done",
            "review",
            "more",
            "rollback",
            "revert",
            "restart",
            "failover",
            "still",
            "need",
            "want",
            "see",
            "get",
            "check",
            "anyone",
            "somebody",
            "anybody",
            "someone",
            "everybody",
            "everyone",
            "else",
            "others",
            "seeing",
            "known",
        ];
        let words: Vec<&str> = self.text.split(' ').collect();
        words.len() <= 6 && !words.iter().any(|w| TALK.contains(w))
    }

    /// Its words as said, folded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words that carry its meaning, in alphabetical order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    /// Whether it is a thing of the trade rather than of life: a known topic, or
    /// a name that only machines have, like `auth-svc` or `db2`.
    pub(crate) fn is_technical(&self) -> bool {
        self.keys.iter().any(|key| {
            topic(key).is_some()
                || TRADE.contains(&key.as_str())
                || (key.len() > 2 && key.contains(['-', '_', '/']) && !key.starts_with('@'))
        }) || self
            .text
            .split(' ')
            .any(|word| TRADE.contains(&word) || TRADE.contains(&stem(word)))
    }
}

/// Whether two subjects are one thing: one has all the meaning words of the
/// other, or they share half of them.
pub fn same(a: &Subject, b: &Subject) -> bool {
    let shared = a.keys.intersection(&b.keys).count();
    let all = a.keys.union(&b.keys).count();
    shared > 0 && (shared == a.keys.len().min(b.keys.len()) || shared * 2 >= all)
}

fn is_filler(word: &str) -> bool {
    matches!(
        bare(word),
        "the"
            | "correct"
            | "address"
            | "fix"
            | "resolve"
            | "a"
            | "an"
            | "it"
            | "is"
            | "was"
            | "that"
            | "to"
            | "be"
            | "in"
            | "with"
            | "on"
            | "for"
            | "by"
            | "due"
            | "because"
            | "of"
            | "there"
            | "we"
            | "this"
            | "regarding"
            | "concerning"
            | "whether"
            | "if"
    )
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@')
}

/// The meaning words of a phrase. Two words that name one thing are joined first.
pub(super) fn keys(text: &str) -> BTreeSet<String> {
    let text = text
        .replace("load balanc", "loadbalanc")
        .replace("denial of service", "dos")
        .replace("third party", "third-party")
        .replace("log in", "login")
        .replace("logging in", "login")
        .replace("sign in", "login")
        .replace("signing in", "login")
        .replace("feature flag", "flag")
        .replace("rate limit", "ratelimit");
    let mut keys = BTreeSet::new();
    for word in text.split(' ') {
        let word = bare(word.trim_end_matches("'s"));
        let single = stem(word);
        if word.is_empty()
            || [word, single]
                .iter()
                .any(|w| EMPTY_SET.contains(w) || STOP_SET.contains(w))
        {
            continue;
        }
        keys.insert(
            topic(word)
                .or_else(|| topic(single))
                .unwrap_or(single)
                .to_owned(),
        );
    }
    keys
}

/// The name of the topic that `word` belongs to.
fn topic(word: &str) -> Option<&'static str> {
    let names = TOPICS.iter().find(|names| names.contains(&word))?;
    names.first().copied()
}

/// A plural by its singular. No more: names must stay apart.
fn stem(word: &str) -> &str {
    if word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
    {
        word.get(..word.len() - 1).unwrap_or(word)
    } else {
        word
    }
}
