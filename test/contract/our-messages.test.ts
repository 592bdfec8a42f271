import { expect, test } from 'vitest';
import {
  readConversation,
  readMessages,
  sendAgentMessage,
} from '../../src/genesys/dialects/platform/agent-message.ts';
import { sendAgentless } from '../../src/genesys/dialects/platform/agentless.ts';
import { readMedia, requestUpload } from '../../src/genesys/dialects/platform/media.ts';
import {
  sendOpenClick,
  sendOpenMessage,
  sendOpenReceipt,
  sendOpenTyping,
} from '../../src/genesys/dialects/platform/open.ts';
import { channel, INTEGRATION, liveConversation } from './bodies.ts';
import { type Call, ourClient } from './our-client.ts';
import { openStage, type Stage, TENANT } from './sdk.ts';

const GUEST = { integrationId: INTEGRATION, guestId: 'guest-1', idType: 'Opaque' };
const FILE = { url: 'https://files.example.com/a.png', contentType: 'image/png', fileName: 'a.png' };
const REASONS = [{ code: 'MessageExpired' as const, message: 'too late' }];
const CLICK = { type: 'Button' as const, text: 'Yes', payload: 'yes' };

/** A channel as ours writes it. */
const open = (messageId: string) => ({ ...channel(messageId), from: { id: 'guest-1', idType: 'Opaque' } });
const event = () => ({ from: open('').from, time: open('').time });

type Act = (stage: Stage, ours: Call) => Promise<unknown>;

/** Each operation by the official SDK and by our client. */
const OPERATIONS: readonly (readonly [name: string, sdk: Act, ours: Act])[] = [
  [
    'a message of a guest',
    ({ conversations }) =>
      conversations.postConversationsMessageInboundOpenMessage(
        INTEGRATION,
        { channel: open('job-1'), text: 'Hello' },
        { prefetchConversationId: true },
      ),
    (_stage, ours) =>
      ours(sendOpenMessage, { ...GUEST, messageId: 'job-1', text: 'Hello', prefetchConversationId: true }),
  ],
  [
    'a file of a guest',
    ({ conversations }) =>
      conversations.postConversationsMessageInboundOpenMessage(INTEGRATION, {
        channel: open('job-1'),
        content: [
          {
            attachment: { mediaType: 'Image', url: FILE.url, mime: 'image/png', filename: 'a.png' },
          },
        ],
      }),
    (_stage, ours) =>
      ours(sendOpenMessage, {
        ...GUEST,
        messageId: 'job-1',
        text: '',
        file: FILE,
        prefetchConversationId: false,
      }),
  ],
  [
    'that a guest writes',
    ({ conversations }) =>
      conversations.postConversationsMessageInboundOpenEvent(INTEGRATION, {
        channel: event(),
        // The model of the SDK leaves out what only some types of events have.
        events: [{ eventType: 'Typing', typing: { type: 'On' } }] as never,
      }),
    (_stage, ours) => ours(sendOpenTyping, GUEST),
  ],
  [
    'a receipt',
    ({ conversations }) =>
      conversations.postConversationsMessageInboundOpenReceipt(INTEGRATION, {
        id: 'out-1',
        channel: { to: open('').from, time: open('').time },
        status: 'Failed',
        reasons: REASONS,
        isFinalReceipt: true,
      }),
    (_stage, ours) =>
      ours(sendOpenReceipt, {
        ...GUEST,
        receipt: { messageId: 'out-1', status: 'Failed', reasons: REASONS, isFinal: true },
      }),
  ],
  [
    'a click',
    ({ conversations }) =>
      conversations.postConversationsMessageInboundOpenStructuredResponse(INTEGRATION, {
        channel: open('job-1'),
        buttonResponse: CLICK,
        originatingMessageId: 'out-1',
      }),
    (_stage, ours) =>
      ours(sendOpenClick, {
        ...GUEST,
        messageId: 'job-1',
        click: { ...CLICK, originatingMessageId: 'out-1' },
      }),
  ],
  [
    'a message without an agent',
    ({ conversations }) =>
      conversations.postConversationsMessagesAgentless({
        fromAddress: '+15550001',
        toAddress: '+15550123',
        toAddressMessengerType: 'sms',
        textBody: 'Hello',
        useExistingActiveConversation: false,
      }),
    (_stage, ours) =>
      ours(sendAgentless, {
        fromAddress: '+15550001',
        toAddress: '+15550123',
        toAddressMessengerType: 'sms',
        useExistingActiveConversation: false,
        text: 'Hello',
      }),
  ],
  [
    'a message of an agent',
    async (stage) => {
      const { conversationId, communicationId } = await liveConversation(stage);
      await stage.conversations.postConversationsMessageCommunicationMessages(
        conversationId,
        communicationId,
        {
          textBody: 'Hello',
        },
      );
    },
    async (stage, ours) => {
      const { conversationId, communicationId } = await liveConversation(stage);
      await ours(sendAgentMessage, { conversationId, communicationId, text: 'Hello', mediaIds: [] });
    },
  ],
  [
    'a file of an agent',
    async (stage) => {
      const { conversations } = stage;
      const { conversationId, communicationId } = await liveConversation(stage);
      const upload = await conversations.postConversationsMessageCommunicationMessagesMediaUploads(
        conversationId,
        communicationId,
        { fileName: 'a.png', contentLengthBytes: 4 },
      );
      await put(stage, upload.uploadUrl, upload.uploadHeaders);
      await conversations.getConversationsMessageCommunicationMessagesMediaMediaId(
        conversationId,
        communicationId,
        upload.id ?? '',
      );
      await conversations.postConversationsMessageCommunicationMessages(conversationId, communicationId, {
        textBody: 'See',
        mediaIds: [upload.id ?? ''],
      });
    },
    async (stage, ours) => {
      const { conversationId, communicationId } = await liveConversation(stage);
      const communication = { conversationId, communicationId };
      const upload = await ours(requestUpload, { ...communication, fileName: 'a.png', sizeBytes: 4 });
      await put(stage, upload.url, upload.headers);
      expect(await ours(readMedia, { ...communication, mediaId: upload.id })).toBe('valid');
      await ours(sendAgentMessage, { ...communication, text: 'See', mediaIds: [upload.id] });
    },
  ],
];

