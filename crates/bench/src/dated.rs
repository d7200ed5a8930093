//! What a command costs beside how much its customer or its partner has already, the newest and dated back.

mod relationships;

use std::path::Path;
use std::time::{Duration, Instant};

use ofrecord_ledger::{Clock, Window};
use ofrecord_market::History;

use crate::figures::Figures;
use crate::fill::{CLOUD, failed, filled_by, open, start, views};
use crate::reckoning::per_second;
use crate::registration::accepted;
use crate::results::complain;
use crate::{Plan, RaceError};

/// Commands on their way while measuring: as many as still come to their end when each takes long.
const MEASURED_IN_FLIGHT: usize = 64;
/// Seed of the history around the customer.
const SEED: u64 = 1;

/// Commands a second beside one size.
struct Rates {
    /// True after everything else.
    newest: f64,
    /// True at the middle of what there is.
    late: f64,
}

/// Measures each size, for a customer with so many entries and a partner with so many granular relationships, each
/// in a ledger of its own.
pub(crate) fn measure(plan: &Plan, sizes: &[u32]) -> Result<Figures, RaceError> {
    let mut figures = Figures::default();
    for size in sizes {
        let (mut customer, mut partner) = (Gathered::default(), Gathered::default());
        for round in 0..plan.rounds {
            complain(&format!("{size}, round {} of {}", round + 1, plan.rounds));
            let folder = plan.scratch.join("dated");
            customer.add(&of_one_customer(&folder, *size, plan.slot)?);
            std::fs::remove_dir_all(&folder)?;
            partner.add(&relationships::of_one_partner(&folder, u64::from(*size), plan.slot)?);
            std::fs::remove_dir_all(&folder)?;
        }
        customer.tell(&format!("seats added, {size} entries of one customer"), &mut figures);
        partner.tell(&format!("granular relationships made beside {size} of one partner"), &mut figures);
    }
    Ok(figures)
}

/// What the rounds gave of one size.
#[derive(Default)]
struct Gathered {
    newest: Vec<f64>,
    late: Vec<f64>,
}

impl Gathered {
    fn add(&mut self, rates: &Rates) {
        self.newest.push(rates.newest);
        self.late.push(rates.late);
    }

    fn tell(&mut self, name: &str, figures: &mut Figures) {
        let newest = ("not dated back", self.newest.as_mut_slice());
        figures.beside(format!("{name}, dated back"), "commands/s", &mut self.late, newest);
    }
}

/// Commands a second of the customer with so many entries.
fn of_one_customer(folder: &Path, size: u32, slot: Duration) -> Result<Rates, RaceError> {
    let history = History::new(SEED, 0, CLOUD).with_busy_customer(size);
    filled_by(folder, &history, u64::MAX)?;
    let ledger = start(open(folder)?, CLOUD, Clock::Machine, Some(views(folder)?))?;
    // No more than a part of what there is, so that the size is the one named.
    let more = size / 4;
    let rate = |first: u32, place: u32| -> Result<f64, RaceError> {
        let mut window = Window::of(&ledger, MEASURED_IN_FLIGHT);
        let (began, mut number) = (Instant::now(), first);
        while began.elapsed() < slot && number < first + more {
            if let Some(receipt) = window.submit(history.seat_added(number, place)).map_err(failed)? {
                accepted(receipt)?;
            }
            number += 1;
        }
        for receipt in window.rest() {
            accepted(receipt.map_err(failed)?)?;
        }
        Ok(per_second(u64::from(number - first), began.elapsed()))
    };
    let rates = Rates { newest: rate(size, size)?, late: rate(size + more, size / 2)? };
    ledger.close();
    Ok(rates)
}
