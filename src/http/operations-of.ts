import { keyAuthor } from '../operate/author.ts';
import type { ServerOperations } from '../operate/operations.ts';
import type { Door } from './door.ts';
import type { Call } from './routes/route.ts';

/** What the key of a call may do as an operator. The log has each act without a record. */
export function operationsOf(
  { operations, onError, onNothing }: Pick<Door, 'operations' | 'onError' | 'onNothing'>,
  { key }: Pick<Call<unknown, unknown, unknown>, 'key'>,
): ServerOperations {
  return operations.by(keyAuthor(key), onError, onNothing);
}
