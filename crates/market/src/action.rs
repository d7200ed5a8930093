//! What can happen in a generated history, small enough that millions fit in memory.

use std::mem::{Discriminant, discriminant};

/// Something that happens to a customer or to a partner. Numbers are indexes: of a partner in the cast, of a
/// subscription in the customer's own order, of an offer in the list.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// Who works with whom.
    Meeting(Meeting),
    /// Who may administer.
    Access(Access),
    /// What is bought.
    Purchase(Purchase),
    /// What becomes of a subscription.
    Change(Change),
    /// Who is on record for a subscription.
    OfRecord(OfRecord),
    /// What is learned from elsewhere, late.
    Learned(Learned),
    /// What becomes of granular administration.
    Granular(Granular),
    /// Who comes to own a subscription, and who is brought along.
    Move(Move),
    /// Who is in a partner's groups.
    Staff(Staff),
}

/// An action without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Meeting(Discriminant<Meeting>),
    Access(Discriminant<Access>),
    Purchase(Discriminant<Purchase>),
    Change(Discriminant<Change>),
    OfRecord(Discriminant<OfRecord>),
    Learned(Discriminant<Learned>),
    Granular(Discriminant<Act>),
    Move(Discriminant<Move>),
    Staff(Discriminant<Staff>),
}

impl Action {
    /// What happens, whoever it happens to.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Meeting(action) => Kind::Meeting(discriminant(action)),
            Self::Access(action) => Kind::Access(discriminant(action)),
            Self::Purchase(action) => Kind::Purchase(discriminant(action)),
            Self::Change(action) => Kind::Change(discriminant(action)),
            Self::OfRecord(action) => Kind::OfRecord(discriminant(action)),
            Self::Learned(action) => Kind::Learned(discriminant(action)),
            Self::Granular(action) => Kind::Granular(discriminant(&action.act)),
            Self::Move(action) => Kind::Move(discriminant(action)),
            Self::Staff(action) => Kind::Staff(discriminant(action)),
        }
    }
}

/// Who works with whom.
#[derive(Debug, Clone)]
pub(crate) enum Meeting {
    /// The customer becomes known.
    Register,
    /// The partner creates the customer's tenant.
    Create { partner: u32 },
    /// The customer accepts the partner's link, with DAP for one offer's service or without.
    Accept { partner: u32, dap_offer: Option<u8> },
    /// The agreement is confirmed, by the partner's attestation or directly.
    Agree { attested_by: Option<u32> },
    /// The partner removes the relationship.
    RemoveRelationship { partner: u32 },
}

/// Who may administer.
#[derive(Debug, Clone)]
pub(crate) enum Access {
    /// The customer grants DAP for an offer's service.
    GrantDap { partner: u32, offer: u8 },
    /// The customer removes all DAP of the partner.
    RemoveDap { partner: u32 },
    /// The operator of the cloud ends DAP for inactivity.
    EndDap { partner: u32 },
    /// Microsoft ends DAP when the days of the transition that it leads are over.
    EndDapAfterTransition { partner: u32 },
    /// An Azure role of the partner is seen.
    AzureRole { partner: u32 },
}

/// What is bought.
#[derive(Debug, Clone)]
pub(crate) enum Purchase {
    /// The partner places an order.
    Order { partner: u32, subscription: u32, offer: u8, quantity: u64, sold_by_reseller: bool },
    /// The partner orders a trial.
    Trial { partner: u32, subscription: u32 },
    /// The trial becomes paid.
    ConvertTrial { partner: u32, subscription: u32, quantity: u64 },
}

/// What becomes of a subscription.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// The partner adds seats.
    AddSeats { partner: u32, subscription: u32, seats: u64 },
    /// The partner takes seats away.
    RemoveSeats { partner: u32, subscription: u32, seats: u64 },
    /// The partner suspends.
    Suspend { partner: u32, subscription: u32, unpaid: bool },
    /// The partner reactivates.
    Reactivate { partner: u32, subscription: u32 },
    /// The partner cancels.
    Cancel { partner: u32, subscription: u32 },
    /// The term is renewed.
    Renew { partner: u32, subscription: u32 },
    /// The partner upgrades to the offer that follows.
    Upgrade { partner: u32, subscription: u32, offer: u8 },
    /// Automatic renewal goes off.
    StopRenewal { partner: u32, subscription: u32 },
}

