import type { Random } from './random.ts';
import { CANARY, oddText } from './values.ts';

export type Header = readonly [name: string, value: string];

/** A text without the characters that end a header. Framing sends those on purpose. */
function line(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ').slice(0, 3000);
}

export function wrongAuthorization(random: Random): Header[] {
  return random.pick<() => Header[]>([
    () => [],
    () => [['authorization', '']],
    () => [['authorization', 'Bearer']],
    () => [['authorization', `Bearer ${CANARY}`]],
    () => [['authorization', `Bearer gwm_live_${CANARY}${'0'.repeat(40)}`]],
    () => [['authorization', `Basic ${Buffer.from(`${CANARY}:x`).toString('base64')}`]],
    () => [['authorization', `Bearer ${'x'.repeat(9000)}`]],
    () => [['authorization', line(oddText(random))]],
    () => [['x-api-key', line(oddText(random))]],
    () => [
      ['x-api-key', `${CANARY}1`],
      ['x-api-key', `${CANARY}2`],
    ],
    () => [
      ['authorization', `Bearer ${CANARY}1`],
      ['authorization', `Bearer ${CANARY}2`],
      ['x-api-key', `${CANARY}3`],
    ],
  ])();
}

const TRACES: readonly string[] = [
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '00-00000000000000000000000000000000-0000000000000000-00',
  'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  `00-${CANARY}`,
];

/** Each is sent rarely, so that most requests go far. */
const ODD: readonly ((random: Random) => Header[])[] = [
  (random) => [['idempotency-key', `key-${random.below(50)}`]],
  (random) => [['idempotency-key', `"${CANARY}-${random.below(50)}"`]],
  (random) => [['idempotency-key', line(oddText(random))]],
  () => [
    ['idempotency-key', `${CANARY}1`],
    ['idempotency-key', `${CANARY}2`],
  ],
  (random) => [['last-event-id', line(oddText(random))]],
  (random) => [['traceparent', random.pick(TRACES)]],
  () => [['tracestate', `a=${CANARY}`]],
  (random) => [
    ['ce-specversion', random.pick(['1.0', '0.3', CANARY])],
    ['ce-id', line(oddText(random))],
    ['ce-source', random.pick(['/shop', `https://${CANARY}.example`, '::', '%ff'])],
    ['ce-type', random.pick(['com.genesys.webmessaging.message-transmission', CANARY])],
    ['ce-partitionkey', random.pick(['acme', CANARY, '%f0%28'])],
    ['ce-__proto__', CANARY],
  ],
  () => [
    ['webhook-request-origin', `${CANARY}.example`],
    ['webhook-request-rate', '1e9'],
    ['webhook-request-callback', `http://127.0.0.1:1/${CANARY}`],
  ],
  (random) => [['accept', random.pick(['*/*', 'text/html', 'application/xml', '', CANARY])]],
  () => [['accept-encoding', 'gzip, br, zstd']],
  () => [['range', 'bytes=0-1,2-3,-5']],
  () => [['if-none-match', `"${CANARY}"`]],
  () => [['origin', `https://${CANARY}.example`]],
  (random) => [['sec-fetch-site', random.pick(['cross-site', 'same-origin', 'none', CANARY])]],
  () => [['x-forwarded-prefix', `/${CANARY}`]],
  () => [['x-forwarded-for', `${CANARY}, 1.2.3.4`]],
  () => [['x-http-method-override', 'DELETE']],
  () => [['cookie', `a=${CANARY}; __proto__=b`]],
  () => [['__proto__', CANARY]],
  () => [['constructor', CANARY]],
  () => [
    ['upgrade', 'h2c'],
    ['connection', 'Upgrade, HTTP2-Settings'],
    ['http2-settings', 'AAMAAABkAARAAAAAAAIAAAAA'],
  ],
  () => [
    ['upgrade', 'websocket'],
    ['connection', 'Upgrade'],
  ],
  () => [['expect', '100-continue']],
  () => [['expect', CANARY]],
  () => [['te', 'trailers, deflate']],
  () => [['x-large', CANARY.repeat(2500)]],
  () => Array.from({ length: 150 }, (_, n): Header => [`x-${n}`, CANARY]),
  () => Array.from({ length: 2500 }, (): Header => ['a', 'b']),
];

/** Headers that a route reads, and others that something in between might. */
export function oddHeaders(random: Random, ofRoute: readonly string[]): Header[] {
  const own = ofRoute.filter(() => random.chance(0.15)).map((name): Header => [name, line(oddText(random))]);
  const others = random.chance(0.25)
    ? Array.from({ length: 1 + random.below(2) }, () => random.pick(ODD)(random))
    : [];
  return [...own, ...others.flat()];
}
