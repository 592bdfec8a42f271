import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../src/sandbox/platform/webmessaging/deployments.ts';
import { connectGuest, type Guest, type GuestFrame } from '../support/channel/guest.ts';
import { failureOf, openStage, type Stage, TENANT } from './sdk.ts';

interface Talk {
  readonly stage: Stage;
  readonly guest: Guest;
  readonly token: string;
}

/** A guest with a session. Echoes come at once: the clock of a stage stands still. */
async function openTalk(deployment: object = {}): Promise<Talk> {
  const stage = await openStage();
  const { sandbox } = stage;
  await sandbox.platform('PUT', '/webmessaging/settings', { echo: { delayMs: { min: 0, max: 0 } } });
  await sandbox.platform('PUT', '/webmessaging/deployments', { id: DEFAULT_DEPLOYMENT_ID, ...deployment });
  const guest = await connectGuest(sandbox);
  const token = randomUUID();
  await guest.configure(token);
  return { stage, guest, token };
}

function detailsOf({ conversations }: Stage, { body }: GuestFrame) {
  return conversations.getConversationsMessageDetails(String(body['id']));
}

function sendAgentless({ stage: { conversations }, token }: Talk, useExistingActiveConversation: boolean) {
  return conversations.postConversationsMessagesAgentless({
    fromAddress: DEFAULT_DEPLOYMENT_ID,
    toAddress: token,
    toAddressMessengerType: 'webmessaging',
    textBody: 'Your parcel is on its way',
    useExistingActiveConversation,
  });
}

const outbound = (text: string) => (frame: GuestFrame) =>
  frame.body['direction'] === 'Outbound' && frame.body['text'] === text;

describe('a message of a guest of the channel', () => {
  test('can be read by the id of its echo, with its conversation', async () => {
    const { stage, guest, token } = await openTalk();
    const echo = await guest.say(token, 'Where is my parcel?', { metadata: { jobId: 'job-1' } });
    const details = await detailsOf(stage, echo);
    expect(details).toMatchObject({
      id: echo.body['id'],
      direction: 'inbound',
      messengerType: 'webmessaging',
      status: 'received',
      fromAddress: token,
      toAddress: DEFAULT_DEPLOYMENT_ID,
      conversationId: expect.any(String),
      normalizedMessage: {
        type: 'Text',
        text: 'Where is my parcel?',
        direction: 'Inbound',
        channel: { platform: 'WebMessaging' },
        metadata: { jobId: 'job-1' },
      },
    });
    const { conversationId = '', id = '' } = details;
    const conversation = await stage.conversations.getConversationsMessage(conversationId);
    expect(conversation).toMatchObject({
      id: conversationId,
      participants: [{ purpose: 'customer', state: 'connected', type: 'webmessaging', messages: [{}] }],
    });
    expect(await stage.conversations.getConversationsMessageMessage(conversationId, id)).toEqual(details);
    expect(await stage.sandbox.platform('GET', `/messages?tenant=${TENANT}`)).toMatchObject([
      { conversationId, messengerType: 'webmessaging', isLive: true, messages: [{ id }] },
    ]);
  });

  test('joins the conversation of the earlier ones, and starts another one after a new start', async () => {
    const { stage, guest, token } = await openTalk();
    const conversationOf = async (text: string) =>
      (await detailsOf(stage, await guest.say(token, text))).conversationId ?? '';
    const first = await conversationOf('one');
    expect(await conversationOf('two')).toBe(first);
    await guest.configure(token, { startNew: true });
    expect(await conversationOf('three')).not.toBe(first);
    const { participants } = await stage.conversations.getConversationsMessage(first);
    expect(participants).toMatchObject([{ state: 'disconnected' }]);
  });

  test('goes on with a disconnected conversation within the threading time, and not after it', async () => {
    const { stage, guest, token } = await openTalk({
      conversationDisconnect: { enabled: true, type: 'Send' },
    });
    const conversationOf = async (text: string) =>
      (await detailsOf(stage, await guest.say(token, text))).conversationId ?? '';
    const stateOf = async (id: string) =>
      (await stage.conversations.getConversationsMessage(id)).participants?.[0]?.state;
    const disconnect = () => stage.sandbox.platform('POST', '/webmessaging/sessions/disconnect', { token });

    const first = await conversationOf('one');
    await disconnect();
    expect(await stateOf(first)).toBe('disconnected');
    expect(await conversationOf('two')).toBe(first);
    expect(await stateOf(first)).toBe('connected');

    await stage.sandbox.platform('PUT', '/webmessaging/settings', { session: { threadingHours: 0 } });
    await disconnect();
    expect(await conversationOf('three')).not.toBe(first);
  });
});

