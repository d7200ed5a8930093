//! The description of the routes: as OpenAPI 3.1 for programs, and as lines of a table for the page of reference.

mod approvals;

use std::collections::BTreeMap;

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ComponentsBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder};

use crate::access::Need;
use crate::approvals::{Approving, Verdict};
use crate::jobs::{Asking, ZIP};
use crate::microsoft;
use crate::problem::Problem;
use crate::questions::everyone::LIMIT_MAX;
use crate::reply::{JSON, PROBLEM, Reply};
use crate::routes::{Parameter, Place, Route, Run, Shape, Verb, routes};
use crate::shared::Shared;

/// Sends the description.
pub(crate) fn answer(_: &Shared) -> Result<Reply, Problem> {
    Ok(Reply::json(&openapi())?.of_media(JSON))
}

/// The description of every route, made of the table of routes.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut items: BTreeMap<String, PathItem> = BTreeMap::new();
    for route in routes() {
        let method = match route.method {
            Verb::Get => HttpMethod::Get,
            Verb::Post => HttpMethod::Post,
            Verb::Patch => HttpMethod::Patch,
            Verb::Delete => HttpMethod::Delete,
        };
        let item = PathItem::new(method, operation(route));
        items.entry(route.template()).or_default().merge_operations(item);
    }
    let paths = items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path, item));
    let about = "Commands in, answers out. Each answer names what it rests on; the same basis gives the same bytes.";
    let info = InfoBuilder::new().title("ofrecord").version(env!("CARGO_PKG_VERSION")).description(Some(about));
    OpenApiBuilder::new().info(info.build()).paths(paths.build()).components(Some(components())).build()
}

/// Method, path, what is needed of whoever asks, parameters, and meaning of every route.
#[must_use]
pub fn route_lines() -> Vec<[String; 5]> {
    let line = |route: &Route| {
        let named = route.parameters().filter(|parameter| parameter.place != Place::Path);
        let named: Vec<String> = named.map(|parameter| format!("`{}`", parameter.name)).collect();
        let needs = route.needs.word().to_owned();
        [route.method.name().to_owned(), route.template(), needs, named.join(", "), route.says.to_owned()]
    };
    routes().map(line).collect()
}

fn operation(route: &'static Route) -> OperationBuilder {
    let mut operation = OperationBuilder::new().operation_id(Some(route.name)).summary(Some(route.says));
    for parameter in route.parameters() {
        operation = operation.parameter(described(parameter));
    }
    if let Some(media) = route.takes() {
        let content = ContentBuilder::new().schema(Some(sent(route))).build();
        let body = RequestBodyBuilder::new().content(media, content).required(Some(Required::True)).build();
        operation = operation.request_body(Some(body));
    }
    let content = ContentBuilder::new().schema(Some(answered(route))).build();
    let done = match route.run {
        Run::Command => ("201", "Decided, and durable."),
        Run::Approval(Approving::Ask) => ("201", "It waits for somebody else."),
        Run::Approval(Approving::Answer(Verdict::Approved)) => ("201", "Approved, decided, and durable."),
        Run::Job(Asking::Order | Asking::Import | Asking::Change(_)) => ("202", "Taken; the job as it stands."),
        Run::Batch => ("200", "A line for each command."),
        Run::MicrosoftCommand(_) => match route.method {
            Verb::Post => ("201", "Decided, and durable."),
            Verb::Patch => ("200", "Decided, and durable; the resource as it is now."),
            Verb::Delete | Verb::Get => ("204", "Decided, and durable."),
        },
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
        | Run::Page(_) => ("200", "The answer."),
    };
    let answer = ResponseBuilder::new().description(done.1);
    let is_empty = route.method == Verb::Delete;
    operation = operation.response(done.0, if is_empty { answer } else { answer.content(route.media, content) });
    if matches!(route.run, Run::Job(Asking::Result)) {
        let pack = ContentBuilder::new().schema(Some(binary())).build();
        let report = ContentBuilder::new().schema(Some(answered(route))).build();
        let made = ResponseBuilder::new().description("The report, the certificate, or the pack.");
        operation = operation.response(done.0, made.content(route.media, report).content(ZIP, pack));
    }
    let refused = if route.needs == Need::Nothing { &[][..] } else { REFUSED };
    operation = operation.securities(Some(security(route)));
    for (status, says) in problems(route).iter().chain(refused) {
        let (media, schema) = told(route);
        let content = ContentBuilder::new().schema(Some(named(schema))).build();
        operation = operation.response(*status, ResponseBuilder::new().description(*says).content(media, content));
    }
    if matches!(route.run, Run::MicrosoftCommand(_)) && route.method == Verb::Patch {
        let content = ContentBuilder::new().schema(Some(answered(route))).build();
        let begun = ResponseBuilder::new().description("Decided, and durable; `Location` leads to the operation.");
        operation = operation.response("202", begun.content(JSON, content));
    }
    if let Some(says) = again(route) {
        let content = ContentBuilder::new().schema(Some(answered(route))).build();
        let again = ResponseBuilder::new().description(says).content(JSON, content);
        operation = operation.response("200", again);
    }
    operation
}

