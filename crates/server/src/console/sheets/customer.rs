//! The tables of a customer's page, and what differs of a customer between two sides.

use std::collections::BTreeMap;

use ofrecord_core::{CustomerId, Partner, PartnerTenantId, StreamId, Timestamp};
use ofrecord_ledger::answers::{CustomerFinding, differences};
use ofrecord_ledger::{Reader, Snapshot};
use ofrecord_views::{self as views, CustomerRecord, TimelineQuery, Viewpoint};
use serde_json::{Value, json};

use super::Column::{NameOf, Of};
use super::{Sheet, values};
use crate::asked::Asked;
use crate::console::compare::{Compared, filled};
use crate::console::looked::{self, Looking};
use crate::console::reading;
use crate::console::said::Called;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The words for the tables.
pub(in crate::console) const CUSTOMER_TABLES: &[&str] = &[
    "resellers",
    "subscriptions",
    "partners-of-record",
    "administrators",
    "granular-administration",
    "transfers",
    "findings",
    "timeline",
];

/// What is seen of a customer from a viewpoint.
struct Ground {
    reader: Reader,
    record: CustomerRecord,
    partners: BTreeMap<PartnerTenantId, Partner>,
    snapshot: Snapshot,
    as_of: Timestamp,
}

impl Ground {
    fn viewpoint(&self) -> Viewpoint<'_> {
        self.reader.viewpoint(&self.snapshot, self.as_of)
    }
}

const SHEETS: &[Sheet<Ground>] = &[
    Sheet {
        word: "resellers",
        columns: &[
            Of("partner"),
            NameOf("partner"),
            Of("since"),
            Of("generation"),
            Of("established_by"),
            Of("accepted_by"),
            Of("via_provider"),
            Of("extended_from"),
            Of("consent_reference"),
            Of("transacting"),
            Of("dap"),
            Of("positions"),
        ],
        rows: |ground| values(&views::resellers(&ground.record, &ground.viewpoint())),
    },
    Sheet {
        word: "subscriptions",
        columns: &[
            Of("subscription"),
            Of("owner"),
            NameOf("owner"),
            Of("status"),
            Of("status_since"),
            Of("status_rule"),
            Of("suspension_reason"),
            Of("next_change.change"),
            Of("next_change.at"),
            Of("quantity"),
            Of("product"),
            Of("product_name"),
            Of("family"),
            Of("friendly_name"),
            Of("term"),
            Of("term_start"),
            Of("commitment_end"),
            Of("billing_cycle"),
            Of("auto_renew"),
            Of("trial"),
            Of("bought_at"),
            Of("order"),
            Of("agreement"),
            Of("price_terms"),
            Of("cancellation_allowed_until"),
            Of("data_kept_until"),
            Of("partner_of_record.reseller_of_record"),
            Of("partner_of_record.dpor"),
            Of("partner_of_record.pal"),
            Of("partner_of_record.additional"),
            Of("support_contact"),
            Of("support_contact_partner_id"),
            Of("support_contact_name"),
            Of("parent"),
            Of("converted_into"),
            Of("transferred_to"),
            Of("transferred_from"),
            Of("entitlement"),
            Of("positions"),
        ],
        rows: |ground| values(&views::subscriptions(&ground.record, &ground.viewpoint())),
    },
    Sheet {
        word: "partners-of-record",
        columns: &[
            Of("subscription"),
            Of("kind"),
            Of("workload"),
            Of("partner_id"),
            Of("partner"),
            NameOf("partner"),
            Of("from"),
            Of("to"),
            Of("positions"),
            Of("ended_by"),
        ],
        rows: |ground| values(&views::partners_of_record(&ground.record, &ground.partners, &ground.viewpoint())),
    },
    Sheet {
        word: "administrators",
        columns: &[
            Of("partner"),
            NameOf("partner"),
            Of("mechanism"),
            Of("coverage"),
            Of("granular.display_name"),
            Of("granular.relationship"),
            Of("granular.assignment"),
            Of("granular.group"),
            Of("roles"),
            Of("granular.roles"),
            Of("since"),
            Of("started_at"),
            Of("until"),
            Of("granular.at_end"),
            Of("granular.approved.basis"),
            Of("granular.approved.by"),
            Of("standing"),
            Of("positions"),
        ],
        rows: |ground| values(&views::access(&ground.record, &ground.viewpoint())),
    },
    Sheet {
        word: "granular-administration",
        columns: &[
            Of("relationship"),
            Of("display_name"),
            Of("partner"),
            NameOf("partner"),
            Of("status"),
            Of("status_since"),
            Of("rule"),
            Of("created_at"),
            Of("submitted_at"),
            Of("approved.basis"),
            Of("approved.by"),
            Of("approved.at"),
            Of("activated_at"),
            Of("duration"),
            Of("ends_at"),
            Of("at_end"),
            Of("extensions"),
            Of("auto_extend"),
            Of("role_names"),
            Of("roles"),
            Of("global_administrator.since"),
            Of("global_administrator.until"),
            Of("groups"),
            Of("termination"),
            Of("provider"),
            Of("partner_consent"),
            Of("at_microsoft"),
            Of("gone_since"),
            Of("modified_at"),
            Of("positions"),
        ],
        rows: |ground| values(&views::granular_relationships(&ground.record, &ground.viewpoint())),
    },
    Sheet {
        word: "transfers",
        columns: &[
            Of("transfer"),
            Of("family"),
            Of("source"),
            NameOf("source"),
            Of("target"),
            NameOf("target"),
            Of("status"),
            Of("status_since"),
            Of("status_rule"),
            Of("status_word"),
            Of("expires_at"),
            Of("requested.at"),
            Of("requested.actor.user"),
            Of("accepted.at"),
            Of("accepted.actor.user"),
            Of("ended.at"),
            Of("ended.actor.user"),
            Of("approvals.customer.at"),
            Of("approvals.customer.name"),
            Of("approvals.source.at"),
            Of("approvals.source.name"),
            Of("approvals.target.at"),
            Of("approvals.target.name"),
            Of("billing_split_date"),
            Of("positions"),
        ],
        rows: |ground| values(&views::transfers(&ground.record, &ground.viewpoint())),
    },
    Sheet {
        word: "findings",
        columns: super::FINDING,
        rows: |ground| {
            let customer = ground.record.id();
            let found = views::findings(&ground.record, &ground.partners, &ground.viewpoint()).into_iter();
            values(&found.map(|finding| CustomerFinding { customer, finding }).collect::<Vec<_>>())
        },
    },
    Sheet {
        word: "timeline",
        columns: &[
            Of("position"),
            Of("index"),
            Of("effective_at"),
            Of("recorded_at"),
            Of("command"),
            Of("event"),
            Of("sentence"),
            Of("actor.kind"),
            Of("actor.tenant_id"),
            Of("actor.user"),
            Of("actor.role"),
            Of("sources"),
            Of("refusal.code"),
            Of("refusal.rule"),
            Of("corrected_by"),
            Of("positions"),
        ],
        rows: |ground| values(&views::timeline(&ground.record, &TimelineQuery::all(ground.snapshot.basis.tree_size))),
    },
];

