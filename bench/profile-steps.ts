import { readFile } from 'node:fs/promises';

/** Processor time by step, in µs. */
export type StepTimes = ReadonlyMap<string, number>;

/** A `.cpuprofile` of V8, as far as it is read here. */
interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** The node of each sample, and the time since the sample before, in µs. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** Time of the process that belongs to no message. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['idle', 'start of the process']);

/** The first pattern that the place of a function matches names its step. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^\(idle\)/, 'idle'],
  [/^\(garbage collector\)/, 'garbage collection'],
  [/node:internal\/(modules|process\/execution|main)/, 'start of the process'],
  [/node_modules\/undici\/|src\/outbound\//, 'HTTP'],
  [/node_modules\/ky\//, 'ky'],
  [/node_modules\/(ioredis|redis-parser|@ioredis)\/|src\/redis\//, 'Redis client'],
  [/node_modules\/bullmq\/|src\/runtime\/(prompt-worker|handover|locks)/, 'BullMQ'],
  [/src\/flow\//, 'flow control'],
  [/src\/audit\/|src\/runtime\/audit|node:sqlite/, 'audit'],
  [/node_modules\/(pino|sonic-boom)|src\/observe\/logger|src\/runtime\/run-log/, 'log'],
  [/node_modules\/prom-client\/|src\/(observe|counts)\//, 'metrics and counts'],
  [/node_modules\/zod\/|src\/(jobs|content)\//, 'contract'],
  [/src\/(genesys|tenants)\/|workers\//, 'Genesys client and handler'],
  [/src\/webhooks\//, 'callbacks'],
  [/src\/(runtime|queues|core)\//, 'runtime'],
];

/** Reads the profiles of a process, one for each thread, and sums the time of its functions by step. */
export async function readSteps(files: readonly string[]): Promise<StepTimes> {
  const times = new Map<string, number>();
  for (const file of files) {
    const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as Profile;
    const steps = stepsOf(nodes);
    samples.forEach((id, index) => {
      const step = steps.get(id) ?? 'Node';
      if (NOT_COUNTED.has(step)) return;
      times.set(step, (times.get(step) ?? 0) + (timeDeltas[index] ?? 0));
    });
  }
  return times;
}

/** A function of Node itself belongs to the step that called it. */
function stepsOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps = new Map<number, string>();
  const [root] = nodes;
  const ahead: { readonly id: number; readonly above: string }[] = root
    ? [{ id: root.id, above: 'Node' }]
    : [];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const { id, above } = next;
    const node = byId.get(id);
    if (!node) continue;
    const step = above === 'start of the process' ? above : (stepOf(node) ?? above);
    steps.set(id, step);
    for (const child of node.children ?? []) ahead.push({ id: child, above: step });
  }
  return steps;
}

function stepOf({ callFrame }: ProfileNode): string | undefined {
  const place = callFrame.url === '' ? callFrame.functionName : callFrame.url;
  return STEPS.find(([pattern]) => pattern.test(place))?.[1];
}
