import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../../../src/sandbox/platform/webmessaging/deployments.ts';
import { openSandbox, type Sandbox } from '../../../../src/sandbox/server.ts';
import { onEnd } from '../../../support/lifetime.ts';

const WSCAT = createRequire(import.meta.url).resolve('wscat/bin/wscat');

/** Starts wscat, and types frames into it as a person would. */
function startWscat(url: string) {
  const args = [WSCAT, '--no-color', '--origin', 'https://shop.example', '--connect', url];
  const wscat = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onEnd(() => wscat.kill());
  let printed = '';
  wscat.stdout.on('data', (data) => {
    printed += String(data);
  });
  return {
    type: (frame: object) => wscat.stdin.write(`${JSON.stringify(frame)}\n`),
    shows: (text: string) => expect.poll(() => printed).toContain(text),
  };
}

async function connectionsOf({ url }: Pick<Sandbox, 'url'>): Promise<unknown> {
  const answer = await fetch(`${url}/__sandbox/platform/webmessaging/connections`);
  return ((await answer.json()) as { open: unknown }).open;
}

test('wscat holds a conversation with the channel of guests', async () => {
  await using sandbox = await openSandbox();
  const wscat = startWscat(`${sandbox.url.replace('http', 'ws')}/v1?deploymentId=${DEFAULT_DEPLOYMENT_ID}`);
  const token = randomUUID();
  // Without a terminal, wscat does not say that it is connected.
  await expect.poll(() => connectionsOf(sandbox)).toHaveLength(1);
  wscat.type({ action: 'configureSession', deploymentId: DEFAULT_DEPLOYMENT_ID, token });
  await wscat.shows('"class":"SessionResponse","code":200');
  const message = { type: 'Text', text: 'Where is my parcel?' };
  wscat.type({ action: 'onMessage', token, tracingId: 'message-1', message });
  await wscat.shows('"class":"StructuredMessage","code":200,"tracingId":"message-1"');
});
