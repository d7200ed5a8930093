// The official client of Microsoft Graph for JavaScript, as its users have it, asks a served ledger instead of
// Microsoft: it is given another base address, the name of the host, and a token.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, url, tokenFile] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const { Client, GraphError, PageIterator } = require('@microsoft/microsoft-graph-client');

const FABRIKAM = 'cccccccc-0000-4000-8000-000000000011';
const SUPPORT = '6da90000-0000-4000-8000-000000000001-6da90000-0000-4000-8000-000000000000';
const GLOBAL_READER = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451';
const NONE = '6da90000-0000-4000-8000-00000000ffff-6da90000-0000-4000-8000-000000000000';
const RELATIONSHIPS = '/tenantRelationships/delegatedAdminRelationships';
const CUSTOMERS = '/tenantRelationships/delegatedAdminCustomers';

const clientOf = (token) => Client.initWithMiddleware({
  baseUrl: url,
  customHosts: new Set([new URL(url).hostname]),
  authProvider: { getAccessToken: async () => token },
});

/** What the client throws for an answer that is none. */
async function refused(work, status, code, own) {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof GraphError, error);
    const inner = JSON.parse(error.body).innerError;
    assert.deepEqual([error.statusCode, error.code, inner.code], [status, code, own]);
    assert.ok(error.message && error.requestId, error);
    return true;
  });
}

async function reads(client) {
  const first = await client.api(RELATIONSHIPS).header('ofrecord-as-of', '2023-08-15').top(1).count(true).get();
  assert.ok(first['@odata.count'] > 1 && first.value.length === 1, JSON.stringify(first));
  const told = new Set();
  await new PageIterator(client, first, (item) => told.add(item.id) && true).iterate();
  assert.equal(told.size, first['@odata.count']);
  const active = await client.api(RELATIONSHIPS).query({ as_of: '2023-03-01' }).filter("status eq 'active'").get();
  assert.deepEqual(active.value.map((item) => item.id), [SUPPORT]);
  const either = await client
    .api(RELATIONSHIPS)
    .query({ as_of: '2023-08-15' })
    .filter("status eq 'active' or not (status eq 'active')")
    .get();
  assert.equal(either.value.length, told.size);
  const count = await client.api(`${RELATIONSHIPS}/$count`).query({ as_of: '2023-08-15' }).get();
  assert.equal(String(count), String(told.size));

  const support = await client.api(`${RELATIONSHIPS}/${SUPPORT}`).header('ofrecord-as-of', '2023-08-15').get();
  assert.equal(support.customer.tenantId, FABRIKAM);
  assert.equal(support.status, 'active');
  assert.ok(support['@odata.etag']);
  const chosen = await client.api(`${RELATIONSHIPS}/${SUPPORT}`).select('displayName').get();
  assert.ok(chosen.displayName && !('status' in chosen), JSON.stringify(chosen));
  const assignments = await client.api(`${RELATIONSHIPS}/${SUPPORT}/accessAssignments`).get();
  assert.ok(assignments.value.length > 0);
  const customers = await client.api(CUSTOMERS).query({ as_of: '2023-08-15' }).get();
  assert.ok(customers.value.some((customer) => customer.tenantId === FABRIKAM));

  await refused(() => client.api(`${RELATIONSHIPS}/${NONE}`).get(), 404, 'itemNotFound', 'not_found');
  await refused(() => client.api(RELATIONSHIPS).search('"Fabrikam"').get(), 400, 'badRequest', 'malformed');
  const ordered = await client.api(RELATIONSHIPS).query({ as_of: '2023-08-15' }).orderby('displayName desc').get();
  const names = ordered.value.map((item) => item.displayName.toLowerCase());
  assert.deepEqual(names, [...names].sort().reverse());
}

async function writes(client) {
  const terms = {
    displayName: 'Made by JavaScript',
    duration: 'P365D',
    customer: { tenantId: FABRIKAM },
    accessDetails: { unifiedRoles: [{ roleDefinitionId: GLOBAL_READER }] },
    autoExtendDuration: 'P180D',
  };
  const made = await client.api(RELATIONSHIPS).post(terms);
  assert.equal(made.status, 'created');
  await refused(() => client.api(RELATIONSHIPS).post(terms), 409, 'conflict', 'display_name_not_unique');
  const own = `${RELATIONSHIPS}/${made.id}`;
  const tag = (await client.api(own).get())['@odata.etag'];
  const change = { displayName: 'Changed by JavaScript' };
  await refused(() => client.api(own).patch(change), 428, 'preconditionRequired', 'precondition_required');
  const changed = await client.api(own).header('If-Match', tag).patch(change);
  assert.equal(changed.displayName, 'Changed by JavaScript');
  const stale = () => client.api(own).header('If-Match', tag).patch({ displayName: 'Changed again' });
  await refused(stale, 412, 'resourceModified', 'precondition_failed');
  const locked = await client.api(`${own}/requests`).post({ action: 'lockForApproval' });
  assert.equal((await client.api(`${own}/requests/${locked.id}`).get()).status, 'succeeded');
  assert.equal((await client.api(own).get()).status, 'approvalPending');
  await refused(() => client.api(own).header('If-Match', '*').delete(), 409, 'conflict', 'delete_only_in_created');
}

const client = clientOf(readFileSync(tokenFile, 'utf8').trim());
await reads(client);
await writes(client);
await refused(() => clientOf('ofrecord_nobody').api(RELATIONSHIPS).get(), 401, 'InvalidAuthenticationToken', 'not_authenticated');
console.log('good');
