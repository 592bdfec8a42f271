import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openReceiver } from '../../../../src/cli/demo/receiver.ts';
import { sign } from '../../../../src/webhooks/signature.ts';

const SECRET = `whsec_${'A'.repeat(32)}`;
const BODY = JSON.stringify({
  type: 'message.delivered',
  timestamp: '2026-01-01T00:00:00.500Z',
  data: { tenantId: 'acme', jobId: 'j1' },
});

async function open() {
  const receiver = await openReceiver(new Map([['acme', SECRET]]));
  onTestFinished(() => receiver.close());
  return receiver;
}

async function post(url: string, secret = SECRET): Promise<number> {
  const headers = { ...sign([secret], 'wh-j1-delivered', Math.floor(Date.now() / 1000), BODY) };
  return (await fetch(url, { method: 'POST', headers, body: BODY })).status;
}

test('the receiver takes signed requests, also a second time, and refuses others', async () => {
  const receiver = await open();

  expect(await post(receiver.urlOf('acme'))).toBe(204);
  expect(await post(receiver.urlOf('acme'))).toBe(204);
  expect(await post(receiver.urlOf('acme'), `whsec_${'B'.repeat(32)}`)).toBe(401);
  expect(await post(receiver.urlOf('globex'))).toBe(401);

  expect(receiver.counts()).toEqual({ verified: 1, failed: 2, duplicates: 1 });
});

test('the receiver does not count an incomplete request', async () => {
  const receiver = await open();
  const { hostname, port } = new URL(receiver.url);
  const socket = connect(Number(port), hostname);
  socket.end('POST /acme HTTP/1.1\r\nhost: receiver\r\ncontent-length: 1000\r\n\r\n{"type":');
  socket.resume();
  await once(socket, 'close');

  expect(await post(receiver.urlOf('acme'))).toBe(204);
  expect(receiver.counts()).toEqual({ verified: 1, failed: 0, duplicates: 0 });
});
