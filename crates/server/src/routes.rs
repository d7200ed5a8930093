//! The one table of routes: what each is called, what it takes, and what answers it.

use std::time::Duration;

use axum::http::Method;

use crate::access::Need;
use crate::approvals::{self, Approving, Verdict};
use crate::asked::Asked;
use crate::console::{self, Writing};
use crate::health;
use crate::jobs::{self, Asking};
use crate::limits::Limits;
use crate::microsoft::{self, MicrosoftCommand, MicrosoftQuestion};
use crate::problem::Problem;
use crate::proofs;
use crate::questions::everyone::{self, BroadQuestion};
use crate::questions::{self, Question, periods};
use crate::reply::{BYTES, CLOUD_EVENTS, JSON, JSON_LINES, METRICS, Reply, TEXT};
use crate::shared::Shared;

/// A route.
pub(crate) struct Route {
    /// The method; a route that takes GET takes HEAD too.
    pub(crate) method: Verb,
    /// The path, with parameters in braces.
    pub(crate) path: &'static str,
    /// The name of the operation.
    pub(crate) name: &'static str,
    /// What it does, for people.
    pub(crate) says: &'static str,
    /// The media type of its answer.
    pub(crate) media: &'static str,
    /// What it needs of whoever asks.
    pub(crate) needs: Need,
    /// What answers it.
    pub(crate) run: Run,
    /// Its parameters, apart from those of every question.
    pub(crate) own: &'static [Parameter],
}

/// A method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Reads.
    Get,
    /// Submits.
    Post,
    /// Changes.
    Patch,
    /// Takes away.
    Delete,
}

impl Verb {
    /// The method's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The methods that a route of it takes, as a header says them.
    pub(crate) const fn allowed(self) -> &'static str {
        match self {
            Self::Get => "GET, HEAD",
            Self::Post | Self::Patch | Self::Delete => self.name(),
        }
    }

    /// Whether a route of it takes a method.
    pub(crate) fn takes(self, method: &Method) -> bool {
        match self {
            Self::Get => method == Method::GET || method == Method::HEAD,
            Self::Post | Self::Patch | Self::Delete => method.as_str() == self.name(),
        }
    }
}

/// What answers a route.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// What the server knows without reading anything.
    Memory(fn(&Shared) -> Result<Reply, Problem>),
    /// How the ledger is, for which something is read.
    State(fn(&Shared) -> Result<Reply, Problem>),
    /// A question about a customer.
    Question(Question),
    /// A question over all customers.
    Broad(BroadQuestion),
    /// A question that is asked and answered in Microsoft's shapes.
    Microsoft(MicrosoftQuestion),
    /// A command that is sent and answered in Microsoft's shapes.
    MicrosoftCommand(MicrosoftCommand),
    /// Entries as events, from a cursor on.
    Feed,
    /// The bytes of entries, which leave with an entry of their own.
    Entries(fn(&Shared, &Asked) -> Result<Reply, Problem>),
    /// Hashes of the log.
    Hashes(fn(&Shared, &Asked) -> Result<Reply, Problem>),
    /// Jobs.
    Job(Asking),
    /// What takes two persons.
    Approval(Approving),
    /// A page for a browser, whose problems are pages too.
    Page(Writing),
    /// One command.
    Command,
    /// Many commands.
    Batch,
}

/// A parameter.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// Where it stands.
    pub(crate) place: Place,
    /// What it looks like.
    pub(crate) shape: Shape,
    /// What it means, for people.
    pub(crate) says: &'static str,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path; it is needed.
    Path,
    /// In the query, and needed.
    Needed,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// What a parameter looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Text that its description explains.
    Text,
    /// A GUID.
    Guid,
    /// A day or an instant.
    Instant,
    /// A number from 0.
    Number,
    /// A number of rows, from 1 to the most that one page has.
    Limit,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Words(&'static [&'static str]),
}

impl Route {
    /// The path as others write it: a parameter that takes several parts has no mark there.
    pub(crate) fn template(&self) -> String {
        self.path.replace("{*", "{")
    }

