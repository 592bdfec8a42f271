import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };

/** A batch whose caller sends a line, and no more. @returns the status of its answer. */
async function holdBatch(url: string, secret: string): Promise<number | undefined> {
  const headers = { ...NDJSON, authorization: `Bearer ${secret}` };
  const request = httpRequest(`${url}/v1/batch`, { method: 'POST', headers });
  request.on('error', () => {});
  onEnd(() => void request.destroy());
  request.write('{"kind":"none"}\n');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response.statusCode;
}

async function holdStream(url: string, secret: string, id: string): Promise<number | undefined> {
  const request = httpRequest(`${url}/v1/jobs/${id}/events`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  request.on('error', () => {});
  onEnd(() => void request.destroy());
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response.statusCode;
}

test('a key holds no more than its share of the batches, and leaves acts on many jobs to operators', async () => {
  const { url, keys } = await openServer(await openSystem(), { HTTP_MAX_BATCHES: '8' });
  const [sender, other] = [await keys.make(), await keys.make()];
  const [callSender, callOther] = [callerOf(url, sender), callerOf(url, other)];
  expect([await holdBatch(url, sender), await holdBatch(url, sender)]).toEqual([200, 200]);

  const refused = await callSender('/v1/batch', { body: '{"kind":"none"}', headers: NDJSON });

  expect([refused.status, refused.body.code]).toEqual([429, 'TOO_MANY_BATCHES']);
  expect(refused.body.detail).toBe('One key may have 2 at the same time.');
  expect((await callOther('/v1/batch', { body: '{"kind":"none"}', headers: NDJSON })).status).toBe(200);
  for (let n = 0; n < 6; n++) await holdBatch(url, await keys.make());
  expect((await callOther('/v1/batch', { body: '{"kind":"none"}', headers: NDJSON })).status).toBe(429);
  const act = await callOther('/v1/jobs/cancel', { body: { tenant: 'acme', dryRun: true } });
  expect(act.status).toBe(200);
});

test('a key holds no more than its share of the event streams', async () => {
  const { url, keys } = await openServer(await openSystem(), { HTTP_MAX_STREAMS: '4' });
  const [reader, other] = [await keys.make(), await keys.make()];
  const { body } = await callerOf(url, reader)('/v1/messages', { body: message() });

  expect(await holdStream(url, reader, body.id)).toBe(200);
  expect(await holdStream(url, reader, body.id)).toBe(429);
  await waitFor(async () => (await holdStream(url, other, body.id)) === 200, {
    what: 'a stream of another key',
  });
});
