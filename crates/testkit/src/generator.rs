//! A seeded source of commands over some customers and partners: valid, refused, ill-fitting, backdated, repeated and conflicting ones.

mod assignment;
mod granting;
mod granular;
mod observation;
mod partner;
mod relationship;
mod subscription;
mod transfer;

use ofrecord_core::command::subscription::Product;
use ofrecord_core::vocabulary::PartnerType;
use ofrecord_core::{Actor, Cloud, Command, CustomerId, PartnerTenantId, Request, Role, SubscriptionId, Timestamp};
use serde_json::Value;

use self::granular::Granted;
use crate::random::Random;
use crate::story::instant;
use crate::{actor, name};

/// Which commands are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Every command there is.
    Everything,
    /// Those whose rules the reference model knows.
    Modelled,
}

/// A command with the instant at which the ledger gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// The command.
    pub request: Request,
}

/// What was ordered, as far as the drawing of later commands needs it.
#[derive(Debug, Clone)]
struct Ordered {
    subscription: SubscriptionId,
    customer: CustomerId,
    partner: PartnerTenantId,
    product: Product,
}

/// An endless source of drafts. Instants of recording never decrease.
#[derive(Debug, Clone)]
pub struct Generator {
    random: Random,
    seed: u64,
    range: Range,
    drawn: u64,
    now: Timestamp,
    customers: Vec<CustomerId>,
    partners: Vec<PartnerTenantId>,
    ordered: Vec<Ordered>,
    transfers: Vec<transfer::Drafted>,
    granted: Vec<Granted>,
    /// Who may sell to whom, as far as is guessed.
    related: Vec<(CustomerId, PartnerTenantId)>,
    /// Who may have DAP with whom, as far as is guessed.
    with_dap: Vec<(CustomerId, PartnerTenantId)>,
    repeatable: Vec<Request>,
    observed: u64,
    /// Commands that come before any other is drawn, the next one last.
    opening: Vec<(Actor, Option<CustomerId>, Command)>,
}

/// The type of the partner of a number: every generator has some of each.
fn type_of(number: usize) -> PartnerType {
    match number % 6 {
        0 | 1 => PartnerType::DirectBill,
        2 | 5 => PartnerType::IndirectProvider,
        3 => PartnerType::IndirectReseller,
        _ => PartnerType::Advisor,
    }
}