async function put(stage: Stage, url = '', headers: Readonly<Record<string, string>> = {}): Promise<void> {
  await fetch(url, { method: 'PUT', headers, body: 'file' });
  stage.advance(1000);
}

test.for(OPERATIONS)('our client and the SDK report %s alike', async ([, bySdk, byUs]) => {
  const [theirs, ours] = [await openStage(), await openStage()];
  await bySdk(theirs, ourClient(theirs));
  await byUs(ours, ourClient(ours));

  const trace = await traceOf(theirs);
  expect(trace.threads).not.toEqual([]);
  expect(await traceOf(ours)).toEqual(trace);
});

test('our client reads what the SDK reads of a conversation', async () => {
  const stage = await openStage();
  const call = ourClient(stage);
  const { conversationId, communicationId } = await liveConversation(stage);
  const { id = '' } = await stage.conversations.postConversationsMessageCommunicationMessages(
    conversationId,
    communicationId,
    { textBody: 'Hello' },
  );

  const before = await call(readConversation, { conversationId });
  expect(before).toEqual({ isEnded: false, messages: [{ id, timeMs: expect.any(Number) }] });
  expect(await call(readMessages, { conversationId, ids: [id] })).toEqual([
    { id, isOutbound: true, text: 'Hello', mediaIds: [] },
  ]);
  await stage.sandbox.platform('POST', '/conversations/end', { tenant: TENANT, conversationId });
  expect((await call(readConversation, { conversationId })).isEnded).toBe(true);
});

/** The requests that a sandbox got and the messages that it has, with ids by their first use. */
async function traceOf({ sandbox }: Stage): Promise<{ requests: unknown; threads: unknown }> {
  const requests = await sandbox.requests();
  const trace = {
    requests: requests
      .filter(({ operation }) => operation?.startsWith('platform.') && !operation.endsWith('.token'))
      .map(({ operation, status, body }) => ({ operation, status, body })),
    threads: await sandbox.platform('GET', `/messages?tenant=${TENANT}`),
  };
  const names = new Map<string, string>();
  const text = JSON.stringify(trace).replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
    const name = names.get(id) ?? `id-${names.size}`;
    names.set(id, name);
    return name;
  });
  return JSON.parse(text);
}
