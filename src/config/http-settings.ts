import { basePath, duration, integer, networks, password, text } from './kinds.ts';
import { optional, setting } from './setting.ts';

/** Settings of `gwm serve`. */
export const HTTP_SETTINGS = {
  httpHost: setting({
    env: 'HTTP_HOST',
    group: 'HTTP',
    description: 'Address that `gwm serve` listens on. An address that is not loopback needs BOARD_PASSWORD.',
    default: '127.0.0.1',
    schema: text('an IP address or a host name', /^[\w.:-]+$/),
  }),
  httpPort: setting({
    env: 'HTTP_PORT',
    group: 'HTTP',
    description: 'Port that `gwm serve` listens on; 0: a free one.',
    default: '3000',
    schema: integer(0, 65_535),
  }),
  httpBasePath: setting({
    env: 'HTTP_BASE_PATH',
    group: 'HTTP',
    description:
      'Path under which a reverse proxy offers `gwm serve`, such as `/ops/queues`. The proxy may remove the path from requests or keep it.',
    default: '/',
    schema: basePath(),
  }),
  httpTrustedProxies: setting({
    env: 'HTTP_TRUSTED_PROXIES',
    group: 'HTTP',
    description:
      'Networks of proxies, separated by commas. `gwm serve` trusts their headers `X-Forwarded-Prefix` and `X-Forwarded-For`. Example: `10.0.0.0/8,::1`. `-`: `gwm serve` ignores the headers.',
    default: '-',
    schema: networks(),
  }),
  boardUser: setting({
    env: 'BOARD_USER',
    group: 'HTTP',
    description: 'Login of the Bull Board at /board.',
    default: 'admin',
    schema: text('a name without ":" and white space', /^[^\s:]+$/),
    // An operator may write the whole login into it.
    secret: true,
  }),
  boardPassword: optional({
    env: 'BOARD_PASSWORD',
    group: 'HTTP',
    description: 'Password of the Bull Board; there is no default.',
    schema: password(8),
    secret: true,
  }),
  loginIdleMs: setting({
    env: 'LOGIN_IDLE_TIMEOUT',
    group: 'HTTP',
    description: 'How long a login to the control room lasts without a request.',
    default: '30m',
    schema: duration('1m', '1d'),
  }),
  loginLifetimeMs: setting({
    env: 'LOGIN_LIFETIME',
    group: 'HTTP',
    description: 'Longest time of a login to the control room.',
    default: '12h',
    schema: duration('1m', '30d'),
  }),
  httpMaxConnections: setting({
    env: 'HTTP_MAX_CONNECTIONS',
    group: 'HTTP',
    description: 'Most connections at the same time. `gwm serve` closes further ones at once.',
    default: '10000',
    schema: integer(1, 1_000_000),
  }),
  httpHeadersTimeoutMs: setting({
    env: 'HTTP_HEADERS_TIMEOUT',
    group: 'HTTP',
    description: 'Longest time for the headers of a request to arrive.',
    default: '20s',
    schema: duration('100ms', '10m'),
  }),
  httpBodyTimeoutMs: setting({
    env: 'HTTP_BODY_TIMEOUT',
    group: 'HTTP',
    description: 'Longest time for a request with its body to arrive; a batch has HTTP_BATCH_TIMEOUT.',
    default: '20s',
    schema: duration('100ms', '1h'),
  }),
  httpAnswerTimeoutMs: setting({
    env: 'HTTP_ANSWER_TIMEOUT',
    group: 'HTTP',
    description:
      'Longest time for an answer that is no stream, once the body has arrived. While Redis is silent, callers get 503 after it.',
    default: '1800ms',
    schema: duration('100ms', '1h'),
  }),
  httpBatchTimeoutMs: setting({
    env: 'HTTP_BATCH_TIMEOUT',
    group: 'HTTP',
    description: 'Longest time for a batch to arrive.',
    default: '1h',
    schema: duration('100ms', '1d'),
  }),
  httpIdleTimeoutMs: setting({
    env: 'HTTP_IDLE_TIMEOUT',
    group: 'HTTP',
    description:
      'How long a connection may carry no byte. It ends a batch whose caller does not read the answer. More than 15s, so that quiet event streams stay open.',
    default: '1m',
    schema: duration('100ms', '1h'),
  }),
  httpMaxStreams: setting({
    env: 'HTTP_MAX_STREAMS',
    group: 'HTTP',
    description:
      'Most event streams that `gwm serve` has open at the same time. Each asks Redis twice a second.',
    default: '1000',
    schema: integer(1, 100_000),
  }),
  httpMaxBatches: setting({
    env: 'HTTP_MAX_BATCHES',
    group: 'HTTP',
    description: 'Most batches that `gwm serve` handles at the same time. A batch may take 50 MB of memory.',
    default: '100',
    schema: integer(1, 10_000),
  }),
  httpMaxBulkActs: setting({
    env: 'HTTP_MAX_BULK_ACTS',
    group: 'HTTP',
    description:
      'Most acts on many jobs, such as `POST /v1/jobs/cancel`, that `gwm serve` carries out at the same time.',
    default: '20',
    schema: integer(1, 10_000),
  }),
  httpKeyShare: setting({
    env: 'HTTP_KEY_SHARE',
    group: 'HTTP',
    description:
      'Part of HTTP_MAX_STREAMS, HTTP_MAX_BATCHES and HTTP_MAX_BULK_ACTS that one API key may hold, in percent; at least one place.',
    default: '25',
    schema: integer(1, 100),
  }),
  apiRatePerSecond: setting({
    env: 'API_RATE',
    group: 'HTTP',
    description:
      'Requests per second that each API key may send in the long run, to all processes together. A batch is one request.',
    default: '600',
    schema: integer(1, 100_000),
  }),
  apiBurst: setting({
    env: 'API_BURST',
    group: 'HTTP',
    description: 'Requests that each API key may send at once.',
    default: '1200',
    schema: integer(1, 1_000_000),
  }),
} as const;
