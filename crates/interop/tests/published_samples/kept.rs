//! The samples that are kept verbatim, and why no fact is taken from them.

/// Each file with its operation and the reason.
pub(crate) const KEPT: &[(&str, &str, &str)] = &[
    (
        "graph-gdap/list-serviceManagementDetails.response.json",
        "delegatedAdminServiceManagementDetail",
        "the address of an administration portal",
    ),
    (
        "pc-rest/activate-sandbox-subscription-azure-marketplace-products.resp4.json",
        "SubscriptionActivation",
        "a sandbox product was activated; nothing of its terms is shown",
    ),
    (
        "pc-rest/add-a-verified-domain-for-a-customer.resp2.json",
        "CustomerDomain",
        "a domain of the customer's tenant, which no fact here speaks of",
    ),
    (
        "pc-rest/attaching-purchase-order-and-completing-po-details.resp2.json",
        "OrderAttachment",
        "a purchase order attached to an order; it changes no line",
    ),
    (
        "pc-rest/cancel-a-new-commerce-migration-schedule.body1.json",
        "NewCommerceMigrationSchedule",
        "what is to be migrated some day; migration schedules are out of scope",
    ),
    (
        "pc-rest/convert-a-trial-subscription-to-paid.resp8.json",
        "ConversionResult",
        "gives neither quantity nor instant; the audit record of the conversion does",
    ),
    (
        "pc-rest/create-a-cart-with-add-ons.resp6.json",
        "Cart",
        "what is about to be bought; checking it out makes the order",
    ),
    (
        "pc-rest/create-a-cart-with-add-ons.resp7.json",
        "Cart",
        "what is about to be bought; checking it out makes the order",
    ),
    ("pc-rest/create-a-cart.body9.json", "Cart", "what is about to be bought; checking it out makes the order"),
    ("pc-rest/create-a-cart.resp7.json", "Cart", "what is about to be bought; checking it out makes the order"),
    (
        "pc-rest/create-a-new-configuration-policy-for-the-specified-customer.resp3.json",
        "ConfigurationPolicy",
        "a device policy of the customer",
    ),
    (
        "pc-rest/create-migration.body5.json",
        "NewCommerceMigrationSchedule",
        "what is to be migrated some day; migration schedules are out of scope",
    ),
    (
        "pc-rest/get-a-collection-of-entitlements.resp12.json",
        "ReservedInstanceArtifact",
        "the content of a reservation, which is out of scope",
    ),
    (
        "pc-rest/get-a-collection-of-entitlements.resp3.json",
        "Entitlement",
        "reservations and software by product, without a subscription; reservation details are out of scope",
    ),
    (
        "pc-rest/get-a-collection-of-entitlements.resp6.json",
        "Entitlement",
        "reservations and software by product, without a subscription; reservation details are out of scope",
    ),
    (
        "pc-rest/get-a-collection-of-entitlements.resp9.json",
        "ReservedInstanceArtifact",
        "the content of a reservation, which is out of scope",
    ),
    (
        "pc-rest/get-a-customer-s-service-costs-line-items.resp3.json",
        "ServiceCostLineItem",
        "an amount billed; pricing is out of scope",
    ),
    (
        "pc-rest/get-a-customer-s-service-costs-summary.resp3.json",
        "ServiceCostsSummary",
        "an amount billed; pricing is out of scope",
    ),
    (
        "pc-rest/get-a-list-of-a-customer-s-policies.resp3.json",
        "ConfigurationPolicy",
        "a device policy of the customer",
    ),
    (
        "pc-rest/get-a-list-of-azure-entitlements-for-subscription.resp2.json",
        "AzureEntitlement",
        "one of the Azure subscriptions under a plan, of which a subscription here has at most one",
    ),
    (
        "pc-rest/get-a-new-commerce-migration-schedule.body1.json",
        "NewCommerceMigrationSchedule",
        "what is to be migrated some day; migration schedules are out of scope",
    ),
    (
        "pc-rest/get-activation-link-by-order-line-item.resp3.json",
        "OrderLineItemActivationLink",
        "a link to activate a product already bought",
    ),
    ("pc-rest/get-all-service-requests-for-a-customer.resp3.json", "ServiceRequest", "a support ticket"),
    (
        "pc-rest/get-customer-qualification-asynchronous.resp3.json",
        "CustomerQualification",
        "a discount for which the customer qualifies",
    ),
    (
        "pc-rest/get-customer-s-subscriptions-transfer-eligibility.resp2.json",
        "TransferEligibility",
        "whether a subscription could be transferred when asked; nothing happened",
    ),
    (
        "pc-rest/get-delegated-admin-relation-statistics.body2.json",
        "delegatedAdminStatistics",
        "counts over all customers say nothing of any one of them",
    ),
    (
        "pc-rest/get-eligibility-for-product-upgrade.resp3.json",
        "ProductUpgradeEligibility",
        "whether a product could be upgraded when asked; nothing happened",
    ),
    (
        "pc-rest/get-migration-events.body2.json",
        "NewCommerceMigrationEvent",
        "a step of a migration that names no new subscription",
    ),
    (
        "pc-rest/get-order-provisioning-status.resp3.json",
        "OrderLineItemProvisioningStatus",
        "how far provisioning is, not what was bought",
    ),
    (
        "pc-rest/get-product-upgrade-status.resp3.json",
        "ProductUpgrade",
        "an upgrade of a product family, without the subscriptions of it",
    ),
    ("pc-rest/get-subscription-overage.resp2.json", "Overage", "whether usage beyond a quota is billed"),
    (
        "pc-rest/get-subscription-provisioning-status.resp3.json",
        "SubscriptionProvisioningStatus",
        "how far provisioning is, without the subscription's id",
    ),
    (
        "pc-rest/get-subscription-registration-status.resp3.json",
        "SubscriptionRegistrationStatus",
        "whether a subscription is registered for reservations",
    ),
    ("pc-rest/get-transitions.resp2.json", "Transition", "names no subscription"),
    (
        "pc-rest/get-user-roles-for-a-customer.resp4.json",
        "DirectoryRole",
        "a role of a user in the customer's own directory",
    ),
    ("pc-rest/partner-center-webhook-events.body20.json", "azure-fraud-event-detected", "an alarm about Azure usage"),
    ("pc-rest/partner-center-webhook-events.body21.json", "invoice-ready", "an invoice"),
    ("pc-rest/partner-center-webhook-events.body3.json", "usagerecords-thresholdExceeded", "a spending limit"),
    ("pc-rest/partner-center-webhook-events.body4.json", "referral-created", "a referral between partners"),
    ("pc-rest/partner-center-webhook-events.body5.json", "referral-updated", "a referral between partners"),
    ("pc-rest/partner-center-webhook-events.body6.json", "related-referral-updated", "a referral between partners"),
    ("pc-rest/partner-center-webhook-events.body7.json", "related-referral-created", "a referral between partners"),
    (
        "pc-rest/partner-center-webhook-events.body8.json",
        "granular-admin-relationship-approved",
        "a placeholder stands where the relationship belongs",
    ),
    (
        "pc-rest/partner-center-webhook-events.body9.json",
        "granular-admin-relationship-activated",
        "a placeholder stands where the relationship belongs",
    ),
    ("pc-rest/reset-user-password-for-a-customer.resp3.json", "CustomerUser", "a user of the customer"),
    ("pc-rest/restore-a-user-for-a-customer.resp3.json", "CustomerUser", "a user of the customer"),
    (
        "pc-rest/set-user-roles-for-a-customer.resp3.json",
        "UserMember",
        "a role of a user in the customer's own directory",
    ),
    (
        "pc-rest/transition-a-subscription.resp3.json",
        "Upgrade",
        "what a subscription could be upgraded to; nothing happened",
    ),
    ("pc-rest/update-a-cart.resp4.json", "Cart", "what is about to be bought; checking it out makes the order"),
    (
        "pc-rest/update-a-configuration-policy-for-the-specified-customer.resp3.json",
        "ConfigurationPolicy",
        "a device policy of the customer",
    ),
    (
        "pc-rest/update-a-new-commerce-migration-schedule.body1.json",
        "NewCommerceMigrationSchedule",
        "what is to be migrated some day; migration schedules are out of scope",
    ),
    (
        "pc-rest/update-a-new-commerce-migration-schedule.body2.json",
        "NewCommerceMigrationSchedule",
        "what is to be migrated some day; migration schedules are out of scope",
    ),
    ("pc-rest/update-subscription-overage.resp2.json", "Overage", "whether usage beyond a quota is billed"),
    (
        "pc-rest/validate-subscription-for-migration.body2.json",
        "NewCommerceEligibility",
        "whether a subscription could be migrated when asked; nothing happened",
    ),
    (
        "pc-rest/validate-subscription-for-migration.body3.json",
        "NewCommerceEligibility",
        "whether a subscription could be migrated when asked; nothing happened",
    ),
    (
        "pc-rest/verify-promotion-eligibility.resp3.json",
        "PromotionEligibilities",
        "whether a promotion applies; pricing is out of scope",
    ),
    (
        "pc-rest/verify-promotion-eligibility.resp4.json",
        "PromotionEligibilities",
        "whether a promotion applies; pricing is out of scope",
    ),
];
