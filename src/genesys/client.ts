import type { Allowance } from '../core/allowance.ts';
import type { Clock } from '../core/clock.ts';
import { startDeadline } from '../core/deadline.ts';
import { CodedError, reworded } from '../core/errors.ts';
import { stringifyExact } from '../core/exact-json.ts';
import { parseJson } from '../core/json.ts';
import { inClientSpan, NO_TRACING, type Tracing } from '../observe/tracing.ts';
import type { Answer } from '../outbound/answer.ts';
import { wasSent } from '../outbound/sent.ts';
import { describeNetworkFailure, type Transport } from '../outbound/transport.ts';
import { addressAt } from '../tenants/hosts.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { classify } from './classify.ts';
import { correlationIdOf } from './correlation.ts';
import type { Dialect } from './dialects/dialect.ts';
import { guest } from './dialects/guest/guest.ts';
import { platform } from './dialects/platform/platform.ts';
import type { Tokens } from './oauth.ts';
import { changesSomething, type Operation } from './operation.ts';
import { readAllowance } from './read-allowance.ts';
import { correlationOf, requestWorkOf } from './request-span.ts';

/** The context of one request, besides its content. */
export interface RequestContext {
  /** The same for all attempts of a job. */
  readonly requestId: string;
  /** The attempt of the job, from 1. */
  readonly attempt?: number;
  /** The job's sequence number in its lane. */
  readonly sequence?: number;
  /** Called with what the answer says about the rate limit. */
  readonly noteAllowance?: (allowance: Allowance) => void;
  /** Called with the time in the answer, ms since the epoch, in whole seconds. */
  readonly noteTime?: (ms: number) => void;
  /** Called with the id by which Genesys Cloud finds a request in its own logs. */
  readonly noteCorrelation?: (correlationId: string) => void;
  /** Takes a token of the job's bucket, before each request. @see JobRequests.token */
  readonly token?: () => Promise<void>;
  /** Aborted when the worker must stop the job. */
  readonly signal?: AbortSignal;
}

/** Sends requests to Genesys Cloud for every tenant. */
export interface GenesysClient {
  /** Fetches an access token if there is none, so that the next request need not wait for it. */
  prepare(tenant: Tenant): Promise<unknown>;
  /** Whether this process holds a valid access token. */
  isPrepared(tenant: Tenant): boolean;
  /**
   * Sends one request and reads its answer. After a 401 it fetches a new access token and sends
   * once more. It repeats nothing else.
   * @throws {CodedError} see `classify`; GENESYS_UNREACHABLE if there was no answer.
   */
  call<Input, Output>(
    tenant: Tenant,
    operation: Operation<Input, Output>,
    input: Input,
    context: RequestContext,
  ): Promise<Output>;
}

export interface GenesysClientOptions {
  readonly tokens: Tokens;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Makes the spans of requests; off by default. */
  readonly tracing?: Tracing;
  readonly requestTimeoutMs: number;
  /** Longest answer that is read, as the transport has it. Used in messages. */
  readonly maxAnswerBytes: number;
}

const DIALECTS: Readonly<Record<Tenant['dialect'], Dialect>> = { guest, platform };

export function dialectOf(tenant: Tenant): Dialect {
  return DIALECTS[tenant.dialect];
}

