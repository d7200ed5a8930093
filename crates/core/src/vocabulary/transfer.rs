//! The words of transfers: families, statuses and outcomes, and the sources' own words for a status.

use crate::wire::wire_enum;

wire_enum! {
    /// By which procedure subscriptions move to another partner; who asks and who accepts differ by it (rules T-1, T-8).
    pub enum TransferFamily {
        /// Legacy licences and legacy Azure subscriptions: the source asks, the target accepts.
        LegacyLicense = "legacy_license",
        /// New commerce: the target asks, the source accepts and selects.
        NewCommerce = "new_commerce",
        /// Azure subscriptions and reservations under an Azure plan: as in new commerce.
        AzurePlan = "azure_plan",
        /// The change of provider of a legacy Azure subscription by hand, with three signatures.
        ManualLegacyAzure = "manual_legacy_azure",
    }
}

impl TransferFamily {
    /// Whether the target asks and the source accepts (rules T-1, T-7, T-11, T-12).
    #[must_use]
    pub fn is_new_commerce(&self) -> bool {
        match self {
            Self::NewCommerce | Self::AzurePlan => true,
            Self::LegacyLicense | Self::ManualLegacyAzure | Self::Unrecognised(_) => false,
        }
    }
}

wire_enum! {
    /// Status of a transfer, one word for what sources write in several ways. What time alone makes of a
    /// pending one is computed (rule T-11).
    pub enum TransferStatus {
        /// Asked for, and not answered.
        Pending = "pending",
        /// Accepted, and not carried out yet.
        InProgress = "in_progress",
        /// Carried out for every line.
        Complete = "complete",
        /// Carried out for some lines, failed for others (rule T-16).
        PartiallyComplete = "partially_complete",
        /// Carried out for no line.
        Failed = "failed",
        /// The counterparty declined.
        Rejected = "rejected",
        /// Whoever asked took it back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Expired = "expired",
    }
}

impl TransferStatus {
    /// Reads a source's word, of Partner Center's two interfaces and of Azure billing alike; a word that
    /// none of them publishes is kept (rule L-8).
    #[must_use]
    pub fn of_source(word: &str) -> Self {
        match word.to_ascii_lowercase().replace([' ', '_'], "").as_str() {
            "active" | "pending" => Self::Pending,
            "inprogress" => Self::InProgress,
            "complete" | "completed" => Self::Complete,
            "partiallycomplete" | "partiallycompleted" | "completedwitherrors" => Self::PartiallyComplete,
            "failed" => Self::Failed,
            "reject" | "rejected" | "declined" => Self::Rejected,
            "withdrawn" | "canceled" | "cancelled" => Self::Withdrawn,
            "expired" => Self::Expired,
            _ => Self::Unrecognised(word.into()),
        }
    }

    /// Whether it may still be carried out, so that its lines are bound by it (rule T-4).
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Pending | Self::InProgress => true,
            Self::Complete
            | Self::PartiallyComplete
            | Self::Failed
            | Self::Rejected
            | Self::Withdrawn
            | Self::Expired
            | Self::Unrecognised(_) => false,
        }
    }
}

wire_enum! {
    /// How a transfer ended that was carried out (rule T-16).
    pub enum TransferOutcome {
        /// For every line.
        Complete = "complete",
        /// For some lines.
        PartiallyComplete = "partially_complete",
        /// For no line.
        Failed = "failed",
    }
}

impl TransferOutcome {
    /// The status that it leaves.
    #[must_use]
    pub fn status(&self) -> TransferStatus {
        match self {
            Self::Complete => TransferStatus::Complete,
            Self::PartiallyComplete => TransferStatus::PartiallyComplete,
            Self::Failed => TransferStatus::Failed,
            Self::Unrecognised(word) => TransferStatus::Unrecognised(word.clone()),
        }
    }
}

wire_enum! {
    /// What became of one line of a transfer.
    pub enum LineStatus {
        /// Nothing yet.
        Open = "open",
        /// It moved.
        Complete = "complete",
        /// It did not move.
        Failed = "failed",
        /// The source did not select it.
        LeftOut = "left_out",
    }
}

impl LineStatus {
    /// Reads a source's word; a word that is not published is kept (rule L-8).
    #[must_use]
    pub fn of_source(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "active" | "pending" | "inprogress" => Self::Open,
            "complete" | "completed" => Self::Complete,
            "failed" => Self::Failed,
            _ => Self::Unrecognised(word.into()),
        }
    }
}