/// Who is on record for a subscription.
#[derive(Debug, Clone)]
pub(crate) enum OfRecord {
    /// The customer sets the digital partner of record.
    Dpor { partner: u32, subscription: u32 },
    /// The provider changes the reseller of record.
    ChangeReseller { provider: u32, subscription: u32, any: u64 },
    /// The partner becomes the support contact.
    SupportContact { owner: u32, partner: u32, subscription: u32 },
}

/// What is learned from elsewhere, late.
#[derive(Debug, Clone)]
pub(crate) enum Learned {
    /// An audit record of an acceptance is imported: the same fact from a second source.
    AuditOfAcceptance { partner: u32 },
    /// An observation of a subscription is imported late.
    ObserveLate { partner: u32, subscription: u32, quantity: u64 },
}

/// Something that becomes of a granular relationship.
#[derive(Debug, Clone)]
pub(crate) struct Granular {
    /// The partner who administers.
    pub(crate) partner: u32,
    /// The relationship, in the customer's own order.
    pub(crate) relationship: u8,
    pub(crate) act: Act,
}

/// What becomes of it.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// The partner makes it, or its provider does.
    Make { provider: Option<u32>, days: u16, roles: Roles, extends: bool },
    /// The reseller agrees to what its provider made for it.
    Consent,
    /// It is locked for the customer's answer.
    Lock { provider: Option<u32> },
    /// The customer approves.
    Approve,
    /// It comes into force.
    Activate,
    /// A group of the partner gets roles of it.
    Assign { assignment: u8, group: u8, roles: Roles },
    /// The assignment comes into force.
    ActivateAssignment { assignment: u8 },
    /// The roles of an assignment are replaced.
    Replace { assignment: u8, version: u8, roles: Roles },
    /// Global Administrator is taken out.
    RemoveGlobalAdministrator { version: u8 },
    /// It is switched whether it goes on at its end.
    SwitchExtension { version: u8, extends: bool },
    /// One side asks for its end.
    Terminate { by_customer: bool },
    /// The end that was asked for is carried out.
    RecordTermination,
    /// Its end moved.
    RecordExtension,
    /// Its end came.
    RecordExpiry,
    /// Microsoft no longer shows it.
    RecordCleanUp,
    /// Microsoft leads the transition from DAP to it.
    Lead,
    /// Microsoft gives the agent groups roles of it.
    LedAssignment { assignment: u8, group: u8, roles: Roles },
}

/// Which roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Roles {
    /// Reading everything.
    Read,
    /// What a service desk needs.
    Support,
    /// Both, and writing the directory.
    Manage,
    /// All of them, and Global Administrator.
    Everything,
}

/// Who comes to own a subscription, and who is brought along.
#[derive(Debug, Clone)]
pub(crate) enum Move {
    /// A transfer is asked for: by the source, or by the target in new commerce.
    Ask { from: u32, to: u32, subscription: u32, new_commerce: bool },
    /// The other side accepts.
    Accept { from: u32, to: u32, subscription: u32, new_commerce: bool },
    /// The other side declines.
    Decline { from: u32, to: u32, subscription: u32, new_commerce: bool },
    /// Microsoft says how it was carried out; a legacy subscription gets the new number.
    Complete { subscription: u32, new: Option<u32>, moved: bool },
    /// A direct-bill partner brings its provider to the customer.
    Extend { partner: u32, provider: u32 },
}

/// Who is in a partner's groups.
#[derive(Debug, Clone)]
pub(crate) enum Staff {
    /// Somebody joins.
    Joins { group: u8, user: u8 },
    /// Somebody leaves.
    Leaves { group: u8, user: u8 },
}

macro_rules! actions {
    ($($family:ident),+) => {
        $(impl From<$family> for Action {
            fn from(action: $family) -> Self {
                Self::$family(action)
            }
        })+
    };
}

actions!(Meeting, Access, Purchase, Change, OfRecord, Learned, Granular, Move, Staff);
