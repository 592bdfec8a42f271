import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { SETTINGS, type Setting } from '../../../src/config/settings.ts';
import { OperatorError } from '../../../src/core/errors.ts';

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);

/** The error for these variables, as an operator reads it. Empty if all are valid. */
function complaint(environment: Record<string, string | undefined>): string {
  try {
    loadConfig(environment);
    return '';
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
}

describe('an empty environment', () => {
  test('gives every setting its default, and leaves out optional settings', () => {
    expect(loadConfig({})).toEqual({
      redisUrl: 'redis://127.0.0.1:6379',
      queuePrefix: 'gwm',
      partitions: 1,
      tenantsFile: 'tenants.json',
      workerConcurrency: 1000,
      shutdownTimeoutMs: 25_000,
      retryForMs: 86_400_000,
      backoffBaseMs: 1000,
      backoffMaxMs: 300_000,
      lockDurationMs: 30_000,
      keepCompleted: 10_000,
      keepFailedMs: 14 * 86_400_000,
      connectTimeoutMs: 5000,
      requestTimeoutMs: 15_000,
      maxConflicts: 5,
      conflictBackoffMs: 500,
      pollIntervalMs: 1000,
      replicationTimeoutMs: 600_000,
      readBackTimeoutMs: 120_000,
      platformSettleTimeoutMs: 30_000,
      auditQueryTimeoutMs: 3_600_000,
      auditOverlapMs: 600_000,
      guestEchoTimeoutMs: 10_000,
      guestIdleMs: 60_000,
      guestMaxIdle: 500,
      guestPingMs: 20_000,
      guestHistoryDelayMs: 5000,
      guestEventWaitMs: 500,
      guestMaxFrameBytes: 1_048_576,
      ledgerTtlMs: 604_800_000,
      httpsProxy: undefined,
      httpProxy: undefined,
      noProxy: undefined,
      userAgentSuffix: undefined,
      webhookTimeoutMs: 10_000,
      webhookScheduleMs: [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map((s) => s * 1000),
      webhookEndpointConcurrency: 20,
      webhookDisableAfterMs: 5 * 86_400_000,
      analyticsTimeoutMs: 5000,
      auditDatabaseUrl: 'sqlite:gwm-audit.db',
      auditStreamMaxAgeMs: 604_800_000,
      httpHost: '127.0.0.1',
      httpPort: 3000,
      loginIdleMs: 1_800_000,
      loginLifetimeMs: 43_200_000,
      httpBasePath: '/',
      httpTrustedProxies: [],
      httpMaxConnections: 10_000,
      httpHeadersTimeoutMs: 20_000,
      httpBodyTimeoutMs: 20_000,
      httpAnswerTimeoutMs: 1800,
      httpBatchTimeoutMs: 3_600_000,
      httpIdleTimeoutMs: 60_000,
      httpMaxStreams: 1000,
      httpMaxBatches: 100,
      httpMaxBulkActs: 20,
      httpKeyShare: 25,
      boardUser: 'admin',
      apiRatePerSecond: 600,
      apiBurst: 1200,
      boardPassword: undefined,
      metricsHost: '127.0.0.1',
      metricsPort: undefined,
      tracesEndpoint: undefined,
      tracesOwnEndpoint: undefined,
      tracesHeaders: undefined,
      tracesProtocol: 'http/protobuf',
      tracesCompression: 'none',
      tracesTimeoutMs: 10_000,
      tracesExporter: 'otlp',
      tracesDisabled: false,
      tracesSampler: 'parentbased_always_on',
      tracesSampledPart: 1,
      tracesService: undefined,
      tracesResource: undefined,
      tracesQueueSize: 2048,
      tracesBatchSize: 512,
      tracesDelayMs: 5000,
      logLevel: 'info',
    });
  });

  test.for(settings.filter((setting) => setting.default !== undefined))(
    'may have the default of $env',
    (setting) => {
      expect(complaint({ [setting.env]: setting.default })).toBe('');
    },
  );

  test('may have empty values and other variables', () => {
    const empty = Object.fromEntries(settings.map(({ env }) => [env, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
    expect(loadConfig({ PATH: '/bin', REDIS_URI: 'nonsense', HTTP_PORTS: 'x' })).toEqual(loadConfig({}));
  });

  test('gives a frozen object', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });
});

test('every setting has a variable of its own', () => {
  const names = settings.map(({ env }) => env);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
});

describe('wrong settings', () => {
  test('are reported together, each with the wanted value', () => {
    const lines = complaint(Object.fromEntries(settings.map(({ env }) => [env, ' ']))).split('\n');
    expect(lines[0]).toBe(`${settings.length} settings are wrong:`);
    expect(lines.slice(1).map((line) => line.replace(/: wanted .+, got .+$/, ''))).toEqual(
      settings.map(({ env }) => `  ${env}`),
    );
  });

  test('are reported with the wanted and the given value', () => {
    expect(complaint({ HTTP_PORT: '65536' })).toBe(
      'One setting is wrong:\n  HTTP_PORT: wanted a whole number from 0 to 65535, got "65536"',
    );
    expect(complaint({ CONNECT_TIMEOUT: '5 parsecs', LOG_LEVEL: 'loud' })).toBe(
      [
        '2 settings are wrong:',
        '  CONNECT_TIMEOUT: wanted a duration such as 500ms, 15s, 5m or 7d, from 10ms to 1m, got "5 parsecs"',
        '  LOG_LEVEL: wanted one of trace, debug, info, warn, error, fatal, silent, got "loud"',
      ].join('\n'),
    );
  });

  test.for([
    ['WORKER_CONCURRENCY', '1', '10000', ['0', '10001', '-1', '1.5', 'many']],
    ['PARTITIONS', '1', '64', ['0', '65', '0x10']],
    ['JOB_RETRY_FOR', '0s', '30d', ['31d', '-1s', 'ever']],
    ['HTTP_PORT', '0', '65535', ['65536', '٣']],
    ['KEEP_COMPLETED', '0', '10000000', ['10000001']],
    ['CONNECT_TIMEOUT', '10ms', '1m', ['9ms', '61s', '-1s']],
    ['KEEP_FAILED', '1m', '365d', ['59s', '366d']],
    ['WEBHOOK_SCHEDULE', '0s', '5s, 5m ,2h', ['5s,,5m', '5s,', ',', 'often']],
    ['WEBHOOK_ENDPOINT_CONCURRENCY', '1', '1000', ['0', '1001']],
    ['WEBHOOK_DISABLE_AFTER', '1s', '365d', ['999ms', '366d', 'never']],
    ['AUDIT_STREAM_MAX_AGE', '1m', '365d', ['59s', '366d']],
    [
      'AUDIT_DATABASE_URL',
      'sqlite:a',
      'postgresql://u:p@h:5432/gwm?sslmode=require',
      ['sqlite:', 'sqlite::memory:', 'a.db', 'mysql://h/gwm', 'postgres://', 'postgres:gwm'],
    ],
    ['QUEUE_PREFIX', 'a', 'x'.repeat(40), ['x'.repeat(41), 'a:b', 'a{b}', 'a*']],
    ['BOARD_USER', 'a', 'ops@example.com', ['a:b', 'a b']],
    [
      'REDIS_URL',
      'redis://h',
      'rediss://u:p@h:6380/2',
      ['h:6379', 'http://h', 'redis://', 'redis://h:99999'],
    ],
    ['HTTP_HOST', '0.0.0.0', '::1', ['http://localhost', 'a/b', 'a b']],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'http://c:4318',
      'https://c/otlp/',
      ['c:4318', 'grpc://c:4317', 'http://', 'http://u:p@c', 'http://c/?key=1', 'http://c/#x'],
    ],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=', 'x-key=a%2Cb=, y=2', ['a', 'a=1,', 'a b=1', 'a=%', 'a=%0A', '=1']],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf', 'http/protobuf', ['grpc', 'http/json']],
    ['OTEL_TRACES_SAMPLER_ARG', '0', '1', ['1.1', '-0.1', '1e-1', '10%', '.']],
    ['OTEL_SDK_DISABLED', 'FALSE', 'true', ['yes', '1', 'constructor']],
    ['OTEL_BSP_SCHEDULE_DELAY', '1', '600000', ['0', '600001', '5s']],
  ] as [string, string, string, string[]][])(
    '%s accepts its bounds and refuses values beyond',
    ([env, low, high, wrong]) => {
      expect(complaint({ [env]: low })).toBe('');
      expect(complaint({ [env]: high })).toBe('');
      for (const value of wrong) expect(complaint({ [env]: value })).toContain(`  ${env}: wanted `);
    },
  );
});

describe('an error never quotes a secret', () => {
  const secret = fc.stringMatching(/^[jkqxz]{8,30}$/);

  test('in a wrong address of Redis', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom('http://u:', 'redis:/u:', '', 'redis://:'), (password, start) => {
        const said = complaint({ REDIS_URL: `${start}${password}@bad host` });
        expect(said).toContain('REDIS_URL: wanted an address');
        expect(said).not.toContain(password);
      }),
    );
  });

  test('in a wrong address of the audit database', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('mysql://u:', 'postgres:/u:', '', 'sqlite::'),
        (password, start) => {
          const said = complaint({ AUDIT_DATABASE_URL: `${start}${password}@bad host` });
          expect(said).toContain('AUDIT_DATABASE_URL: wanted sqlite:PATH');
          expect(said).not.toContain(password);
        },
      ),
    );
  });

  test('in the address and the headers of a collector', () => {
    fc.assert(
      fc.property(secret, (password) => {
        const said = complaint({
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://u:${password}@collector`,
          OTEL_EXPORTER_OTLP_HEADERS: password,
        });
        expect(said).toContain('OTEL_EXPORTER_OTLP_ENDPOINT: wanted an address');
        expect(said).toContain('OTEL_EXPORTER_OTLP_HEADERS: wanted pairs');
        expect(said).not.toContain(password);
      }),
    );
  });

  test('in a password that is too short', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[jkqxz]{5,7}$/), (password) => {
        const said = complaint({ BOARD_PASSWORD: password });
        expect(said).toContain('BOARD_PASSWORD: wanted at least 8 characters');
        expect(said).not.toContain(password);
      }),
    );
  });

  test.for(settings)('in another setting: $env', ({ env }) => {
    for (const value of ['https://u:hunter2@h\u00e4', 'admin:hunter2 x', ` ${'hunter2'.repeat(30)}:`]) {
      expect(complaint({ [env]: value })).not.toContain('hunter2');
    }
  });

  test('in the errors of other settings', () => {
    fc.assert(
      fc.property(secret, (password) => {
        const environment = { REDIS_URL: `redis://:${password}@h`, BOARD_PASSWORD: password };
        expect(complaint({ ...environment, HTTP_PORT: 'x', LOCK_DURATION: '1s' })).not.toContain(password);
      }),
    );
  });
});

