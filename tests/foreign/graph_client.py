"""The official SDK of Microsoft Graph for Python, as its users have it, asks a served ledger instead of Microsoft.

Nothing of the SDK is changed: it is given another base address and a token. Whoever reads this sees how.
"""

import argparse
import asyncio
import pathlib

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.delegated_admin_access_details import DelegatedAdminAccessDetails
from msgraph.generated.models.delegated_admin_relationship import DelegatedAdminRelationship
from msgraph.generated.models.delegated_admin_relationship_customer_participant import (
    DelegatedAdminRelationshipCustomerParticipant,
)
from msgraph.generated.models.delegated_admin_relationship_request import DelegatedAdminRelationshipRequest
from msgraph.generated.models.delegated_admin_relationship_request_action import (
    DelegatedAdminRelationshipRequestAction,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.unified_role import UnifiedRole
from msgraph.generated.tenant_relationships.delegated_admin_relationships.delegated_admin_relationships_request_builder import (
    DelegatedAdminRelationshipsRequestBuilder,
)
from msgraph_core import PageIterator

FABRIKAM = "cccccccc-0000-4000-8000-000000000011"
SUPPORT = "6da90000-0000-4000-8000-000000000001-6da90000-0000-4000-8000-000000000000"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
NONE = "6da90000-0000-4000-8000-00000000ffff-6da90000-0000-4000-8000-000000000000"

Options = DelegatedAdminRelationshipsRequestBuilder.DelegatedAdminRelationshipsRequestBuilderGetQueryParameters


class Token(AccessTokenProvider):
    """A token that was made with `ofrecord token create`."""

    def __init__(self, token):
        self.token = token
        self.hosts = AllowedHostsValidator(["localhost"])

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return self.token

    def get_allowed_hosts_validator(self):
        return self.hosts


def client_of(url, token):
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Token(token)))
    adapter.base_url = f"{url}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def refused(work, status, code, own):
    """What the SDK raises for an answer that is none."""
    try:
        await work
    except ODataError as error:
        assert error.response_status_code == status, error
        assert error.error.code == code, error.error
        assert error.error.message, error.error
        inner = error.error.inner_error
        assert inner.additional_data["code"] == own, inner.additional_data
        assert inner.request_id and inner.client_request_id and inner.date, inner
        return
    raise AssertionError(f"it was answered where {status} was due")


def at(instant, **options):
    configuration = RequestConfiguration(query_parameters=Options(**options) if options else None)
    configuration.headers.add("ofrecord-as-of", instant)
    return configuration


