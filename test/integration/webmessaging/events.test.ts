import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../../src/sandbox/platform/webmessaging/deployments.ts';
import { onlySession, openStage, type Stage } from './stage.ts';

const NO_BODY = { contentType: 'text/plain', content: '' };
const TYPING = { conversationId: 'c-1', body: NO_BODY, event: { typing: {} } };
const HELLO = { conversationId: 'c-1', body: { contentType: 'text/plain', content: 'hello' } };

/** How many requests the connections of the only session have sent. */
async function requests(stage: Stage): Promise<number> {
  return (await onlySession(stage)).connections.reduce((sum, connection) => sum + connection.requests, 0);
}

describe('a typing event', () => {
  test.each([
    ['has no echo', false],
    ['comes back', true],
  ])('is delivered if no error comes, when it %s', async (_name, typing) => {
    const stage = await openStage({ environment: { GUEST_EVENT_WAIT: '100ms' } });
    await stage.set({ echo: { typing } });
    expect(await stage.job(TYPING).run()).toMatchObject({ kind: 'done', result: { messageId: null } });
    expect(await requests(stage)).toBe(2);
    expect(await stage.job(HELLO).run()).toMatchObject({ kind: 'done' });
    expect((await onlySession(stage)).counters).toMatchObject({ connectionsOpened: 1, messagesStored: 1 });
  });

  test('is refused where the deployment shows none', async () => {
    const stage = await openStage({ environment: { GUEST_EVENT_WAIT: '5s' } });
    await stage.system.sandbox.platform('PUT', '/webmessaging/deployments', {
      id: DEFAULT_DEPLOYMENT_ID,
      showUserTypingIndicator: false,
    });
    expect(await stage.job(TYPING).run()).toMatchObject({
      kind: 'threw',
      error: { code: 'CAPABILITY_UNAVAILABLE', status: 403 },
    });
  });

  test('leaves once in five seconds, from all workers', async () => {
    const stage = await openStage({ environment: { GUEST_EVENT_WAIT: '10ms' } });
    await stage.job(TYPING).run();
    expect(await stage.job(TYPING).run({ worker: stage.openWorker() })).toMatchObject({ kind: 'done' });
    expect(await requests(stage)).toBe(2);
  });

  test('whose connection breaks is sent again, and leaves nothing unknown', async () => {
    const stage = await openStage();
    await stage.fault({ effect: { kind: 'drop', point: 'before-store' } });
    const job = stage.job(TYPING);
    expect(await job.run()).toMatchObject({
      kind: 'threw',
      error: { code: 'GENESYS_UNREACHABLE', isUnknown: false },
    });
    expect(job.saved()).toBeUndefined();
  });
});

test('a click is sent with its button, and names the message that it answers', async () => {
  const stage = await openStage();
  const click = { type: 'QuickReply', text: 'Yes', payload: 'yes', originatingMessageId: 'out-1' };
  const ended = await stage.job({ conversationId: 'c-1', body: NO_BODY, event: { click } }).run();
  expect(ended).toMatchObject({ kind: 'done', result: { messageId: expect.stringMatching(/./) } });
  const { token } = await onlySession(stage);
  const query = new URLSearchParams({ token });
  expect(
    await stage.system.sandbox.platform('GET', `/webmessaging/sessions/messages?${query}`),
  ).toMatchObject([
    {
      body: {
        type: 'Structured',
        text: 'Yes',
        content: [
          {
            contentType: 'ButtonResponse',
            buttonResponse: { type: 'QuickReply', text: 'Yes', payload: 'yes' },
          },
        ],
        metadata: { parentMessageId: 'out-1', jobId: 'job-1' },
      },
    },
  ]);
});
