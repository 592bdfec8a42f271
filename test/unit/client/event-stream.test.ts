import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from '../../../src/client/event-stream.ts';

async function eventsOf(texts: readonly string[]) {
  const source = (async function* () {
    yield* texts;
  })();
  return await Array.fromAsync(readEvents(source));
}

test('an event has a type, data and an id', async () => {
  const text =
    'retry: 2000\n\n: a comment\n\nevent: state\nid: a1\ndata: {"x":1}\n\ndata:two\ndata: lines\n\n';

  expect(await eventsOf([text])).toEqual([
    { event: 'state', id: 'a1', data: '{"x":1}' },
    { event: 'message', id: 'a1', data: 'two\nlines' },
  ]);
});

test('an event that broke off is left out', async () => {
  expect(await eventsOf(['data: one\n\nevent: state\ndata: two\n'])).toEqual([
    { event: 'message', id: '', data: 'one' },
  ]);
});

test('the time of the server is reported', async () => {
  const times: number[] = [];
  const source = (async function* () {
    yield 'retry: 50\nretry: soon\n\n';
  })();

  await Array.fromAsync(readEvents(source, { onRetry: (ms) => times.push(ms) }));

  expect(times).toEqual([50]);
});

test('the parts of a stream and the ends of its lines make no difference', async () => {
  const lines = ['event: state', 'id: a1', 'data: {"x":1}', 'data:', '', 'data: b', '', ''];
  const expected = await eventsOf([lines.join('\n')]);

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('\n', '\r', '\r\n'),
      fc.array(fc.nat({ max: 60 })),
      async (end, cuts) => {
        const text = lines.join(end);
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const parts = places.map((place, index) => text.slice(place, places[index + 1]));
        expect(await eventsOf(parts)).toEqual(expected);
      },
    ),
  );
});
