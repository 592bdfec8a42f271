import { CodedError } from '../src/core/errors.ts';
import { done } from '../src/core/outcome.ts';
import type { GenesysClient } from '../src/genesys/client.ts';
import type { SentMessage } from '../src/genesys/dialects/dialect.ts';
import type { MessageTransmission } from '../src/jobs/message-transmission.ts';
import type { Handler, Run } from '../src/runtime/handler.ts';

/** Sends one guest message to its conversation (guide 003). */
export function messageTransmission(genesys: GenesysClient): Handler<MessageTransmission> {
  return async function transmit(run) {
    const startedMs = performance.now();
    const { messageId } = await send(genesys, run);
    return done({ messageId, requestMs: Math.round(performance.now() - startedMs) });
  };
}

async function send(genesys: GenesysClient, run: Run<MessageTransmission>): Promise<SentMessage> {
  const { tenant, data, jobId, sequence, signal, noteRemaining } = run;
  const { sendMessage } = genesys.dialectOf(tenant);
  try {
    return await genesys.call(tenant, sendMessage, data, {
      requestId: jobId,
      sequence,
      signal,
      noteRemaining,
    });
  } catch (error) {
    if (error instanceof CodedError && error.code === 'SCOPE_MISSING') {
      await throwIfClosed(genesys, run);
    }
    throw error;
  }
}

/** A 403 means a missing scope or a session that has ended; only the session itself can tell. */
async function throwIfClosed(genesys: GenesysClient, run: Run<MessageTransmission>): Promise<void> {
  const { tenant, data, jobId, signal } = run;
  const { readSession } = genesys.dialectOf(tenant);
  const closed = await genesys
    .call(tenant, readSession, data, { requestId: jobId, signal })
    .then((session) => !session.open)
    .catch((error: unknown) => {
      if (error instanceof CodedError && error.code === 'NOT_FOUND') return true;
      // The lookup is refused as well: then it is the scope.
      if (error instanceof CodedError && error.code === 'SCOPE_MISSING') return false;
      throw error;
    });
  if (closed) throw new CodedError('CONVERSATION_CLOSED', 'the guest session has ended', { status: 403 });
}
