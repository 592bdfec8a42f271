/** What of a job's hash BullMQ could not read, and what stands there instead once it is mended. */
export interface Damage {
  readonly fields: readonly string[];
  /** Values to be written; null: the field is removed. */
  readonly mended: Readonly<Record<string, string | null>>;
}

type RawJob = Readonly<Record<string, string>>;

const WHOLE_NUMBER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d+)?$/;
/** Counters of BullMQ, which its scripts increase; an error in the middle of a script leaves the job half moved. */
const COUNTERS = ['ats', 'atm', 'attemptsMade', 'stc'];
const NUMBERS = ['delay', 'priority', 'processedOn', 'finishedOn'];
/** Fields of ours that scripts and workers rely on (src/redis/keys.ts). */
const OWN = { calls: 'gwm:calls', calling: 'gwm:calling', delivered: 'gwm:delivered' };
/** No call takes so long: what says that one is under way until then stands in the way for ever, ms. */
const LONGEST_CALL_MS = 3_600_000;
const NUMERIC_OPTIONS = ['attempts', 'delay', 'kl', 'stackTraceLimit', 'timestamp', 'priority', 'sizeLimit'];

/**
 * Looks through the hash of a job, as it came out of Redis. BullMQ reads it without a check: a field that is not what it
 * should be throws in the middle of a hand-over, where the job is in no worker's hands, and throws again each time.
 *
 * @returns undefined when BullMQ can read all of it.
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

/** The hash of a job as BullMQ will read it once it is mended. */
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

/** Undefined: not JSON, or not there. */
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

/** BullMQ has it as a number, as yes or no, or as a count and an age. */
function isHowManyToKeep(value: unknown): boolean {
  if (!isRecord(value)) return value === undefined || typeof value === 'boolean' || Number.isFinite(value);
  return Object.values(value).every(Number.isFinite);
}

/** Without `idof` a parent would wait for ever for a child that has failed. */
function optionsFor(raw: RawJob): object {
  const isChild = raw['parentKey'] !== undefined || raw['parent'] !== undefined;
  return { attempts: 1, stackTraceLimit: 3, ...(isChild && { idof: true }) };
}

/** `parent` and `parentKey` say the same: the one that can be read gives the other. */
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
