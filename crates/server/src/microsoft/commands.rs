//! Commands on granular administration as Microsoft Graph takes them: each comes to a command of the ledger, or to none
//! where nothing would differ, and is decided as every other command is.

mod body;
mod preparation;
mod running;
mod status;

use std::sync::Arc;

use axum::http::header::{HeaderMap, HeaderName, IF_MATCH, LOCATION, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
use ofrecord_core::{
    AccessAssignmentId, Actor, Command, CommandId, CustomerId, GdapRelationshipId, PartnerTenantId, Request, Role,
};
use ofrecord_interop::write;
use ofrecord_ledger::{Receipt, ReceiptOutcome};
use uuid::Uuid;

pub(super) use self::preparation::{change, create, delete};
pub(super) use self::running::{ask, assign, change_assignment, delete_assignment};
use super::granular::{Found, Walk};
use super::link::Link;
use super::standpoint::Standpoint;
use super::{IN_HEADERS, graph};
use crate::access::Caller;
use crate::asked::Asked;
use crate::commands::{self, IDEMPOTENCY_KEY};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;

/// A command in Graph's shape: what it comes to, by what is known.
pub(crate) type MicrosoftCommand = fn(&Desk<'_>) -> Result<Planned, Problem>;

/// The id that clients of Graph give each request, the same where they send it again.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
/// The role in which whoever sends it acts.
const ROLE: HeaderName = HeaderName::from_static("ofrecord-role");
/// Where the entry stands.
const POSITION: HeaderName = HeaderName::from_static("ofrecord-position");
/// Seconds after which an operation may be looked at; none takes any.
const LOOK_AFTER: &str = "10";

/// What was sent.
pub(crate) struct Sent {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) asked: Asked,
}

/// What a command rests on.
pub(crate) struct Desk<'a> {
    pub(super) standpoint: Standpoint<'a>,
    pub(super) sent: &'a Sent,
    pub(super) id: CommandId,
}

/// What was sent, as a command of the ledger.
pub(crate) struct Planned {
    /// None where nothing would differ.
    command: Option<Command>,
    customer: Option<CustomerId>,
    then: Then,
}

/// What is answered once it is decided.
#[derive(Debug, Clone)]
enum Then {
    /// A relationship that was made.
    Made(GdapRelationshipId),
    /// A relationship as it is now.
    Changed(GdapRelationshipId),
    /// Where the operation stands that changed a relationship, or an assignment below it.
    Operated(GdapRelationshipId, Option<AccessAssignmentId>),
    /// The request that was made.
    Requested(GdapRelationshipId),
    /// An assignment that was made.
    Assigned(GdapRelationshipId, AccessAssignmentId),
    /// Nothing is there any more.
    Gone,
}

/// Has a command decided, and answers it as Graph would.
pub(crate) async fn decide(
    shared: Arc<Shared>,
    command: MicrosoftCommand,
    caller: Caller,
    mut sent: Sent,
) -> Result<Reply, Problem> {
    for (name, header) in IN_HEADERS.iter().filter(|(name, _)| *name == "partner") {
        sent.asked.or_header(name, header, &sent.headers)?;
    }
    let id = command_id(&sent.headers)?;
    let role = commands::text(&sent.headers, &ROLE)?.map(Role::from_wire);
    let actor = caller.acting(sent.asked.read("partner")?, role)?;
    let (of, asking) = (Arc::clone(&shared), caller.clone());
    let (planned, sent) = shared
        .in_turn(move || {
            let standpoint = Standpoint::of(&of, &asking, Link::of(&sent.uri, &sent.headers, &of)?, &sent.asked)?;
            let planned = command(&Desk { standpoint, sent: &sent, id })?;
            Ok((planned, sent))
        })
        .await?;
    let receipt = match planned.command {
        Some(command) => {
            let request = request(id, actor, planned.customer, command);
            Some(settled(commands::decided(&shared, &caller, request).await?)?)
        }
        None => None,
    };
    let (of, then) = (Arc::clone(&shared), planned.then);
    shared
        .in_turn(move || {
            let standpoint = Standpoint::of(&of, &caller, Link::of(&sent.uri, &sent.headers, &of)?, &sent.asked)?;
            let reply = then.answer(&standpoint, receipt.as_ref())?;
            Ok(match receipt.as_ref().and_then(Receipt::recorded) {
                Some(recorded) => reply.with_header(POSITION, &recorded.position.to_string()),
                None => reply,
            })
        })
        .await
}

/// The command's id: that of the request, which stays the same where a client sends it again.
fn command_id(headers: &HeaderMap) -> Result<CommandId, Problem> {
    if let Some(key) = commands::text(headers, &HeaderName::from_static(IDEMPOTENCY_KEY))? {
        return key.trim_matches('"').parse().map_err(|error| Problem::malformed("Idempotency-Key", &error));
    }
    match commands::text(headers, &CLIENT_REQUEST_ID)?.and_then(|id| id.parse().ok()) {
        Some(id) => Ok(id),
        None => commands::drawn_id(),
    }
}

