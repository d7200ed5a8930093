//! Grounds on relationships, delegated administration and partner accounts (families S, R, M, D, I).

use super::grounds;
use crate::refusal::Upstream;

grounds! {
    /// A request whose subject and customer do not fit together.
    SUBJECT_MISMATCH = "L-12", "subject_mismatch", None,
        "name the customer for a command on a customer, and none for a command on a partner's account; observed facts must be about one account at a time";
    /// A word of a published list was expected, and a rule depends on it.
    VALUE_NOT_RECOGNISED = "L-8", "value_not_recognised", None,
        "a rule depends on this field and the word is not a published one; use a published word";
    /// Somebody who does not keep the register of partners and customers.
    ONLY_REGISTRAR = "L-12", "only_registrar", None,
        "only an operator, a system process or an import of this ledger may register partners and customers or change what is known of them";
    /// A relationship command that carries a change of a subscription.
    RELATIONSHIP_COMMAND_CANNOT_CHANGE_SUBSCRIPTION = "S-2", "relationship_command_cannot_change_subscription", None,
        "a relationship command cannot change a subscription; leave the field out and change the subscription by its own command";
    /// A relationship command that carries account ownership.
    ACCOUNT_OWNERSHIP_NOT_IN_SCOPE = "S-7", "account_ownership_not_in_scope", None,
        "the ownership of the customer's account is nothing that a relationship can carry; leave the field out";
    /// A relationship command that carries a partner of record.
    PARTNER_OF_RECORD_NOT_CHANGED_BY_RELATIONSHIP = "S-11", "partner_of_record_not_changed_by_relationship", None,
        "a relationship does not change a partner of record; leave the field out";
    /// Somebody who does not act for the partner asks for a relationship or creates a customer.
    ACTOR_NOT_PARTY_TO_RELATIONSHIP = "R-1", "actor_not_party", None,
        "only a user or an application of the partner named may do this";
    /// A role that may not request a relationship or create a customer.
    ROLE_MAY_NOT_REQUEST = "R-1", "role_not_allowed", None,
        "the role acted in may not request relationships or create customers in this cloud";
    /// The partner is not known by registration.
    PARTNER_NOT_REGISTERED = "R-1", "partner_not_registered", None,
        "the partner's account is not registered in this ledger; register it first";
    /// The partner is registered already.
    PARTNER_ALREADY_REGISTERED = "R-1", "partner_already_registered", None,
        "the partner's account is registered already; update it instead";
    /// Somebody else than Microsoft or this ledger says that an account is suspended or reinstated.
    ONLY_MICROSOFT_MAY_SUSPEND = "R-1", "only_microsoft_may", None,
        "only Microsoft or the operator of the cloud suspends and reinstates partner accounts";
    /// The account to reinstate is not suspended.
    PARTNER_ACCOUNT_NOT_SUSPENDED = "R-1", "partner_account_not_suspended", None,
        "the partner's account is not suspended";
    /// The partner's account is suspended.
    PARTNER_ACCOUNT_SUSPENDED = "R-1", "partner_account_suspended", None,
        "the partner's account is suspended; it may manage what exists but cannot request relationships, create customers or sell";
    /// The partner's reseller programme is not active.
    PROGRAMME_NOT_ACTIVE = "R-1", "programme_not_active", Some(Upstream { status: 403, code: 800_039 }),
        "the partner's reseller programme is not active";
    /// A kind of partner that does not resell.
    PARTNER_TYPE_CANNOT_RESELL = "R-2", "partner_type_cannot_resell", None,
        "an advisor does not transact; only a direct-bill partner, an indirect provider or an indirect reseller can have a reseller relationship";
    /// An indirect reseller asks for a relationship where only its provider may.
    INDIRECT_RESELLER_MUST_USE_PROVIDER_INVITATION = "R-2", "indirect_reseller_must_use_provider_invitation", None,
        "in this cloud an indirect reseller cannot invite customers; use the invitation of its provider, to whom the relationship will belong";
    /// A joint link without an active partnership behind it.
    NO_PROVIDER_PARTNERSHIP = "R-2", "no_provider_partnership", None,
        "the link must name a provider with whom the partner has an active partnership";
    /// An indirect reseller creates a customer.
    ONLY_PROVIDER_MAY_CREATE_CUSTOMER = "R-2b", "only_provider_may_create_customer", None,
        "an indirect reseller cannot create customers; its provider does";
    /// There is no open link to accept.
    NO_INVITATION = "R-3", "no_invitation", None,
        "the partner has no open link for a reseller relationship; ask the partner for one";
    /// A link that would never have worked.
    INVITATION_EXPIRES_BEFORE_IT_IS_MADE = "R-3", "invitation_expires_before_it_is_made", None,
        "the link would stop working before it is made; leave the end out or give a later one";
    /// More is granted than the link asks for.
    DAP_EXCEEDS_INVITATION = "R-3", "dap_exceeds_invitation", None,
        "no open link of the partner asks for these delegated administration privileges; accept what the link asks for, or grant more by its own command";
    /// A person who is not a global administrator of the customer.
    CUSTOMER_GLOBAL_ADMIN_REQUIRED = "R-5", "customer_global_admin_required", None,
        "only a global administrator of the customer's tenant may do this";
    /// A consumer or external-identity tenant.
    CUSTOMER_TENANT_TYPE_NOT_SUPPORTED = "R-6", "customer_tenant_type_not_supported", None,
        "tenants for consumer or external identities cannot have a reseller relationship";
    /// Partner and customer are in different markets.
    MARKET_MISMATCH = "R-7", "market_mismatch", Some(Upstream { status: 403, code: 2_030 }),
        "the partner may not sell in the customer's market";
    /// The customer is the tenant in which another partner transacts.
    CUSTOMER_IS_CSP_PARTNER_TENANT = "R-8", "customer_is_csp_partner_tenant", None,
        "the customer is the tenant in which another partner transacts; that partner may buy from others only with a separate corporate tenant";
    /// A partner as its own customer.
    PARTNER_EQUALS_CUSTOMER = "R-9", "partner_equals_customer", None,
        "a partner cannot be its own customer";
    /// The relationship stands already, in a cloud where that is refused.
    ALREADY_ESTABLISHED = "R-10", "already_established", None,
        "the partner is a reseller of the customer already";
    /// Another transacting partner has delegated administration for the service.
    ONE_CSP_PARTNER_WITH_DAP_PER_SERVICE = "R-12", "one_csp_partner_with_dap_per_service", None,
        "another transacting partner has delegated administration privileges for this service; have the customer remove them first, or name other services";
    /// Delegated administration is not offered any more.
    DAP_NOT_OFFERED = "R-13", "dap_not_offered", None,
        "delegated administration privileges are no longer offered in this cloud; use granular ones";
    /// A second transacting partner in a cloud that allows one.
    SINGLE_PARTNER_CLOUD = "R-14", "single_partner_cloud", None,
        "in this cloud a customer works with one transacting partner only";
    /// A link or an acceptance without delegated administration where the cloud demands it.
    DAP_REQUIRED_IN_CLOUD = "R-14", "dap_required_in_cloud", None,
        "in this cloud a relationship always includes delegated administration privileges";
    /// The customer to create is known already.
    CUSTOMER_ALREADY_EXISTS = "R-15", "customer_already_exists", None,
        "the customer is known already; send a link and have it accepted instead";
    /// The customer is registered already.
    CUSTOMER_ALREADY_REGISTERED = "R-15", "customer_already_registered", None,
        "the customer is registered already; update it instead";
    /// The customer to update is not known.
    CUSTOMER_NOT_REGISTERED = "R-15", "customer_not_registered", None,
        "the customer is not known in this ledger; register it first";
    /// A partner who has not completed its enrolment as indirect reseller extends a relationship.
    EXTENSION_REQUIRES_ENROLMENT = "R-17", "extension_requires_enrolment", None,
        "the partner has not completed its enrolment as indirect reseller; record its completion first";
    /// There is no relationship to extend.
    NO_RELATIONSHIP_TO_EXTEND = "R-17", "no_reseller_relationship", Some(Upstream { status: 403, code: 20_002 }),
        "the partner has no reseller relationship with the customer that it could extend";
    /// The customer came through a provider.
    EXTENSION_ONLY_FOR_DIRECT_CUSTOMERS = "R-17", "extension_only_for_direct_customers", None,
        "the relationship came about through a provider; only a customer that the partner bills directly is extended";
    /// The provider is not a provider of the partner.
    NO_PARTNERSHIP_TO_EXTEND = "R-17", "no_provider_partnership", None,
        "the partner has no active partnership with the provider; accept the provider's invitation first";
    /// No consent of the customer is referred to.
    CONSENT_REQUIRED = "R-17", "consent_required", None,
        "name the record of the customer's consent; the partner must inform the customer and have it";
    /// An application without a person removes a relationship.
    APP_USER_REQUIRED = "M-8", "app_user_required", Some(Upstream { status: 403, code: 900_329 }),
        "removing a relationship needs a signed-in user; an application alone may not";
    /// Somebody who does not act for the partner removes its relationship.
    ACTOR_NOT_PARTY_TO_REMOVAL = "M-8", "actor_not_party", None,
        "only a user of the partner whose relationship it is, or of its provider, may remove it; a customer removes delegated administration instead";
    /// A role that may not remove a relationship.
    ROLE_MAY_NOT_REMOVE = "M-7", "role_not_allowed", None,
        "the role acted in may not remove relationships in this cloud";
    /// An indirect reseller removes a relationship.
    INDIRECT_PROVIDER_MUST_REMOVE = "M-6", "indirect_provider_must_remove", None,
        "an indirect reseller cannot remove the relationship; ask its provider";
    /// There is no relationship to remove.
    NOT_A_RESELLER = "M-11", "not_a_reseller", None,
        "the partner is not a reseller of the customer, so there is nothing to remove";
    /// Somebody who does not act for the partner deletes its customer.
    ACTOR_NOT_PARTY_TO_DELETION = "M-11", "actor_not_party", None,
        "only a user or an application of the partner whose sandbox it is may delete a customer";
    /// The account is not a sandbox.
    ONLY_SANDBOX_MAY_DELETE = "M-11", "only_sandbox_may_delete", None,
        "customers are deleted in the integration sandbox only; remove the reseller relationship instead";
    /// The partner still has active subscriptions.
    ACTIVE_SUBSCRIPTIONS_EXIST = "M-1", "active_subscriptions_exist", None,
        "the partner still has active subscriptions of this customer; suspend or cancel those listed first";
    /// The partner still has an Azure reservation.
    AZURE_RESERVATION_ACTIVE = "M-4", "azure_reservation_active", None,
        "the partner still has Azure reservations of this customer; have those listed cancelled first";
    /// The partner still has software purchases.
    SOFTWARE_PURCHASE_ACTIVE = "M-5", "software_purchase_active", None,
        "the partner still has software purchases of this customer; have those listed cancelled first";
    /// A new-commerce subscription is suspended where it must have ended.
    NEW_COMMERCE_SUBSCRIPTION_NOT_CANCELLED = "M-3", "new_commerce_subscription_not_cancelled", None,
        "suspended new-commerce subscriptions are still billed; cancel those listed or wait for their end";
    /// Somebody who is neither the partner nor the customer removes delegated administration.
    ACTOR_NOT_PARTY_TO_DAP = "D-1", "actor_not_party", None,
        "only a user or an application of the partner named, or a global administrator of the customer, may do this";
    /// There is no reseller relationship to act on.
    NO_RESELLER_RELATIONSHIP = "D-2", "no_reseller_relationship", Some(Upstream { status: 403, code: 20_002 }),
        "the partner has no reseller relationship with the customer";
    /// There is no delegated administration to remove.
    DAP_NOT_ACTIVE = "D-3", "dap_not_active", None,
        "the partner has no delegated administration privileges for what is named";
    /// A grant or a removal that names no service.
    DAP_NAMES_NO_SERVICE = "D-4", "dap_names_no_service", None,
        "name at least one service, or the whole tenant";
    /// Single services, where delegated administration covers the whole tenant.
    DAP_COVERS_WHOLE_TENANT = "D-4", "dap_covers_whole_tenant", None,
        "delegated administration privileges cover the whole tenant here and cannot be given or taken for single services";
    /// Somebody else than Microsoft says that Microsoft ended delegated administration.
    ONLY_MICROSOFT_MAY = "D-5", "only_microsoft_may", None,
        "only Microsoft ends delegated administration privileges for inactivity; remove them by your own command";
    /// Delegated administration was used within the last days.
    DAP_NOT_INACTIVE = "D-5", "dap_not_inactive", None,
        "delegated administration privileges end for inactivity only when the last sign-in is older than the days that the cloud sets";
    /// Somebody without a part in it records an Azure role.
    ACTOR_NOT_PARTY_TO_AZURE_ROLE = "D-7", "actor_not_party", None,
        "only the partner whose role it is, the customer, Microsoft or this ledger may record an Azure role";
    /// The Azure role is not on record.
    AZURE_ROLE_NOT_ASSIGNED = "D-7", "azure_role_not_assigned", None,
        "the partner holds no such Azure role on record";
    /// Somebody else says that the partner accepted its agreement.
    ACTOR_NOT_PARTY_TO_AGREEMENT = "B-6", "actor_not_party", None,
        "only the partner itself, Microsoft or this ledger may record that the Microsoft Partner Agreement was accepted";
    /// Somebody who does not act for a side of the partnership.
    ACTOR_NOT_PARTY_TO_PARTNERSHIP = "I-1", "actor_not_party", None,
        "a provider invites, its reseller accepts, and either may end the partnership";
    /// The inviting partner is not an indirect provider.
    ONLY_PROVIDER_MAY_INVITE = "I-1", "only_provider_may_invite", None,
        "only an indirect provider has partnerships with indirect resellers";
    /// A partnership of a partner with itself.
    PROVIDER_EQUALS_RESELLER = "I-2", "provider_equals_reseller", None,
        "a provider cannot be its own reseller";
    /// The invited partner is not an indirect reseller.
    NOT_AN_INDIRECT_RESELLER = "I-3", "not_an_indirect_reseller", None,
        "only an indirect reseller can be invited to a partnership";
    /// There is no partnership invitation to accept.
    NO_PARTNERSHIP_INVITATION = "I-1", "no_partnership_invitation", None,
        "the provider has not invited this reseller";
    /// The partnership exists already.
    PARTNERSHIP_ALREADY_ACTIVE = "I-1", "partnership_already_active", None,
        "the partnership is active already";
    /// There is no partnership to end.
    PARTNERSHIP_NOT_ACTIVE = "I-7", "partnership_not_active", None,
        "there is no active partnership between the two";
    /// The reseller's programme is not active.
    RESELLER_PROGRAMME_NOT_ACTIVE = "I-3", "reseller_programme_not_active", Some(Upstream { status: 400, code: 900_154 }),
        "the reseller's account is not an active reseller of the programme";
    /// The reseller has not accepted the Microsoft Partner Agreement.
    RESELLER_AGREEMENT_MISSING = "I-4", "partner_agreement_missing", Some(Upstream { status: 403, code: 900_123 }),
        "the reseller has not accepted the Microsoft Partner Agreement";
    /// Provider and reseller have no market in common.
    PARTNERSHIP_MARKET_MISMATCH = "I-1", "partnership_market_mismatch", None,
        "a provider and its reseller must be in the same market";
    /// Somebody who does not act for the partner associates a reseller.
    ACTOR_NOT_PARTY_TO_ASSOCIATION = "I-8", "actor_not_party", None,
        "only a user or an application of the provider named may associate a reseller";
    /// A partner who is no indirect provider associates a reseller.
    ONLY_INDIRECT_PROVIDER = "I-8", "only_indirect_provider", None,
        "only an indirect provider associates a reseller with a customer";
    /// There is no relationship under which to associate a reseller.
    NO_RELATIONSHIP_TO_ASSOCIATE = "I-8", "no_reseller_relationship", Some(Upstream { status: 403, code: 20_002 }),
        "the provider has no reseller relationship with the customer";
}
