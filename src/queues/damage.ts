/** The fields of a job's hash that BullMQ cannot read, and their replacements. */
export interface Damage {
  readonly fields: readonly string[];
  /** Values to write; null removes the field. */
  readonly mended: Readonly<Record<string, string | null>>;
}

type RawJob = Readonly<Record<string, string>>;

const WHOLE_NUMBER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d+)?$/;
/**
 * Counters that the scripts of BullMQ increase. An error in the middle of a script leaves the job
 * half moved.
 */
const COUNTERS = ['ats', 'atm', 'attemptsMade', 'stc'];
const NUMBERS = ['delay', 'priority', 'processedOn', 'finishedOn'];
/** Fields of this program that scripts and workers rely on (src/redis/keys.ts). */
const OWN = { calls: 'gwm:calls', calling: 'gwm:calling', delivered: 'gwm:delivered' };
/** No call takes longer. A later end of a call is damage, and would block the job for ever, ms. */
const LONGEST_CALL_MS = 3_600_000;
const NUMERIC_OPTIONS = ['attempts', 'delay', 'kl', 'stackTraceLimit', 'timestamp', 'priority', 'sizeLimit'];

/**
 * Checks the hash of a job. BullMQ reads it unchecked: a wrong field throws in the middle of the
 * hand-over to a worker. Then no worker has the job, and the next hand-over throws as well.
 *
 * @returns undefined when BullMQ can read every field.
 */
export function damageOf(raw: RawJob, kind: string, nowMs: number): Damage | undefined {
  const mended: Record<string, string | null> = {};
  if (raw['name'] === undefined) mended['name'] = kind;
  if (!/^\d{1,15}$/.test(raw['timestamp'] ?? '')) mended['timestamp'] = String(nowMs);
  for (const name of COUNTERS) if (isNot(WHOLE_NUMBER, raw[name])) mended[name] = null;
  for (const name of NUMBERS) if (isNot(NUMBER, raw[name])) mended[name] = null;
  if (parse(raw['data']) === undefined) mended['data'] = '{}';
  if (!areOptions(parse(raw['opts']))) mended['opts'] = JSON.stringify(optionsFor(raw));
  if (raw['progress'] !== undefined && parse(raw['progress']) === undefined) mended['progress'] = null;
  Object.assign(mended, parentOf(raw));
  for (const name of ownDamages(raw, nowMs)) mended[name] = null;
  const fields = Object.keys(mended);
  return fields.length === 0 ? undefined : { fields, mended };
}

/** The hash of a job with the damage replaced. */
export function mend(raw: RawJob, { mended }: Damage): Record<string, string> {
  const entries = Object.entries({ ...raw, ...mended });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}

function ownDamages(raw: RawJob, nowMs: number): string[] {
  const isCalling = /^\S+ (\d{1,15})$/.exec(raw[OWN.calling] ?? '');
  const attempt = parse(raw[OWN.delivered]);
  const isDelivery = isRecord(attempt) && attempt['outcome'] === 'delivered';
  return [
    ...(isNot(/^\d{1,6}$/, raw[OWN.calls]) ? [OWN.calls] : []),
    ...(raw[OWN.calling] === undefined || Number(isCalling?.[1]) < nowMs + LONGEST_CALL_MS
      ? []
      : [OWN.calling]),
    ...(raw[OWN.delivered] === undefined || isDelivery ? [] : [OWN.delivered]),
  ];
}

function isNot(pattern: RegExp, value: string | undefined): boolean {
  return value !== undefined && !pattern.test(value);
}

/** Undefined when the text is missing or is not JSON. */
function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areOptions(opts: unknown): boolean {
  if (!isRecord(opts)) return false;
  const numbers = NUMERIC_OPTIONS.map((name) => opts[name]).filter((value) => value !== undefined);
  const records = [opts['repeat'], opts['parent']].filter((value) => value !== undefined);
  const kept = [opts['removeOnComplete'], opts['removeOnFail']];
  return (
    numbers.every((value) => Number.isFinite(value)) && records.every(isRecord) && kept.every(isHowManyToKeep)
  );
}

/** BullMQ allows a number, a boolean, or a count and an age. */
function isHowManyToKeep(value: unknown): boolean {
  if (!isRecord(value)) return value === undefined || typeof value === 'boolean' || Number.isFinite(value);
  return Object.values(value).every(Number.isFinite);
}

/** Without `idof` the parent of a failed child would wait for ever. */
function optionsFor(raw: RawJob): object {
  const isChild = raw['parentKey'] !== undefined || raw['parent'] !== undefined;
  return { attempts: 1, stackTraceLimit: 3, ...(isChild && { idof: true }) };
}

/** `parent` and `parentKey` hold the same. A readable one gives the other. */
function parentOf(raw: RawJob): Record<string, string | null> {
  const { parent, parentKey } = raw;
  if (parent === undefined && parentKey === undefined) return {};
  const read = parse(parent);
  const isRead = isRecord(read) && typeof read['id'] === 'string' && typeof read['queueKey'] === 'string';
  const ofParent = isRead ? `${read['queueKey']}:${read['id']}` : undefined;
  if (ofParent !== undefined && ofParent === parentKey) return {};
  if (ofParent !== undefined) return { parentKey: ofParent };
  const [, queueKey, id] = /^(.+):([^:]+)$/.exec(parentKey ?? '') ?? [];
  if (queueKey === undefined || id === undefined) return { parent: null, parentKey: null };
  return { parent: JSON.stringify({ id, queueKey }) };
}