fn request(command_id: CommandId, actor: Actor, customer: Option<CustomerId>, command: Command) -> Request {
    Request {
        command_id,
        actor,
        customer,
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: command.into(),
    }
}

/// The receipt of what was accepted; the refusal of everything else, with the status that Graph has for it.
fn settled(receipt: Receipt) -> Result<Receipt, Problem> {
    let (status, refusal) = match &receipt.outcome {
        ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Repeated { refusal: None, .. } => return Ok(receipt),
        ReceiptOutcome::Refused { refusal, .. } | ReceiptOutcome::Repeated { refusal: Some(refusal), .. } => {
            (status::of(refusal), refusal.clone())
        }
        ReceiptOutcome::Conflict { refusal } => (StatusCode::CONFLICT, refusal.clone()),
    };
    Err(Problem::refused(status, &refusal, receipt))
}

impl Desk<'_> {
    /// The relationship that the path names.
    fn relationship(&self) -> Result<Found, Problem> {
        Walk::new(&self.standpoint).one(&self.sent.asked.needed("relationship")?)
    }

    /// An id that is the same where the command is sent again.
    fn derived(&self, what: &str) -> Uuid {
        Uuid::new_v5(&self.id.guid(), what.as_bytes())
    }

    /// The version that was read, by `If-Match`; none without it, which a rule refuses.
    fn version(&self, shown: &str, known: u64) -> Result<Option<u64>, Problem> {
        let Some(tag) = commands::text(&self.sent.headers, &IF_MATCH)? else { return Ok(None) };
        if tag.trim() == "*" || tag.trim() == shown {
            return Ok(Some(known));
        }
        match write::gdap_version(tag) {
            Some(version) => Ok(Some(version)),
            None => Err(Problem::stale("`If-Match` is not the tag of what is there now; read it again")),
        }
    }
}

impl Found {
    /// Whom it is with, as far as is known.
    fn customer(&self) -> Option<CustomerId> {
        self.known.customer.as_ref().map(|customer| customer.value)
    }

    fn partner(&self) -> PartnerTenantId {
        self.place.0
    }

    fn id(&self) -> GdapRelationshipId {
        self.place.1.clone()
    }
}

impl Then {
    fn answer(&self, standpoint: &Standpoint<'_>, receipt: Option<&Receipt>) -> Result<Reply, Problem> {
        let found = |id: &GdapRelationshipId| Walk::new(standpoint).one(id);
        let at = |id: &GdapRelationshipId, rest: &str| standpoint.link.beside(&format!("{}/{id}{rest}", graph::PATH));
        match self {
            Self::Made(id) => {
                let reply = graph::made(&found(id)?, standpoint).with_status(StatusCode::CREATED);
                Ok(reply.with_header(LOCATION, &at(id, "")))
            }
            Self::Changed(id) => Ok(graph::shown(&found(id)?, standpoint)),
            Self::Operated(id, assignment) => match receipt.filter(|receipt| has_events(receipt)) {
                Some(receipt) => {
                    let reply = Reply::empty().with_status(StatusCode::ACCEPTED).with_header(RETRY_AFTER, LOOK_AFTER);
                    Ok(reply.with_header(LOCATION, &at(id, &format!("/operations/{}", receipt.command_id))))
                }
                None => match assignment {
                    Some(assignment) => graph::shown_assignment(&found(id)?, *assignment, standpoint),
                    None => Ok(graph::shown(&found(id)?, standpoint)),
                },
            },
            Self::Requested(id) => {
                let request = receipt.map(|receipt| receipt.command_id.to_string()).unwrap_or_default();
                let reply = graph::shown_request(&found(id)?, &request, standpoint)?.with_status(StatusCode::CREATED);
                Ok(reply.with_header(LOCATION, &at(id, &format!("/requests/{request}"))))
            }
            Self::Assigned(id, assignment) => {
                let reply = graph::shown_assignment(&found(id)?, *assignment, standpoint)?;
                let place = at(id, &format!("/accessAssignments/{assignment}"));
                Ok(reply.with_status(StatusCode::CREATED).with_header(LOCATION, &place))
            }
            Self::Gone => Ok(Reply::empty().with_status(StatusCode::NO_CONTENT)),
        }
    }
}

fn has_events(receipt: &Receipt) -> bool {
    match &receipt.outcome {
        ReceiptOutcome::Accepted { events, .. } | ReceiptOutcome::Repeated { events, .. } => !events.is_empty(),
        ReceiptOutcome::Refused { .. } | ReceiptOutcome::Conflict { .. } => false,
    }
}