/// What is sent to a route that takes a body.
fn sent(route: &Route) -> RefOr<Schema> {
    if matches!(route.run, Run::Job(Asking::Import)) {
        binary()
    } else if matches!(route.run, Run::MicrosoftCommand(_)) {
        any_value().into()
    } else if matches!(route.run, Run::Job(_)) {
        named("Order")
    } else if matches!(route.run, Run::Approval(Approving::Answer(_))) {
        named("Why")
    } else if matches!(route.run, Run::Approval(_)) {
        named("AskedFor")
    } else {
        named("Submission")
    }
}

/// What is said where the very same was sent before.
fn again(route: &Route) -> Option<&'static str> {
    if matches!(route.run, Run::Command | Run::Approval(Approving::Answer(Verdict::Approved))) {
        Some("Decided before; the first receipt.")
    } else if matches!(route.run, Run::Approval(Approving::Ask)) {
        Some("Asked for before; it stands so.")
    } else {
        None
    }
}

/// How an instant is written; without a zone it is in UTC.
const INSTANT: &str =
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$";
/// The name of the one way to show who asks.
const BEARER: &str = "bearer";

fn security(route: &Route) -> Vec<SecurityRequirement> {
    if route.needs == Need::Nothing {
        return Vec::new();
    }
    vec![SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, [])]
}

/// What is refused on every route that asks who is there.
const REFUSED: &[(&str, &str)] = &[
    ("401", "The token is missing, or nobody's."),
    ("403", "The role does not include it, or it is about others."),
    ("429", "Too many requests; `Retry-After` says when the next one is taken."),
];

/// What is refused on every route that takes a body.
const SLOW: (&str, &str) = ("408", "The body did not come in time; nothing was done with what came.");

