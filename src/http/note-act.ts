import type { Act } from '../audit/act-record.ts';
import type { Door } from './door.ts';
import type { Call } from './routes/route.ts';

/**
 * Leaves an audit record of what the key has done. The act is done already: when Redis does not take
 * the record, the log has it instead.
 */
export async function noteAct(
  { acts, onError }: Pick<Door, 'acts' | 'onError'>,
  { key }: Pick<Call<unknown, unknown, unknown>, 'key'>,
  act: Omit<Act, 'by'>,
): Promise<void> {
  try {
    await acts.note({ by: key.id, ...act });
  } catch (error) {
    const message = `no audit record of ${act.action} ${act.subject} by ${key.id}`;
    onError(new Error(message, { cause: error }));
  }
}

/** The tenants of a record about one resource. A damaged job has no tenant. */
export function tenantsOfAct(tenantId: string | null): readonly string[] | 'all' {
  return tenantId === null ? 'all' : [tenantId];
}
