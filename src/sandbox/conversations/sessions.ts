import type { SandboxClient } from '../login/clients.ts';
import type { OperationHandler } from '../requests/arrival.ts';

/** The guest sessions of conversations. Each is open until a test ends it. */
export interface Sessions {
  isOpen(client: SandboxClient, conversationId: string): boolean;
  end(tenant: string, conversationId: string): void;
}

export function createSessions(): Sessions {
  const ended = new Set<string>();
  const keyOf = (tenant: string, conversationId: string) => JSON.stringify([tenant, conversationId]);
  return {
    isOpen: ({ tenant }, conversationId) => !ended.has(keyOf(tenant, conversationId)),
    end: (tenant, conversationId) => {
      ended.add(keyOf(tenant, conversationId));
    },
  };
}

/** The handler of `session.read` (docs/guides.md#read-a-session). */
export function createSessionRead({ sessions }: { readonly sessions: Sessions }): OperationHandler {
  return ({ params }, client) => {
    const { sessionId = '' } = params;
    const status = sessions.isOpen(client, sessionId) ? 'active' : 'disconnected';
    return { status: 200, body: { id: sessionId, status } };
  };
}
