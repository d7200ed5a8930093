//! Deciding on subscriptions: who may change one, and what the lifecycle of its product family allows (rules S-3, U-1 to U-21).

pub(super) mod owned;
pub(super) mod window;

mod conversion;
mod lifecycle;
mod renewal;
mod seats;
mod terms;

use super::{Case, Ruling};

pub(super) use self::conversion::{convert, convert_trial};
pub(super) use self::lifecycle::{cancel, reactivate, record_pending, suspend};
pub(super) use self::renewal::{renew, schedule_next_term, set_auto_renew};
pub(super) use self::seats::{add_seats, in_range, remove_seats};
pub(super) use self::terms::{billing_fits, change_billing_cycle, change_term, replace};
