// An identity provider on this machine: who shows the client's secret gets a JWT for the ledger, with a role in it, and
// whoever is led here from a console is signed in as the auditor, unasked.
// Its keys are made anew at each start, as an issuer does that changes them.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [modules, port, ledger] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(modules, 'oidc-provider/lib/index.js')));

const key = (type, options, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID(),
});

const server = createServer();
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [...['RS256', 'ES256', 'EdDSA'].map((alg) => ({
      client_id: `client-${alg}`,
      client_secret: 'secret-of-a-test',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: alg,
    })), ...(ledger === undefined ? [] : [{
      client_id: 'console',
      client_secret: 'secret of the console',
      redirect_uris: [`${ledger}/console/login/returned`],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    }])],
    pkce: { required: () => true },
    interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, roles: ['Ledger.Audit'] }) }),
    claims: { openid: ['sub', 'roles'] },
    conformIdTokenClaims: false,
    loadExistingGrant: (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid');
      return grant.save().then(() => grant);
    },
    jwks: {
      keys: [
        key('rsa', { modulusLength: 2048 }, 'RS256'),
        key('ec', { namedCurve: 'P-256' }, 'ES256'),
        key('ed25519', {}, 'EdDSA'),
      ],
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (context, resource, client) => ({
          scope: 'ledger',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: client.clientId.replace('client-', '') } },
        }),
      },
    },
    extraTokenClaims: () => ({ roles: ['Ledger.Audit'] }),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) {
      return provider.interactionFinished(request, response, { login: { accountId: 'kim@auditor.example' } });
    }
    return answer(request, response);
  });
  console.log(`listening on ${issuer}`);
});
