//! What is compared: the published samples, where they are, and the fixtures of the same shapes, always.

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_interop::write::Form;
use serde_json::Value;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One resource.
    One,
    /// A collection of them.
    Collection,
    /// One resource in `PascalCase`, as requests have it.
    OneInPascalCase,
}

/// A file to be read and written again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) file: &'static str,
    pub(crate) form: Form,
    pub(crate) holds: Holds,
}

const fn one(file: &'static str, form: Form) -> Source {
    Source { file, form, holds: Holds::One }
}

const fn collection(file: &'static str, form: Form) -> Source {
    Source { file, form, holds: Holds::Collection }
}

/// The published samples of the shapes that are written.
pub(crate) const SAMPLES: &[Source] = &[
    collection("audit/auditrecords-throttling-sample.json", Form::AuditRecord),
    collection("pc-rest/api-throttling-guidance.body3.json", Form::AuditRecord),
    collection("pc-rest/get-a-record-of-partner-center-activity-by-user.resp4.json", Form::AuditRecord),
    collection("pc-rest/get-a-list-of-customers.resp5.json", Form::Customer),
    collection("pc-rest/get-a-customer-by-name.resp4.json", Form::Customer),
    collection("pc-rest/get-customers-of-an-indirect-reseller.resp4.json", Form::Customer),
    one("pc-rest/get-a-customer-by-id.resp5.json", Form::Customer),
    one("pc-rest/create-a-customer.resp3.json", Form::Customer),
    one("pc-rest/create-a-customer-for-an-indirect-reseller.resp3.json", Form::Customer),
    one("pc-rest/remove-a-reseller-relationship-with-a-customer.resp3.json", Form::RelationshipRemoval),
    collection("pc-rest/retrieve-a-list-of-indirect-resellers.resp3.json", Form::PartnerRelationship),
    collection("pc-rest/get-indirect-resellers-of-a-customer.resp3.json", Form::PartnerRelationship),
    one("pc-rest/request-reseller-relationship.resp3.json", Form::RelationshipRequest),
    one("pc-rest/confirm-customer-consent-customer-agreement.resp5.json", Form::Agreement),
    one("pc-rest/get-a-subscription-by-id.resp3.json", Form::Subscription),
    one("pc-rest/get-a-subscription-by-id.resp4.json", Form::Subscription),
    one("pc-rest/get-a-subscription-by-id.resp5.json", Form::Subscription),
    one("pc-rest/cancel-an-azure-marketplace-subscription.resp3.json", Form::Subscription),
    one("pc-rest/update-autorenew-for-an-azure-marketplace-subscription.resp4.json", Form::Subscription),
    collection("pc-rest/get-all-of-a-customer-s-subscriptions.resp3.json", Form::Subscription),
    collection("pc-rest/get-all-of-a-customer-s-subscriptions.body4.json", Form::Subscription),
    collection("pc-rest/get-all-subscriptions-by-partner.resp5.json", Form::Subscription),
    collection("pc-rest/get-a-list-of-subscriptions-by-order.resp3.json", Form::Subscription),
    collection("pc-rest/get-a-list-of-add-ons-for-a-subscription.resp3.json", Form::Subscription),
    Source {
        file: "pc-rest/update-a-subscription-s-support-contact.req2.json",
        form: Form::SupportContact,
        holds: Holds::OneInPascalCase,
    },
];

/// Our own files of the same shapes.
pub(crate) const FIXTURES: &[Source] = &[
    collection("shapes/audit.json", Form::AuditRecord),
    collection("shapes/customers.json", Form::Customer),
    collection("shapes/customers_filtered.json", Form::Customer),
    one("shapes/customer.json", Form::Customer),
    one("shapes/customer_advised.json", Form::Customer),
    one("shapes/customer_created.json", Form::Customer),
    one("shapes/removal.json", Form::RelationshipRemoval),
    collection("shapes/indirect_resellers.json", Form::PartnerRelationship),
    collection("shapes/resellers_of_customer.json", Form::PartnerRelationship),
    one("shapes/relationship_request.json", Form::RelationshipRequest),
    one("shapes/agreement.json", Form::Agreement),
    one("shapes/subscription_addon.json", Form::Subscription),
    one("shapes/subscription_azure.json", Form::Subscription),
    one("shapes/subscription_marketplace.json", Form::Subscription),
    one("shapes/subscription_new_commerce.json", Form::Subscription),
    collection("shapes/subscriptions_software.json", Form::Subscription),
    collection("shapes/subscriptions_spoilt.json", Form::Subscription),
    Source { file: "shapes/support_contact.json", form: Form::SupportContact, holds: Holds::OneInPascalCase },
];

/// The folder of the published samples, where it is.
pub(crate) fn samples() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let samples = shared.join("data/partner-center");
    samples.is_dir().then_some(samples)
}

/// The folder of our own fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

impl Source {
    pub(crate) fn bytes(&self, folder: &Path) -> Vec<u8> {
        fs::read(folder.join(self.file)).unwrap_or_else(|error| panic!("{}: {error}", self.file))
    }

    pub(crate) fn published(&self, folder: &Path) -> Value {
        let bytes = self.bytes(folder);
        let text = std::str::from_utf8(&bytes).expect("a sample is text");
        serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("a sample is JSON")
    }
}
