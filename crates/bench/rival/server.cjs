// What a team would otherwise write: an event store over PostgreSQL (Emmett) behind a small server (Express).
//
// It takes the commands of the race and answers its question: a customer becomes known once, by a decision over the
// stream of that customer, which is read and appended to under the version that was read; and who its resellers were
// at an instant is folded from the same stream. Node.js runs it as one process, with a connection of PostgreSQL for
// each of the clients.

const express = require('express');
const { CommandHandler } = require('@event-driven-io/emmett');
const { getPostgreSQLEventStore } = require('@event-driven-io/emmett-postgresql');
const { Pool } = require('pg');

const [folder, connections] = [process.argv[2], Number(process.argv[3])];
const address = `postgresql://race@localhost/postgres?host=${encodeURIComponent(folder)}`;
const pool = new Pool({ connectionString: address, max: connections });
const store = getPostgreSQLEventStore(address, { connectionOptions: { pool } });

const initialState = () => ({ known: false, resellers: [] });

function evolve(state, { type, data }) {
  switch (type) {
    case 'CustomerRegistered':
      return { ...state, known: true };
    case 'ResellerRelationshipAcceptedByCustomer':
      return { ...state, resellers: [...state.resellers, data.partner] };
    case 'ResellerRelationshipRemovedByPartner':
      return { ...state, resellers: state.resellers.filter((partner) => partner !== data.partner) };
    default:
      throw new Error(`the event ${type} is not known`);
  }
}

const streamOf = (customer) => `customer-${customer}`;
const handle = CommandHandler({ evolve, initialState });

const app = express();
app.disable('x-powered-by');

app.post('/v1/commands', express.json(), async (request, response) => {
  const { command_id, customer, actor, effective_at, command } = request.body;
  if (command?.type !== 'RegisterCustomer') return response.status(400).json({ code: 'not_a_command' });
  const now = new Date().toISOString();
  const done = await handle(store, streamOf(customer), (state) => {
    if (state.known) throw new Error('customer_already_known');
    const { name, domain, tenant_type } = command;
    const data = { name, domain, tenant_type, actor, command_id, effective_at: effective_at ?? now, recorded_at: now };
    return { type: 'CustomerRegistered', data };
  });
  return response.status(201).json({ command_id, outcome: 'accepted', position: Number(done.nextExpectedStreamVersion) });
});

app.get('/v1/customers/:customer/resellers', async (request, response) => {
  const asOf = new Date(request.query.as_of ?? Date.now()).toISOString();
  const upTo = (state, event) => (event.data.effective_at <= asOf ? evolve(state, event) : state);
  const { state } = await store.aggregateStream(streamOf(request.params.customer), { evolve: upTo, initialState });
  return response.status(200).json({ as_of: asOf, rows: state.resellers.map((partner) => ({ partner })) });
});

app.use((error, _request, response, _next) => response.status(500).json({ code: 'failed', detail: String(error.message) }));

store.schema
  .migrate()
  .then(() => {
    const listening = app.listen(0, '127.0.0.1', () => {
      console.log(`listening on http://127.0.0.1:${listening.address().port}`);
    });
    listening.keepAliveTimeout = 60_000;
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