impl Generator {
    /// Drafts of every kind over 3 customers and 6 partners.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::over(seed, Range::Everything, 3, 6)
    }

    /// Drafts over some customers and partners.
    #[must_use]
    pub fn over(seed: u64, range: Range, customers: usize, partners: usize) -> Self {
        let mut generator = Self {
            random: Random::new(seed),
            seed,
            range,
            drawn: 0,
            now: instant("2022-01-03T08:00:00Z"),
            customers: (0..customers).map(|number| name::customer(&format!("C{number}"))).collect(),
            partners: (0..partners).map(|number| name::partner(&format!("P{number}"))).collect(),
            ordered: Vec::new(),
            transfers: Vec::new(),
            granted: Vec::new(),
            related: Vec::new(),
            with_dap: Vec::new(),
            repeatable: Vec::new(),
            observed: 0,
            opening: Vec::new(),
        };
        generator.opening = generator.opening_scene();
        generator.opening.reverse();
        generator
    }

    /// The customers commands are drawn for.
    #[must_use]
    pub fn customers(&self) -> &[CustomerId] {
        &self.customers
    }

    /// The partners commands are drawn for.
    #[must_use]
    pub fn partners(&self) -> &[PartnerTenantId] {
        &self.partners
    }

    /// The instant of the newest draft.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The next draft.
    pub fn draft(&mut self) -> Draft {
        self.advance();
        if let Some((actor, customer, command)) = self.opening.pop() {
            return self.drafted(actor, customer, command, Some(self.now));
        }
        if !self.repeatable.is_empty() && self.random.percent(4) {
            return self.repeat();
        }
        let (actor, customer, command) = self.drawn_command();
        let effective_at = self.effective_at();
        let actor = if self.random.percent(5) { self.another_actor(customer) } else { actor };
        let mut draft = self.drafted(actor, customer, command, effective_at);
        if self.random.percent(2) {
            draft.request.expected_version = Some(self.random.below(20));
        }
        draft
    }

    fn drafted(
        &mut self,
        actor: Actor,
        customer: Option<CustomerId>,
        command: Command,
        effective_at: Option<Timestamp>,
    ) -> Draft {
        self.drawn += 1;
        let evidence = self.evidence_for(&command);
        let command = self.overreaching(command.into());
        let request = Request {
            command_id: name::command(self.seed, self.drawn),
            actor,
            customer,
            effective_at,
            expected_version: None,
            evidence,
            command,
        };
        if self.repeatable.len() < 64 {
            self.repeatable.push(request.clone());
        } else {
            let place = self.random.index(64);
            if let Some(kept) = self.repeatable.get_mut(place) {
                kept.clone_from(&request);
            }
        }
        Draft { recorded_at: self.now, request }
    }

    /// Sometimes a relationship command carries what it must not (rules S-2, S-7, S-11).
    fn overreaching(&mut self, command: ofrecord_core::ParsedCommand) -> ofrecord_core::ParsedCommand {
        if !self.random.percent(2) {
            return command;
        }
        let field =
            *self.random.one_of(&["quantity", "owner", "dpor", "auto_renew", "tenant_owner", "partner_of_record"]);
        let Ok(Value::Object(mut fields)) = serde_json::to_value(&command) else { return command };
        fields.entry(field).or_insert_with(|| Value::String("carried along".to_owned()));
        ofrecord_core::ParsedCommand::from_json(Value::Object(fields)).unwrap_or(command)
    }

    /// A request sent before, with or without a difference (rule L-3).
    fn repeat(&mut self) -> Draft {
        let mut request = self.random.one_of(&self.repeatable).clone();
        if self.random.percent(30) {
            request.effective_at = Some(self.now.plus_days(-1));
        }
        Draft { recorded_at: self.now, request }
    }

    /// Time passes: mostly hours, sometimes months, now and then not at all.
    fn advance(&mut self) {
        let seconds = match self.random.below(10) {
            0 => 0,
            1..=6 => i64::try_from(self.random.below(3 * 86_400)).unwrap_or(0),
            7 | 8 => i64::try_from(self.random.below(20 * 86_400)).unwrap_or(0),
            _ => i64::try_from(self.random.below(60 * 86_400)).unwrap_or(0),
        };
        self.now = self.now.plus_seconds(seconds);
    }

    /// Mostly now; sometimes some days ago, rarely in the future, which is refused.
    fn effective_at(&mut self) -> Option<Timestamp> {
        match self.random.below(20) {
            0 | 1 => Some(self.now.plus_days(-i64::try_from(self.random.below(40)).unwrap_or(0))),
            2 => Some(self.now.plus_seconds(-i64::try_from(self.random.below(86_400)).unwrap_or(0))),
            3 if self.random.percent(20) => Some(self.now.plus_days(1)),
            4..=9 => Some(self.now),
            _ => None,
        }
    }

    fn another_actor(&mut self, customer: Option<CustomerId>) -> Actor {
        let partner = self.any_partner();
        let customer = customer.unwrap_or_else(|| self.any_customer());
        match self.random.below(8) {
            0 => actor::partner_user(partner, Role::HelpdeskAgent),
            1 => actor::partner_user(partner, Role::GlobalAdmin),
            2 => actor::partner_application(partner),
            3 => actor::customer_admin(customer, Role::BillingAdmin),
            4 => actor::global_admin(customer),
            5 => actor::microsoft(),
            6 => actor::importer(),
            _ => actor::operator(),
        }
    }

    fn any_partner(&mut self) -> PartnerTenantId {
        *self.random.one_of(&self.partners)
    }

    fn any_customer(&mut self) -> CustomerId {
        *self.random.one_of(&self.customers)
    }

    /// A partner of a type, or any where there is none of it.
    fn partner_of(&mut self, wanted: &[PartnerType]) -> PartnerTenantId {
        let fitting: Vec<PartnerTenantId> = self
            .partners
            .iter()
            .enumerate()
            .filter(|(number, _)| wanted.contains(&type_of(*number)))
            .map(|(_, partner)| *partner)
            .collect();
        if fitting.is_empty() { self.any_partner() } else { *self.random.one_of(&fitting) }
    }

    /// Of a hundred commands, those on granular administration: few in the cloud that does not have it.
    fn granular_share(&self) -> u64 {
        match cloud_of(self.seed) {
            Cloud::China21Vianet => 5,
            Cloud::Worldwide | Cloud::UsGov => 45,
        }
    }

    fn drawn_command(&mut self) -> (Actor, Option<CustomerId>, Command) {
        if self.random.percent(self.granular_share()) {
            return self.granular_command();
        }
        match self.random.below(100) {
            0..=9 => self.partner_command(),
            10..=41 => self.relationship_command(),
            42..=84 => self.subscription_command(),
            85..=96 => self.observation(),
            _ => match self.range {
                Range::Everything => self.correction(),
                Range::Modelled => self.relationship_command(),
            },
        }
    }
}

/// Drafts of a seed, to submit to something.
#[must_use]
pub fn drafts(seed: u64, range: Range, count: usize) -> Vec<Draft> {
    let mut generator = Generator::over(seed, range, 3, 6);
    std::iter::repeat_with(|| generator.draft()).take(count).collect()
}

/// The clouds, in turn by seed.
#[must_use]
#[expect(clippy::indexing_slicing, reason = "the index is a remainder by the length")]
pub fn cloud_of(seed: u64) -> Cloud {
    Cloud::ALL[usize::try_from(seed % 3).unwrap_or(0)]
}
