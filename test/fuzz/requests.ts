import { gzipSync, zstdCompressSync } from 'node:zlib';
import { framed } from './framing.ts';
import { oddHeaders, wrongAuthorization } from './headers.ts';
import type { Random } from './random.ts';
import { OTHER_PATHS, TARGETS, type Target } from './targets.ts';
import { CANARY, mutated, oddJson, oddText, oddValue } from './values.ts';

/** What the fuzzer may use besides the routes. */
export interface Known {
  readonly secrets: readonly string[];
  /** Ids of resources, which earlier answers had. */
  readonly ids: string[];
  /** An address that takes callbacks. */
  readonly receiverUrl: string;
}

export interface FuzzRequest {
  /** Route and what is odd, for reports. */
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly parts: readonly Buffer[];
  readonly answers: number;
  readonly patienceMs: number;
}

const METHODS: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'CONNECT',
  'BREW',
  'get',
  '',
];

/** One request: each part is as it should be in most cases, so that the others are reached. */
export function fuzzRequest(random: Random, known: Known): FuzzRequest {
  const target = random.pick(TARGETS);
  const isElsewhere = random.chance(0.04);
  const path = isElsewhere ? random.pick(OTHER_PATHS) : pathOf(target, random, known);
  const method = random.chance(0.07) ? random.pick(METHODS) : target.route.method;
  const { type, body, encoding } = bodyOf(target, random, known);
  const headers = [
    ...authorization(random, known),
    ...contentType(type, random),
    ...(encoding === undefined ? [] : [['content-encoding', encoding] as const]),
    ...oddHeaders(random, target.headerNames),
  ];
  const { parts, answers, patienceMs, how } = framed({ method, path, headers, body }, random);
  return { label: `${target.name} ${how}`, method, path, parts, answers, patienceMs };
}

const ODD_IDS: readonly string[] = [
  '..',
  '%2e%2e',
  '..%2f..%2fetc',
  '%00',
  '%',
  '%zz',
  '%c3%28',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '__proto__',
  'constructor',
  'meta',
  'events',
  ':lock',
  '*',
  '%20',
  "'%22%3E",
  '%0d%0aset-cookie:a=b',
  ';v=1',
  'a'.repeat(5000),
  'é',
];

function pathOf({ route, queryNames }: Target, random: Random, known: Known): string {
  const path = route.url.replace(/:(\w+)/g, () => {
    if (random.chance(0.4)) return random.pick([...known.ids, 'acme', 'globex', 'JOB_INVALID']);
    return random.pick([...ODD_IDS, CANARY, `${CANARY}${random.pick(ODD_IDS)}`]);
  });
  if (!random.chance(queryNames.length > 0 ? 0.8 : 0.1)) return path;
  const count = 1 + random.below(4);
  const pairs = Array.from({ length: count }, () => queryPair(queryNames, random));
  return `${path}?${[...pairs, ...(random.chance(0.3) ? pairs : [])].join('&')}`;
}

const QUERY_VALUES: readonly string[] = [
  'acme',
  'globex',
  'failed',
  'message-transmission',
  'oldest',
  '1',
  '0',
  '-1',
  '1e9',
  '2026-03-01T09:30:00Z',
  '2026-02-30T09:30:00Z',
  '+275760-09-13T00:00:00.001Z',
  '9999-12-31T23:59:59.999999999Z',
  'MTc2NzIyNTYwMCBtLWs',
  'OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSBtLWs',
  '%00',
  '%',
  '%c3%28',
  '%ed%a0%80',
  'x'.repeat(3000),
];

function queryPair(names: readonly string[], random: Random): string {
  const name = random.pick([...names, '__proto__', 'constructor', 'tenant[]', 'tenant[a]', '', 'kind%00']);
  const value = random.chance(0.5) ? random.pick(QUERY_VALUES) : oddQuery(random);
  return random.chance(0.1) ? name : `${name}=${value}`;
}

