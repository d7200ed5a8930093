//! Where a shape is not as published, and why: the whole list, kept by the tests that read what is published, write it
//! again and compare.

use std::fmt;

/// The resources that are written, and what stands around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// What stands around the items of a collection.
    Collection,
    /// A customer, as an item of a list or by its id.
    Customer,
    /// The answer to the removal of a relationship.
    RelationshipRemoval,
    /// A provider and a reseller.
    PartnerRelationship,
    /// The link by which a relationship is asked for.
    RelationshipRequest,
    /// A customer agreement.
    Agreement,
    /// A subscription.
    Subscription,
    /// Who supports a subscription.
    SupportContact,
    /// An audit record.
    AuditRecord,
}

/// How a property differs from the published one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Differs {
    /// It is published and not written.
    LeftOut,
    /// It is written though the published sample does not have it.
    Added,
    /// It is the same GUID, in lower case.
    SameGuid,
    /// It is the same instant, in another spelling.
    SameInstant,
    /// It is the same address but for its query, and for the case of the ids in it.
    SameAddress,
    /// It has another value.
    OtherValue,
}

/// One difference that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Of which resource.
    pub form: Form,
    /// The property, as a path in the resource; `*` stands for any property, `[*]` for any item.
    pub path: &'static str,
    /// How it differs.
    pub differs: Differs,
    /// Why.
    pub why: &'static str,
}

impl Difference {
    /// Whether a difference found is this one.
    #[must_use]
    pub fn accepts(&self, form: Form, path: &str, differs: Differs) -> bool {
        self.form == form && self.differs == differs && matches(self.path, path)
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('.'), path.split('.'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == "*" || wanted == found => {}
            (Some(_) | None, Some(_) | None) => return false,
        }
    }
}

const fn row(form: Form, path: &'static str, differs: Differs, why: &'static str) -> Difference {
    Difference { form, path, differs, why }
}

