import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/client.ts';
import { jsonAnswer, openRawServer, type RawAnswer } from '../../support/raw-server.ts';

const HEAD = 'HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n';
const START = '\r\nretry: 10\n\n';
/** The server closes the connection before all of it has come. */
const TOO_LONG = 'Content-Length: 100000\r\n';

/** A stream of these events, which then ends or breaks off. */
function stream(events: string, isWhole = true): RawAnswer {
  return (socket) => {
    socket.end(HEAD + (isWhole ? '' : TOO_LONG) + START + events);
  };
}

const event = (type: string, id: string, state: string) =>
  `event: ${type}\nid: ${id}\ndata: ${JSON.stringify({ id: 'j1', state })}\n\n`;

async function clientOf(answers: readonly RawAnswer[]) {
  let turn = 0;
  const server = await openRawServer(() => answers[turn++] ?? jsonAnswer(500, {}));
  return { client: createClient({ baseUrl: server.url, apiKey: 'key' }), requests: server.requests };
}

test('a job is followed to its end, over several connections, behind the last event', async () => {
  const { client, requests } = await clientOf([
    stream(event('state', 'a', 'delayed')),
    stream(event('state', 'b', 'active'), false),
    stream(''),
    stream(
      `: nothing new\n\nevent: of-a-newer-server\nid: c\ndata: 5\n\n${event('ended', 'd', 'completed')}`,
    ),
  ]);

  const events = await Array.fromAsync(client.jobs.events('j1'));

  expect(events).toEqual([
    { type: 'state', id: 'a', job: { id: 'j1', state: 'delayed' } },
    { type: 'state', id: 'b', job: { id: 'j1', state: 'active' } },
    { type: 'ended', id: 'd', job: { id: 'j1', state: 'completed' } },
  ]);
  const lastIds = requests.map(({ headers }) => headers['last-event-id']);
  expect(lastIds).toEqual([undefined, 'a', 'b', 'b']);
});

test('a caller goes on behind the last event of an earlier run', async () => {
  const { client, requests } = await clientOf([stream('event: gone\nid: gone\ndata: {}\n\n')]);

  expect(await Array.fromAsync(client.jobs.events('j1', { lastEventId: 'a' }))).toEqual([
    { type: 'gone', id: 'gone' },
  ]);
  expect(requests[0]?.headers['last-event-id']).toBe('a');
});

test('an unknown job is an error', async () => {
  const { client } = await clientOf([jsonAnswer(404, { title: 'x', status: 404, code: 'RESOURCE_UNKNOWN' })]);

  await expect(client.jobs.events('j1').next()).rejects.toMatchObject({ code: 'RESOURCE_UNKNOWN' });
});

test('a silent stream is opened again', async () => {
  const { client } = await clientOf([
    (socket) => socket.write(HEAD + START),
    stream(event('ended', 'a', 'completed')),
  ]);

  const events = await Array.fromAsync(client.jobs.events('j1', { timeoutMs: 300 }));

  expect(events).toHaveLength(1);
});

test('a caller that stops ends the connection', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { client } = await clientOf([
    (socket) => {
      socket.once('close', () => resolve());
      socket.write(HEAD + START + event('state', 'a', 'delayed'));
    },
  ]);

  for await (const { id } of client.jobs.events('j1')) {
    expect(id).toBe('a');
    break;
  }

  await promise;
});