function oddQuery(random: Random): string {
  const text = oddText(random).slice(0, 400).toWellFormed();
  return random.chance(0.2) ? Buffer.from(text).toString('base64url') : encodeURIComponent(text);
}

function authorization(random: Random, { secrets }: Known): (readonly [string, string])[] {
  if (random.chance(0.06)) return wrongAuthorization(random);
  const secret = random.pick(secrets);
  return [random.chance(0.1) ? ['x-api-key', secret] : ['authorization', `Bearer ${secret}`]];
}

const TYPES: readonly string[] = [
  'application/json; charset=utf-16',
  'application/json;charset=utf-8;charset=latin1',
  'application/json, text/plain',
  'application/json\t',
  'APPLICATION/JSON',
  'application/json; a="',
  'application/cloudevents+json',
  'application/cloudevents-batch+json; charset=utf-8',
  'application/cloudevents+xml',
  'application/x-ndjson',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  '',
  '/',
  ';',
  '__proto__',
];

function contentType(type: string | undefined, random: Random): (readonly [string, string])[] {
  if (random.chance(0.05)) return [];
  const own = random.chance(0.1) ? random.pick(TYPES) : (type ?? random.pick(TYPES));
  const header = ['content-type', own] as const;
  if (type === undefined && random.chance(0.8)) return [];
  return random.chance(0.05) ? [header, ['Content-Type', random.pick(TYPES)]] : [header];
}

interface Body {
  readonly type: string | undefined;
  readonly body: Buffer;
  readonly encoding?: string;
}

function bodyOf(target: Target, random: Random, known: Known): Body {
  const { samples, contentTypes, route } = target;
  if (samples.length === 0 && random.chance(0.9)) return { type: undefined, body: Buffer.alloc(0) };
  const sample = samples.length === 0 ? oddValue(random) : atReceiver(random.pick(samples), known);
  const type = random.pick(contentTypes);
  const plain = Buffer.from(textOf(sample, type, random));
  const broken = random.chance(0.04) ? Buffer.concat([plain, Buffer.from([0xc3, 0x28, 0xff])]) : plain;
  const isStream = route.body?.isStream === true;
  if (!random.chance(isStream ? 0.3 : 0.03)) return { type, body: broken };
  const packed = random.chance(0.5) ? gzipSync(broken) : zstdCompressSync(broken);
  const cut = random.chance(0.3) ? packed.subarray(0, random.below(packed.length)) : packed;
  return { type, body: cut, encoding: random.pick(['gzip', 'zstd', 'x-gzip', 'br', 'gzip, zstd', CANARY]) };
}

/** Tests of callbacks call a receiver of the fuzzer, and no other host. */
function atReceiver(sample: unknown, { receiverUrl }: Known): unknown {
  if (typeof sample !== 'object' || sample === null || !('url' in sample)) return sample;
  return { ...sample, url: receiverUrl };
}

function textOf(sample: unknown, type: string, random: Random): string {
  if (typeof sample === 'string' && type.includes('json') && sample.startsWith('{"kind"')) {
    return ndjsonOf(sample, random);
  }
  const value = random.chance(0.4) ? sample : mutated(sample, random, 0.08);
  if (type.includes('batch'))
    return JSON.stringify(Array.from({ length: random.below(6) }, () => mutated(value, random, 0.03)));
  if (random.chance(0.15)) return oddJson(value, random);
  return JSON.stringify(value) ?? '';
}

function ndjsonOf(sample: string, random: Random): string {
  const lines = sample.trim().split('\n');
  const count = random.chance(0.02) ? 1500 : random.below(8);
  const one = () => {
    const value = JSON.parse(random.pick(lines));
    if (random.chance(0.15)) return oddJson(value, random).replaceAll('\n', ' ');
    return JSON.stringify(random.chance(0.4) ? value : mutated(value, random, 0.05));
  };
  return Array.from({ length: count }, one).join(random.pick(['\n', '\n', '\r\n', '\n\n', '\r']));
}