describe('contradictory settings', () => {
  test('are a lock that is shorter than two requests', () => {
    expect(complaint({ REQUEST_TIMEOUT: '15s', LOCK_DURATION: '30s' })).toBe('');
    expect(complaint({ REQUEST_TIMEOUT: '15s', LOCK_DURATION: '29999ms' })).toMatch(
      /^ {2}LOCK_DURATION: wanted at least twice REQUEST_TIMEOUT \(30000ms\), got 29999ms;/m,
    );
    expect(complaint({ REQUEST_TIMEOUT: '16s' })).toContain('  LOCK_DURATION: ');
  });

  test('are a longest wait that is shorter than the first', () => {
    expect(complaint({ BACKOFF_BASE: '5s', BACKOFF_MAX: '5s' })).toBe('');
    expect(complaint({ BACKOFF_BASE: '5s', BACKOFF_MAX: '4s' })).toContain(
      '  BACKOFF_MAX: wanted at least BACKOFF_BASE',
    );
  });

  test('are reported together', () => {
    expect(complaint({ LOCK_DURATION: '1s', BACKOFF_BASE: '5s', BACKOFF_MAX: '4s' })).toMatch(
      /^2 settings are wrong:\n {2}LOCK_DURATION: .*\n {2}BACKOFF_MAX: .*$/,
    );
  });

  test('are reported together with wrong settings', () => {
    const said = complaint({ LOCK_DURATION: '1s', REQUEST_TIMEOUT: '15s', HTTP_PORT: 'x' });
    expect(said).toContain('  HTTP_PORT: ');
    expect(said).toContain('  LOCK_DURATION: ');
  });
});