/// Every difference that is accepted. A difference that is not here fails a test, and so does a row that nothing needs.
pub const DIFFERENCES: &[Difference] = &[
    row(Form::Collection, "links", Differs::Added, "every collection is written with its address"),
    row(
        Form::Collection,
        "links.self.uri",
        Differs::SameAddress,
        "the address is the one of the whole collection, without page size and filter",
    ),
    row(
        Form::Collection,
        "links.self.uri",
        Differs::OtherValue,
        "addresses are written without the version of the interface, as most samples have them",
    ),
    row(Form::Collection, "totalCount", Differs::OtherValue, "it counts what is written; the published page is cut"),
    row(
        Form::Customer,
        "billingProfile",
        Differs::LeftOut,
        "names and addresses of people stay out (rule L-10); its market is the customer's",
    ),
    row(Form::Customer, "commerceId", Differs::LeftOut, "no answer of the ledger rests on it, so it is not kept"),
    row(
        Form::Customer,
        "companyProfile.address",
        Differs::Added,
        "the market is written as the country, from whichever profile showed it",
    ),
    row(Form::Customer, "companyProfile.address.addressLine1", Differs::LeftOut, "addresses stay out (rule L-10)"),
    row(Form::Customer, "companyProfile.address.city", Differs::LeftOut, "addresses stay out (rule L-10)"),
    row(Form::Customer, "companyProfile.address.phoneNumber", Differs::LeftOut, "addresses stay out (rule L-10)"),
    row(Form::Customer, "companyProfile.address.postalCode", Differs::LeftOut, "addresses stay out (rule L-10)"),
    row(Form::Customer, "companyProfile.address.region", Differs::LeftOut, "addresses stay out (rule L-10)"),
    row(
        Form::Customer,
        "companyProfile.companyName",
        Differs::Added,
        "the name is written where it is known, from whichever profile showed it",
    ),
    row(Form::Customer, "companyProfile.email", Differs::LeftOut, "addresses stay out (rule L-10)"),
    row(Form::Customer, "companyProfile.links", Differs::Added, "every resource is written with its address"),
    row(
        Form::Customer,
        "companyProfile.tenantId",
        Differs::OtherValue,
        "the sample has a placeholder; it is the customer's id",
    ),
    row(Form::Customer, "customDomains", Differs::LeftOut, "of its domains the ledger keeps the primary one"),
    row(
        Form::Customer,
        "enableGDAPByDefault",
        Differs::LeftOut,
        "it is a choice made at creation; what followed from it are relationships of their own",
    ),
    row(Form::Customer, "links", Differs::Added, "every resource is written with its address"),
    row(Form::Customer, "userCredentials", Differs::LeftOut, "credentials never enter the ledger"),
    row(Form::Agreement, "primaryContact", Differs::LeftOut, "names and addresses of people stay out (rule L-10)"),
    row(Form::Subscription, "actionTaken", Differs::LeftOut, "it is a hint for the portal's page and no term"),
    row(Form::Subscription, "attentionNeeded", Differs::LeftOut, "it is a hint for the portal's page and no term"),
    row(
        Form::Subscription,
        "attributes.etag",
        Differs::LeftOut,
        "only legacy subscriptions carry an ETag; a blank one says nothing",
    ),
    row(
        Form::Subscription,
        "attributes.etag",
        Differs::OtherValue,
        "its version is how many updates this ledger recorded (rule U-5), not how many the source counted",
    ),
    row(
        Form::Subscription,
        "commitmentEndDate",
        Differs::LeftOut,
        "blanks in the sample make it no instant, and what cannot be read is not known",
    ),
    row(Form::Subscription, "commitmentEndDate", Differs::SameInstant, "instants are written in UTC"),
    row(
        Form::Subscription,
        "commitmentEndDateTime",
        Differs::Added,
        "the end of the term is written whenever it is known, as newer records have it",
    ),
    row(
        Form::Subscription,
        "creationDate",
        Differs::LeftOut,
        "blanks in the sample make it no instant, and what cannot be read is not known",
    ),
    row(
        Form::Subscription,
        "effectiveStartDate",
        Differs::LeftOut,
        "blanks in the sample make it no instant, and what cannot be read is not known",
    ),
    row(Form::Subscription, "effectiveStartDate", Differs::SameInstant, "instants are written in UTC"),
    row(
        Form::Subscription,
        "entitlementId",
        Differs::SameGuid,
        "ids are compared without regard to case and written in lower case",
    ),
    row(Form::Subscription, "hasPurchasableAddons", Differs::LeftOut, "it is a hint for the portal's page and no term"),
    row(
        Form::Subscription,
        "id",
        Differs::SameGuid,
        "ids are compared without regard to case and written in lower case",
    ),
    row(
        Form::Subscription,
        "links.*.uri",
        Differs::SameAddress,
        "the country of an offer's address is the customer's market, where it is known; ids are in lower case",
    ),
    row(
        Form::Subscription,
        "links.offer.uri",
        Differs::OtherValue,
        "addresses are written without the version of the interface, as most samples have them",
    ),
    row(
        Form::Subscription,
        "links.self.uri",
        Differs::OtherValue,
        "the sample has a placeholder; it is the subscription's address",
    ),
    row(
        Form::Subscription,
        "offerId",
        Differs::Added,
        "the offer is written wherever it is known, also where only a link showed it",
    ),
    row(
        Form::Subscription,
        "offerName",
        Differs::Added,
        "the name of the offer is written wherever it is known; the friendly name stands for it where none was shown",
    ),
    row(
        Form::Subscription,
        "parentSubscriptionId",
        Differs::SameGuid,
        "ids are compared without regard to case and written in lower case",
    ),
    row(Form::Subscription, "refundOptions[*].expiresAt", Differs::SameInstant, "instants are written in UTC"),
    row(
        Form::SupportContact,
        "Links.Self.Method",
        Differs::OtherValue,
        "methods are written in capitals, as all other samples have them",
    ),
    row(
        Form::SupportContact,
        "Links.Self.Uri",
        Differs::SameAddress,
        "ids are compared without regard to case and written in lower case",
    ),
    row(
        Form::SupportContact,
        "SupportTenantId",
        Differs::SameGuid,
        "ids are compared without regard to case and written in lower case",
    ),
    row(
        Form::AuditRecord,
        "resourceNewValue",
        Differs::LeftOut,
        "what matters of it is in the facts; the value itself holds contacts and addresses (rule L-10) and is known by the record's hash",
    ),
];

impl Form {
    /// Its name on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Customer => "customer",
            Self::RelationshipRemoval => "relationship removal",
            Self::PartnerRelationship => "partner relationship",
            Self::RelationshipRequest => "relationship request",
            Self::Agreement => "agreement",
            Self::Subscription => "subscription",
            Self::SupportContact => "support contact",
            Self::AuditRecord => "audit record",
        }
    }
}

impl Differs {
    /// Its name on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftOut => "left out",
            Self::Added => "added",
            Self::SameGuid => "the same GUID in lower case",
            Self::SameInstant => "the same instant, spelt otherwise",
            Self::SameAddress => "the same address, without its query",
            Self::OtherValue => "another value",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
