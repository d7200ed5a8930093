//! The word lists of granular delegated administration: statuses, durations, approvals, assignments.

use std::convert::Infallible;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::read_text;
use crate::time::Timestamp;
use crate::wire::wire_enum;

/// Seconds of one day.
const DAY: i64 = 86_400;

wire_enum! {
    /// Status of a granular relationship as Graph writes it, and two words of
    /// the ledger's own for what Graph no longer shows. Which of them holds at
    /// an instant is computed for that instant (rules G-14, G-18).
    pub enum GdapStatus {
        /// Being prepared by the partner; may still be changed or deleted.
        Created = "created",
        /// Locked, waiting for the customer.
        ApprovalPending = "approvalPending",
        /// Approved, not yet provisioned.
        Approved = "approved",
        /// Being provisioned.
        Activating = "activating",
        /// In force.
        Active = "active",
        /// Its end is being carried out.
        Expiring = "expiring",
        /// Ended at its end.
        Expired = "expired",
        /// One side asked for its end.
        TerminationRequested = "terminationRequested",
        /// Its termination is being carried out.
        Terminating = "terminating",
        /// Ended by one side.
        Terminated = "terminated",
        /// The reseller it was made for said no. The ledger's own word.
        Rejected = "rejected",
        /// Nobody answered in time (rule G-14). The ledger's own word.
        RequestExpired = "requestExpired",
        /// Deleted before it was locked. The ledger's own word.
        Deleted = "deleted",
    }
}

impl GdapStatus {
    /// Whether nothing follows any more.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Expired | Self::Terminated | Self::Rejected | Self::RequestExpired | Self::Deleted => true,
            Self::Created
            | Self::ApprovalPending
            | Self::Approved
            | Self::Activating
            | Self::Active
            | Self::Expiring
            | Self::TerminationRequested
            | Self::Terminating
            | Self::Unrecognised(_) => false,
        }
    }
}

wire_enum! {
    /// By how much a granular relationship goes on at its end (rule G-6).
    pub enum GdapAutoExtend {
        /// Not at all.
        P0D = "P0D",
        /// Not at all, as Graph writes its default.
        Pt0S = "PT0S",
        /// By 180 days, again and again.
        P180D = "P180D",
    }
}

impl GdapAutoExtend {
    /// Days by which the end moves; none when it does not.
    #[must_use]
    pub fn days(&self) -> Option<i64> {
        match self {
            Self::P180D => Some(180),
            Self::P0D | Self::Pt0S | Self::Unrecognised(_) => None,
        }
    }
}

wire_enum! {
    /// On what the customer's side of a granular relationship rests (rule G-13).
    pub enum ApprovalBasis {
        /// A global administrator of the customer approved it.
        CustomerGlobalAdmin = "customer_global_admin",
        /// The bulk migration tool took an existing DAP for consent.
        ImpliedByDap = "implied_by_dap",
        /// Microsoft made it when it led the transition from DAP (rule D-6).
        MicrosoftLed = "microsoft_led",
        /// It came with an account that the partner created (rule R-15).
        AccountCreated = "account_created",
        /// The source does not say.
        NotStated = "not_stated",
    }
}

wire_enum! {
    /// What an access assignment gives roles to (rule A-3).
    pub enum AccessContainerType {
        /// A security group in the partner's tenant.
        SecurityGroup = "securityGroup",
    }
}

wire_enum! {
    /// Status of an access assignment as Graph writes it.
    pub enum AssignmentStatus {
        /// Being provisioned.
        Pending = "pending",
        /// In force, as long as its relationship is.
        Active = "active",
        /// Its deletion is being carried out.
        Deleting = "deleting",
        /// Gone.
        Deleted = "deleted",
        /// Provisioning failed.
        Error = "error",
    }
}

wire_enum! {
    /// What a request on a granular relationship asks for.
    pub enum GdapRequestAction {
        /// Lock it, so that the customer can answer.
        LockForApproval = "lockForApproval",
        /// Approve it.
        Approve = "approve",
        /// End it.
        Terminate = "terminate",
        /// Say no to it.
        Reject = "reject",
    }
}

wire_enum! {
    /// How far a request on a granular relationship is; a published sample says `running` beside these.
    pub enum GdapRequestStatus {
        /// Made.
        Created = "created",
        /// Waiting.
        Pending = "pending",
        /// Done.
        Succeeded = "succeeded",
        /// Not done.
        Failed = "failed",
    }
}

