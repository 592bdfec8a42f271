import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type RawData, WebSocket } from 'ws';
import { DEFAULT_DEPLOYMENT_ID } from '../../../../src/sandbox/platform/webmessaging/deployments.ts';
import { openSandbox, type Sandbox } from '../../../../src/sandbox/server.ts';

type Frame = Record<string, unknown> & { readonly class: string; readonly body: Record<string, unknown> };

/** A guest's connection, by another client than ours. */
async function connect({ url }: Pick<Sandbox, 'url'>, deploymentId = DEFAULT_DEPLOYMENT_ID) {
  const address = `${url.replace('http', 'ws')}/v1?deploymentId=${deploymentId}`;
  const socket = new WebSocket(address, { origin: 'https://shop.example' });
  await once(socket, 'open');
  return {
    close: () => socket.close(),
    /** Sends a frame. @returns the next frame of the sandbox */
    async ask(frame: object): Promise<Frame> {
      const answer = once(socket, 'message');
      socket.send(JSON.stringify(frame));
      const [data] = (await answer) as [RawData];
      return JSON.parse(String(data)) as Frame;
    },
  };
}

const configure = (token: string, deploymentId = DEFAULT_DEPLOYMENT_ID) => ({
  action: 'configureSession',
  deploymentId,
  token,
  startNew: false,
  tracingId: 'configure-1',
});

const message = (token: string, text: string) => ({
  action: 'onMessage',
  token,
  tracingId: 'message-1',
  message: { type: 'Text', text, metadata: { jobId: 'job-1' } },
});

describe('the channel of guests', () => {
  test('answers a configure with the session, and a message with its echo', async () => {
    await using sandbox = await openSandbox();
    const guest = await connect(sandbox);
    const token = randomUUID();
    expect(await guest.ask(configure(token))).toMatchObject({
      type: 'response',
      class: 'SessionResponse',
      code: 200,
      tracingId: 'configure-1',
      body: { connected: true, newSession: true, readOnly: false, durationSeconds: 259_200 },
    });
    expect(await guest.ask(message(token, 'Where is my parcel?'))).toMatchObject({
      type: 'message',
      class: 'StructuredMessage',
      code: 200,
      tracingId: 'message-1',
      body: {
        type: 'Text',
        text: 'Where is my parcel?',
        direction: 'Inbound',
        metadata: { jobId: 'job-1' },
      },
    });
    guest.close();
  });

  test('knows the deployments of the API, and counts the messages of their tenant', async () => {
    await using sandbox = await openSandbox();
    const deployment = {
      name: 'Shop',
      configuration: { id: 'configuration-1', version: '1' },
      allowAllDomains: false,
      allowedDomains: ['shop.example'],
    };
    await fetch(`${sandbox.url}/__sandbox/platform/deployments`, {
      method: 'PUT',
      body: JSON.stringify({ tenant: 'umbrella', id: 'deployment-1', deployment }),
    });
    const guest = await connect(sandbox, 'deployment-1');
    const token = randomUUID();
    await guest.ask(configure(token, 'deployment-1'));
    await guest.ask(message(token, 'Where is my parcel?'));
    await guest.ask(message(token, 'Where is my parcel?'));
    const { byTenant, byOperation } = sandbox.stats();
    expect(byOperation['platform.webmessaging.message']).toMatchObject({ accepted: 2, duplicates: 1 });
    expect(byTenant['umbrella']).toMatchObject({ accepted: 2, duplicates: 1 });
    guest.close();
  });

  test('knows a token again on another connection, and shows its history, newest first', async () => {
    await using sandbox = await openSandbox();
    const token = randomUUID();
    const first = await connect(sandbox);
    await first.ask(configure(token));
    await first.ask(message(token, 'one'));
    await first.ask(message(token, 'two'));
    first.close();

    const second = await connect(sandbox);
    expect((await second.ask(configure(token))).body).toMatchObject({ connected: true, newSession: false });
    const { body } = await second.ask({ action: 'getJwt', token });
    const answer = await fetch(`${sandbox.url}/api/v2/webmessaging/messages`, {
      headers: { authorization: `Bearer ${String(body['jwt'])}`, origin: 'https://shop.example' },
    });
    const history = (await answer.json()) as { entities: { text: string }[] };
    expect(history.entities.map(({ text }) => text)).toEqual(['two', 'one']);
    second.close();
  });

  test('refuses a text of more than 4096 bytes with code 4011, and keeps the connection', async () => {
    await using sandbox = await openSandbox();
    const guest = await connect(sandbox);
    const token = randomUUID();
    await guest.ask(configure(token));
    expect(await guest.ask(message(token, 'x'.repeat(4097)))).toMatchObject({ code: 4011 });
    expect(await guest.ask(message(token, 'x'.repeat(4096)))).toMatchObject({ code: 200 });
    guest.close();
  });

  test('refuses the upgrade for an unknown deployment with 403', async () => {
    await using sandbox = await openSandbox();
    await expect(connect(sandbox, randomUUID())).rejects.toThrow('403');
  });
});
