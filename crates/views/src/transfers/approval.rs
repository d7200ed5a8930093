//! Who approved a transfer on each side, and by what (question 19).

use ofrecord_core::command::transfer::Signatory;
use ofrecord_core::state::Transfer;
use ofrecord_core::{Actor, Stamp, Timestamp};
use serde::Serialize;

use super::actor;
use crate::cells::Cells;
use crate::record::CustomerRecord;

/// By what a side approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovedThrough {
    /// It asked for the transfer.
    Request,
    /// It accepted the transfer.
    Acceptance,
    /// It signed the form of a change by hand.
    Signature,
}

/// One side's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// By what.
    pub through: ApprovedThrough,
    /// When.
    pub at: Timestamp,
    /// Who, where an entry says; none for an imported step and for a signature.
    pub actor: Option<Actor>,
    /// Who signed, where the form has it.
    pub name: Option<String>,
}

/// The approvals of a transfer, by side; a side of which no approval is on record has none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Approvals {
    /// The customer's, which only a change by hand asks for.
    pub customer: Option<Approval>,
    /// The source's.
    pub source: Option<Approval>,
    /// The target's.
    pub target: Option<Approval>,
}

/// The request is the approval of who asked, the acceptance that of the other side; a form has them all.
pub(super) fn approvals(record: &CustomerRecord, transfer: &Transfer, cells: &mut Cells) -> Approvals {
    let mut found = Approvals::default();
    let step = |through, at, set: Stamp| Some(Approval { through, at, actor: actor(record, set), name: None });
    let target_asks = transfer.family.as_ref().is_some_and(|family| family.value.is_new_commerce());
    if let Some(asked) = &transfer.initiated_by {
        cells.cell("approvals", Some(asked));
        let request = step(ApprovedThrough::Request, asked.set.effective_at, asked.set);
        *(if target_asks { &mut found.target } else { &mut found.source }) = request;
    }
    if let Some(accepted) = &transfer.accepted_at {
        cells.cell("approvals", Some(accepted));
        let acceptance = step(ApprovedThrough::Acceptance, accepted.value, accepted.set);
        *(if target_asks { &mut found.source } else { &mut found.target }) = acceptance;
    }
    if let Some(signatures) = &transfer.signatures {
        cells.cell("approvals", Some(signatures));
        for signature in &signatures.value {
            let side = match signature.by {
                Signatory::Customer => &mut found.customer,
                Signatory::CurrentPartner => &mut found.source,
                Signatory::NewPartner => &mut found.target,
            };
            let (through, at) = (ApprovedThrough::Signature, signature.signed_at);
            *side = Some(Approval { through, at, actor: None, name: signature.name.clone() });
        }
    }
    found
}
