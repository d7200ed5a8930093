//! Questions about a customer over a period, or between two viewpoints.

use ofrecord_core::Timestamp;
use ofrecord_ledger::answers::{CustomerCoverage, Document, Kept, Side, Sides, differences, period};
use ofrecord_ledger::known::known_at;
use ofrecord_ledger::{Answer, Snapshot};
use ofrecord_views::{self as views, PartnerRecord, Period};

use super::{Ground, Sight, seen};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;

/// Which sources cover which periods, or on how many sources each fact rests.
pub(crate) fn coverage(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let period = asked_period(ground, asked)?;
    if asked.wants("facts")? {
        return ground.reply(views::sources_of_facts(&ground.record, &ground.viewpoint()));
    }
    let partners = ground.partner_records()?;
    let partners: Vec<&PartnerRecord> = partners.iter().collect();
    let rows = views::coverage(&ground.record, &partners, period, ground.known_below());
    let customer = ground.record.id();
    ground.reply(rows.into_iter().map(|coverage| CustomerCoverage { customer, coverage }).collect())
}

/// Who is billed for which days of which subscription.
pub(crate) fn billing(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let period = asked_period(ground, asked)?;
    ground.reply(views::billing(&ground.record, period, &ground.viewpoint()))
}

/// Whether any relationship event changed a subscription.
pub(crate) fn interference(ground: &Ground<'_>, _: &Asked) -> Result<Reply, Problem> {
    let interference = views::interference(&ground.record, ground.known_below());
    let extra = Kept::of(&interference);
    Reply::json(&Document { answer: &ground.answer(interference.events), extra: &extra })
}

/// What differs between two instants, two states of knowledge, or both.
pub(crate) fn diff(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (first, second) = (side(ground, asked, "from_known_at")?, side(ground, asked, "to_known_at")?);
    let instant = |name: &str| Ok::<Timestamp, Problem>(asked.read(name)?.unwrap_or(ground.as_of));
    let from = ground.reader.viewpoint(&first, instant("from_as_of")?);
    let to = ground.reader.viewpoint(&second, instant("to_as_of")?);
    let newest = if first.basis.tree_size > second.basis.tree_size { &first } else { &second };
    let record = seen(ground.reader, ground.record.id(), newest, ground.sight)?;
    let rows = differences(views::diff(&record, &from, &to));
    let extra = Sides { from: Side::of(from.as_of, &first), to: Side::of(to.as_of, &second) };
    let (basis, known_at) = (newest.basis.clone(), newest.known_at);
    Reply::json(&Document { answer: &Answer { basis, as_of: to.as_of, known_at, rows }, extra: &extra })
}

fn side(ground: &Ground<'_>, asked: &Asked, name: &str) -> Result<Snapshot, Problem> {
    let Some(text) = asked.text(name) else { return Ok(ground.snapshot.clone()) };
    let known = known_at(text).map_err(|error| Problem::malformed(name, &error))?;
    Ok(ground.reader.snapshot(known.known_at())?)
}

fn asked_period(ground: &Ground<'_>, asked: &Asked) -> Result<Period, Problem> {
    let (from, to) = bounds(asked)?;
    Ok(period(from, to, &ground.record, ground.as_of))
}

/// Where a period begins and ends, as far as it is said; one that ends before it begins has no answer.
pub(super) fn bounds(asked: &Asked) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    let (from, to): (Option<Timestamp>, Option<Timestamp>) = (asked.read("from")?, asked.read("to")?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::malformed("to", &"lies before `from`"));
    }
    Ok((from, to))
}

impl Ground<'_> {
    /// The accounts of the partners that the record names; of a share, of its partner alone.
    fn partner_records(&self) -> Result<Vec<PartnerRecord>, Problem> {
        let mut named = views::named_partners(&self.record);
        if let Sight::Share(own) = self.sight {
            named.retain(|partner| *partner == own);
        }
        let read = named.into_iter().map(|partner| self.reader.partner(partner, &self.snapshot));
        Ok(read.collect::<Result<_, _>>()?)
    }
}
