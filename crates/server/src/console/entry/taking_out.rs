//! Taking out the exact bytes of an entry: what leaves the ledger so is recorded before it leaves (rule L-17).

use std::sync::Arc;

use axum::http::HeaderMap;
use maud::{Markup, html};
use ofrecord_core::command::custody::{DisclosureKind, RecordDisclosure};
use ofrecord_core::{Actor, ActorKind, Command, CommandId, CustomerId, Reason, Request, StreamId};
use ofrecord_ledger::ReceiptOutcome;
use ofrecord_log::Hash;

use super::proof::Standing;
use super::{Shown, words};
use crate::access::Caller;
use crate::asked::Asked;
use crate::console::{ENTRIES, form_of};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::sender;
use crate::shared::Shared;

/// The form by which the bytes are asked for.
pub(super) fn form(position: u64) -> Markup {
    html! {
        p { (words::NOT_TAKEN_OUT) }
        form class="fields" action=(format!("{ENTRIES}{position}/bytes")) method="post" {
            p {
                label for="purpose" { (words::PURPOSE) }
                input id="purpose" name="purpose" type="text" autocomplete="off";
            }
            p class="send" { button type="submit" { (words::TAKE_OUT) } }
        }
    }
}

/// Records that the bytes leave, and gives the page with them.
pub(in crate::console) async fn taken_out(
    shared: Arc<Shared>,
    caller: &Caller,
    asked: Asked,
    headers: HeaderMap,
    body: Vec<u8>,
) -> Result<Reply, Problem> {
    sender::check_own_page(&headers)?;
    let purpose = purpose(&body)?;
    let user = caller.name().map(str::to_owned);
    let of = Arc::clone(&shared);
    let (shown, mut request) = shared.in_turn(move || with_bytes(&of, &asked, purpose)).await?;
    request.actor.user = user;
    let decided = shared.ledger.decide(request).await;
    shared.tell_growth();
    let receipt = decided.map_err(|error| Problem::internal("record that the bytes leave", &error))?;
    shared.meter.command(receipt.outcome.word());
    match receipt.outcome {
        ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Repeated { refusal: None, .. } => {}
        ReceiptOutcome::Repeated { refusal: Some(refusal), .. }
        | ReceiptOutcome::Refused { refusal, .. }
        | ReceiptOutcome::Conflict { refusal } => {
            return Err(Problem::internal("record that the bytes leave", &refusal.message));
        }
    }
    Ok(shown.page().reply())
}

/// The entry with its bytes, and the request by which it is recorded that they leave.
fn with_bytes(shared: &Shared, asked: &Asked, purpose: Option<Reason>) -> Result<(Shown, Request), Problem> {
    let shown = Shown::of(shared, Standing::of(shared, asked)?)?;
    if shown.envelope.redacted.is_some() {
        return Err(Problem::not_found("the entry was redacted, and only its hash is left"));
    }
    let bytes = shared.reader.log().read(shown.entry.position)?;
    let request = disclosure(shared, &shown, &bytes, purpose)?;
    Ok((Shown { bytes: Some(bytes), ..shown }, request))
}

/// Why the bytes are taken out, as the form says it.
fn purpose(body: &[u8]) -> Result<Option<Reason>, Problem> {
    form_of(body, &["purpose"])?.read("purpose")
}

fn disclosure(shared: &Shared, shown: &Shown, bytes: &[u8], purpose: Option<Reason>) -> Result<Request, Problem> {
    let digest = Hash::of(bytes).to_string().parse();
    let command = RecordDisclosure {
        kind: DisclosureKind::Export,
        customer: only_customer(shown),
        tree_size: shared.reader.log().tree_size(),
        as_of: None,
        digest: Some(digest.map_err(|error| Problem::internal("write a digest", &error))?),
        purpose,
    };
    Ok(Request {
        command_id: command_id(shared)?,
        actor: Actor::new(ActorKind::Operator),
        customer: None,
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: Command::RecordDisclosure(command).into(),
    })
}

/// The customer that an entry is about; none where it is about several or none.
fn only_customer(shown: &Shown) -> Option<CustomerId> {
    let mut customers = shown.neighbours.iter().filter_map(|(stream, ..)| StreamId::customer(*stream));
    customers.next().filter(|_| customers.next().is_none())
}

/// An id that no other request of this or another process has, made of what tells requests apart.
fn command_id(shared: &Shared) -> Result<CommandId, Problem> {
    let digest = Hash::of(shared.next_request_id().as_bytes()).to_string();
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    // Version 8 is for ids that are made in a way of one's own (RFC 9562).
    let id = format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32));
    id.parse().map_err(|error| Problem::internal("make an id", &error))
}
