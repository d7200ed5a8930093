//! Who may do what: the one table of roles, and what each sees, asks and acts as.

use ofrecord_core::{Actor, ActorKind, Command, CustomerId, PartnerTenantId, Request, Role};

use crate::problem::Problem;

/// What a route needs of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: nobody is asked who is there.
    Nothing,
    /// Any role: what is told holds no content of an entry.
    AnyRole,
    /// To see how the ledger is.
    Condition,
    /// To see content: as far as the role's own reaches.
    Content,
    /// To see the content of all customers.
    AllContent,
    /// To submit commands, as an actor that the role may act as.
    Commands,
    /// The same as the partner or the customer that the token is for.
    CommandsOfTenant,
    /// To have the ledger checked, and to see which jobs there are.
    Checks,
    /// To have stored rows and backups made.
    Upkeep,
    /// To have certificates and evidence packs made.
    Certifying,
    /// To ask for what takes two persons, and to answer what somebody else asks for.
    Approving,
    /// To have recorded what other systems report, as their importer.
    Importing,
}

/// The role in which somebody asks. It is that of the token; the role of an actor, which rules look at, is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessRole {
    /// Somebody of one partner, or its program.
    PartnerUser,
    /// Somebody of one customer, or its program.
    CustomerAdmin,
    /// Reads everything.
    Auditor,
    /// Reads everything; corrects, holds, erases.
    ComplianceOfficer,
    /// Keeps the service running, and brings in what other systems report.
    Operator,
}

/// A line of the table of roles.
struct Line {
    role: AccessRole,
    word: &'static str,
    sees: &'static str,
    may: &'static [Need],
    acts_as: &'static [ActorKind],
}

/// Every role. A role that is not allowed something here is refused it everywhere.
static ROLES: &[Line] = &[
    Line {
        role: AccessRole::PartnerUser,
        word: "partner_user",
        sees: "the partner's own share of each of its customers",
        may: &[Need::Nothing, Need::AnyRole, Need::Content, Need::Commands, Need::CommandsOfTenant],
        acts_as: &[ActorKind::PartnerUser, ActorKind::PartnerApplication],
    },
    Line {
        role: AccessRole::CustomerAdmin,
        word: "customer_admin",
        sees: "its own tenant, with all partners",
        may: &[Need::Nothing, Need::AnyRole, Need::Content, Need::Commands, Need::CommandsOfTenant],
        acts_as: &[ActorKind::CustomerAdmin],
    },
    Line {
        role: AccessRole::Auditor,
        word: "auditor",
        sees: "everything",
        may: &[
            Need::Nothing,
            Need::AnyRole,
            Need::Condition,
            Need::Content,
            Need::AllContent,
            Need::Checks,
            Need::Certifying,
        ],
        acts_as: &[],
    },
    Line {
        role: AccessRole::ComplianceOfficer,
        word: "compliance_officer",
        sees: "everything",
        may: &[
            Need::Nothing,
            Need::AnyRole,
            Need::Condition,
            Need::Content,
            Need::AllContent,
            Need::Commands,
            Need::Checks,
            Need::Certifying,
            Need::Approving,
        ],
        acts_as: &[ActorKind::Operator],
    },
    Line {
        role: AccessRole::Operator,
        word: "operator",
        sees: "no content",
        may: &[
            Need::Nothing,
            Need::AnyRole,
            Need::Condition,
            Need::Commands,
            Need::Checks,
            Need::Upkeep,
            Need::Importing,
        ],
        acts_as: &[ActorKind::Operator, ActorKind::System, ActorKind::Importer, ActorKind::Microsoft],
    },
];

impl Need {
    /// Every need, in the order of the page.
    const ALL: [Self; 12] = [
        Self::Nothing,
        Self::AnyRole,
        Self::Condition,
        Self::Content,
        Self::AllContent,
        Self::Commands,
        Self::CommandsOfTenant,
        Self::Checks,
        Self::Upkeep,
        Self::Certifying,
        Self::Approving,
        Self::Importing,
    ];

