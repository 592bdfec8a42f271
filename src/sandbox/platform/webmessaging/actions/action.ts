import { z } from 'zod';
import { textOf } from '../../../../core/shapes.ts';
import type { Effect } from '../faults.ts';
import type { Refusal, TracingId } from '../frames.ts';
import type { Connection, Session } from '../model.ts';
import type { ChannelState } from '../state.ts';

/** One request of a client whose fields are checked. */
export interface Call<Input> {
  readonly connection: Connection;
  readonly tracingId: TracingId;
  readonly input: Input;
  /** A fault that the action itself has to carry out. */
  readonly effect: Effect | undefined;
}

/** Why an action does not fulfil a request. Undefined: it has sent its answer. */
export type Answer = Refusal | undefined;

/** An action, as the table holds it. */
export interface Action {
  readonly schema: z.ZodType;
  run(state: ChannelState, call: Call<unknown>): Answer;
}

/** An action that needs no session. */
export function openAction<Schema extends z.ZodType>(
  schema: Schema,
  run: (state: ChannelState, call: Call<z.infer<Schema>>) => Answer,
): Action {
  return { schema, run: (state, call) => run(state, call as Call<z.infer<Schema>>) };
}

/** The credential that every action of a session carries. */
const tokenSchema = textOf({ min: 1 });

/** An action of a session that this connection has configured. */
export function sessionAction<Shape extends z.ZodRawShape>(
  fields: Shape,
  run: (
    state: ChannelState,
    call: Call<z.infer<z.ZodObject<Shape, z.core.$loose>>> & { readonly session: Session },
  ) => Answer,
): Action {
  const schema = z.looseObject({ ...fields, token: tokenSchema });
  return {
    schema,
    run(state, call) {
      const input = call.input as z.infer<z.ZodObject<Shape, z.core.$loose>> & { token: string };
      const session = call.connection.session;
      if (session === undefined || session.token !== input.token) return SESSION_UNKNOWN;
      return refusalOf(session) ?? run(state, { ...call, input, session });
    },
  };
}

const SESSION_UNKNOWN: Refusal = { code: 4007, text: 'Session not found. Configure the session first.' };

function refusalOf({ state }: Session): Refusal | undefined {
  if (state === 'ended') return SESSION_UNKNOWN;
  if (state === 'expired') return { code: 4006, text: 'Session expired.' };
  if (state === 'logged-out') return { code: 401, text: 'The user has logged out.' };
  return undefined;
}