export function createGenesysClient(options: GenesysClientOptions): GenesysClient {
  const { tokens, transport, clock, tracing = NO_TRACING, requestTimeoutMs, maxAnswerBytes } = options;

  const reasonsOf = (longest = maxAnswerBytes): Readonly<Record<Answer['ending'], string>> => ({
    whole: 'cannot be read',
    broken: 'cannot be read',
    cut: `is longer than ${longest} bytes`,
    foreign: 'is not UTF-8',
  });

  async function request<Input>(
    tenant: Tenant,
    operation: Operation<Input, unknown>,
    input: Input,
    context: RequestContext,
    token: string,
    resends = 0,
  ): Promise<{ readonly answer: Answer; readonly sentAtMs: number }> {
    const dialect = dialectOf(tenant);
    await context.token?.();
    const json = operation.body(input, new Date(clock.now()));
    const content = json === undefined ? undefined : stringifyExact(json);
    refuseIfTooLarge(operation.name, content, dialect.maxBodyBytes);
    using deadline = startDeadline(requestTimeoutMs, context.signal);
    const sentAtMs = performance.now();
    const send = () =>
      transport.send(addressAt(tenant.hosts.api, operation.path(input)), {
        method: operation.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...operation.headers?.(input),
          ...dialect.jobHeaders(context),
        },
        content,
        deadline: deadline.signal,
        isLate: () => performance.now() - sentAtMs > requestTimeoutMs,
        isHot: operation.isHot,
        ...(operation.maxAnswerBytes !== undefined && { maxAnswerBytes: operation.maxAnswerBytes }),
      });
    const work = () => requestWorkOf(tenant, operation, context.attempt, resends);
    try {
      const answer = await inClientSpan(tracing, work, send, correlationOf);
      return { answer, sentAtMs };
    } catch (error) {
      const reason = describeNetworkFailure(error, requestTimeoutMs);
      const message = `${operation.name}: no answer from ${tenant.hosts.api}: ${reason}`;
      const isUnknown = changesSomething(operation) && wasSent(error);
      throw new CodedError('GENESYS_UNREACHABLE', message, { cause: error, isUnknown });
    }
  }

  /**
   * Reads an answer. A change with status 2xx was made, even if the body is unusable. An error here
   * would make the change once more. For a read, an answer that is too long or not UTF-8 fails for
   * good: another attempt gets the same answer.
   */
  function read<Output>(operation: Operation<never, Output>, { body, status, ending }: Answer): Output {
    try {
      return operation.read(parseJson(body), status);
    } catch (error) {
      if (changesSomething(operation)) return operation.read(undefined, status);
      if ((ending === 'whole' || ending === 'broken') && error instanceof CodedError) throw error;
      const reason = reasonsOf(operation.maxAnswerBytes)[ending];
      throw new CodedError('ANSWER_MALFORMED', `${operation.name}: the answer ${reason}`, { status });
    }
  }

  return {
    prepare: (tenant) => tokens.get(tenant),
    isPrepared: (tenant) => tokens.has(tenant),
    async call(tenant, operation, input, context) {
      const token = await tokens.get(tenant);
      let exchange = await request(tenant, operation, input, context, token);
      if (exchange.answer.status === 401) {
        const renewed = await tokens.get(tenant, token);
        exchange = await request(tenant, operation, input, context, renewed, 1);
      }
      const { answer, sentAtMs } = exchange;
      const allowance = readAllowance(answer.headers);
      if (allowance) context.noteAllowance?.({ ...allowance, sentAtMs });
      const correlationId = correlationIdOf(answer.headers);
      if (correlationId !== undefined) context.noteCorrelation?.(correlationId);
      const timeMs = Date.parse(answer.headers.get('date') ?? '');
      if (!Number.isNaN(timeMs)) context.noteTime?.(timeMs);
      if (isAnswer(operation, answer.status)) return read(operation, answer);
      const { status, headers, body } = answer;
      throw explain(tenant, classify(operation, { status, headers, body: parseJson(body) }, clock.now()));
    },
  };
}

/** @throws {CodedError} CONTENT_REFUSED for a body that Genesys Cloud would refuse unread. */
function refuseIfTooLarge(name: string, content: string | undefined, maxBytes: number | null): void {
  if (content === undefined || maxBytes === null) return;
  const bytes = Buffer.byteLength(content);
  if (bytes <= maxBytes) return;
  const message = `${name}: the body has ${bytes} bytes, and Genesys Cloud takes at most ${maxBytes}`;
  throw new CodedError('CONTENT_REFUSED', message);
}

function isAnswer({ accepts }: Pick<Operation<never, unknown>, 'accepts'>, status: number): boolean {
  return (status >= 200 && status < 300) || accepts?.includes(status) === true;
}

/** Adds client and tenant to the error of a refused token. The operator must know them. */
function explain(tenant: Tenant, error: CodedError): CodedError {
  if (error.code !== 'CREDENTIALS_REFUSED') return error;
  const message = `${error.message}; a new token of client ${tenant.clientId} (tenant ${tenant.id}) was refused as well`;
  return reworded(error, { message });
}