    /// The word for it on the page.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::AnyRole => "any role",
            Self::Condition => "condition",
            Self::Content => "content",
            Self::AllContent => "all content",
            Self::Commands => "commands",
            Self::CommandsOfTenant => "commands of a tenant",
            Self::Checks => "checks",
            Self::Upkeep => "upkeep",
            Self::Certifying => "certifying",
            Self::Approving => "approving",
            Self::Importing => "importing",
        }
    }
}

impl AccessRole {
    /// Every role, in the order of the table.
    pub const ALL: [Self; 5] =
        [Self::PartnerUser, Self::CustomerAdmin, Self::Auditor, Self::ComplianceOfficer, Self::Operator];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.line().map_or("", |line| line.word)
    }

    /// The role of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        ROLES.iter().find(|line| line.word == word).map(|line| line.role)
    }

    pub(crate) fn may(self, need: Need) -> bool {
        self.line().is_some_and(|line| line.may.contains(&need))
    }

    fn line(self) -> Option<&'static Line> {
        ROLES.iter().find(|line| line.role == self)
    }
}

/// Whose content somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One partner's.
    Partner(PartnerTenantId),
    /// One customer's.
    Customer(CustomerId),
    /// What the role alone says.
    OfRole,
}

/// What somebody sees of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Everything.
    Whole,
    /// The share of this partner.
    Share(PartnerTenantId),
}

/// Whose entries somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Everybody's.
    Everything,
    /// Those of one customer.
    Customer(CustomerId),
    /// What is in the shares of a partner, and in its own account.
    Share(PartnerTenantId),
    /// Nobody's.
    Nothing,
}

/// Somebody who showed who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    /// The name, as the user of an actor has it.
    pub(crate) name: String,
    /// The role.
    pub(crate) role: AccessRole,
    /// Whose content.
    pub(crate) scope: Scope,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Whoever reaches the server, which asks nobody who is there.
    Anybody,
    /// Somebody who did not show who they are, where that is asked.
    Nobody,
    /// Somebody who was asked.
    Known(Principal),
}

impl Caller {
    /// Refuses what the role may not.
    pub(crate) fn may(&self, need: Need) -> Result<(), Problem> {
        match self {
            Self::Anybody => Ok(()),
            Self::Nobody if need == Need::Nothing => Ok(()),
            Self::Nobody => Err(Problem::forbidden(&"it is not known who asks")),
            Self::Known(principal) if principal.role.may(need) => Ok(()),
            Self::Known(principal) => Err(Problem::forbidden(&format_args!(
                "the role {} does not include {}",
                principal.role.word(),
                need.word()
            ))),
        }
    }

    /// What is seen of a customer; refused where it is none of the caller's, whether or not there is such a customer.
    pub(crate) fn sight(&self, customer: CustomerId) -> Result<Sight, Problem> {
        let principal = match self {
            Self::Anybody => return Ok(Sight::Whole),
            Self::Nobody => return self.may(Need::Content).map(|()| Sight::Whole),
            Self::Known(principal) => principal,
        };
        match principal.scope {
            Scope::Partner(partner) => Ok(Sight::Share(partner)),
            Scope::Customer(own) if own == customer => Ok(Sight::Whole),
            Scope::Customer(_) => Err(Problem::forbidden(&"the token is for another tenant")),
            Scope::OfRole => self.may(Need::AllContent).map(|()| Sight::Whole),
        }
    }

    /// Whose entries the caller sees.
    pub(crate) fn reach(&self) -> Reach {
        let principal = match self {
            Self::Anybody => return Reach::Everything,
            Self::Nobody => return Reach::Nothing,
            Self::Known(principal) => principal,
        };
        match principal.scope {
            Scope::Partner(partner) => Reach::Share(partner),
            Scope::Customer(customer) => Reach::Customer(customer),
            Scope::OfRole if principal.role.may(Need::AllContent) => Reach::Everything,
            Scope::OfRole => Reach::Nothing,
        }
    }

