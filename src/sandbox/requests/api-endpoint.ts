import type { IncomingHttpHeaders } from 'node:http';
import { errorAnswer, generalCodeOf, tooManyRequests } from '../answers/error-body.ts';
import { UnreadableBody } from '../input/body.ts';
import type { OperationClass } from '../login/clients.ts';
import { bearerOf, isValid, type Token, type Tokens } from '../login/tokens.ts';
import type { Operation } from '../operation.ts';
import { unknownPathAnswer } from '../platform/requests/platform-endpoint.ts';
import type { World } from '../world.ts';
import type { Answer, Arrival } from './arrival.ts';
import type { Caller, Endpoint, PlainError } from './endpoint.ts';

/**
 * An endpoint of the API. It checks the token, the scope and the rate limit, in this order. The
 * checks of the operation itself come last.
 */
export function createApiEndpoint(world: World, operation: Operation): Endpoint {
  return {
    operation: operation.name,
    isDelivery: operation.isDelivery,
    callerOf: (headers) => bearerCaller(world.tokens, headers),
    conversationOf: operation.conversationOf,
    errorAnswer: apiError,
    answer(arrival) {
      const { token, correlationId } = arrival;
      // The platform has no operation of the guest dialect.
      if (token?.client.dialect === 'platform') return unknownPathAnswer(world, arrival, token);
      if (token === undefined || !isValid(token, world.now())) return unauthenticated(arrival);
      if (!token.scopes.has(operation.scope)) return missingScope(correlationId, operation.scope);
      if (operation.bucket === null) return operationAnswer(world, operation, arrival, token);
      return limitedAnswer(world, operation, operation.bucket, arrival, token);
    },
  };
}

/** A path of the API that does not exist. */
export function createUnknownEndpoint(world: World): Endpoint {
  return {
    operation: null,
    isDelivery: false,
    callerOf: (headers) => bearerCaller(world.tokens, headers),
    conversationOf: () => null,
    errorAnswer: apiError,
    answer(arrival) {
      const { token } = arrival;
      return token?.client.dialect === 'platform'
        ? unknownPathAnswer(world, arrival, token)
        : nowhere(arrival);
    },
  };
}

function bearerCaller(tokens: Tokens, headers: IncomingHttpHeaders): Caller {
  const bearer = bearerOf(headers.authorization);
  const token = bearer === undefined ? undefined : tokens.find(bearer);
  return { token, client: token?.client };
}

function limitedAnswer(
  world: World,
  operation: Operation,
  bucket: OperationClass,
  arrival: Arrival,
  token: Token,
): Answer {
  const grant = world.rateLimits.take(token.client, bucket, world.now());
  const answer = grant.isGranted
    ? operationAnswer(world, operation, arrival, token)
    : tooManyRequests(arrival.correlationId, grant.retryAfterSeconds);
  const headers = { ...answer.headers, 'x-ratelimit-remaining': String(grant.remaining) };
  return { ...answer, headers };
}

function operationAnswer(world: World, operation: Operation, arrival: Arrival, token: Token): Answer {
  const { body } = arrival;
  if (body instanceof UnreadableBody) {
    return apiError(arrival, { status: body.status, message: `The request was refused: ${body.reason}.` });
  }
  // The router also matches a path whose id is left out. Such a path names no resource.
  if (Object.values(arrival.params).includes('')) return nowhere(arrival);
  const handle = world.handlers.get(operation.name);
  if (handle === undefined) throw new Error(`no handler for ${operation.name}`);
  world.replications.catchUp(world.now());
  return handle(arrival, token.client);
}

function unauthenticated({ headers, correlationId }: Arrival): Answer {
  if (bearerOf(headers.authorization) === undefined) {
    return errorAnswer(correlationId, {
      status: 401,
      code: 'authentication.required',
      message: 'The authorization header carries no bearer token.',
    });
  }
  return errorAnswer(correlationId, {
    status: 401,
    code: 'bad.credentials',
    message: 'The bearer token is unknown, expired or revoked.',
  });
}

function missingScope(correlationId: string, scope: string): Answer {
  return errorAnswer(correlationId, {
    status: 403,
    code: 'missing.permissions',
    message: `The token lacks what this operation needs: ${scope}`,
    messageWithParams: 'The token lacks what this operation needs: {permissions}',
    messageParams: { permissions: scope },
  });
}

function nowhere(arrival: Arrival): Answer {
  return apiError(arrival, { status: 404, message: 'There is no such resource.' });
}

function apiError({ correlationId }: Arrival, { status, message }: PlainError): Answer {
  return errorAnswer(correlationId, { status, code: generalCodeOf(status), message });
}
