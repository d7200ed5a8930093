//! Findings: what an auditor should look at, each with a stable code and its meaning.

use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::{GdapRelationshipId, PartnerTenantId, ServiceName, SubscriptionId, Timestamp};
use serde::Serialize;

macro_rules! finding_codes {
    ($($(#[$meta:meta])* $name:ident = $word:literal, $title:literal, $meaning:literal;)+) => {
        /// What kind of finding; the table of all codes is [`FindingCode::ALL`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FindingCode {
            $($(#[$meta])* $name,)+
        }

        impl FindingCode {
            /// Every code, in the order of the reference.
            pub const ALL: &'static [FindingCode] = &[$(FindingCode::$name,)+];

            /// The stable code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// One short sentence for lists.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }

            /// When it is raised, and what to do about it.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                }
            }
        }
    };
}

finding_codes! {
    /// A former reseller can still administer.
    FormerResellerStillHasAccess = "former_reseller_still_has_access",
        "A former reseller can still administer the customer.",
        "The reseller relationship has ended, and DAP, granular access or an Azure role of the partner is still there (rules M-9, D-7). The customer should remove the access, or the partner prove that it is wanted.";
    /// A partner that gave subscriptions up can still administer.
    FormerOwnerStillHasAccess = "former_owner_still_has_access",
        "A partner whose subscriptions were transferred away can still administer the customer.",
        "A completed transfer moves the ownership and takes no access away (rule T-14), and what the source could administer by is still there. It may be wanted, as where the source owns other subscriptions; the customer should confirm that or remove it.";
    /// Someone who never was reseller can administer.
    AdministersWithoutReselling = "administers_without_reselling",
        "A partner can administer the customer and never was its reseller.",
        "DAP, granular access or an Azure role of the partner is there, and the ledger has no reseller relationship of it. It may be a support-only partner (rule G-25); the customer should confirm that.";
    /// Two resellers held DAP for the same service.
    TwoResellersWithDapOnService = "two_resellers_with_dap_on_service",
        "Two resellers held DAP for the same service at the same time.",
        "Rule R-12 allows one transacting partner with DAP per service. As a command it is refused; imported history may show it. `since` and `until` bound the time.";
    /// A sale without a reseller of record.
    ResellerOfRecordMissing = "reseller_of_record_missing",
        "A subscription sold by an indirect provider names no reseller of record.",
        "Without a partner ID on the line the sale is attributed to nobody (rule I-5). The provider can still set it.";
    /// Two partners claim one workload.
    CporClaimsConflict = "cpor_claims_conflict",
        "Two partners claim the same workload of a subscription.",
        "A workload has one claiming partner of record at a time (rule I-11). A claim is approved while another one is approved, open or disputed; look up which of them the source upheld.";
    /// A request for a transfer that nobody answered.
    TransferExpired = "transfer_expired",
        "A request for a transfer expired without an answer.",
        "A new-commerce request that nobody answers for the days of the policy is expired, which no source has to say (rule T-11). It cannot be taken back; make another one if it is still wanted.";
    /// A purchase before or without an agreement.
    PurchaseWithoutAgreement = "purchase_without_agreement",
        "A subscription was bought when no customer agreement was on record.",
        "No agreement agreed on or before the day of the purchase is in the ledger (rule B-1, question 25). Either the agreement is missing from the import or the purchase had none.";
    /// A reseller without any subscription.
    RelationshipDormant = "relationship_dormant",
        "A reseller of the customer has no subscription with it.",
        "The relationship stands, and no subscription that is not gone is owned by the partner or names it as reseller of record (question 4).";
    /// Two sources do not agree.
    SourceConflict = "source_conflict",
        "Two sources do not agree on a fact.",
        "A source shows a value that another source's record rules out. Both are kept (rule L-12); correct the one that is wrong.";
    /// A state of which the beginning was not seen.
    SourceSaysActiveButNoCreationSeen = "source_says_active_but_no_creation_seen",
        "A source shows something standing whose beginning is not in the ledger.",
        "A relationship, DAP or a subscription is known only from a reading of its state. Import the period in which it began, if the source still has it.";
    /// A hole between two readings of a source.
    GapInSourceCoverage = "gap_in_source_coverage",
        "A source was not read for a period between two that were.",
        "For this period \"no event\" is not known, it is only that there is no reading (rule L-11).";
    /// What the source had can no longer be read there.
    SourceCanNoLongerBeRead = "source_can_no_longer_be_read",
        "A source no longer has what the ledger recorded from it.",
        "The source removed the record (rule L-9). The ledger's copy is now the only one.";
    /// A customer outside the reseller's markets.
    MarketMismatchRecorded = "market_mismatch_recorded",
        "The customer's market is not among the reseller's markets.",
        "A relationship outside the partner's authorised markets stands in the record (rule R-7, question 7). A joint link with a provider is the published exception and raises nothing.";
    /// DAP where it is no longer offered.
    DapStillOnAfterEndOfOffer = "dap_still_on_after_end_of_offer",
        "DAP is still on after the cloud stopped offering it.",
        "The customer still relies on DAP (rule R-13, question 16); granular privileges are meant to have replaced it.";
    /// DAP and a granular relationship of one partner at once.
    DapAndGdapSideBySide = "dap_and_gdap_side_by_side",
        "A partner has DAP and a granular relationship in force at once.",
        "A user in a group with an assignment has its roles alone; every other user in an agent group still has what DAP gives. In a transition that Microsoft leads both stand for thirty days (rule D-6); otherwise DAP should be removed once the roles are enough.";
    /// DAP outlived the transition that Microsoft led.
    TransitionDapNotEnded = "transition_dap_not_ended",
        "DAP is still on after the transition that Microsoft led should have ended it.",
        "Microsoft removes DAP thirty days after it made the granular relationship that replaces it (rule D-6). Read the source again; if DAP is on there too, the customer should remove it.";
    /// DAP that Microsoft ended, and nothing in its place.
    DapTerminationNotReplaced = "dap_termination_not_replaced",
        "Microsoft ended DAP of a reseller, and nothing replaced it.",
        "The partner still sells to the customer and can administer nothing since (question 13). That may be what both want; it shows where a granular relationship or its import is missing.";
    /// Global Administrator in a granular relationship.
    GlobalAdministratorGranted = "global_administrator_granted",
        "A granular relationship in force held Global Administrator.",
        "The role allows everything, and while a relationship holds it, it never goes on by itself (rule G-7, question 12). `since` and `until` bound the time; the sentence says whether a group had the role.";
    /// A granular relationship in force without any approval on record.
    GdapWithoutApproval = "gdap_without_approval",
        "A granular relationship is in force, and no approval of it is in the ledger.",
        "Every relationship needs the customer's side (rule G-13, question 14). Either the approval is missing from the import, or nobody gave it.";
    /// A granular relationship that no administrator of the customer approved.
    GdapApprovalImplied = "gdap_approval_implied",
        "A granular relationship is in force, and its approval does not name an administrator of the customer.",
        "The approval is implied by an earlier DAP, by the transition that Microsoft led or by the creation of the account, or the source does not say on what it rests (rule G-13, question 14). For information: the published exceptions are these.";
    /// A granular relationship about to end.
    GdapEndInSight = "gdap_end_in_sight",
        "A granular relationship ends within thirty days and does not go on by itself.",
        "Microsoft gives notice thirty days before the end. All its roles end together (rule G-18); a new relationship needs a new approval.";
    /// A granular relationship in force by which nobody can do anything.
    GdapActiveWithoutAssignment = "gdap_active_without_assignment",
        "A granular relationship is in force without any assignment in force.",
        "Nobody can use it: roles are given to groups by assignments (rule A-8). Either it is not needed, or its assignments are missing from the import.";
    /// An assignment that could not be provisioned.
    AssignmentFailed = "assignment_failed",
        "An access assignment could not be provisioned.",
        "Its relationship is in force and the group has none of the roles. Delete the assignment and make another one.";
    /// An ended granular relationship that Microsoft no longer shows.
    GdapNoLongerShown = "gdap_no_longer_shown",
        "Microsoft no longer shows a granular relationship that is over; the ledger does.",
        "What is expired or terminated is cleaned up after a year (rule G-24, question 15). The ledger's record may be the only one left.";
    /// A listed service provider of whom nothing is known.
    PartnerListedButUnknown = "partner_listed_but_unknown",
        "The customer's tenant lists a service provider of whom the ledger knows nothing.",
        "The list is the one source that shows every partner. Neither a reseller relationship nor any access of this one is in the ledger; its records are missing from the import, or the customer does not know it either.";
    /// Access that was used when none was on record.
    AccessUsedWithoutGrant = "access_used_without_grant",
        "A partner used delegated access when none was on record.",
        "The customer's side saw a sign-in of the partner at an instant at which the ledger has neither DAP nor a granular relationship in force nor an Azure role of it. Its grant is missing from the import.";
    /// A term ended, renewal was due, none was seen.
    RenewalNotSeen = "renewal_not_seen",
        "A term ended with automatic renewal on, and no renewal is in the ledger.",
        "Renewal runs on the day after the term and may take 24 hours (rule U-18). The status stays Active because nothing says otherwise; read the source again.";
    /// A word that is not published.
    UnrecognisedValue = "unrecognised_value",
        "A source used a word that is not in a published list.",
        "The word is kept verbatim and mapped to nothing (rule L-8). A newer build may know it.";
    /// A PAL whose partner has no Azure role.
    PalWithoutAccess = "pal_without_access",
        "A partner admin link is set where the partner has no Azure role.",
        "The link changes no permission (rule I-12) and earns nothing without an eligible role.";
    /// Evidence shows what a command would have been refused for.
    RuleViolatedInEvidence = "rule_violated_in_evidence",
        "The record shows something that the rules would have refused.",
        "Imported facts are never refused (rule L-12). The rule is named; the sentence says what contradicts it by what is known now.";
    /// An earlier event was replaced or withdrawn.
    CorrectionApplied = "correction_applied",
        "An earlier event was replaced or withdrawn.",
        "Answers differ from what was said before the correction; asking with the earlier knowledge still gives the earlier answer (rule L-1).";
}

/// What a finding is about; at least one of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct FindingSubject {
    /// A partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
    /// A second partner, where two are at odds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_partner: Option<PartnerTenantId>,
    /// A subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// A service; none with two partners at odds is the whole tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// A granular relationship.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<GdapRelationshipId>,
    /// A source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceSystem>,
    /// A field of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl FindingSubject {
    pub(crate) fn partner(partner: PartnerTenantId) -> Self {
        Self { partner: Some(partner), ..Self::default() }
    }

    pub(crate) fn subscription(subscription: SubscriptionId) -> Self {
        Self { subscription: Some(subscription), ..Self::default() }
    }
}

/// Something an auditor should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind.
    pub code: FindingCode,
    /// About whom or what.
    pub subject: FindingSubject,
    /// The rule concerned, where one rule is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Since when in the world.
    pub since: Timestamp,
    /// When it ended; none while it holds, and for what happened once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// One sentence with the names and numbers.
    pub sentence: String,
    /// The positions of the entries that show it.
    pub positions: Vec<u64>,
}

#[cfg(test)]
mod tests;
