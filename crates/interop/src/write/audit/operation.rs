//! The published operation that a command is, and the resource that it works on.

use ofrecord_core::Command;

/// A published operation and its resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operation {
    /// `operationType`.
    pub(super) word: &'static str,
    /// `resourceType`.
    pub(super) resource: &'static str,
}

const fn operation(word: &'static str, resource: &'static str) -> Operation {
    Operation { word, resource }
}

const fn granular(word: &'static str) -> Operation {
    operation(word, "granular_admin_relationship")
}

const fn assignment(word: &'static str) -> Operation {
    operation(word, "granular_admin_access_assignment")
}

/// The source's own word for an operation that it has no other for.
pub(super) const UNDEFINED: &str = "undefined";

const TRANSFER: &str = "transfer";

/// A pattern for several commands, whatever they hold.
macro_rules! any_of {
    ($($command:ident)+) => {
        $(Command::$command(_))|+
    };
}

/// The operation that a command is.
pub(super) fn of(command: &Command) -> Operation {
    match command {
        Command::AcceptPartnership(_) => operation("create_partner_relationship", "partner_relationship"),
        Command::RemovePartnership(_) => operation("remove_partner_relationship", "partner_relationship"),
        Command::AcceptResellerRelationship(_) => operation("reseller_relationship_accepted_by_customer", "customer"),
        Command::ExtendResellerRelationship(_) => operation("extend_relationship", "partner_customer_relationship"),
        Command::CreateCustomer(_) => operation("add_customer", "customer"),
        Command::RemoveResellerRelationship(_) => {
            operation("remove_partner_customer_relationship", "partner_customer_relationship")
        }
        Command::DeleteCustomer(_) => operation("delete_customer", "customer"),
        Command::GrantDap(_) => operation("dap_admin_relationship_approved", "partner_customer_dap"),
        Command::RemoveDap(_) => operation("dap_admin_relationship_terminated", "partner_customer_dap"),
        Command::RecordMicrosoftDapTermination(_) => {
            operation("dap_admin_relationship_terminated_by_microsoft", "partner_customer_dap")
        }
        Command::ConfirmCustomerAgreement(_) => operation("create_agreement", "agreement"),
        Command::PlaceOrder(_) => operation("create_order", "order"),
        Command::AddSeats(_)
        | Command::RemoveSeats(_)
        | Command::SuspendSubscription(_)
        | Command::ReactivateSubscription(_)
        | Command::CancelSubscription(_)
        | Command::RenewSubscription(_)
        | Command::ChangeTerm(_)
        | Command::ChangeBillingCycle(_)
        | Command::SetAutoRenew(_)
        | Command::ScheduleNextTerm(_)
        | Command::ReplaceSubscription(_)
        | Command::RecordPendingOperation(_)
        | Command::ChangeResellerOfRecord(_)
        | Command::SetSupportContact(_) => operation("update_subscription", "subscription"),
        Command::ConvertSubscription(_) => operation("upgrade_subscription", "subscription"),
        Command::ConvertTrial(_) => operation("convert_trial_subscription", "subscription"),
        Command::RequestTransfer(_) => operation("create_transfer", TRANSFER),
        Command::AcceptTransfer(_) | Command::RejectTransfer(_) | Command::WithdrawTransfer(_) => {
            operation("update_transfer", TRANSFER)
        }
        Command::CompleteTransfer(_) => operation("complete_transfer", TRANSFER),
        Command::RegisterCustomer(_) | Command::UpdateCustomer(_) | Command::SetAssociatedPartner(_) => {
            operation(UNDEFINED, "customer")
        }
        Command::ApproveGdap(_) => granular("granular_admin_relationship_approved"),
        Command::ActivateGdap(_) => granular("granular_admin_relationship_activated"),
        Command::TerminateGdap(_) => granular("granular_admin_relationship_termination_requested"),
        Command::RecordGdapTermination(_) => granular("granular_admin_relationship_terminated"),
        Command::ExpireGdap(_) => granular("granular_admin_relationship_expired"),
        Command::RecordGdapCleanUp(_) => granular("granular_admin_relationship_cleaned_up"),
        Command::CreateGdapRelationship(_)
        | Command::UpdateGdapRelationship(_)
        | Command::DeleteGdapRelationship(_)
        | Command::LockGdapForApproval(_)
        | Command::RejectGdap(_)
        | Command::RemoveGlobalAdministratorRole(_)
        | Command::SetGdapAutoExtend(_)
        | Command::ExtendGdap(_)
        | Command::StartMicrosoftLedTransition(_) => granular(UNDEFINED),
        Command::CreateAccessAssignment(_) => assignment("granular_admin_access_assignment_created"),
        Command::ActivateAccessAssignment(_) => assignment("granular_admin_access_assignment_activated"),
        Command::UpdateAccessAssignment(_) => assignment("granular_admin_access_assignment_updated"),
        Command::DeleteAccessAssignment(_) => assignment("granular_admin_access_assignment_deleted"),
        Command::RecordAccessAssignmentFailure(_) => assignment(UNDEFINED),
        Command::AddSecurityGroupMember(_) => operation("add_user_member", "partner_user"),
        Command::RemoveSecurityGroupMember(_) => operation("remove_user_member", "partner_user"),
        Command::SetDpor(_) | Command::SetPal(_) => operation(UNDEFINED, "subscription"),
        any_of!(
            RegisterPartner UpdatePartner SuspendPartnerAccount ReinstatePartnerAccount AcceptPartnerAgreement
            InvitePartner RequestResellerRelationship RecordAzureRoleAssignment RecordAzureRoleRemoval
            RecordObservation CorrectEvent AddCheckpointKey RetireCheckpointKey StartEpoch CommitState AnchorTime
            RecordDisclosure PlaceHold ReleaseHold EraseSubject RedactEntry
        ) => operation(UNDEFINED, UNDEFINED),
    }
}
