import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dropConnection, leaveHanging, send, sendSlowly } from '../answers/send.ts';
import type { InjectedError, OperationFaults } from '../faults/faults.ts';
import { counterOf } from '../observe/stats.ts';
import type { World } from '../world.ts';
import type { Answer, Arrival } from './arrival.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * The way of one request: read it, apply faults, answer, count, send. Without faults all steps
 * happen in one turn of the event loop, so requests are accepted in the order of their arrival.
 */
export function exchange(
  world: World,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown = request.body,
): void | Promise<void> {
  const arrival = arrive(endpoint, request, body);
  const faults = world.faults.of(endpoint.operation);
  if (faults !== undefined) return exchangeUnderFaults(world, endpoint, arrival, faults, reply);
  const answer = endpoint.answer(arrival);
  count(world, endpoint, arrival, answer);
  send(reply, answer, arrival.correlationId);
}

async function exchangeUnderFaults(
  world: World,
  endpoint: Endpoint,
  arrival: Arrival,
  faults: OperationFaults,
  reply: FastifyReply,
): Promise<void> {
  if (faults.drops()) {
    log(world, arrival, null);
    return dropConnection(reply);
  }
  if (faults.hangs()) {
    log(world, arrival, null);
    return leaveHanging(reply);
  }
  try {
    await pause(faults.latencyMs(), world.closing);
    const error = faults.error();
    const answer = error === undefined ? endpoint.answer(arrival) : injected(endpoint, arrival, error);
    const isAccepted = count(world, endpoint, arrival, answer);
    if (isAccepted && faults.losesReply()) return dropConnection(reply);
    if (faults.slowBodyMs === 0) return send(reply, answer, arrival.correlationId);
    await sendSlowly(reply, answer, arrival.correlationId, faults.slowBodyMs, world.closing);
  } catch (thrown) {
    if (!world.closing.aborted) throw thrown;
    // The sandbox closed while this request waited, and closed its socket.
    dropConnection(reply);
  }
}

function arrive(endpoint: Endpoint, request: FastifyRequest, body: unknown): Arrival {
  const { headers } = request;
  const { token, client } = endpoint.callerOf(headers, body);
  const params = request.params as Record<string, string>;
  return {
    operation: endpoint.operation,
    correlationId: randomUUID(),
    headers,
    params,
    query: request.query as Record<string, string>,
    body,
    requestId: endpoint.requestIdOf?.(body) ?? headerOf(headers['x-genesys-request-id']),
    sequence: sequenceOf(headerOf(headers['x-conversation-sequence'])),
    conversationId: endpoint.conversationOf(body, params),
    token,
    client,
  };
}

/** Counts and logs an answer. @returns whether the answer accepts the request */
function count(world: World, endpoint: Endpoint, arrival: Arrival, answer: Answer): boolean {
  log(world, arrival, answer.status);
  const counter = answer.counter ?? counterOf(answer.status);
  if (counter === undefined) return false;
  const tenant = arrival.client?.tenant ?? null;
  world.stats.add(counter, arrival.operation, tenant);
  if (counter !== 'accepted') return false;
  const verdict = endpoint.isDelivery ? judge(world, arrival) : 'new';
  if (verdict !== 'new') world.stats.add(verdict, arrival.operation, tenant);
  return true;
}

function judge(world: World, arrival: Arrival): 'new' | 'duplicates' | 'outOfOrder' {
  const { operation, client, requestId, sequence, conversationId } = arrival;
  if (operation === null || client === undefined) return 'new';
  const { clientId } = client;
  return world.deliveries.judge({ clientId, operation, requestId, sequence, conversationId });
}

function log(world: World, arrival: Arrival, status: number | null): void {
  world.log.add({ atMs: world.now(), status, arrival });
}

function injected(endpoint: Endpoint, arrival: Arrival, error: InjectedError): Answer {
  const message = `The sandbox was asked to answer with ${error.status}.`;
  const answer = endpoint.errorAnswer(arrival, { status: error.status, message });
  if (error.body !== undefined) answer.body = error.body;
  if (error.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(error.retryAfterSeconds) } };
}

async function pause(durationMs: number, closing: AbortSignal): Promise<void> {
  if (durationMs > 0) await sleep(durationMs, undefined, { signal: closing });
}

function headerOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function sequenceOf(text: string | null): number | null {
  const sequence = Number(text);
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : null;
}