wire_enum! {
    /// What a long-running operation on a granular relationship does.
    pub enum GdapOperationType {
        /// Replace the roles of an assignment.
        AccessAssignmentUpdate = "delegatedAdminAccessAssignmentUpdate",
        /// Change the relationship, such as taking Global Administrator out of it.
        RelationshipUpdate = "delegatedAdminRelationshipUpdate",
    }
}

wire_enum! {
    /// How far a long-running operation is.
    pub enum GdapOperationStatus {
        /// Not begun.
        NotStarted = "notStarted",
        /// Under way.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Not done.
        Failed = "failed",
    }
}

wire_enum! {
    /// The two groups of a partner's tenant that DAP gives roles to (rule D-4).
    pub enum AgentGroup {
        /// Admin agents: Global administrator by DAP.
        AdminAgents = "admin_agents",
        /// Helpdesk agents: Helpdesk administrator by DAP.
        HelpdeskAgents = "helpdesk_agents",
    }
}

wire_enum! {
    /// Why Microsoft ended DAP.
    pub enum DapTerminationCause {
        /// Nobody signed in for longer than the cloud's days (rule D-5).
        Inactivity = "inactivity",
        /// The transition to granular administration that Microsoft led is over (rule D-6).
        MicrosoftLedTransition = "microsoft_led_transition",
    }
}

/// How long a granular relationship runs: an ISO 8601 duration, kept as the source wrote it (rule G-4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GdapDuration(Box<str>);

/// Calendar months and seconds of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Span {
    months: u32,
    seconds: i64,
}

impl GdapDuration {
    /// The duration as a source wrote it, whether it can be read or not.
    #[must_use]
    pub fn from_wire(text: &str) -> Self {
        Self(text.into())
    }

    /// A number of days.
    #[must_use]
    pub fn of_days(days: u32) -> Self {
        Self(format!("P{days}D").into())
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant at which it is over when it begins at `start`; none when it is not an ISO 8601 duration.
    #[must_use]
    pub fn end_from(&self, start: Timestamp) -> Option<Timestamp> {
        let span = self.span()?;
        Some(start.plus_months(span.months).plus_seconds(span.seconds))
    }

    /// Its length in whole days, a year taken for 365 and a month for 30 days;
    /// a part of a day counts as one. None when it is not an ISO 8601 duration.
    #[must_use]
    pub fn days(&self) -> Option<i64> {
        let span = self.span()?;
        let months = i64::from(span.months);
        Some((months / 12 * 365 + months % 12 * 30).saturating_add(span.seconds.saturating_add(DAY - 1) / DAY))
    }

    /// Whether it holds at least a full day (rule G-4).
    #[must_use]
    pub fn is_a_day_or_longer(&self) -> bool {
        self.span().is_some_and(|span| span.months > 0 || span.seconds >= DAY)
    }

    fn span(&self) -> Option<Span> {
        let text = self.0.strip_prefix('P')?;
        let (date, time) = match text.split_once('T') {
            Some((date, time)) if !time.is_empty() => (date, time),
            Some(_) => return None,
            None => (text, ""),
        };
        if date.is_empty() && time.is_empty() {
            return None;
        }
        let mut span = Span::default();
        take(date, "YMWD", &mut |number, unit| {
            match unit {
                'Y' => span.months = span.months.checked_add(u32::try_from(number).ok()?.checked_mul(12)?)?,
                'M' => span.months = span.months.checked_add(u32::try_from(number).ok()?)?,
                'W' => span.seconds = span.seconds.checked_add(number.checked_mul(7 * DAY)?)?,
                _ => span.seconds = span.seconds.checked_add(number.checked_mul(DAY)?)?,
            }
            Some(())
        })?;
        take(time, "HMS", &mut |number, unit| {
            let unit = match unit {
                'H' => 3_600,
                'M' => 60,
                _ => 1,
            };
            span.seconds = span.seconds.checked_add(number.checked_mul(unit)?)?;
            Some(())
        })?;
        Some(span)
    }
}

/// Reads numbers and units, each unit at most once and in their order.
fn take(text: &str, units: &str, each: &mut dyn FnMut(i64, char) -> Option<()>) -> Option<()> {
    let mut rest = text;
    let mut left = units;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?.chars().next()?;
        left = left.get(left.find(unit)?.checked_add(1)?..)?;
        each(number, unit)?;
        rest = rest.get(digits.checked_add(1)?..)?;
    }
    Some(())
}

impl fmt::Display for GdapDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for GdapDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for GdapDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| Ok::<_, Infallible>(Self::from_wire(text)))
    }
}

#[cfg(test)]
mod tests;
