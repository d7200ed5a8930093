//! How partners come to administer a customer granularly: by their own relationships, or led there by Microsoft.

use ofrecord_core::Timestamp;

use super::action::{Access, Act, Granular, Roles};
use super::customer::{Met, Plot, day};

/// Days for which relationships are made to run; one that runs for two years is as long as it can be.
const DURATIONS: &[u16] = &[90, 180, 180, 365, 365, 730];
/// The group that the first assignment of a relationship names; the second names the one after it.
const FIRST_GROUP: u8 = 2;

/// A relationship that runs.
struct Running {
    partner: u32,
    relationship: u8,
    roles: Roles,
    extends: bool,
    ends: Timestamp,
    version: u8,
}

impl Plot<'_> {
    /// What every partner that the customer works with comes to.
    pub(super) fn granular_administration(&mut self) {
        for met in self.met.clone() {
            if met.with_dap && met.since < day(2023, 5, 1) && self.chance.happens(35) {
                self.led_by_microsoft(met.partner);
            } else if self.chance.happens(42) {
                self.own_relationship(met);
            }
        }
    }

    fn granular(&mut self, partner: u32, relationship: u8, act: Act) {
        self.now(Granular { partner, relationship, act });
    }

    fn new_relationship(&mut self) -> u8 {
        self.relationships = self.relationships.saturating_add(1);
        self.relationships
    }

    /// A day between two, or at the later one.
    fn some_day(&mut self, from: Timestamp, days: u64) -> Timestamp {
        from.plus_seconds(i64::try_from(self.chance.below(days * 86_400)).unwrap_or(0))
    }

    /// Microsoft makes a relationship for a year beside DAP, and ends DAP thirty days later (rule D-6).
    fn led_by_microsoft(&mut self, partner: u32) {
        let start = self.some_day(day(2023, 5, 22), 120);
        let relationship = self.new_relationship();
        self.aside(start, |plot| {
            plot.granular(partner, relationship, Act::Lead);
            let ends = plot.at.plus_days(365);
            for (assignment, roles) in [(0, Roles::Manage), (1, Roles::Support)] {
                plot.granular(partner, relationship, Act::LedAssignment { assignment, group: assignment, roles });
            }
            plot.then(30, 1, Access::EndDapAfterTransition { partner });
            let ended = plot.at;
            let running = Running { partner, relationship, roles: Roles::Manage, extends: false, ends, version: 1 };
            plot.reaches_its_end(&running);
            if plot.chance.happens(50) {
                // Before the year is over, the partner makes one of its own.
                plot.aside(ended.plus_days(90), |plot| {
                    let since = plot.at;
                    plot.own_relationship(Met { partner, since, with_dap: false });
                });
            }
        });
    }

    /// The partner, or its provider, makes a relationship, and the customer approves it or does not.
    fn own_relationship(&mut self, met: Met) {
        let from = day(2022, 3, 1).max(met.since.plus_days(1));
        let start = self.some_day(from, 500);
        let reseller = self.is_provider(met.partner) && self.chance.happens(30);
        let any = self.chance.next();
        let (partner, provider) = match self.cast.reseller_index_of(met.partner, any).filter(|_| reseller) {
            Some(reseller) => (reseller, Some(met.partner)),
            None => (met.partner, None),
        };
        let relationship = self.new_relationship();
        let days = self.chance.one_of(DURATIONS).copied().unwrap_or(180);
        let roles = match self.chance.below(20) {
            0..=2 => Roles::Everything,
            3..=6 => Roles::Read,
            7..=13 => Roles::Support,
            _ => Roles::Manage,
        };
        // A few ask for what excludes each other, and nothing comes of it (rule G-7).
        let extends = self.chance.happens(if roles == Roles::Everything { 15 } else { 45 });
        self.aside(start, |plot| {
            plot.granular(partner, relationship, Act::Make { provider, days, roles, extends });
            if extends && roles == Roles::Everything {
                return;
            }
            let mut version = 4;
            if provider.is_some() {
                plot.wait(0, 3);
                plot.granular(partner, relationship, Act::Consent);
                version += 1;
            }
            plot.wait(0, 1);
            plot.granular(partner, relationship, Act::Lock { provider });
            if plot.chance.happens(10) {
                // Nobody answers; some of them are asked again when it is too late (rule G-14).
                plot.wait(91, 20);
                let late = if plot.chance.happens(50) { Act::RecordCleanUp } else { Act::Approve };
                plot.granular(partner, relationship, late);
                return;
            }
            plot.wait(0, 25);
            plot.granular(partner, relationship, Act::Approve);
            plot.granular(partner, relationship, Act::Activate);
            let ends = plot.at.plus_days(i64::from(days));
            plot.runs(Running { partner, relationship, roles, extends, ends, version });
        });
    }

    /// From its first assignment to its end.
    fn runs(&mut self, mut running: Running) {
        let (partner, relationship) = (running.partner, running.relationship);
        let begun = self.at;
        let second = self.chance.happens(20);
        for assignment in 0..=u8::from(second) {
            let roles = if assignment == 0 { running.roles } else { Roles::Read };
            self.wait(0, 5);
            let group = FIRST_GROUP + assignment;
            self.granular(partner, relationship, Act::Assign { assignment, group, roles });
            self.granular(partner, relationship, Act::ActivateAssignment { assignment });
        }
        if self.chance.happens(15) && running.roles != Roles::Read {
            self.wait(5, 60);
            let replaced = Act::Replace { assignment: 0, version: 2, roles: Roles::Read };
            self.granular(partner, relationship, replaced);
        }
        if running.roles == Roles::Everything && self.chance.happens(60) {
            self.wait(10, 60);
            let version = running.version;
            self.granular(partner, relationship, Act::RemoveGlobalAdministrator { version });
            running.version += 1;
            running.roles = Roles::Manage;
        }
        if self.chance.happens(15) {
            self.wait(0, 20);
            let (version, extends) = (running.version, !running.extends);
            self.granular(partner, relationship, Act::SwitchExtension { version, extends });
            running.extends = extends && running.roles != Roles::Everything;
        }
        if self.chance.happens(14) {
            let by_customer = self.chance.happens(60);
            self.at = self.some_day(self.at.max(begun.plus_days(20)), 200);
            self.granular(partner, relationship, Act::Terminate { by_customer });
            self.granular(partner, relationship, Act::RecordTermination);
        } else {
            self.reaches_its_end(&running);
        }
    }

    /// What Microsoft tells of its end, where it tells anything: the end comes in any case (rule G-18).
    fn reaches_its_end(&mut self, running: &Running) {
        let (partner, relationship) = (running.partner, running.relationship);
        let mut ends = running.ends;
        while running.extends && ends < day(2026, 1, 1) {
            if self.chance.happens(70) {
                self.at = ends.plus_seconds(3_600);
                self.granular(partner, relationship, Act::RecordExtension);
            }
            ends = ends.plus_days(180);
        }
        if !running.extends && self.chance.happens(60) {
            self.at = ends.plus_seconds(3_600);
            self.granular(partner, relationship, Act::RecordExpiry);
            if self.chance.happens(50) {
                self.at = ends.plus_days(366);
                self.granular(partner, relationship, Act::RecordCleanUp);
            }
        }
    }
}