    /// Every parameter.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        let of_questions: &'static [Parameter] = match self.run {
            Run::Question(_) => QUESTION,
            Run::Broad(_) => BROAD,
            Run::Microsoft(_) => microsoft::ASKED,
            Run::MicrosoftCommand(_) => microsoft::SENT,
            Run::Memory(_)
            | Run::State(_)
            | Run::Feed
            | Run::Entries(_)
            | Run::Hashes(_)
            | Run::Job(_)
            | Run::Approval(_)
            | Run::Page(_)
            | Run::Command
            | Run::Batch => &[],
        };
        self.own.iter().chain(of_questions)
    }

    /// How long a request of it may take.
    pub(crate) fn time(&self, limits: &Limits) -> Duration {
        if matches!(self.run, Run::Job(Asking::Import)) { limits.upload_time } else { limits.request_time }
    }

    /// The media type of its body, where it takes one.
    pub(crate) fn takes(&self) -> Option<&'static str> {
        match self.run {
            Run::Command
            | Run::Job(Asking::Order)
            | Run::Approval(Approving::Ask | Approving::Answer(Verdict::Refused | Verdict::Withdrawn)) => Some(JSON),
            Run::Job(Asking::Import) => Some(BYTES),
            Run::MicrosoftCommand(_) => (self.method != Verb::Delete).then_some(JSON),
            Run::Batch => Some(JSON_LINES),
            Run::Memory(_)
            | Run::State(_)
            | Run::Question(_)
            | Run::Broad(_)
            | Run::Microsoft(_)
            | Run::Feed
            | Run::Entries(_)
            | Run::Hashes(_)
            | Run::Job(_)
            | Run::Approval(_)
            | Run::Page(_) => None,
        }
    }
}

/// A parameter of a route.
pub(crate) const fn parameter(place: Place, name: &'static str, shape: Shape, says: &'static str) -> Parameter {
    Parameter { name, place, shape, says }
}

/// A parameter in the query.
pub(crate) const fn query(name: &'static str, shape: Shape, says: &'static str) -> Parameter {
    parameter(Place::Query, name, shape, says)
}

const AS_OF: Parameter =
    query("as_of", Shape::Instant, "The instant in the world asked about; without it, the present.");
const KNOWN_AT: Parameter =
    query("known_at", Shape::Text, "An instant, a position, or `@` and a tree size: what was known then counts.");
const MIN_POSITION: Parameter =
    query("min_position", Shape::Number, "Wait until the log holds this entry, such as that of a receipt.");
const IF_NONE_MATCH: Parameter =
    parameter(Place::Header, "If-None-Match", Shape::Text, "The ETag of an answer that is here already.");

const QUESTION: &[Parameter] = &[
    parameter(Place::Path, "customer", Shape::Guid, "The customer's tenant."),
    AS_OF,
    KNOWN_AT,
    MIN_POSITION,
    IF_NONE_MATCH,
];

const BROAD: &[Parameter] = &[
    query("after", Shape::Guid, "Only those after this one, in the order of their ids."),
    query("limit", Shape::Limit, "At most so many of them; `Link` leads to the next ones. Without it, all."),
    AS_OF,
    KNOWN_AT,
    MIN_POSITION,
    IF_NONE_MATCH,
];

const FROM: Parameter = query("from", Shape::Instant, "From this instant on.");
const TO: Parameter = query("to", Shape::Instant, "Before this instant.");
const CODE: Parameter = query("code", Shape::Text, "Only findings of this kind.");

const PARTNER: Parameter = query("partner", Shape::Guid, "Only what names this partner.");
const SUBSCRIPTION: Parameter = query("subscription", Shape::Guid, "Only what names this subscription.");
const RELATIONSHIP: Parameter = query("relationship", Shape::Text, "Only what names this granular relationship.");
const HISTORY: Parameter = query("history", Shape::Flag, "Every interval on both times instead.");

const fn get(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    media: &'static str,
    needs: Need,
    run: fn(&Shared) -> Result<Reply, Problem>,
) -> Route {
    Route { method: Verb::Get, path, name, says, media, needs, run: Run::State(run), own: &[] }
}

const fn question(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    own: &'static [Parameter],
    ask: Question,
) -> Route {
    Route { method: Verb::Get, path, name, says, media: JSON, needs: Need::Content, run: Run::Question(ask), own }
}

const fn broad(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    own: &'static [Parameter],
    ask: BroadQuestion,
) -> Route {
    Route { method: Verb::Get, path, name, says, media: JSON, needs: Need::AllContent, run: Run::Broad(ask), own }
}