describe('pairs', () => {
  test('are decoded, and the last one of a name counts', () => {
    expect(loadConfig({ OTEL_RESOURCE_ATTRIBUTES: ' a=1 , b.c=x%3Dy%2Cz=,a=2' }).tracesResource).toEqual({
      a: '2',
      'b.c': 'x=y,z=',
    });
  });

  test('may have names of the prototype', () => {
    const { tracesHeaders } = loadConfig({ OTEL_EXPORTER_OTLP_HEADERS: '__proto__=a,constructor=b' });

    expect(Object.entries(tracesHeaders ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('a proxy', () => {
  test.each([
    ['http://proxy:3128', 'http://proxy:3128'],
    ['https://user:p%40ss@proxy', 'https://user:p%40ss@proxy'],
    ['proxy:3128', 'http://proxy:3128'],
  ])('is read as %s', (given, read) => {
    expect(loadConfig({ HTTPS_PROXY: given }).httpsProxy).toBe(read);
    expect(loadConfig({ https_proxy: given, HTTPS_PROXY: 'http://other' }).httpsProxy).toBe(read);
    expect(loadConfig({ http_proxy: given }).httpProxy).toBe(read);
  });

  test.each(['socks5://user:secret@proxy', 'http://', 'http://user:%zz@proxy', '://secret', 'http://a b'])(
    'is refused at the start without its password: %s',
    (given) => {
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
        const said = complaint({ [name]: given });
        expect(said).toContain(`${name}: wanted an address such as http://user:password@host:3128`);
        expect(said).not.toContain('secret');
      }
    },
  );
});
