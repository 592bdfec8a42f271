import { z } from 'zod';
import { createRandom } from '../../faults/random.ts';
import { oneOf } from '../../input/problems.ts';
import type { Settings } from './settings.ts';

const MAX_WAIT_MS = 600_000;

/** The points at which a connection can be cut: the client sees close code 1006. */
export const DROP_POINTS = ['before-store', 'after-store', 'after-echo'] as const;

const code = z.int().min(400).max(9999);

const effectSchema = z.discriminatedUnion('kind', [
  /** For an action without a message: before or after its answer. */
  z.strictObject({ kind: z.literal('drop'), point: z.enum(DROP_POINTS) }),
  z.strictObject({
    kind: z.literal('error'),
    code,
    text: z.string().default('The sandbox was asked to answer with this error.'),
    /** The message is stored all the same, and has no echo. */
    stored: z.boolean().default(false),
    tracingId: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal('throttle'), retryAfterSeconds: z.int().min(1).default(3) }),
  z.strictObject({ kind: z.literal('lose-echo') }),
  z.strictObject({ kind: z.literal('delay-echo'), ms: z.number().min(0).max(MAX_WAIT_MS) }),
  /** Sent unchanged in place of handling the request; it needs not be a valid frame. */
  z.strictObject({ kind: z.literal('reply'), text: z.string() }),
  z.strictObject({ kind: z.literal('close'), code: z.int().min(1000).max(4999) }),
  /** Of a request for a connection. */
  z.strictObject({ kind: z.literal('refuse'), status: z.int().min(400).max(599) }),
  /** Of an upload. */
  z.strictObject({ kind: z.literal('fail-upload'), code }),
]);

/** What happens in place of, or beside, the normal handling. */
export type Effect = z.infer<typeof effectSchema>;

const faultSchema = z.strictObject({
  /** An action, `upgrade`, `upload`, or `*` for every action. */
  on: z.string().default('onMessage'),
  /** Absent: any token. An upgrade has no token. */
  token: z.string().exactOptional(),
  /** How many requests pass before the first one that it strikes. */
  after: z.int().min(0).default(0),
  times: z.int().min(1).default(1),
  effect: effectSchema,
});

/** A failure that a test asks for. */
export type Fault = z.infer<typeof faultSchema>;

/** A schema for faults. It refuses unknown actions, and effects that an action cannot have. */
export function faultSchemaFor(actions: readonly string[]): z.ZodType<Fault> {
  const known = [...actions, 'upgrade', 'upload', '*'];
  return faultSchema.superRefine(({ on, effect }, context) => {
    const issue = (message: string, path: string) =>
      context.addIssue({ code: 'custom', path: [path], input: path === 'on' ? on : effect.kind, message });
    if (!known.includes(on)) return issue(oneOf(known), 'on');
    const fitting = { refuse: 'upgrade', 'fail-upload': 'upload' } as Record<string, string>;
    const wanted = fitting[effect.kind];
    if (wanted === undefined ? on === 'upgrade' || on === 'upload' : on !== wanted) {
      issue(`an effect that "${on}" can have`, 'effect');
    }
  });
}

/** The faults that still strike. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Those with requests left, with what is left of them. */
  all(): Fault[];
  /** Asks for each request once. @returns the effect on it, if a fault strikes */
  take(on: string, token: string | undefined): Effect | undefined;
  /** The code of an error by chance, as the settings want it. */
  randomError(): number | undefined;
}

/** No faults, and a series of random errors from the seed. */
export function createFaults({ random: shares, seed }: Settings['errors']): Faults {
  const random = createRandom(seed);
  let faults: Fault[] = [];
  return {
    add: (fault) => void faults.push({ ...fault }),
    clear() {
      faults = [];
    },
    all: () => faults,
    take(on, token) {
      const isOnAction = on !== 'upgrade' && on !== 'upload';
      const fault = faults.find(
        (each) =>
          (each.on === on || (each.on === '*' && isOnAction)) &&
          (each.token === undefined || each.token === token),
      );
      if (fault === undefined) return undefined;
      if (fault.after > 0) {
        fault.after -= 1;
        return undefined;
      }
      fault.times -= 1;
      if (fault.times === 0) faults = faults.filter((each) => each !== fault);
      return fault.effect;
    },
    randomError: () => shares.find(({ rate }) => rate > 0 && random() < rate)?.code,
  };
}
