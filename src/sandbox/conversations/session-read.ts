import type { OperationHandler, OperationState } from '../operation.ts';

/** The handler of `session.read`, which explains a 403 (docs/guides.md#read-a-session). */
export function createSessionRead({ sessions }: OperationState): OperationHandler {
  return ({ params }, client) => {
    const { sessionId = '' } = params;
    const status = sessions.isOpen(client, sessionId) ? 'active' : 'disconnected';
    return { status: 200, body: { id: sessionId, status } };
  };
}
