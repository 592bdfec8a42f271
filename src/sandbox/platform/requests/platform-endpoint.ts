import { UnreadableBody } from '../../input/body.ts';
import type { SandboxClient } from '../../login/clients.ts';
import { bearerOf, isValid, type Token } from '../../login/tokens.ts';
import type { Answer, Arrival } from '../../requests/arrival.ts';
import type { Endpoint, PlainError } from '../../requests/endpoint.ts';
import type { World } from '../../world.ts';
import type { PlatformOperation } from '../operation.ts';
import { permissionsOf } from '../organization/permissions.ts';
import { answerOf, generalError, missingAnyPermission, missingPermissions, PlatformError } from './errors.ts';
import { type RateDecision, rateHeaders } from './rate-limits.ts';

/**
 * An endpoint of the platform. It checks the token, the rate limit, the permissions and the body,
 * in this order. The order of the platform is not published.
 */
export function createPlatformEndpoint(world: World, operation: PlatformOperation): Endpoint {
  const { messageIdOf } = operation;
  return {
    operation: operation.name,
    isDelivery: operation.isDelivery,
    callerOf(headers) {
      const bearer = bearerOf(headers.authorization);
      const token = bearer === undefined ? undefined : world.tokens.find(bearer);
      return { token, client: token?.client };
    },
    conversationOf: (body, params) => operation.conversationOf?.(body, params) ?? null,
    ...(messageIdOf !== undefined && { requestIdOf: messageIdOf }),
    errorAnswer: (arrival, error) => injectedError(world, arrival, error),
    answer(arrival) {
      const { token, correlationId } = arrival;
      if (token === undefined || !isValid(token, world.now())) return unauthenticated(arrival);
      const missing = missingOf(operation, token.client);
      const isCounted = missing === undefined || world.platform.settings.current.rate.countsForbidden;
      return limitedAnswer(world, token, correlationId, isCounted, () =>
        missing === undefined
          ? operationAnswer(world, operation, arrival, token)
          : answerOf(missing, correlationId),
      );
    },
  };
}

/** What a client of the platform gets at a path that the platform does not have. */
export function unknownPathAnswer(world: World, arrival: Arrival, token: Token): Answer {
  const { correlationId } = arrival;
  if (!isValid(token, world.now())) return unauthenticated(arrival);
  return limitedAnswer(world, token, correlationId, true, () => answerOf(generalError(404), correlationId));
}

/** The answer within the rate limit, or the 429 above it. Both have the headers of the limit. */
function limitedAnswer(
  world: World,
  token: Token,
  correlationId: string,
  isCounted: boolean,
  answer: () => Answer,
): Answer {
  const { settings, rateLimits } = world.platform;
  const { rate } = settings.current;
  const decide = isCounted ? rateLimits.take : rateLimits.peek;
  const decision = decide(token, rate, world.now());
  return plain(
    decision.isGranted ? answer() : tooManyRequests(correlationId, decision),
    rateHeaders(decision),
  );
}

function missingOf(
  { permissions, needs }: PlatformOperation,
  client: SandboxClient,
): PlatformError | undefined {
  // A client of the guest dialect is no client of the platform. It may do nothing here.
  if (client.dialect !== 'platform' && permissions.length === 0) return generalError(403);
  const granted = permissionsOf(client);
  const missing = permissions.filter((permission) => !granted.includes(permission));
  if (missing.length === 0) return undefined;
  if (needs === 'all') return missingPermissions(missing);
  return missing.length === permissions.length ? missingAnyPermission(permissions) : undefined;
}

function operationAnswer(world: World, operation: PlatformOperation, arrival: Arrival, token: Token): Answer {
  const { body, correlationId, params, query } = arrival;
  if (body instanceof UnreadableBody) return answerOf(unreadable(world, body), correlationId);
  // The router also matches a path whose id is left out. Such a path names no resource.
  if (Object.values(params).includes('')) return answerOf(generalError(404), correlationId);
  const handle = world.handlers.get(operation.name);
  if (handle === undefined) throw new Error(`no handler for ${operation.name}`);
  const declared = Object.entries(query).filter(([name]) => operation.query.includes(name));
  return handle({ ...arrival, query: Object.fromEntries(declared) }, token.client);
}

function unreadable(world: World, { status }: UnreadableBody): PlatformError {
  if (status !== 413) return generalError(status);
  const { maxBodyBytes } = world.platform.settings.current.requests;
  return generalError(413, `The request is over the size limit. Maximum bytes: ${maxBodyBytes}`);
}

function unauthenticated({ headers, correlationId }: Arrival): Answer {
  const error =
    bearerOf(headers.authorization) === undefined
      ? generalError(401)
      : new PlatformError(401, 'bad.credentials', 'Invalid login credentials.');
  return plain(answerOf(error, correlationId));
}

function tooManyRequests(correlationId: string, { resetSeconds }: RateDecision): Answer {
  const message = `Rate limit exceeded the maximum. Retry the request in [${resetSeconds}] seconds`;
  const error = new PlatformError(429, 'too.many.requests.retry.after', message);
  return { ...answerOf(error, correlationId), headers: { 'retry-after': String(resetSeconds) } };
}

/** The answer of a fault. It has the headers of the rate limit, as every reply to a token has. */
function injectedError(world: World, { token, correlationId }: Arrival, error: PlainError): Answer {
  const answer = answerOf(generalError(error.status, error.message), correlationId);
  if (token === undefined) return plain(answer);
  const { settings, rateLimits } = world.platform;
  return plain(answer, rateHeaders(rateLimits.peek(token, settings.current.rate, world.now())));
}

function plain(answer: Answer, headers: Record<string, string> = {}): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers }, hasRequestId: false };
}
