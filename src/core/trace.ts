/**
 * The place of some work in a trace, in the words of W3C Trace Context
 * (https://www.w3.org/TR/trace-context/). While tracing is off, this program passes on that of its caller
 * unchanged; else that of its own spans (`src/observe/tracing.ts`).
 */
export interface Trace {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Version 00: trace id, id of the parent, flags. Ids of zeros are not valid. */
export const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A later version may have more behind the flags. Version ff is not valid. */
const LATER = /^(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32}-[0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
/** The flags of version 00. */
const SAMPLED = 1;

/**
 * The `traceparent` of a header or an attribute, in version 00, as the standard asks for a later
 * version. Undefined when it cannot be read: the standard starts a new trace then, and does not
 * refuse the request.
 */
export function traceparentOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_CHARACTERS) return undefined;
  const [, ids, flags = '0'] = LATER.exec(text) ?? [];
  const parent = ids === undefined ? text : `00-${ids}-0${Number.parseInt(flags, 16) & SAMPLED}`;
  return TRACEPARENT.test(parent) ? parent : undefined;
}

/** Longest value that this program keeps. The standard asks for at least 512 of `tracestate`. */
const MAX_CHARACTERS = 512;
const MAX_MEMBERS = 32;

const KEY = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Whether a text is a `tracestate` of the standard: 1 to 32 members with different keys. */
export function isTracestate(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  const members = text.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''));
  const given = members.filter((member) => member !== '');
  const keys = given.map((member) => member.slice(0, Math.max(0, member.indexOf('='))));
  const isSound = (member: string, index: number) => {
    const key = keys[index] ?? '';
    return KEY.test(key) && VALUE.test(member.slice(key.length + 1));
  };
  const isBounded = given.length > 0 && given.length <= MAX_MEMBERS;
  return isBounded && given.every(isSound) && new Set(keys).size === keys.length;
}

/**
 * The trace of headers, attributes or fields. A `tracestate` has no meaning without a `traceparent`.
 */
export function traceOf(traceparent: unknown, tracestate: unknown): Trace | undefined {
  const parent = traceparentOf(typeof traceparent === 'string' ? traceparent : undefined);
  if (parent === undefined) return undefined;
  const state = typeof tracestate === 'string' && isTracestate(tracestate) ? tracestate : undefined;
  return { traceparent: parent, ...(state !== undefined && { tracestate: state }) };
}