describe('a message of the organization', () => {
  test('reaches the guest of the live conversation that it joins', async () => {
    const talk = await openTalk();
    const echo = await talk.guest.say(talk.token, 'Where is my parcel?');
    const { conversationId } = await detailsOf(talk.stage, echo);
    expect(await failureOf(sendAgentless(talk, false))).toMatchObject({ code: 'active.conversation' });
    const sent = await sendAgentless(talk, true);
    expect(sent.conversationId).toBe(conversationId);
    const frame = await talk.guest.until('the message', outbound('Your parcel is on its way'));
    expect(frame).toMatchObject({ class: 'StructuredMessage', body: { id: sent.id, type: 'Text' } });
    expect(await detailsOf(talk.stage, frame)).toMatchObject({ conversationId, direction: 'outbound' });
  });

  test('is in the history of a guest without a conversation', async () => {
    const talk = await openTalk();
    const { id } = await sendAgentless(talk, false);
    await talk.guest.until('the message', outbound('Your parcel is on its way'));
    const log = await talk.stage.sandbox.platform(
      'GET',
      `/webmessaging/sessions/messages?token=${talk.token}`,
    );
    expect(log).toMatchObject([{ body: { id } }]);
    await talk.guest.say(talk.token, 'Thanks');
  });

  test('of an agent reaches the guest, and that of a script can be read', async () => {
    const { stage, guest, token } = await openTalk();
    const { conversationId = '' } = await detailsOf(stage, await guest.say(token, 'Hello'));
    const { communicationId } = (await stage.sandbox.platform('POST', '/conversations/agent', {
      tenant: TENANT,
      conversationId,
    })) as { communicationId: string };
    await stage.conversations.postConversationsMessageCommunicationMessages(conversationId, communicationId, {
      textBody: 'How can I help?',
    });
    const frame = await guest.until('the message', outbound('How can I help?'));
    expect(frame.body).toMatchObject({ originatingEntity: 'Human', channel: { from: { nickname: 'Sam' } } });

    await stage.sandbox.platform('POST', '/webmessaging/sessions/say', {
      token,
      steps: [{ kind: 'text', text: 'Anything else?' }],
    });
    const said = await guest.until('the script', outbound('Anything else?'));
    expect(await detailsOf(stage, said)).toMatchObject({
      conversationId,
      normalizedMessage: { text: 'Anything else?', originatingEntity: 'Bot' },
    });
  });
});

test('the end of a conversation is told to its guest', async () => {
  const { stage, guest, token } = await openTalk({ conversationDisconnect: { enabled: true } });
  const { conversationId } = await detailsOf(stage, await guest.say(token, 'Hello'));
  await stage.sandbox.platform('POST', '/conversations/end', { tenant: TENANT, conversationId });
  await guest.until('the end', ({ body }) => JSON.stringify(body).includes('"Disconnect"'));
  expect(await guest.say(token, 'Hello?')).toMatchObject({ code: 409 });
});

test('a reset of the channel ends the conversations of its guests', async () => {
  const { stage, guest, token } = await openTalk();
  const { conversationId = '' } = await detailsOf(stage, await guest.say(token, 'Hello'));
  await stage.sandbox.platform('POST', '/webmessaging/reset');
  const { participants } = await stage.conversations.getConversationsMessage(conversationId);
  expect(participants).toMatchObject([{ state: 'disconnected' }]);
});
