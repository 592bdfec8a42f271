import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { UnreadableBody } from '../input/body.ts';
import { platformGrant } from '../platform/login/grant.ts';
import type { Answer, Arrival } from '../requests/arrival.ts';
import type { Endpoint } from '../requests/endpoint.ts';
import { TOKEN_OPERATION, type World } from '../world.ts';
import type { SandboxClient } from './clients.ts';

interface Credentials {
  clientId: string;
  clientSecret: string;
}

/**
 * `POST /oauth/token` of the login host grants a bearer token for client credentials. Its errors
 * have another shape than those of the API. A refusal counts as unauthorized also with status 400,
 * for example the refusal of an unknown client.
 */
export function createTokenEndpoint(world: World): Endpoint {
  const clientsById = new Map(world.clients.map((client) => [client.clientId, client]));
  const clientOf = (credentials: Credentials | undefined) =>
    credentials === undefined ? undefined : clientsById.get(credentials.clientId);

  return {
    operation: TOKEN_OPERATION,
    isDelivery: false,
    callerOf: (headers, body) => ({ client: clientOf(credentialsOf(headers, body)) }),
    conversationOf: () => null,
    errorAnswer: (_arrival, { status, message }) => loginError(status, generalErrorOf(status), message),
    answer(arrival) {
      const answer = refusal(arrival) ?? grant(world, arrival);
      return answer.status === 200 ? answer : { counter: 'unauthorized', ...answer };
    },
  };
}

function refusal({ body, headers, client }: Arrival): Answer | undefined {
  if (body instanceof UnreadableBody) return loginError(body.status, 'invalid_request', body.reason);
  const form = formOf(body);
  const grantType = form.get('grant_type');
  if (grantType === null) return loginError(400, 'invalid_request', 'grant_type is missing');
  if (grantType !== 'client_credentials') {
    return loginError(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
  }
  const credentials = credentialsOf(headers, body);
  if (credentials === undefined) {
    return loginError(400, 'invalid_request', 'client_id and client_secret, or Basic auth, are missing');
  }
  if (client === undefined) return loginError(400, 'invalid_client', 'client not found');
  if (!isSameSecret(credentials.clientSecret, client.clientSecret)) {
    return loginError(401, 'invalid_client', 'authentication failed');
  }
  if (client.dialect === 'platform') return undefined;
  const excess = scopesWanted(form, client).filter((scope) => !client.scopes.includes(scope));
  if (excess.length === 0) return undefined;
  return loginError(400, 'invalid_scope', `the client lacks: ${excess.join(' ')}`);
}

function grant(world: World, { body, client }: Arrival): Answer {
  if (client === undefined) throw new Error('a token needs a client');
  if (client.dialect === 'platform') return platformGrant(world, client);
  const scopes = scopesWanted(formOf(body), client);
  return {
    status: 200,
    body: {
      access_token: world.tokens.issue(client, scopes, world.now()),
      token_type: 'bearer',
      expires_in: world.tokens.lifetimeSeconds,
      scope: scopes.join(' '),
    },
    headers: { 'cache-control': 'no-store' },
  };
}

function scopesWanted(form: URLSearchParams, client: SandboxClient): string[] {
  const wanted = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  return wanted.length === 0 ? client.scopes : wanted;
}

// The credentials of the header take precedence over those of the form.
function credentialsOf(headers: IncomingHttpHeaders, body: unknown): Credentials | undefined {
  return basicCredentials(headers.authorization) ?? formCredentials(formOf(body));
}

function basicCredentials(authorization: string | undefined): Credentials | undefined {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colonIndex = text.indexOf(':');
  if (colonIndex < 0) return undefined;
  return { clientId: text.slice(0, colonIndex), clientSecret: text.slice(colonIndex + 1) };
}

function formCredentials(form: URLSearchParams): Credentials | undefined {
  const clientId = form.get('client_id');
  const clientSecret = form.get('client_secret');
  return clientId === null || clientSecret === null ? undefined : { clientId, clientSecret };
}

function formOf(body: unknown): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

// timingSafeEqual needs inputs of one length, and digests have one.
function isSameSecret(shown: string, known: string): boolean {
  return timingSafeEqual(digestOf(shown), digestOf(known));
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function generalErrorOf(status: number): string {
  if (status >= 500) return 'server_error';
  return status === 401 ? 'invalid_client' : 'invalid_request';
}

function loginError(status: number, error: string, description: string): Answer {
  return { status, body: { error, description, error_description: description } };
}
