import { CodedError } from '../core/errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { GenesysClient, RequestContext } from './client.ts';
import { guest } from './dialects/guest/guest.ts';
import type { Operation } from './operation.ts';

/** One request to a guest session. */
export interface SessionRequest<Input, Output> {
  readonly tenant: Tenant;
  readonly operation: Operation<Input, Output>;
  readonly input: Input;
  /** The session that receives the request. */
  readonly sessionId: string;
  readonly context: RequestContext;
}

/**
 * Sends a message or a card to a guest. A 403 means a missing scope or an ended session. To find
 * out which, it reads the session (docs/guides.md#read-a-session).
 *
 * @throws {CodedError} CONVERSATION_CLOSED, or what `GenesysClient.call` throws.
 */
export async function sendToGuest<Input, Output>(
  genesys: GenesysClient,
  { tenant, operation, input, sessionId, context }: SessionRequest<Input, Output>,
): Promise<Output> {
  try {
    return await genesys.call(tenant, operation, input, context);
  } catch (error) {
    if (hasCode(error, 'SCOPE_MISSING')) await throwIfClosed(genesys, tenant, sessionId, context);
    throw error;
  }
}

async function throwIfClosed(
  genesys: GenesysClient,
  tenant: Tenant,
  sessionId: string,
  { requestId, attempt, token, signal }: RequestContext,
): Promise<void> {
  const closed = await genesys
    .call(
      tenant,
      guest.readSession,
      { sessionId },
      { requestId, ...(attempt && { attempt }), ...(token && { token }), ...(signal && { signal }) },
    )
    .then((session) => !session.open)
    .catch((error: unknown) => {
      if (hasCode(error, 'NOT_FOUND')) return true;
      // Genesys Cloud refuses to show the session too, so the scope is missing.
      if (hasCode(error, 'SCOPE_MISSING')) return false;
      throw error;
    });
  if (closed) throw new CodedError('CONVERSATION_CLOSED', 'the guest session has ended', { status: 403 });
}

function hasCode(error: unknown, code: CodedError['code']): boolean {
  return error instanceof CodedError && error.code === code;
}
