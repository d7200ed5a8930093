//! The partners of a generated history: direct-bill partners, indirect providers and their resellers.

use std::collections::BTreeSet;

use ofrecord_core::command::partner::{AcceptPartnerAgreement, AcceptPartnership, InvitePartner, RegisterPartner};
use ofrecord_core::command::relationship::{DapChoice, RequestResellerRelationship};
use ofrecord_core::vocabulary::{PartnerType, Services};
use ofrecord_core::{
    Actor, ActorKind, Command, CommandId, Market, PartnerId, PartnerTenantId, Request, Role, Timestamp,
};

use super::{Recorded, name_id, partner_id};

const NAMES: &[&str] = &[
    "Fabrikam Cloud",
    "Contoso Services",
    "Adatum Distribution",
    "Northwind Partners",
    "Tailspin Solutions",
    "Wingtip Digital",
    "Proseware",
    "Litware Systems",
    "Lucerne Cloud",
    "Woodgrove Technology",
    "Coho Managed Services",
    "Trey Consulting",
];

/// Who sells in a history.
#[derive(Debug)]
pub(crate) struct Cast {
    members: Vec<Member>,
    /// Indexes of those who may sell: direct-bill partners and providers.
    pub(crate) sellers: Vec<u32>,
}

/// One partner.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) tenant: PartnerTenantId,
    pub(crate) kind: PartnerType,
    pub(crate) partner_id: Option<PartnerId>,
    /// The provider that an indirect reseller works with.
    pub(crate) provider: Option<u32>,
    pub(crate) name: String,
}

impl Cast {
    /// One partner for every forty customers, at least seven: of each seven, four direct-bill partners,
    /// one provider and two of its resellers.
    pub(crate) fn new(seed: u64, customers: u32) -> Self {
        let groups = customers.div_ceil(280).max(1);
        let mut members = Vec::new();
        let mut sellers = Vec::new();
        for number in 0..groups * 7 {
            let (kind, provider) = match number % 7 {
                4 => (PartnerType::IndirectProvider, None),
                5 | 6 => (PartnerType::IndirectReseller, Some(number - number % 7 + 4)),
                _ => (PartnerType::DirectBill, None),
            };
            if kind != PartnerType::IndirectReseller {
                sellers.push(number);
            }
            let label = NAMES.get(usize::try_from(number).unwrap_or(0) % NAMES.len()).copied().unwrap_or_default();
            let round = usize::try_from(number).unwrap_or(0) / NAMES.len();
            members.push(Member {
                tenant: partner_id(seed, number),
                kind,
                partner_id: (4_800_000 + number).to_string().parse().ok(),
                provider,
                name: if round == 0 { label.to_owned() } else { format!("{label} {}", round + 1) },
            });
        }
        Self { members, sellers }
    }

    /// A partner by index.
    pub(crate) fn member(&self, number: u32) -> Option<&Member> {
        self.members.get(usize::try_from(number).ok()?)
    }

    /// A reseller of a provider, by any number.
    pub(crate) fn reseller_of(&self, provider: u32, any: u64) -> Option<&Member> {
        let resellers: Vec<&Member> = self.members.iter().filter(|member| member.provider == Some(provider)).collect();
        let index = any.checked_rem(u64::try_from(resellers.len()).ok()?)?;
        resellers.get(usize::try_from(index).ok()?).copied()
    }

    /// How many requests make the cast known.
    pub(crate) fn openings(&self) -> usize {
        self.requests(0).len()
    }

    /// The requests that make the cast known: registrations, agreements, partnerships, links.
    pub(crate) fn requests(&self, seed: u64) -> Vec<Recorded> {
        let mut at = Timestamp::from_date(2017, 9, 1).unwrap_or(Timestamp::MIN);
        let mut requests = Vec::new();
        let mut add = |actor: Actor, name: String, command: Command| {
            at = at.plus_seconds(900);
            requests.push(Recorded {
                recorded_at: at.plus_seconds(60),
                request: Request {
                    command_id: CommandId::new(name_id(seed, &name)),
                    actor,
                    customer: None,
                    effective_at: Some(at),
                    expected_version: None,
                    evidence: Vec::new(),
                    command: command.into(),
                },
            });
        };
        for (number, member) in (0_u32..).zip(&self.members) {
            let partner = member.tenant;
            add(
                operator(),
                format!("register/{number}"),
                Command::RegisterPartner(RegisterPartner {
                    partner,
                    name: member.name.clone(),
                    partner_type: member.kind.clone(),
                    partner_id: member.partner_id.clone(),
                    markets: china(),
                    indirect_reseller_enrolment: None,
                }),
            );
            add(
                agent(partner, Role::GlobalAdmin),
                format!("agreement/{number}"),
                Command::AcceptPartnerAgreement(AcceptPartnerAgreement { partner }),
            );
            if let Some(provider) = member.provider.and_then(|index| self.member(index)) {
                let (provider, reseller) = (provider.tenant, partner);
                add(
                    agent(provider, Role::AdminAgent),
                    format!("invite/{number}"),
                    Command::InvitePartner(InvitePartner { provider, reseller }),
                );
                add(
                    agent(reseller, Role::AdminAgent),
                    format!("partnership/{number}"),
                    Command::AcceptPartnership(AcceptPartnership { provider, reseller }),
                );
            } else {
                add(
                    agent(partner, Role::AdminAgent),
                    format!("link/{number}"),
                    Command::RequestResellerRelationship(RequestResellerRelationship {
                        partner,
                        dap: DapChoice::With(Services::All),
                        via_provider: None,
                        expires_at: None,
                    }),
                );
            }
        }
        requests
    }
}

/// The person who runs the ledger.
pub(crate) fn operator() -> Actor {
    Actor { user: Some("operations@ofrecord.example".to_owned()), ..Actor::new(ActorKind::Operator) }
}

/// A partner's user in a role.
pub(crate) fn agent(partner: PartnerTenantId, role: Role) -> Actor {
    Actor {
        kind: ActorKind::PartnerUser,
        tenant_id: Some(partner.guid()),
        user: Some(format!("{}@{}.partner.example", role.as_str(), &partner.to_string()[..8])),
        role: Some(role),
    }
}

/// The market of the generated histories.
pub(crate) fn china() -> BTreeSet<Market> {
    "CN".parse().ok().into_iter().collect()
}
