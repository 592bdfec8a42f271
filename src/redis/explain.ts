import { messageOf, OperatorError } from '../core/errors.ts';
import type { BoundedClient } from './bounded-client.ts';
import { describeRedisFailure } from './failure.ts';

/** What ioredis says instead of a reason: that of the connection is behind it. */
const WITHOUT_REASON =
  /^(Command timed out|Reached the max retries|Connection is closed|Stream isn't writeable)/;

/**
 * In one sentence why a command of this client failed, as far as Redis is the cause. A command that timed out does not
 * know why; the connection may.
 */
export function explainRedisFailure(client: BoundedClient, error: unknown): string | undefined {
  const known = WITHOUT_REASON.test(messageOf(error)) ? (client.trouble ?? error) : error;
  return describeRedisFailure(client.address, known);
}

/** An error for the person at the terminal where Redis is the cause; any other as it came. */
export function asOperatorError(client: BoundedClient, error: unknown): unknown {
  if (error instanceof OperatorError) return error;
  const sentence = explainRedisFailure(client, error);
  return sentence === undefined ? error : new OperatorError(sentence, 'unavailable');
}
