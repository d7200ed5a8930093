//! What the demo shows of one customer: resellers, subscriptions, who could administer, what to look at, the timeline.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{CustomerId, Partner, PartnerTenantId, Timestamp};
use ofrecord_ledger::{KnownAt, Ledger};
use ofrecord_views::{self as views, AccessRow, CustomerRecord, Mechanism, TimelineQuery, Viewpoint};

use crate::failure::Failure;
use crate::output::Output;

/// Lines of the timeline that are shown.
const TIMELINE_SHOWN: usize = 18;
/// Days about which it is asked who could administer: one while Microsoft led from DAP to granular
/// administration, and one after it.
const ADMINISTERED_ON: [(i32, u32, u32); 2] = [(2023, 6, 15), (2024, 6, 30)];

/// One customer at one viewpoint, with the partners that its entries name.
struct Shown<'a> {
    record: &'a CustomerRecord,
    partners: &'a BTreeMap<PartnerTenantId, Partner>,
    names: Vec<(String, String)>,
}

/// Shows the customer as of its newest entry.
pub(super) fn show(output: &mut Output, ledger: &Ledger, customer: CustomerId) -> Result<(), Failure> {
    let reader = ledger.reader();
    let snapshot = reader.snapshot(KnownAt::Now)?;
    let record = reader.customer(customer, &snapshot)?;
    let as_of = record.entries().last().map_or(Timestamp::MAX, |entry| entry.recorded_at);
    let viewpoint = reader.viewpoint(&snapshot, as_of);
    let partners = reader.partners_of(&record, &snapshot, &viewpoint)?;
    let shown = Shown { record: &record, partners: &partners, names: names(&record, &partners, &viewpoint) };
    output.line("")?;
    output.line(&format!("Customer {customer} as of {as_of}, by {} entries", snapshot.basis.tree_size))?;
    shown.holdings(output, &viewpoint)?;
    for (year, month, day) in ADMINISTERED_ON {
        let day = Timestamp::from_date(year, month, day).unwrap_or(as_of);
        let partners = reader.partners_of(&record, &snapshot, &reader.viewpoint(&snapshot, day))?;
        let on_the_day = Shown { partners: &partners, names: shown.names.clone(), ..shown };
        on_the_day.administrators(output, &reader.viewpoint(&snapshot, day))?;
    }
    shown.findings(output, &viewpoint)?;
    shown.timeline(output, snapshot.basis.tree_size)?;
    output.line("")?;
    output.flush()
}

/// What partners and granular relationships are called.
fn names(
    record: &CustomerRecord,
    partners: &BTreeMap<PartnerTenantId, Partner>,
    viewpoint: &Viewpoint<'_>,
) -> Vec<(String, String)> {
    let of_partner = |(id, partner): (&PartnerTenantId, &Partner)| {
        partner.name.as_ref().map(|name| (id.to_string(), name.value.clone()))
    };
    let customer = record.state(viewpoint);
    let of_relationship = customer.access.granular.by_id.iter().filter_map(|(id, known)| {
        known.display_name.as_ref().map(|name| (id.to_string(), format!("\"{}\"", name.value)))
    });
    partners.iter().filter_map(of_partner).chain(of_relationship).collect()
}

impl Shown<'_> {
    /// The text with names in the place of ids.
    fn named(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
    }

    fn line(&self, output: &mut Output, text: &str) -> Result<(), Failure> {
        output.line(&self.named(text))
    }

    fn holdings(&self, output: &mut Output, viewpoint: &Viewpoint<'_>) -> Result<(), Failure> {
        output.line("  resellers")?;
        for row in views::resellers(self.record, viewpoint) {
            let (since, generation, entries) = (row.since.date_text(), row.generation, row.positions);
            let text = format!("    {}  since {since}  generation {generation}  by entries {entries:?}", row.partner);
            self.line(output, &text)?;
        }
        output.line("  subscriptions")?;
        for row in views::subscriptions(self.record, viewpoint) {
            let owner = row.owner.map_or_else(|| "nobody known".to_owned(), |owner| owner.to_string());
            let product = row.product_name.as_deref().unwrap_or("?");
            let quantity = row.quantity.unwrap_or(0);
            self.line(output, &format!("    {product}  {quantity} seats  {}  sold by {owner}", row.status))?;
        }
        Ok(())
    }

    /// Who could administer on a day, through what, and which users that were.
    fn administrators(&self, output: &mut Output, viewpoint: &Viewpoint<'_>) -> Result<(), Failure> {
        output.line(&format!("  who could administer on {}", viewpoint.as_of.date_text()))?;
        let users = views::user_access(self.record, self.partners, viewpoint);
        let rows = views::access(self.record, viewpoint);
        if rows.is_empty() {
            output.line("    nobody")?;
        }
        for row in &rows {
            let of_row = users.iter().filter(|user| user.partner == row.partner && user.granular == row.granular);
            let who: BTreeSet<&str> = of_row
                .filter(|user| user.mechanism == row.mechanism)
                .filter_map(|user| user.user.as_ref())
                .map(|user| user.as_str().split('@').next().unwrap_or_default())
                .collect();
            let who: Vec<&str> = who.into_iter().collect();
            let who = if who.is_empty() { "no user known".to_owned() } else { who.join(", ") };
            self.line(output, &format!("    {}  {}  {who}", row.partner, means(row)))?;
        }
        Ok(())
    }

    fn findings(&self, output: &mut Output, viewpoint: &Viewpoint<'_>) -> Result<(), Failure> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for finding in views::findings(self.record, self.partners, viewpoint) {
            *counts.entry(finding.code.as_str()).or_default() += 1;
        }
        output.line("  findings")?;
        if counts.is_empty() {
            output.line("    none")?;
        }
        for (code, count) in counts {
            output.line(&format!("    {count} × {code}"))?;
        }
        Ok(())
    }

    fn timeline(&self, output: &mut Output, known_below: u64) -> Result<(), Failure> {
        output.line("  timeline, the newest entries")?;
        let timeline = views::timeline(self.record, &TimelineQuery::all(known_below));
        let hidden = timeline.len().saturating_sub(TIMELINE_SHOWN);
        for row in timeline.iter().skip(hidden) {
            let line = format!("    {:>8}  {}  {}", row.position, row.effective_at.date_text(), row.sentence);
            self.line(output, &line)?;
        }
        Ok(())
    }
}

/// Through what, and until when.
fn means(row: &AccessRow) -> String {
    let roles = row.roles.len();
    match &row.granular {
        Some(granular) => {
            let called = granular.display_name.as_deref().unwrap_or("a granular relationship");
            let until = row.until.map_or_else(String::new, |until| format!(" until {}", until.date_text()));
            format!("{roles} roles by \"{called}\"{until}")
        }
        None => match row.mechanism {
            Mechanism::AzureRole => format!("{roles} role by Azure"),
            Mechanism::Dap | Mechanism::Gdap => format!("{roles} roles by DAP"),
        },
    }
}
