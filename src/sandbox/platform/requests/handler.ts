import type { SandboxClient } from '../../login/clients.ts';
import type { Answer, Arrival, OperationHandler } from '../../requests/arrival.ts';
import type { PlatformWorld } from '../world.ts';
import { answerOf, PlatformError } from './errors.ts';

/** A request that passed the checks of the token, the rate limit and the permissions. */
export interface Call {
  readonly arrival: Arrival;
  readonly client: SandboxClient;
  readonly tenant: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly nowMs: number;
}

/** Makes a handler of a function that returns an answer or an error. */
export function handled(
  world: PlatformWorld,
  handle: (call: Call) => Answer | PlatformError,
): OperationHandler {
  return (arrival, client) => {
    const { params, query, body } = arrival;
    const result = handle({
      arrival,
      client,
      tenant: client.tenant,
      params,
      query,
      body,
      nowMs: world.now(),
    });
    return result instanceof PlatformError ? answerOf(result, arrival.correlationId) : result;
  };
}

/** The answer of a success. */
export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

/** The time of a moment, as the API writes it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
