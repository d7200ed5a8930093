//! The partners of a generated history: direct-bill partners, indirect providers and their resellers.

use std::collections::BTreeSet;

use ofrecord_core::command::partner::{AcceptPartnerAgreement, AcceptPartnership, InvitePartner, RegisterPartner};
use ofrecord_core::command::relationship::{DapChoice, RequestResellerRelationship};
use ofrecord_core::vocabulary::{PartnerType, ResellerEnrolment, Services};
use ofrecord_core::{
    Actor, ActorKind, Cloud, Command, CommandId, Market, PartnerId, PartnerTenantId, Request, Role, Timestamp,
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
    /// In which cloud.
    pub(crate) cloud: Cloud,
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
    pub(crate) fn new(seed: u64, customers: u32, cloud: Cloud) -> Self {
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
        Self { cloud, members, sellers }
    }

    /// The indexes of all of them.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.members.len()).unwrap_or(0)
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

    /// The index of a reseller of a provider, by any number.
    pub(crate) fn reseller_index_of(&self, provider: u32, any: u64) -> Option<u32> {
        let tenant = self.reseller_of(provider, any)?.tenant;
        (0_u32..).zip(&self.members).find(|(_, member)| member.tenant == tenant).map(|(number, _)| number)
    }

    /// The provider with whom a direct-bill partner works too: the last of each four is on its way to become an
    /// indirect reseller, where the cloud has that (rule R-17).
    pub(crate) fn provider_beside(&self, partner: u32) -> Option<u32> {
        let on_its_way = self.cloud != Cloud::China21Vianet && partner % 7 == 3;
        on_its_way.then_some(partner + 1)
    }

    /// Providers and resellers whose partnership can begin once the member of a number is known.
    fn partnerships_at(&self, number: u32) -> Vec<(&Member, &Member)> {
        let own = self.member(number).and_then(|member| member.provider).map(|provider| (provider, number));
        let before = number.checked_sub(1);
        let beside =
            before.filter(|before| self.provider_beside(*before) == Some(number)).map(|before| (number, before));
        let pairs = own.into_iter().chain(beside);
        pairs.filter_map(|(provider, reseller)| self.member(provider).zip(self.member(reseller))).collect()
    }

    /// The markets of the cloud.
    pub(crate) fn markets(&self) -> BTreeSet<Market> {
        let market = match self.cloud {
            Cloud::China21Vianet => "CN",
            Cloud::Worldwide | Cloud::UsGov => "US",
        };
        market.parse().ok().into_iter().collect()
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
                    markets: self.markets(),
                    indirect_reseller_enrolment: self.provider_beside(number).map(|_| ResellerEnrolment::Completed),
                }),
            );
            add(
                agent(partner, Role::GlobalAdmin),
                format!("agreement/{number}"),
                Command::AcceptPartnerAgreement(AcceptPartnerAgreement { partner }),
            );
            for (provider, reseller) in self.partnerships_at(number) {
                let (provider, reseller) = (provider.tenant, reseller.tenant);
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
            }
            if member.provider.is_none() {
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
