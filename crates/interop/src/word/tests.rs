//! Tests of reading words.

use ofrecord_core::vocabulary::{
    AgreementType, BillingCycle, GdapAutoExtend, GdapStatus, RelationshipKind, TermDuration,
};

use super::Word;

#[test]
fn a_word_is_read_in_whichever_case_it_comes() {
    for word in ["one_time", "OneTime", "oneTime", "One-Time", " one_time "] {
        assert_eq!(BillingCycle::read(word), BillingCycle::OneTime, "{word}");
    }
    for word in ["approvalPending", "ApprovalPending", "approval_pending", "Approval Pending"] {
        assert_eq!(GdapStatus::read(word), GdapStatus::ApprovalPending, "{word}");
    }
    assert_eq!(GdapAutoExtend::read("p180d"), GdapAutoExtend::P180D);
    assert_eq!(RelationshipKind::read("MicrosoftSupport"), RelationshipKind::MicrosoftSupport);
    assert_eq!(TermDuration::read("p1y"), TermDuration::P1Y);
    assert_eq!(AgreementType::read("MicrosoftCustomerAgreement"), AgreementType::MicrosoftCustomerAgreement);
}

#[test]
fn a_word_of_no_list_stays_as_it_is() {
    assert_eq!(BillingCycle::read("Fortnightly "), BillingCycle::Unrecognised("Fortnightly ".into()));
}
