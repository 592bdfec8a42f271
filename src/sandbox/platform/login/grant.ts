import type { SandboxClient } from '../../login/clients.ts';
import type { Answer } from '../../requests/arrival.ts';
import type { World } from '../../world.ts';

/**
 * The token of a client of the platform. It has no scope: the permissions of the client decide. The
 * login host has a rate limit of its own, and refuses with 400 where the API answers 429.
 */
export function platformGrant(world: World, client: SandboxClient): Answer {
  const { settings, grants } = world.platform;
  const { expiresInSeconds, tokensPerMinute } = settings.current.login;
  const nowMs = world.now();
  if (!grants.take(client, tokensPerMinute, nowMs)) return rateLimited();
  const lifetimeSeconds = client.accessTokenValiditySeconds ?? expiresInSeconds;
  return {
    status: 200,
    body: {
      access_token: world.tokens.issue(client, [], nowMs, lifetimeSeconds),
      token_type: 'bearer',
      expires_in: lifetimeSeconds,
    },
    headers: { 'cache-control': 'no-store' },
    hasRequestId: false,
  };
}

function rateLimited(): Answer {
  const description = 'rate limit exceeded; too many tokens in this minute';
  return {
    status: 400,
    body: { error: 'invalid_request', description, error_description: description },
    hasRequestId: false,
    counter: 'rateLimited',
  };
}
