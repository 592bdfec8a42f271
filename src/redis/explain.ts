import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { BoundedClient } from './bounded-client.ts';
import { describeRedisFailure } from './failure.ts';

/** What ioredis says instead of a reason: that of the connection is behind it. */
const WITHOUT_REASON =
  /^(Command timed out|Reached the max retries|Connection is closed|Stream isn't writeable)/;

/**
 * The same of what a command of this client ended with. A command that timed out does not know why; the connection may, or
 * the server, which is asked once more.
 */
export async function explainRedisFailure(
  client: BoundedClient,
  error: unknown,
): Promise<string | undefined> {
  const known = WITHOUT_REASON.test(messageOf(error)) ? (client.trouble ?? error) : error;
  const cause = (await isLoading(client)) ? new Error('LOADING ') : known;
  return describeRedisFailure(client.address, cause);
}

/** An error for the person at the terminal where Redis is the cause; any other as it came. */
export async function asOperatorError(client: BoundedClient, error: unknown): Promise<unknown> {
  if (error instanceof OperatorError) return error;
  const sentence = await explainRedisFailure(client, error);
  return sentence === undefined ? error : new OperatorError(sentence);
}

const LOADING_PATIENCE_MS = 800;

/** While Redis loads, a connection is made and takes nothing but this question. */
async function isLoading(client: BoundedClient): Promise<boolean> {
  if (client.status !== 'connect') return false;
  const told = client.info('persistence').then(
    (info) => /^loading:1/m.test(info),
    () => false,
  );
  return await Promise.race([told, delay(LOADING_PATIENCE_MS, false)]);
}
