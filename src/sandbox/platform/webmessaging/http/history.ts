import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { errorAnswer, generalCodeOf, tooManyRequests } from '../../../answers/error-body.ts';
import { refusal } from '../../../answers/refusals.ts';
import { send } from '../../../answers/send.ts';
import { parseInput } from '../../../input/problems.ts';
import { bearerOf } from '../../../login/tokens.ts';
import type { Answer } from '../../../requests/arrival.ts';
import type { MessageBody, Session } from '../model.ts';
import { retryAfterSeconds } from '../rates.ts';
import { findSession } from '../sessions.ts';
import { type ChannelState, deploymentOf } from '../state.ts';
import { isAllowed } from '../upgrade.ts';

const MAX_PAGE_NUMBER = 1_000_000;

/** `GET /api/v2/webmessaging/messages`: what the guest can read, the newest first. */
export function mountHistory(scope: FastifyInstance, state: ChannelState): void {
  scope.get('/api/v2/webmessaging/messages', (request, reply) => {
    const correlationId = randomUUID();
    answer(reply, correlationId, historyAnswer(state, correlationId, request));
  });
}

interface HistoryRequest {
  readonly query: unknown;
  readonly headers: { readonly authorization?: string | undefined; readonly origin?: string | undefined };
}

function historyAnswer(
  state: ChannelState,
  correlationId: string,
  { query, headers }: HistoryRequest,
): Answer {
  const nowMs = state.timeline.now();
  const session = state.jwts.sessionOf(bearerOf(headers.authorization) ?? '', nowMs);
  if (session === undefined) return plain(correlationId, 401, generalCodeOf(401), 'The JWT is not valid.');
  const deployment = deploymentOf(state, session);
  const { missingOrigin } = state.settings.upgrade;
  if (deployment === undefined || !isAllowed(deployment, headers.origin, missingOrigin)) {
    return plain(correlationId, 403, 'not.authorized', 'The origin is not allowed.');
  }
  const lost = lostAnswer(state, correlationId, session);
  if (lost !== undefined) return lost;
  const waitMs = session.historyRate.take(nowMs, state.settings.rates.historyPerMinute);
  if (waitMs > 0) return tooManyRequests(correlationId, retryAfterSeconds(state.settings, waitMs));
  const page = parseInput(pageSchema(state), query);
  if (!page.ok) return refusal(correlationId, 'query', page.problems);
  return { status: 200, body: pageOf(state, session, page.value) };
}

/** The answer for a session that is over. Looking it up finds out that it has expired. */
function lostAnswer(state: ChannelState, correlationId: string, session: Session): Answer | undefined {
  const current = findSession(state, session.deploymentId, session.token);
  if (current !== session || current.state === 'ended' || current.state === 'logged-out') {
    return plain(correlationId, 404, 'session.not.found', 'The session does not exist.');
  }
  if (current.state !== 'expired') return undefined;
  return plain(correlationId, 404, 'session.expired', 'The session has expired.');
}

function pageSchema({ settings }: ChannelState) {
  const { pageSize, maxPageSize, largerPage } = settings.history;
  const size = z.coerce.number().int().min(1);
  return z.looseObject({
    pageSize: (largerPage === 'refuse'
      ? size.max(maxPageSize)
      : size.transform((wanted) => Math.min(wanted, maxPageSize))
    ).default(pageSize),
    pageNumber: z.coerce.number().int().min(1).max(MAX_PAGE_NUMBER).default(1),
  });
}

function pageOf(
  { settings }: ChannelState,
  { history }: Session,
  { pageSize, pageNumber }: { pageSize: number; pageNumber: number },
) {
  const newestFirst = history.toReversed();
  const first = (pageNumber - 1) * pageSize;
  return {
    entities: newestFirst.slice(first, first + pageSize).map((body) => shown(settings.history, body)),
    pageSize,
    pageNumber,
    total: history.length,
    pageCount: Math.ceil(history.length / pageSize),
  };
}

function shown(
  { metadata: hasMetadata, customAttributes: hasAttributes }: ChannelState['settings']['history'],
  { metadata, channel, ...rest }: MessageBody,
) {
  const { metadata: attributes, ...bareChannel } = channel;
  return {
    ...rest,
    channel: hasAttributes ? channel : bareChannel,
    ...(hasMetadata && { metadata }),
  };
}

function plain(correlationId: string, status: number, code: string, message: string): Answer {
  return errorAnswer(correlationId, { status, code, message });
}

function answer(reply: FastifyReply, correlationId: string, result: Answer): void {
  reply.header('access-control-allow-origin', '*');
  send(reply, { ...result, hasRequestId: false }, correlationId);
}