/// Every route, those in Microsoft's shapes and those of the console after the others.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().chain(jobs::ROUTES).chain(approvals::ROUTES).chain(microsoft::ROUTES).chain(console::ROUTES)
}

static ROUTES: &[Route] = &[
    Route {
        method: Verb::Post,
        path: "/v1/commands",
        name: "submitCommand",
        says: "Have one command decided; the answer comes once it is durable.",
        media: JSON,
        needs: Need::Commands,
        run: Run::Command,
        own: &[
            parameter(Place::Header, "Idempotency-Key", Shape::Guid, "The command's id, also as `command_id`."),
            parameter(Place::Header, "If-Match", Shape::Text, "The version expected, or an answer's ETag."),
        ],
    },
    Route {
        method: Verb::Post,
        path: "/v1/commands:batch",
        name: "submitCommands",
        says: "Have many commands decided, one a line; a line answers each, in the same order.",
        media: JSON_LINES,
        needs: Need::Commands,
        run: Run::Batch,
        own: &[],
    },
    question(
        "/v1/customers/{customer}/resellers",
        "resellers",
        "Who the customer's resellers were.",
        &[HISTORY, query("gaps", Shape::Flag, "The stretches of time without any reseller instead.")],
        questions::resellers,
    ),
    question(
        "/v1/customers/{customer}/subscriptions",
        "subscriptions",
        "The customer's subscriptions: owner, status, terms, partners of record.",
        &[
            SUBSCRIPTION,
            query("history", Shape::Words(&["owner", "partner-of-record"]), "Every interval of this instead."),
        ],
        questions::subscriptions,
    ),
    question(
        "/v1/customers/{customer}/transfers",
        "transfers",
        "How the customer's subscriptions went from one partner to another.",
        &[SUBSCRIPTION],
        questions::transfers,
    ),
    question(
        "/v1/customers/{customer}/partners-of-record",
        "partnersOfRecord",
        "Who was partner of record of which subscription, by kind.",
        &[SUBSCRIPTION],
        questions::partners_of_record,
    ),
    question(
        "/v1/customers/{customer}/access",
        "access",
        "Who could administer the customer, and through what.",
        &[
            query("show", Shape::Words(&["users", "terminated", "history"]), "Instead of the partners at the instant."),
            query("mechanism", Shape::Words(&["dap", "gdap", "azure_role"]), "Only what rests on this mechanism."),
        ],
        questions::access,
    ),
    question(
        "/v1/customers/{customer}/gdap",
        "gdap",
        "Granular relationships: roles, status, until when, and their assignments.",
        &[PARTNER, RELATIONSHIP, HISTORY],
        questions::gdap,
    ),
    question(
        "/v1/customers/{customer}/timeline",
        "timeline",
        "What happened to the customer, in order, refusals included.",
        &[
            PARTNER,
            SUBSCRIPTION,
            RELATIONSHIP,
            query("from", Shape::Instant, "Only what became true from this instant on."),
            query("to", Shape::Instant, "Only what became true before this instant."),
            query("type", Shape::Text, "Only this event or command."),
            query("refusals", Shape::Flag, "Only refusals."),
        ],
        questions::timeline,
    ),
    question(
        "/v1/customers/{customer}/findings",
        "findings",
        "What an auditor should look at.",
        &[CODE],
        questions::findings,
    ),
    question(
        "/v1/customers/{customer}/coverage",
        "coverage",
        "Which sources cover which periods.",
        &[FROM, TO, query("facts", Shape::Flag, "For each fact, on how many sources it rests instead.")],
        periods::coverage,
    ),
    question(
        "/v1/customers/{customer}/billing",
        "billing",
        "Who is billed for which days of which subscription.",
        &[FROM, TO],
        periods::billing,
    ),
    question(
        "/v1/customers/{customer}/interference",
        "interference",
        "Whether any relationship event changed a subscription.",
        &[],
        periods::interference,
    ),
    question(
        "/v1/customers/{customer}/diff",
        "diff",
        "What differs between two instants or two states of knowledge.",
        &[
            query("from_as_of", Shape::Instant, "The first instant; without it, that of `as_of`."),
            query("to_as_of", Shape::Instant, "The second instant; without it, that of `as_of`."),
            query("from_known_at", Shape::Text, "What was known first; without it, what `known_at` says."),
            query("to_known_at", Shape::Text, "What was known second; without it, what `known_at` says."),
        ],
        periods::diff,
    ),
    question(
        "/v1/customers/{customer}/explain",
        "explain",
        "The entries that an answer follows from, with their evidence.",
        &[
            parameter(
                Place::Needed,
                "answer",
                Shape::Words(&["resellers", "subscriptions", "access", "gdap", "transfers"]),
                "Which answer.",
            ),
            PARTNER,
            SUBSCRIPTION,
            RELATIONSHIP,
        ],
        questions::explain,
    ),
    broad("/v1/customers", "customers", "The customers that the ledger knows.", &[], everyone::customers),
    broad("/v1/partners", "partners", "The partners that the ledger knows.", &[], everyone::partners),
    broad(
        "/v1/findings",
        "allFindings",
        "What an auditor should look at, of all customers.",
        &[CODE],
        everyone::findings,
    ),
    broad(
        "/v1/coverage",
        "allCoverage",
        "Which sources cover which periods, of all customers.",
        &[FROM, TO],
        everyone::coverage,
    ),
    Route {
        method: Verb::Get,
        path: "/v1/events",
        name: "follow",
        says: "What is recorded, as CloudEvents in order: a stream, or once there is something.",
        media: CLOUD_EVENTS,
        needs: Need::Content,
        run: Run::Feed,
        own: &[
            query("after", Shape::Text, "A position, or the id of an event: only what comes after it."),
            query("customer", Shape::Guid, "Only entries about this customer."),
            PARTNER,
            query("type", Shape::Text, "Only this event or command."),
            query("wait", Shape::Number, "For how many seconds something is waited for, where no stream is asked for."),
            parameter(Place::Header, "Accept", Shape::Text, "`text/event-stream` for a stream."),
            parameter(Place::Header, "Last-Event-ID", Shape::Text, "The last event that came; before `after`."),
        ],
    },
    Route {
        method: Verb::Get,
        path: "/v1/entries/{position}",
        name: "entry",
        says: "Where an entry stands in the tree, and the proof of it; not its bytes.",
        media: JSON,
        needs: Need::AnyRole,
        run: Run::Hashes(proofs::entry),
        own: &[
            parameter(Place::Path, "position", Shape::Number, "The position of the entry."),
            query("tree_size", Shape::Number, "The size of the tree; without it, the present one."),
        ],
    },
    Route {
        method: Verb::Get,
        path: "/tile/{level}/{*index}",
        name: "tile",
        says: "A tile of hashes, as `ofrecord export --tiles` writes it (C2SP tlog-tiles).",
        media: BYTES,
        needs: Need::AnyRole,
        run: Run::Hashes(proofs::tile),
        own: &[
            parameter(Place::Path, "level", Shape::Text, "The level."),
            parameter(Place::Path, "index", Shape::Text, "Its place at that level, such as `x001/234` or `000.p/5`."),
        ],
    },
    Route {
        method: Verb::Get,
        path: "/tile/entries/{*index}",
        name: "entryTile",
        says: "A tile of entries; none with an entry that was redacted (C2SP tlog-tiles).",
        media: BYTES,
        needs: Need::AllContent,
        run: Run::Entries(proofs::entries),
        own: &[parameter(Place::Path, "index", Shape::Text, "Its place, such as `x001/234` or `000.p/5`.")],
    },
    Route {
        method: Verb::Get,
        path: "/checkpoint",
        name: "checkpoint",
        says: "The size and the root of the log, signed (C2SP tlog-checkpoint).",
        media: TEXT,
        needs: Need::AnyRole,
        run: Run::Hashes(proofs::checkpoint),
        own: &[],
    },
    get("/v1/status", "status", "How the ledger is.", JSON, Need::Condition, health::ledger_status),
    Route {
        method: Verb::Get,
        path: "/healthz",
        name: "alive",
        says: "That the process answers.",
        media: TEXT,
        needs: Need::Nothing,
        run: Run::Memory(health::alive),
        own: &[],
    },
    get("/readyz", "ready", "That commands can be recorded; 503 where not.", TEXT, Need::Nothing, health::ready),
    get("/metrics", "metrics", "Numbers for Prometheus.", METRICS, Need::Condition, health::metrics),
    Route {
        method: Verb::Get,
        path: "/openapi.json",
        name: "description",
        says: "This description.",
        media: JSON,
        needs: Need::Nothing,
        run: Run::Memory(crate::description::answer),
        own: &[],
    },
];
