import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { collectorUrl } from '../../../src/observe/open-tracing.ts';
import { renderSpanAttributes, SPAN_ATTRIBUTES } from '../../../src/observe/span-attributes.ts';
import { errorTypeOf } from '../../../src/observe/tracing.ts';
import { type Module, readCodeBase } from '../../support/import-graph.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { modules } = readCodeBase(ROOT);
const TRACING = ['src/observe/otlp-tracing.ts', 'src/observe/span-queue.ts'];

describe('OpenTelemetry', () => {
  test('is loaded by two files, and only with a collector', () => {
    const loads = ({ imports }: Module, isLoaded: (name: string) => boolean) =>
      imports.some(
        ({ target, isTypeOnly }) =>
          !isTypeOnly &&
          target.kind !== 'computed' &&
          isLoaded(target.kind === 'file' ? target.path : target.name),
      );
    const direct = modules.filter((module) => loads(module, (name) => name.startsWith('@opentelemetry/')));
    const indirect = modules.filter((module) => loads(module, (name) => TRACING.includes(name)));

    expect(direct.map(({ path }) => path)).toEqual(TRACING);
    expect(indirect.map(({ path }) => path)).toEqual(['src/observe/open-tracing.ts', TRACING[0]]);
    const opening = readFileSync(`${ROOT}src/observe/open-tracing.ts`, 'utf8');
    expect(opening.match(/otlp-tracing/g)).toHaveLength(1);
    expect(opening).toContain("await import('./otlp-tracing.ts')");
  });
});

describe('the address of the collector', () => {
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  test.for([
    ['none', {}, undefined],
    ['the base with the path of traces', base, 'http://collector:4318/v1/traces'],
    [
      'the base, with a path and a slash of its own',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' },
      'https://collector/otlp/v1/traces',
    ],
    [
      'that of traces alone, as it is',
      { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other:1/x' },
      'http://other:1/x',
    ],
    ['none while the SDK is disabled', { ...base, OTEL_SDK_DISABLED: 'true' }, undefined],
    ['none without an exporter', { ...base, OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ] as const)('is %s', ([, environment, expected]) => {
    expect(collectorUrl(loadConfig(environment))).toBe(expected);
  });
});

describe('why work failed', () => {
  test.for([
    ['a code of ours', new CodedError('RATE_LIMITED', 'canary'), 'RATE_LIMITED'],
    ['a code of the network', Object.assign(new Error('canary'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [
      'the code of its cause',
      new Error('canary', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) }),
      'ENOTFOUND',
    ],
    ['a time-out', new DOMException('canary', 'TimeoutError'), 'timeout'],
    ['an abort', new DOMException('canary', 'AbortError'), 'aborted'],
    ['an error with words as its code', Object.assign(new Error(), { code: 'a canary' }), 'unknown'],
    ['anything else', 'canary', 'unknown'],
  ] as const)('is %s', ([, error, expected]) => {
    expect(errorTypeOf(error)).toBe(expected);
  });
});

test('docs/traces.md has a row for each attribute', () => {
  const rows = renderSpanAttributes().split('\n').slice(2);

  expect(rows.map((row) => /^\| `([^`]+)` \| .+ \|$/.exec(row)?.[1])).toEqual(Object.keys(SPAN_ATTRIBUTES));
  for (const row of rows) expect(readFileSync(`${ROOT}docs/traces.md`, 'utf8')).toContain(row);
});