    /// As whom a command comes that names nobody: the tenant of the token, or the partner that is named where nobody
    /// is asked for one.
    pub(crate) fn acting(&self, named: Option<PartnerTenantId>, role: Option<Role>) -> Result<Actor, Problem> {
        let (kind, tenant, user) = match (self, named) {
            (Self::Known(Principal { scope: Scope::Partner(partner), name, .. }), _) => {
                (ActorKind::PartnerUser, partner.guid(), Some(name.clone()))
            }
            (Self::Known(Principal { scope: Scope::Customer(customer), name, .. }), _) => {
                (ActorKind::CustomerAdmin, customer.guid(), Some(name.clone()))
            }
            (Self::Known(Principal { scope: Scope::OfRole, .. }), _) => {
                return Err(Problem::forbidden(&"the token is for no partner and no customer"));
            }
            (Self::Nobody, _) => return Err(Problem::forbidden(&"it is not known who asks")),
            (Self::Anybody, Some(partner)) => (ActorKind::PartnerUser, partner.guid(), None),
            (Self::Anybody, None) => return Err(Problem::malformed("partner", &"say for which partner it is")),
        };
        Ok(Actor { kind, tenant_id: Some(tenant), user, role })
    }

    /// The caller's name, where it was asked for one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Anybody | Self::Nobody => None,
            Self::Known(principal) => Some(&principal.name),
        }
    }

    /// Why the caller may not submit a command: its actor is of another kind, for another tenant, or by another name.
    pub(crate) fn hindrance(&self, request: &Request) -> Option<&'static str> {
        match self {
            Self::Anybody => None,
            Self::Nobody => Some("it is not known who asks"),
            Self::Known(principal) => principal.hindrance(&request.actor, request.customer),
        }
    }

    /// Whether a command takes a second person beside the caller: one by which something becomes unreadable for good,
    /// or by which that becomes possible.
    pub(crate) fn needs_approval(&self, command: &Command) -> bool {
        let takes_two = matches!(command, Command::EraseSubject(_) | Command::RedactEntry(_) | Command::ReleaseHold(_));
        takes_two && !matches!(self, Self::Anybody)
    }
}

impl Principal {
    /// Why it may not act as somebody.
    fn hindrance(&self, actor: &Actor, customer: Option<CustomerId>) -> Option<&'static str> {
        let kinds = self.role.line().map_or(&[][..], |line| line.acts_as);
        if !kinds.contains(&actor.kind) {
            return Some("`actor.kind` is none that the role acts as");
        }
        let tenant = match self.scope {
            Scope::Partner(partner) => Some(partner.guid()),
            Scope::Customer(customer) => Some(customer.guid()),
            Scope::OfRole => None,
        };
        if tenant.is_some() && actor.tenant_id != tenant {
            return Some("`actor.tenant_id` is not the tenant of the token");
        }
        if let Scope::Customer(own) = self.scope
            && customer.is_some_and(|customer| customer != own)
        {
            return Some("`customer` is not the tenant of the token");
        }
        let is_officer = actor.role == Some(Role::ComplianceOfficer);
        if is_officer != (self.role == AccessRole::ComplianceOfficer) {
            return Some("`actor.role` is `compliance_officer` with the token of one, and with no other");
        }
        let by_name = actor.user.as_deref() == Some(self.name.as_str());
        // What a compliance officer does has a name, so that two of them are two persons.
        let is_nameless = actor.user.is_none() && self.role != AccessRole::ComplianceOfficer;
        (!by_name && !is_nameless).then_some("`actor.user` is not the name of the token")
    }
}

/// The table of roles as the page of reference has it: role, what it sees, each need, and what it acts as.
#[must_use]
pub fn role_lines() -> Vec<[String; 4]> {
    let line = |line: &Line| {
        let may: Vec<&str> = Need::ALL.iter().filter(|need| line.may.contains(need)).map(|need| need.word()).collect();
        let acts_as: Vec<String> = line.acts_as.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
        [format!("`{}`", line.word), line.sees.to_owned(), may.join(", "), acts_as.join(", ")]
    };
    ROLES.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
