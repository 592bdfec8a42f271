import { type Issue, pathTo, preview } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';

/** A value of JSON that holds no others. */
export type Scalar = string | number | boolean | null;

/** One scalar within a value, with the way to it, which is put together when somebody asks for it. */
export interface Leaf {
  /** Keys and indices, from the root. */
  readonly names: readonly string[];
  /** As in issues: `theme.colors[0]`. */
  readonly path: string;
  readonly value: Scalar;
}

export interface JsonReading {
  /** In the order in which JSON would write them. */
  readonly leaves: readonly Leaf[];
  readonly issues: readonly Issue[];
  /** What was looked at: a step for each value, and for each character of a text and of a name. */
  readonly steps: number;
}

export interface JsonLimits {
  /** Steps of the reading. */
  readonly steps?: number;
  /** Characters of all scalars and of their names, each name with those that it stands under. */
  readonly flat?: number;
}

/** Lists and objects within each other, the root included. */
const MAX_NESTING = 16;
/** Values altogether: no more than a payload may have bytes. */
const MAX_VALUES = 32_768;
/** Whoever sends a flood of issues learns the first of them. */
const MAX_ISSUES = 20;
/** As much as a request to Genesys Cloud may have. */
const MAX_STEPS = 512_000;

/**
 * Reads a value from outside before anything recursive touches it: with a list of what is still ahead, and no further
 * than its limits, so that its cost is linear in what it reads. Issues name what JSON does not have, or would write as
 * something else.
 *
 * @param path that of the root in the input.
 */
export function readJson(root: object, path: string, limits: JsonLimits = {}): JsonReading {
  const { steps: mostSteps = MAX_STEPS, flat: mostFlat = Number.POSITIVE_INFINITY } = limits;
  const leaves: Leaf[] = [];
  const issues: Issue[] = [];
  const ahead: Visit[] = [new Visit(path, root)];
  let [values, steps, flat] = [0, 0, 0];
  for (let visit = ahead.pop(); visit && issues.length < MAX_ISSUES; visit = ahead.pop()) {
    const { value } = visit;
    values += 1;
    steps += 1 + charactersOf(value);
    if (isScalar(value)) flat += visit.nameLength + (typeof value === 'string' ? value.length : 1);
    const excess =
      above(values + ahead.length + sizeOf(value), MAX_VALUES, 'values') ??
      above(steps, mostSteps, 'characters') ??
      above(flat, mostFlat, 'characters, each value with its whole name in front of it');
    // What was read so far must not be taken for the whole.
    if (excess !== undefined) return { leaves: [], issues: [...issues, { path, message: excess }], steps };
    const message = issueOf(visit);
    if (message !== undefined) issues.push({ path: visit.path, message });
    else if (isScalar(value)) leaves.push(visit as Leaf);
    else for (const child of childrenOf(visit)) ahead.push(child);
  }
  return { leaves, issues, steps };
}

/** One value, which knows its way by what holds it. */
class Visit {
  readonly value: unknown;
  readonly depth: number;
  /** Characters of its names with a dot between them. */
  readonly nameLength: number;
  readonly #step: string | number;
  readonly #holder: Visit | undefined;

  constructor(step: string | number, value: unknown, holder?: Visit) {
    this.value = value;
    this.#step = step;
    this.#holder = holder;
    this.depth = holder ? holder.depth + 1 : 0;
    this.nameLength = holder ? holder.nameLength + String(step).length + 1 : 0;
  }

  get names(): string[] {
    return this.#holder ? [...this.#holder.names, String(this.#step)] : [];
  }

  get path(): string {
    const step = this.#step;
    if (!this.#holder) return String(step);
    return pathTo(this.#holder.path, step);
  }
}

function above(count: number, most: number, what: string): string | undefined {
  return count > most ? `expected at most ${most} ${what}, got more` : undefined;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

/** Of a text, and of the names in an object; without what it holds. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return isRecord(value) ? Object.keys(value).reduce((sum, key) => sum + key.length, 0) : 0;
}

function issueOf({ depth, value }: Visit): string | undefined {
  if (isScalar(value)) return undefined;
  if (!isPlain(value)) return `expected a value of JSON, got ${kindOf(value)}`;
  if (depth >= MAX_NESTING) return `expected at most ${MAX_NESTING} levels of nesting, got more`;
  // Whoever reads it into an object of his own may set its prototype.
  return Object.hasOwn(value, '__proto__') ? 'expected no field of the name "__proto__"' : undefined;
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** A list or an object that JSON writes as it stands: what brings a `toJSON` would be written as another. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}

function kindOf(value: unknown): string {
  return typeof value === 'object' ? 'an object of a class' : preview(value);
}

/** The last one first, as a stack wants them. */
function childrenOf(visit: Visit): Visit[] {
  const { value } = visit;
  if (Array.isArray(value))
    return Array.from(value, (held, index) => new Visit(index, held, visit)).reverse();
  return (
    Object.entries(value as object)
      // JSON leaves it out.
      .flatMap(([key, held]) => (held === undefined ? [] : [new Visit(key, held, visit)]))
      .reverse()
  );
}