/// A table of a customer's page.
pub(in crate::console) fn of_customer(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let sheet = Sheet::named(SHEETS, asked)?;
    let (reader, customer) = (&shared.reader, asked.needed::<CustomerId>("customer")?);
    let snapshot = reader.snapshot(asked.known_at()?)?;
    let as_of = reading::instant(asked, "as_of")?.unwrap_or_else(|| shared.ledger.clock().now());
    let record = looked::record(reader, visitor, customer, &snapshot)?;
    let mut looking = Looking::by(reader, visitor, (snapshot.clone(), as_of));
    let partners = looking.partners_of(&record)?;
    let called = names(&mut looking, visitor, &record)?;
    let ground = Ground { reader: reader.clone(), record, partners, snapshot, as_of };
    sheet.reply(&ground, &called, (&customer.to_string(), &ground.snapshot))
}

/// What a customer and the partners are called that its record names.
fn names<'a>(looking: &mut Looking<'_>, visitor: &'a Visitor, record: &CustomerRecord) -> Result<Called<'a>, Problem> {
    let mut called = Called::to(visitor);
    let partners = looked::named_partners(record, visitor).into_iter().map(StreamId::Partner);
    for stream in partners.chain([StreamId::Customer(record.id())]) {
        called.learn(stream, looking.called(stream)?);
    }
    Ok(called)
}

/// One field of a row that differs, on each line.
const DIFFERENCES: Sheet<Compared> = Sheet {
    word: "differences",
    columns: &[Of("because"), Of("view"), Of("row"), Of("kind"), Of("field"), Of("first"), Of("second")],
    rows: differing,
};

fn differing(compared: &Compared) -> Result<Vec<Value>, Problem> {
    let mut lines = Vec::new();
    for row in values(&differences(compared.diff.clone()))? {
        let side = |name: &str| row.get(name).filter(|side| side.is_object());
        let fields: Vec<&str> = match (side("before"), side("after")) {
            (Some(_), Some(_)) => {
                row.get("fields").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
            }
            (before, after) => filled(before.or(after)),
        };
        for field in fields {
            let of = |name: &str| side(name).and_then(|side| side.get(field)).cloned();
            let said = |name: &str| row.get(name).cloned();
            lines.push(json!({
                "because": said("because"), "view": said("view"), "row": said("key"), "kind": said("kind"),
                "field": field, "first": of("before"), "second": of("after"),
            }));
        }
    }
    Ok(lines)
}

/// What differs between two sides.
pub(in crate::console) fn of_comparison(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let customer: CustomerId = asked.needed("customer")?;
    let compared = Compared::of(shared, visitor, asked, customer)?;
    DIFFERENCES.reply(&compared, &Called::to(visitor), (&customer.to_string(), compared.newest()))
}

#[cfg(test)]
pub(super) fn words() -> Vec<&'static str> {
    SHEETS.iter().map(|sheet| sheet.word).collect()
}