async def reads(client):
    relationships = client.tenant_relationships.delegated_admin_relationships
    first = await relationships.get(at("2023-08-15", top=1, count=True))
    assert first.odata_count and first.odata_count > 1 and len(first.value) == 1, first
    told = []

    def taken(item):
        told.append(item.id)
        return True

    await PageIterator(first, client.request_adapter).iterate(taken)
    assert len(told) == len(set(told)) == first.odata_count, told
    active = await relationships.get(at("2023-03-01", filter="status eq 'active'"))
    assert [item.id for item in active.value] == [SUPPORT], active.value

    either = await relationships.get(at("2023-08-15", filter="status eq 'active' or not (status eq 'active')"))
    assert {item.id for item in either.value} == set(told), either.value
    begins = await relationships.get(
        at("2023-03-01", filter="startswith(displayName,'') and status in ('active','expired')")
    )
    assert SUPPORT in [item.id for item in begins.value], begins.value
    counting = RequestConfiguration()
    counting.headers.add("ofrecord-as-of", "2023-08-15")
    assert await relationships.count.get(counting) == first.odata_count

    one = relationships.by_delegated_admin_relationship_id(SUPPORT)
    support = await one.get(at("2023-08-15"))
    assert support.display_name and support.customer.tenant_id == FABRIKAM, support
    assert support.status.value == "active" and support.end_date_time.year >= 2024, support
    assert support.additional_data["@odata.etag"], support.additional_data
    roles = {role.role_definition_id for role in support.access_details.unified_roles}
    before = await one.get(at("2023-02-01"))
    assert before.status.value != "active", before.status
    assignments = await one.access_assignments.get(at("2023-08-15"))
    assert any(item.status.value == "active" for item in assignments.value), assignments.value
    for item in assignments.value:
        again = await one.access_assignments.by_delegated_admin_access_assignment_id(item.id).get(at("2023-08-15"))
        assert again.access_container.access_container_id == item.access_container.access_container_id
        assert {role.role_definition_id for role in again.access_details.unified_roles} <= roles, again
    await one.requests.get()
    await one.operations.get()
    customers = await client.tenant_relationships.delegated_admin_customers.get(at("2023-08-15"))
    assert FABRIKAM in [customer.tenant_id for customer in customers.value], customers.value
    fabrikam = client.tenant_relationships.delegated_admin_customers.by_delegated_admin_customer_id(FABRIKAM)
    assert (await fabrikam.get(at("2023-08-15"))).display_name == "Fabrikam"

    await refused(relationships.by_delegated_admin_relationship_id(NONE).get(), 404, "itemNotFound", "not_found")
    await refused(relationships.by_delegated_admin_relationship_id("x").get(), 400, "badRequest", "malformed")
    searched = RequestConfiguration(query_parameters=Options(search='"Fabrikam"'))
    await refused(relationships.get(searched), 400, "badRequest", "malformed")
    ordered = await relationships.get(at("2023-08-15", orderby=["displayName desc"]))
    names = [item.display_name.lower() for item in ordered.value]
    assert names == sorted(names, reverse=True) and len(names) > 1, names


def terms(name):
    return DelegatedAdminRelationship(
        display_name=name,
        # The SDK writes a timedelta as Python prints it, which is no duration to Graph; a text goes as it is.
        duration="P365D",
        customer=DelegatedAdminRelationshipCustomerParticipant(tenant_id=FABRIKAM),
        access_details=DelegatedAdminAccessDetails(unified_roles=[UnifiedRole(role_definition_id=GLOBAL_READER)]),
    )


def matching(tag):
    configuration = RequestConfiguration()
    configuration.headers.add("If-Match", tag)
    return configuration


async def writes(client):
    relationships = client.tenant_relationships.delegated_admin_relationships
    made = await relationships.post(terms("Made by Python"))
    assert made.status.value == "created" and made.duration.days == 365, made
    await refused(relationships.post(terms("Made by Python")), 409, "conflict", "display_name_not_unique")
    one = relationships.by_delegated_admin_relationship_id(made.id)
    change, tag = DelegatedAdminRelationship(display_name="Changed by Python"), (await one.get()).additional_data["@odata.etag"]
    await refused(one.patch(change), 428, "preconditionRequired", "precondition_required")
    changed = await one.patch(change, matching(tag))
    assert changed.display_name == "Changed by Python" and changed.additional_data["@odata.etag"] != tag, changed
    again = DelegatedAdminRelationship(display_name="Changed again")
    await refused(one.patch(again, matching(tag)), 412, "resourceModified", "precondition_failed")
    lock = DelegatedAdminRelationshipRequest(action=DelegatedAdminRelationshipRequestAction.LockForApproval)
    locked = await one.requests.post(lock)
    assert locked.status.value == "succeeded", locked
    found = await one.requests.by_delegated_admin_relationship_request_id(locked.id).get()
    assert found.action.value == "lockForApproval", found
    assert (await one.get()).status.value == "approvalPending"
    await refused(one.requests.post(lock), 409, "conflict", "invalid_transition")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--token-file", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    client = client_of(arguments.url, arguments.token_file.read_text().strip())
    await reads(client)
    await writes(client)
    stranger = client_of(arguments.url, "ofrecord_nobody")
    refusal = stranger.tenant_relationships.delegated_admin_relationships.get()
    await refused(refusal, 401, "InvalidAuthenticationToken", "not_authenticated")
    print("good")


asyncio.run(main())