fn problems(route: &Route) -> &'static [(&'static str, &'static str)] {
    match route.run {
        Run::Command => &[
            ("400", "No command; the detail names the field."),
            ("409", "It conflicts with what is recorded; nothing was appended."),
            SLOW,
            ("413", "The body is too long."),
            ("415", "The body is of another media type."),
            ("422", "A rule refuses it, which is recorded."),
            ("503", "Nothing was written."),
            ("504", "It may have been recorded; send it again under the same id."),
        ],
        Run::Batch => &[
            ("400", "Too many commands, or no text."),
            SLOW,
            ("413", "The body is too long."),
            ("415", "The body is of another media type."),
            ("504", "Some may have been recorded; send them again under the same ids."),
        ],
        Run::Question(_) => &[
            ("400", "A parameter is not what it should be; `field` names it."),
            ("404", "No entry that is known speaks of the customer."),
            ("504", "It took too long, or the entry waited for did not come."),
        ],
        Run::Job(Asking::Order) => &[
            ("400", "No order; the detail names the field."),
            SLOW,
            ("409", "It cannot be done here, such as where there are no keys."),
            ("413", "The body is too long."),
            ("415", "The body is of another media type."),
            ("503", "As many jobs wait already as may."),
        ],
        Run::Job(Asking::Import) => &[
            ("400", "A parameter is not what it should be, or the body breaks off."),
            SLOW,
            ("409", "It cannot be done here."),
            ("413", "The source is too long."),
            ("415", "The body is of another media type."),
            ("503", "As many jobs or sources wait already as may, or there is no room."),
            ("504", "It took too long."),
        ],
        Run::Job(Asking::Change(_)) => &[("404", "No such job."), ("409", "It does not stand so that this can be.")],
        Run::Job(Asking::One | Asking::Result) => &[("404", "No such job, or nothing came of it.")],
        Run::Approval(approving) => approvals::problems(approving),
        Run::Page(_) | Run::Job(Asking::All) => &[],
        Run::Broad(_) => &[
            ("400", "A parameter is not what it should be; `field` names it."),
            ("504", "It took too long; ask for fewer with `limit`."),
        ],
        Run::Microsoft(_) => &[
            ("400", "A parameter is not what it should be; the message names it."),
            ("404", "Nothing that is known is called that."),
            ("504", "It took too long; ask for smaller pages."),
        ],
        Run::MicrosoftCommand(_) => &[
            ("400", "No such resource, or a rule refuses it, which is recorded."),
            ("404", "Nothing that is known is called that."),
            SLOW,
            ("409", "It conflicts with what is recorded."),
            ("412", "It has changed since it was read."),
            ("413", "The body is too long."),
            ("415", "The body is of another media type."),
            ("428", "`If-Match` is missing."),
            ("503", "Nothing was written."),
            ("504", "It may have been recorded; send it again under the same id."),
        ],
        Run::Feed => &[
            ("400", "A parameter is not what it should be; `field` names it."),
            ("503", "As many follow already as may."),
        ],
        Run::Entries(_) | Run::Hashes(_) => &[("400", "A parameter is none."), ("404", "The log has no such thing.")],
        Run::State(_) => &[("503", "The ledger takes no entries.")],
        Run::Memory(_) => &[],
    }
}

/// How a problem of a route is told: the media type, and the name of the schema.
fn told(route: &Route) -> (&'static str, &'static str) {
    if route.path.starts_with(microsoft::GRAPH) {
        (JSON, "GraphProblem")
    } else if route.path.starts_with(microsoft::PARTNER_CENTER) {
        (JSON, "PartnerCenterProblem")
    } else {
        (PROBLEM, "Problem")
    }
}

fn described(parameter: &'static Parameter) -> ParameterBuilder {
    let (place, required) = match parameter.place {
        Place::Path => (ParameterIn::Path, Required::True),
        Place::Needed => (ParameterIn::Query, Required::True),
        Place::Query => (ParameterIn::Query, Required::False),
        Place::Header => (ParameterIn::Header, Required::False),
    };
    let object = ObjectBuilder::new();
    let schema = match parameter.shape {
        Shape::Text => object.schema_type(Type::String),
        Shape::Guid => object.schema_type(Type::String).format(Some(SchemaFormat::Custom("uuid".to_owned()))),
        Shape::Instant => object.schema_type(Type::String).pattern(Some(INSTANT)),
        Shape::Number => object.schema_type(Type::Integer).minimum(Some(0)),
        Shape::Limit => object.schema_type(Type::Integer).minimum(Some(1)).maximum(Some(LIMIT_MAX)),
        Shape::Flag => object.schema_type(Type::Boolean),
        Shape::Words(words) => object.schema_type(Type::String).enum_values(Some(words.iter().copied())),
    };
    let described = ParameterBuilder::new().name(parameter.name).parameter_in(place).required(required);
    described.description(Some(parameter.says)).schema(Some(schema))
}

fn answered(route: &Route) -> RefOr<Schema> {
    match route.run {
        Run::Command | Run::Batch | Run::Approval(Approving::Answer(Verdict::Approved)) => named("Receipt"),
        Run::Approval(Approving::All) => approvals::all().into(),
        Run::Approval(Approving::Ask | Approving::One | Approving::Answer(_)) => named("Approval"),
        Run::Question(_) | Run::Broad(_) => named("Answer"),
        Run::Feed => ArrayBuilder::new().items(any_value()).into(),
        // Most are objects, and a few are lists with nothing around them.
        Run::Microsoft(_) | Run::MicrosoftCommand(_) => ObjectBuilder::new().schema_type(SchemaType::AnyValue).into(),
        Run::Job(Asking::All) => jobs().into(),
        Run::Job(Asking::Order | Asking::Import | Asking::One | Asking::Change(_)) => named("Job"),
        // The report of one kind of job has other fields than that of another.
        Run::Job(Asking::Result) => any_value().into(),
        Run::Memory(_) | Run::State(_) | Run::Entries(_) | Run::Hashes(_) if route.media == JSON => {
            ObjectBuilder::new().into()
        }
        Run::Memory(_) | Run::State(_) | Run::Entries(_) | Run::Hashes(_) | Run::Page(_) => {
            ObjectBuilder::new().schema_type(Type::String).into()
        }
    }
}

