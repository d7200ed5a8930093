//! Everything known of one subscription, field by field, each with the entries that set it.

use ofrecord_views::SubscriptionRow;

use super::Scene;
use crate::document::{Cell, Pairs, Phrase, Piece, said};
use crate::words::{self, spoken};

pub(super) fn pairs(scene: &Scene<'_>, row: &SubscriptionRow) -> Pairs {
    let rows = [identity(scene, row), state(row), terms(row), attribution(scene, row)].concat();
    Pairs { caption: "Known at the instant asked about".to_owned(), rows }
}

type Rows = Vec<(&'static str, Cell)>;

/// A field with the entries that set it.
fn field(row: &SubscriptionRow, name: &str, said: Option<Phrase>) -> Cell {
    Cell::maybe(said).because(row.cells.of(name))
}

fn code(text: impl std::fmt::Display) -> Phrase {
    Piece::Code(text.to_string()).into()
}

fn identity(scene: &Scene<'_>, row: &SubscriptionRow) -> Rows {
    let name = |text: &Option<String>| text.clone().map(|text| Piece::Name(text).into());
    vec![
        ("subscription", Cell::of(code(row.subscription))),
        ("product", field(row, "product", name(&row.product_name))),
        ("product id", field(row, "product", row.product.as_ref().map(code))),
        ("family", field(row, "product", row.family.as_ref().map(|family| spoken!(family).into()))),
        ("friendly name", field(row, "friendly_name", name(&row.friendly_name))),
        ("order", field(row, "order", row.order.as_ref().map(code))),
        ("owner", field(row, "owner", row.owner.map(|owner| scene.names.partner(owner)))),
        ("base subscription", field(row, "parent", row.parent.map(|id| scene.names.subscription(id)))),
        ("converted into", field(row, "converted_into", row.converted_into.map(|id| scene.names.subscription(id)))),
        (
            "transferred from",
            field(row, "transferred_from", row.transferred_from.map(|id| scene.names.subscription(id))),
        ),
        ("transferred to", field(row, "transferred_to", row.transferred_to.map(|id| scene.names.subscription(id)))),
        ("Azure subscription", field(row, "entitlement", row.entitlement.map(code))),
    ]
}

fn state(row: &SubscriptionRow) -> Rows {
    let because = row.status_rule.map_or_else(Phrase::default, |rule| format!(", by time alone (rule {rule})").into());
    let status = said![words::status(&row.status), " since ", row.status_since, because];
    let next = row.next_change.as_ref().map(|next| said![words::timed_change(&next.change), " at ", next.at]);
    vec![
        ("status", field(row, "status", Some(status))),
        (
            "suspension reason",
            field(row, "suspension_reason", row.suspension_reason.as_ref().map(|why| spoken!(why).into())),
        ),
        ("next by time alone", Cell::maybe(next)),
        ("data kept until", field(row, "data_kept_until", row.data_kept_until.map(Phrase::from))),
    ]
}

fn terms(row: &SubscriptionRow) -> Rows {
    vec![
        ("quantity", field(row, "quantity", row.quantity.map(|quantity| quantity.to_string().into()))),
        ("bought at", field(row, "bought_at", row.bought_at.map(Phrase::from))),
        ("term", field(row, "term", row.term.as_ref().map(|term| words::term(term).into()))),
        ("term began", field(row, "term_start", row.term_start.map(Phrase::from))),
        ("last instant of the term", field(row, "commitment_end", row.commitment_end.map(Phrase::from))),
        ("billing cycle", field(row, "billing_cycle", row.billing_cycle.as_ref().map(|cycle| spoken!(cycle).into()))),
        ("automatic renewal", field(row, "auto_renew", row.auto_renew.as_ref().map(|renew| spoken!(renew).into()))),
        ("trial or paid", field(row, "trial", row.trial.as_ref().map(|trial| spoken!(trial).into()))),
        (
            "may be cancelled until",
            field(row, "cancellation_allowed_until", row.cancellation_allowed_until.map(Phrase::from)),
        ),
        ("agreement", field(row, "agreement", row.agreement.as_ref().map(|agreement| spoken!(agreement).into()))),
        ("price terms", field(row, "price_terms", row.price_terms.clone().map(|terms| Piece::Name(terms).into()))),
    ]
}

fn attribution(scene: &Scene<'_>, row: &SubscriptionRow) -> Rows {
    let of_record = &row.partner_of_record;
    let said = |of_record| words::of_record(of_record, &scene.names);
    let sellers = of_record.additional.iter().map(|id| scene.names.partner_id(id));
    let sellers = Some(Phrase::joined(sellers, ", ")).filter(|sellers| !sellers.is_empty());
    let claims = of_record.cpor.iter().map(|(workload, id)| {
        let who = id.as_ref().map_or_else(|| Phrase::from("nobody"), |id| scene.names.partner_id(id));
        said![workload.to_string(), ": ", who]
    });
    let claims = Some(Phrase::joined(claims, "; ")).filter(|claims| !claims.is_empty());
    vec![
        ("reseller of record", field(row, "reseller_of_record", said(&of_record.reseller_of_record))),
        ("additional sellers", field(row, "additional_sellers", sellers)),
        ("digital partner of record", field(row, "dpor", said(&of_record.dpor))),
        ("partner admin link", field(row, "pal", said(&of_record.pal))),
        ("claiming partner of record", field(row, "cpor", claims)),
        ("support contact", field(row, "support_contact", support(scene, row))),
    ]
}

fn support(scene: &Scene<'_>, row: &SubscriptionRow) -> Option<Phrase> {
    let partner = row.support_contact.map(|partner| scene.names.partner(partner));
    let id = row.support_contact_partner_id.as_ref().map(|id| scene.names.partner_id(id));
    let name = row.support_contact_name.clone().map(|name| Piece::Name(name).into());
    let parts: Vec<Phrase> = [partner, id, name].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| Phrase::joined(parts, ", "))
}
