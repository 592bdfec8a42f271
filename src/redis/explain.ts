import { messageOf, OperatorError } from '../core/errors.ts';
import type { BoundedClient } from './bounded-client.ts';
import { describeRedisFailure } from './failure.ts';

/** Errors of ioredis without a reason. The connection knows the reason. */
const WITHOUT_REASON =
  /^(Command timed out|Reached the max retries|Connection is closed|Stream isn't writeable)/;

/**
 * One sentence that says why a command failed; undefined when Redis is not the cause. The
 * connection may know why a command timed out.
 */
export function explainRedisFailure(
  client: Pick<BoundedClient, 'address' | 'trouble'>,
  error: unknown,
): string | undefined {
  const known = WITHOUT_REASON.test(messageOf(error)) ? (client.trouble ?? error) : error;
  return describeRedisFailure(client.address, known);
}

/** Turns an error of Redis into one for the operator, and returns any other unchanged. */
export function asOperatorError(client: Pick<BoundedClient, 'address' | 'trouble'>, error: unknown): unknown {
  if (error instanceof OperatorError) return error;
  const sentence = explainRedisFailure(client, error);
  return sentence === undefined ? error : new OperatorError(sentence, 'unavailable');
}
