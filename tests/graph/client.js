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
  await refused(() => client.api(RELATIONSHIPS).orderby('displayName').get(), 400, 'badRequest', 'malformed');
}

const client = clientOf(readFileSync(tokenFile, 'utf8').trim());
await reads(client);
await refused(() => clientOf('ofrecord_nobody').api(RELATIONSHIPS).get(), 401, 'InvalidAuthenticationToken', 'not_authenticated');
console.log('good');