fn named(schema: &str) -> RefOr<Schema> {
    Ref::from_schema_name(schema).into()
}

fn components() -> utoipa::openapi::Components {
    ComponentsBuilder::new()
        .security_scheme(BEARER, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .schema("Submission", object(SUBMISSION, &["actor", "command"]))
        .schema("Receipt", object(RECEIPT, &["command_id", "outcome"]))
        .schema("Answer", answer_schema())
        .schema("Order", object(ORDER, &["kind"]))
        .schema("Job", object(JOB, &["id", "kind", "state", "ordered_at"]))
        .schema("AskedFor", object(approvals::ASKED_FOR, &["command"]))
        .schema("Why", object(approvals::WHY, &[]))
        .schema("Approval", object(approvals::APPROVAL, approvals::ALWAYS))
        .schema("GraphProblem", object(GRAPH_PROBLEM, &["error"]))
        .schema("PartnerCenterProblem", partner_center_problem())
        .schema("Problem", object(PROBLEM_FIELDS, &["type", "title", "status", "detail", "code", "request_id"]))
        .build()
}

/// A field: its name, its type, and what it means.
type Field = (&'static str, Type, &'static str);

const SUBMISSION: &[Field] = &[
    ("command_id", Type::String, "The command's id, a GUID; the same again gives the first receipt."),
    ("actor", Type::Object, "Who asks: `kind`, and `tenant_id`, `user` and `role` where there are any."),
    ("customer", Type::String, "The customer that it is about, where it is about one."),
    ("effective_at", Type::String, "When it became true; without it, now."),
    ("expected_version", Type::Integer, "The version of the stream that it is conditioned on."),
    ("evidence", Type::Array, "What it rests on."),
    ("command", Type::Object, "The command: `type`, and the fields of that type."),
];

const RECEIPT: &[Field] = &[
    ("command_id", Type::String, "The command."),
    (
        "outcome",
        Type::String,
        "`accepted`, `refused`, `repeated`, `conflict`; in a batch `invalid`, `failed`, `unknown`.",
    ),
    ("position", Type::Integer, "Where the entry stands."),
    ("tree_size", Type::Integer, "The smallest tree that holds it."),
    ("leaf_hash", Type::String, "The leaf hash of the entry."),
    ("events", Type::Array, "The names of its events."),
    ("refusal", Type::Object, "Why it was refused."),
    ("line", Type::Integer, "In a batch, the line of a command that has no receipt."),
    ("error", Type::String, "In a batch, why it has none."),
];

const ORDER: &[Field] = &[
    (
        "kind",
        Type::String,
        "`rebuild`, `replay`, `verify`, `certify`, `evidence` or `backup`; an import comes by `/v1/imports`.",
    ),
    ("from", Type::Integer, "Of `replay`: the first position."),
    ("to", Type::Integer, "Of `replay`: the first position no longer replayed."),
    ("customer", Type::String, "Of `certify` and `evidence`: the customer; without it, `certify` is about all."),
    ("partner", Type::String, "Of `evidence`: the partner, instead of a customer."),
    ("as_of", Type::String, "Of `evidence`: the instant asked about; without it, the present."),
    ("known_at", Type::String, "Of `certify` and `evidence`: what was known then counts, as in questions."),
    ("purpose", Type::String, "Of `certify`, `evidence` and `backup`: why, as the entry on the disclosure says."),
];

const JOB: &[Field] = &[
    ("id", Type::String, "Its id."),
    ("kind", Type::String, "What kind of work it is."),
    ("state", Type::String, "`queued`, `running`, `paused`, `done`, `failed` or `cancelled`."),
    ("by", Type::String, "Who ordered it."),
    ("order", Type::Object, "What was ordered, to those who may order such."),
    ("ordered_at", Type::String, "When it was ordered."),
    ("started_at", Type::String, "When work on it began."),
    ("ended_at", Type::String, "When it ended."),
    ("progress", Type::Object, "How far it is: `stage`, and `done` of `total` units of it."),
    (
        "tally",
        Type::Object,
        "Of an import: how many were `read`, `recorded`, `repeated`, `refused` and `unknown` so far.",
    ),
    ("verdict", Type::String, "`sound`, or `found` where a check found something."),
    ("report", Type::Object, "What is said of the file that it made."),
    ("result", Type::String, "Where what came of it can be had, to whoever ordered it."),
    ("problem", Type::String, "What kept it from its end."),
    ("hint", Type::String, "What to do about that."),
];

const PROBLEM_FIELDS: &[Field] = &[
    ("type", Type::String, "Always `about:blank`; `code` says what it is."),
    ("title", Type::String, "The phrase of the status."),
    ("status", Type::Integer, "The status."),
    ("detail", Type::String, "One sentence for people."),
    ("code", Type::String, "The code of the refusal, or of the problem."),
    ("field", Type::String, "The parameter or header that is not what it should be."),
    ("rule", Type::String, "The rule that refuses."),
    ("upstream_code", Type::Integer, "Partner Center's code in the same case."),
    ("upstream_status", Type::Integer, "Partner Center's status in the same case."),
    ("receipt", Type::Object, "The receipt, where a rule refuses or something recorded conflicts."),
    ("request_id", Type::String, "The id of the request, also in the server's log."),
];

const GRAPH_PROBLEM: &[Field] = &[(
    "error",
    Type::Object,
    "`code` and `message`, and in `innerError` the ledger's own `code`, the `rule`, and the ids of the request.",
)];

const PARTNER_CENTER_PROBLEM: &[Field] = &[
    ("code", Type::Integer, "The code that is published for the refusal, or for the status."),
    ("description", Type::String, "One sentence for people."),
    ("source", Type::String, "Always `ofrecord`."),
    ("statusCode", Type::Integer, "Instead of all these, where too many requests were sent."),
    ("message", Type::String, "The sentence beside it."),
];

fn object(fields: &[Field], required: &[&str]) -> ObjectBuilder {
    let object = fields.iter().fold(ObjectBuilder::new(), |object, (name, of, says)| {
        let described: RefOr<Schema> = if *of == Type::Array {
            ArrayBuilder::new().items(any_value()).description(Some(*says)).into()
        } else {
            ObjectBuilder::new().schema_type(of.clone()).description(Some(*says)).into()
        };
        object.property(*name, described)
    });
    required.iter().fold(object, |object, name| object.required(*name))
}

fn answer_schema() -> ObjectBuilder {
    const BASIS: &[Field] = &[
        ("origin", Type::String, "The log's name."),
        ("tree_size", Type::Integer, "How many entries were known."),
        ("root", Type::String, "The root of the tree of that size."),
    ];
    const ANSWER: &[Field] = &[
        ("as_of", Type::String, "The instant in the world asked about."),
        ("known_at", Type::String, "Up to when knowledge counts."),
        ("rows", Type::Array, "The rows, in the order of the view."),
    ];
    object(ANSWER, &["as_of", "known_at", "rows"])
        .property("basis", object(BASIS, &["origin", "tree_size", "root"]))
        .required("basis")
}

fn partner_center_problem() -> ObjectBuilder {
    let says = "The ledger's own code, and the rule where one refuses.";
    let words = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)).description(Some(says));
    object(PARTNER_CENTER_PROBLEM, &[]).property("data", words)
}

/// The jobs of the server.
fn jobs() -> ObjectBuilder {
    ObjectBuilder::new().property("jobs", ArrayBuilder::new().items(named("Job"))).required("jobs")
}

/// Bytes.
fn binary() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}

/// A value of which nothing is said.
fn any_value() -> ObjectBuilder {
    ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(true)))
}
