import ky from 'ky';
import { Agent, request } from 'undici';
import type { Envelope } from '../src/jobs/envelope.ts';
import type { MessageTransmission } from '../src/jobs/message-transmission.ts';

/** Sends one job in one POST, with the body and the headers of our worker. */
export type Post = (jobId: string, data: Envelope) => Promise<unknown>;

/** @throws {HTTPError} for an answer that is not 2xx. */
export function createPostWithKy(apiUrl: string): Post {
  const address = addressOf(apiUrl);
  return async (jobId, data) =>
    await ky.post(address, { json: bodyOf(data), headers: headersOf(jobId, data), retry: 0 }).json();
}

/** Accepts an answer with any status. */
export function createPostWithUndici(apiUrl: string): Post {
  const address = addressOf(apiUrl);
  const dispatcher = new Agent({ connections: 256 });
  return async (jobId, data) => {
    const response = await request(address, {
      method: 'POST',
      dispatcher,
      headers: { ...headersOf(jobId, data), 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(data)),
    });
    return await response.body.json();
  };
}

/** Sends the event of a callback in one POST, unsigned. Accepts an answer with any status. */
export function createPostOfEvents(url: string): Post {
  const dispatcher = new Agent({ connections: 256 });
  return async (_jobId, { payload }) => {
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload['event']),
    });
    return await response.body.text();
  };
}

/** The same with ky. @throws {HTTPError} for an answer that is not 2xx. */
export function createPostOfEventsWithKy(url: string): Post {
  return async (_jobId, { payload }) => await ky.post(url, { json: payload['event'], retry: 0 }).text();
}

function addressOf(apiUrl: string): string {
  return `${apiUrl}/api/v2/conversations/messaging/messages`;
}

function headersOf(jobId: string, { tenantId }: Envelope) {
  return {
    authorization: `Bearer ${tenantId}`,
    accept: 'application/json',
    'x-genesys-request-id': jobId,
    'x-conversation-sequence': '1',
  };
}

function bodyOf({ payload }: Envelope) {
  const { guestId, conversationId, body } = payload as MessageTransmission;
  return {
    from: { id: guestId, type: 'user' },
    to: { id: conversationId, type: 'conversation' },
    body,
    metadata: { readReceipt: true, transmissionTimestamp: new Date().toISOString() },
  };
}
