import type { OperationHandler, OperationState } from './operation.ts';

/** The handler of `session.read`: the rich card guide looks a session up to explain a 403. */
export function createSessionRead({ sessions }: OperationState): OperationHandler {
  return ({ params }, client) => {
    const { sessionId = '' } = params;
    const status = sessions.isOpen(client, sessionId) ? 'active' : 'disconnected';
    return { status: 200, body: { id: sessionId, status } };
  };
}
