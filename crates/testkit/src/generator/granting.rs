//! Drawing new granular relationships, sound ones and flawed ones, and the transitions that Microsoft leads.

use std::collections::BTreeSet;

use ofrecord_core::command::gdap::{CreateGdapRelationship, StartMicrosoftLedTransition};
use ofrecord_core::vocabulary::PartnerType::{DirectBill, IndirectProvider, IndirectReseller};
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapDuration};
use ofrecord_core::{Actor, Command, CustomerId, PartnerTenantId, RoleId};

use super::granular::{Granted, NOWHERE, Step};
use super::{Generator, type_of};
use crate::role::{BUILT_IN, GLOBAL_ADMINISTRATOR, GLOBAL_READER, NO_ROLE};
use crate::{actor, name};

type Drawn = (Actor, Option<CustomerId>, Command);

impl Generator {
    /// Mostly one that is sound; of one with a flaw nothing follows.
    pub(super) fn granular_creation(&mut self) -> Drawn {
        let (partner, provider) = if self.random.percent(15) {
            // The provider whose partnership may stand since the opening.
            let mut providers =
                self.partners.iter().zip(0..).filter(|(_, number)| type_of(*number) == IndirectProvider);
            let first = providers.next().map(|(provider, _)| *provider);
            (self.partner_of(&[IndirectReseller]), first)
        } else if self.random.percent(90) {
            (self.partner_of(&[DirectBill, IndirectProvider]), None)
        } else {
            (self.any_partner(), None)
        };
        let granted = self.granted_to(partner, provider);
        let auto_extend =
            if granted.roles.contains(&GLOBAL_ADMINISTRATOR) { GdapAutoExtend::P0D } else { self.auto_extend() };
        let mut command = CreateGdapRelationship {
            partner,
            relationship: granted.relationship.clone(),
            display_name: granted.display_name.clone(),
            duration: self.duration(),
            auto_extend,
            roles: granted.roles.clone(),
        };
        let (maker, mut customer) = (granted.maker(), granted.named());
        if self.random.percent(20) {
            self.flaw(&mut command, &mut customer);
        } else {
            self.granted.push(granted);
        }
        (actor::admin_agent(maker), customer, Command::CreateGdapRelationship(command))
    }

    fn granted_to(&mut self, partner: PartnerTenantId, provider: Option<PartnerTenantId>) -> Granted {
        let number = self.granted.len();
        // Now and then under the id of another partner's relationship.
        let again = if self.random.percent(3) && number > 0 { self.random.index(number) } else { NOWHERE };
        let fresh = name::granular(&format!("G{}-{number}", self.seed));
        Granted {
            partner,
            provider,
            relationship: self.granted_at(again).map_or(fresh, |known| known.relationship.clone()),
            customer: self.any_customer(),
            named: self.random.percent(60),
            consented: provider.is_none(),
            display_name: if self.random.percent(5) { format!("{number:ü>50}") } else { format!("Support {number}") },
            roles: self.relationship_roles(),
            version: 1,
            step: Step::Made,
            assigned: Vec::new(),
        }
    }

    /// Makes something of it wrong.
    fn flaw(&mut self, command: &mut CreateGdapRelationship, customer: &mut Option<CustomerId>) {
        match self.random.below(8) {
            0 | 1 => command.display_name = self.odd_name(),
            2 => {
                let unsound = ["P0D", "P731D", "P25M", "PT23H", "PT0S", "half a year", "P3Y", "P-1D", "P1DT"];
                command.duration = GdapDuration::from_wire(self.random.one_of::<&str>(&unsound));
            }
            3 => command.roles = if self.random.percent(50) { BTreeSet::new() } else { [NO_ROLE].into() },
            4 => command.auto_extend = GdapAutoExtend::from_wire("P90D"),
            5 => {
                command.auto_extend = GdapAutoExtend::P180D;
                command.roles.insert(GLOBAL_ADMINISTRATOR);
            }
            6 => *customer = Some(command.partner.as_customer()),
            _ => {
                if let Some(known) = self.granted.first() {
                    command.relationship = known.relationship.clone();
                }
            }
        }
    }

    /// A name that is too short or too long, or that another relationship has.
    pub(super) fn odd_name(&mut self) -> String {
        let number = self.random.index(self.granted.len());
        match (self.random.below(5), self.granted_at(number)) {
            (0, _) => String::new(),
            (1, _) => "x".repeat(51),
            (_, Some(other)) => other.display_name.clone(),
            (_, None) => "ü".repeat(51),
        }
    }

    pub(super) fn relationship_roles(&mut self) -> BTreeSet<RoleId> {
        let mut roles: BTreeSet<RoleId> = (0..3).map(|_| *self.random.one_of(BUILT_IN)).collect();
        if self.random.percent(60) {
            roles.remove(&GLOBAL_ADMINISTRATOR);
        }
        roles.insert(GLOBAL_READER);
        roles
    }

    pub(super) fn duration(&mut self) -> GdapDuration {
        let sound = ["P1D", "P90D", "P90D", "P180D", "P6M", "P1Y", "P1Y", "P730D", "P2Y", "P1M2DT12H"];
        GdapDuration::from_wire(self.random.one_of::<&str>(&sound))
    }

    pub(super) fn auto_extend(&mut self) -> GdapAutoExtend {
        let words = ["P0D", "PT0S", "P180D", "P180D", "P180D"];
        GdapAutoExtend::from_wire(self.random.one_of::<&str>(&words))
    }

    /// Microsoft leads a transition, mostly for somebody who may have DAP and under a name of its form.
    pub(super) fn transition(&mut self) -> Drawn {
        let with_dap =
            (self.random.percent(75) && !self.with_dap.is_empty()).then(|| *self.random.one_of(&self.with_dap));
        let partner = with_dap.map_or_else(|| self.any_partner(), |(_, partner)| partner);
        let mut granted = self.granted_to(partner, None);
        (granted.step, granted.named) = (Step::Active, true);
        granted.customer = with_dap.map_or(granted.customer, |(customer, _)| customer);
        let groups: Vec<String> = (0..3).map(|_| format!("{:08x}", self.random.below(1 << 32))).collect();
        granted.display_name =
            if self.random.percent(92) { format!("MLT_{}", groups.join("_")) } else { self.odd_name() };
        let customer = granted.customer;
        let command = StartMicrosoftLedTransition {
            partner,
            relationship: granted.relationship.clone(),
            display_name: granted.display_name.clone(),
            roles: if self.random.percent(95) { granted.roles.clone() } else { [NO_ROLE].into() },
        };
        if with_dap.is_some() {
            self.granted.push(granted);
        }
        (actor::microsoft(), Some(customer), Command::StartMicrosoftLedTransition(command))
    }
}
