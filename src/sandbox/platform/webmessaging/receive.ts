import { isTooDeep } from '../../input/body.ts';
import { type Problem, parseInput, sentenceOf } from '../../input/problems.ts';
import { actions } from './actions/table.ts';
import type { Effect } from './faults.ts';
import type { Refusal, TracingId } from './frames.ts';
import type { Connection } from './model.ts';
import { closeConnection, cutBehind, cutConnection, sendText } from './outbox.ts';
import { refuse, refuseRate, throttle } from './refuse.ts';
import type { ChannelState } from './state.ts';

/** A frame of a client, before its fields are checked. */
interface Envelope {
  readonly action: unknown;
  readonly token: unknown;
  readonly tracingId: TracingId;
  readonly input: unknown;
}

/** A request that is answered. */
interface Asked {
  readonly connection: Connection;
  readonly tracingId: TracingId;
}

/** Handles one frame: its rate, then what a fault asks for, then its action. */
export function receive(state: ChannelState, connection: Connection, text: string | undefined): void {
  connection.activeAtMs = state.timeline.now();
  connection.counters.requests += 1;
  const envelope = readEnvelope(text);
  const asked = { connection, tracingId: 'code' in envelope ? undefined : envelope.tracingId };
  const waitMs = connection.requestRate.take(state.timeline.now(), state.settings.rates.requestsPerMinute);
  if (waitMs > 0) refuseRate(state, asked, waitMs, 'requests');
  else if ('code' in envelope) refuse(state, asked, envelope);
  else handle(state, asked, envelope);
}

function handle(state: ChannelState, asked: Asked, envelope: Envelope): void {
  const { action, token } = envelope;
  const effect = state.faults.take(String(action), typeof token === 'string' ? token : undefined);
  if (effect !== undefined && strikesFirst(effect)) {
    strike(state, asked, effect);
    return;
  }
  const refusal = randomRefusal(state) ?? perform(state, asked.connection, envelope, effect);
  if (refusal) refuse(state, answered(asked, effect), refusal);
  if (effect?.kind === 'drop' && action !== 'onMessage') cutBehind(state, asked.connection);
}

function randomRefusal({ faults }: ChannelState): Refusal | undefined {
  const code = faults.randomError();
  return code === undefined ? undefined : { code, text: 'Server error.' };
}

function perform(
  state: ChannelState,
  connection: Connection,
  { action: name, input, tracingId }: Envelope,
  effect: Effect | undefined,
): Refusal | undefined {
  const action = typeof name === 'string' && Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    return { code: name === undefined ? 4020 : 400, text: 'action: wanted the name of an action.' };
  }
  const parsed = parseInput(action.schema, input);
  if (!parsed.ok) return refusalOf(parsed.problems);
  return action.run(state, { connection, tracingId, input: parsed.value, effect });
}

/** Whether an effect comes in place of handling the request. */
function strikesFirst(effect: Effect): boolean {
  if (effect.kind === 'drop') return effect.point === 'before-store';
  if (effect.kind === 'error') return !effect.stored;
  return effect.kind === 'throttle' || effect.kind === 'reply' || effect.kind === 'close';
}

function strike(state: ChannelState, asked: Asked, effect: Effect): void {
  const { connection } = asked;
  if (effect.kind === 'drop') cutConnection(connection);
  if (effect.kind === 'close') closeConnection(state, connection, effect.code);
  if (effect.kind === 'reply') sendText(state, connection, effect.text);
  if (effect.kind === 'throttle') throttle(state, asked, effect.retryAfterSeconds, 'messages');
  if (effect.kind === 'error') refuse(state, answered(asked, effect), effect);
}

function answered(asked: Asked, effect: Effect | undefined): Asked {
  return effect?.kind === 'error' && !effect.tracingId ? { ...asked, tracingId: undefined } : asked;
}

function readEnvelope(text: string | undefined): Envelope | Refusal {
  if (text === undefined) return { code: 400, text: 'The frame is not text.' };
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { code: 400, text: 'The frame is not JSON.' };
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { code: 400, text: 'The frame is not a JSON object.' };
  }
  if (isTooDeep(input)) return { code: 400, text: 'The frame is nested too deep.' };
  const { action, token, tracingId } = input as Record<string, unknown>;
  return { action, token, tracingId: typeof tracingId === 'string' ? tracingId : undefined, input };
}

/** A missing field has a code of its own. */
function refusalOf(problems: readonly Problem[]): Refusal {
  const isMissing = problems.every((problem) => problem.isMissing);
  return { code: isMissing ? 4020 : 400, text: problems.map(sentenceOf).join('; ') };
}
