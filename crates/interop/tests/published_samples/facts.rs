//! The samples that state facts, and which.

const SEEN: &str = "CustomerObserved+ResellerRelationshipObserved";
const SEEN_WITH_DAP: &str = "CustomerObserved+ResellerRelationshipObserved+DapObserved";
const BOUGHT: &str = "OrderPlaced+SubscriptionPurchased";
const TRANSFER: &str = "SubscriptionTransferObserved";
const IN_FORCE: &str = "GdapRelationshipActivated+GdapRelationshipObserved";
const GRANULAR: &str = "GdapRelationshipObserved";
const ASSIGNMENT: &str = "GdapAccessAssignmentObserved";
const SUBSCRIPTION: &str = "SubscriptionObserved";

/// Each file with its facts in order, those of one statement joined by `+`; kept records by their operation.
pub(crate) const FACTS: &[(&str, &[&str])] = &[
    (
        "audit/auditrecords-throttling-sample.json",
        &["kept update_customer_user_licenses", BOUGHT, "CustomerAdded+DapObserved"],
    ),
    ("gdap-csv/customers.csv", &["CustomerObserved"]),
    ("graph-gdap/create-accessAssignment.response-201.json", &[ASSIGNMENT]),
    ("graph-gdap/create-delegatedAdminRelationship.response-201.json", &[GRANULAR]),
    ("graph-gdap/create-request.response-201.json", &["GdapRequestObserved"]),
    ("graph-gdap/list-accessAssignments.response.json", &[ASSIGNMENT, ASSIGNMENT, ASSIGNMENT, ASSIGNMENT]),
    ("graph-gdap/list-delegatedAdminCustomers.response.json", &["CustomerObserved", "CustomerObserved"]),
    (
        "graph-gdap/list-delegatedAdminRelationships.response.json",
        &[GRANULAR, IN_FORCE, GRANULAR, GRANULAR, IN_FORCE, GRANULAR, GRANULAR, GRANULAR],
    ),
    ("graph-gdap/list-operations.response.json", &["GdapOperationObserved"]),
    ("graph-gdap/list-requests.response.json", &["GdapRequestObserved", "GdapRequestObserved"]),
    ("pc-rest/accept-a-transfer.resp2.json", &["OrderPlaced", "OrderPlaced", "kept TransferSubmitResult"]),
    (
        "pc-rest/api-throttling-guidance.body3.json",
        &["kept update_customer_user_licenses", BOUGHT, "CustomerAdded+DapObserved"],
    ),
    ("pc-rest/cancel-an-azure-marketplace-subscription.resp3.json", &[SUBSCRIPTION]),
    // Cancelled: its lines are no purchases.
    ("pc-rest/cancel-an-order-from-the-integration-sandbox.resp4.json", &["OrderPlaced"]),
    ("pc-rest/checkout-a-cart.body6.json", &[BOUGHT]),
    ("pc-rest/checkout-a-cart.resp5.json", &[BOUGHT]),
    ("pc-rest/confirm-customer-consent-customer-agreement.resp5.json", &["CustomerAgreementConfirmed"]),
    ("pc-rest/create-a-customer-for-an-indirect-reseller.resp3.json", &[SEEN_WITH_DAP]),
    ("pc-rest/create-a-customer.resp3.json", &[SEEN]),
    ("pc-rest/create-a-transfer.resp2.json", &[TRANSFER, TRANSFER]),
    ("pc-rest/create-an-order-for-a-customer-of-an-indirect-reseller.resp3.json", &[BOUGHT]),
    ("pc-rest/create-an-order.body2.json", &[BOUGHT]),
    // Reservations: the lines name no subscription.
    ("pc-rest/create-an-order.resp5.json", &["OrderPlaced"]),
    ("pc-rest/get-a-customer-by-id.resp5.json", &[SEEN_WITH_DAP]),
    ("pc-rest/get-a-customer-by-name.resp4.json", &[SEEN, SEEN, SEEN]),
    ("pc-rest/get-a-customer-s-company-profile.resp4.json", &["CustomerObserved"]),
    ("pc-rest/get-a-list-of-add-ons-for-a-subscription.resp3.json", &[SUBSCRIPTION]),
    ("pc-rest/get-a-list-of-customers.resp5.json", &[SEEN, SEEN]),
    ("pc-rest/get-a-list-of-orders-by-customer-and-billing-cycle-type.resp3.json", &["OrderPlaced", "OrderPlaced"]),
    ("pc-rest/get-a-list-of-subscriptions-by-order.resp3.json", &[SUBSCRIPTION]),
    (
        "pc-rest/get-a-record-of-partner-center-activity-by-user.resp4.json",
        &[BOUGHT, "kept update_customer_user_licenses"],
    ),
    ("pc-rest/get-a-subscription-by-id.resp3.json", &[SUBSCRIPTION]),
    ("pc-rest/get-a-subscription-by-id.resp4.json", &[SUBSCRIPTION]),
    ("pc-rest/get-a-subscription-by-id.resp5.json", &[SUBSCRIPTION]),
    ("pc-rest/get-all-of-a-customer-s-billing-profiles.resp3.json", &["CustomerObserved"]),
    ("pc-rest/get-all-of-a-customer-s-subscriptions.body4.json", &[SUBSCRIPTION]),
    ("pc-rest/get-all-of-a-customer-s-subscriptions.resp3.json", &[SUBSCRIPTION]),
    // Ten transfers, each when it was made and since its last change; the lines name no id at the target.
    ("pc-rest/get-all-of-a-customer-s-transfers.resp2.json", &[TRANSFER; 18]),
    ("pc-rest/get-all-subscriptions-by-partner.resp5.json", &[SUBSCRIPTION]),
    ("pc-rest/get-an-order-by-id.resp5.json", &["OrderPlaced"]),
    ("pc-rest/get-customer-organization.resp2.json", &["CustomerObserved"]),
    ("pc-rest/get-customers-of-an-indirect-reseller.resp4.json", &[SEEN, SEEN]),
    // Without a state there is no partnership to state; the customer's list shows who resells to it.
    ("pc-rest/get-indirect-resellers-of-a-customer.resp3.json", &["PartnerObserved", "ResellerRelationshipObserved"]),
    ("pc-rest/get-new-commerce-migration.body1.json", &[SUBSCRIPTION, "kept NewCommerceMigration"]),
    (
        "pc-rest/list-delegated-admin-customers.body2.json",
        &["CustomerObserved+DapObserved", "CustomerObserved+DapObserved"],
    ),
    (
        "pc-rest/purchase-an-add-on-to-a-subscription.resp7.json",
        &["OrderPlaced+SubscriptionPurchased+SubscriptionPurchased"],
    ),
    ("pc-rest/query-migrated-subscriptions.body3.json", &[SUBSCRIPTION, "kept NewCommerceMigration"]),
    ("pc-rest/reject-a-transfer.resp2.json", &[TRANSFER, TRANSFER]),
    ("pc-rest/remove-a-reseller-relationship-with-a-customer.resp3.json", &["ResellerRelationshipObserved"]),
    ("pc-rest/request-reseller-relationship.resp3.json", &["ResellerRelationshipRequested"]),
    (
        "pc-rest/retrieve-a-list-of-indirect-resellers.resp3.json",
        &["PartnerRelationshipObserved", "PartnerRelationshipObserved"],
    ),
    ("pc-rest/transition-a-new-commerce-subscription.resp4.json", &["SubscriptionOperationPending"]),
    ("pc-rest/update-a-customer-s-billing-profile.resp3.json", &["CustomerObserved"]),
    ("pc-rest/update-autorenew-for-an-azure-marketplace-subscription.resp4.json", &[SUBSCRIPTION]),
];
