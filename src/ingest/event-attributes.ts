import { firstIssues, type Issue, pathTo, preview } from '../core/issues.ts';
import { type Trace, traceOf } from '../core/trace.ts';

/** The attributes of one event that a job needs. */
export interface EventAttributes {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly datacontenttype: string | undefined;
  readonly partitionkey: string | undefined;
  readonly trace: Trace | undefined;
}

/** Longest `id`, `source` and other text. HTTP servers bound headers to some more. */
const MAX_CHARACTERS = 4096;

/** CloudEvents, section "Naming Conventions". */
const NAME = /^[a-z0-9]+$/;
/** CloudEvents, section "Type System": controls, code points that are no character, halves of surrogate pairs. */
const NO_TEXT = /\p{Cc}|\p{Noncharacter_Code_Point}|\p{Cs}/u;

const PCHAR = "(?:[\\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
const AUTHORITY = `(?:(?:${PCHAR})*|(?:${PCHAR})*\\[[0-9A-Fa-f:.]+\\](?::\\d*)?)`;
const SCHEME = '[A-Za-z][A-Za-z0-9+.-]*:';
const HIERARCHY = `(?://${AUTHORITY}(?=[/?#]|$))?(?:${PCHAR}|/)*`;
const QUERY = `(?:\\?(?:${PCHAR}|[/?])*)?`;
const FRAGMENT = `(?:#(?:${PCHAR}|[/?])*)?`;
/** RFC 3986. In front of the first slash, a colon stands behind a scheme only. */
const URI = new RegExp(`^${SCHEME}${HIERARCHY}${QUERY}${FRAGMENT}$`);
const URI_REFERENCE = new RegExp(`^(?:${SCHEME}|(?![^/?#]*:))${HIERARCHY}${QUERY}${FRAGMENT}$`);

/** RFC 3339: date, hour, minute, second, zone with its sign, hours and minutes. */
const TIME =
  /^(\d{4}-\d\d-(\d\d))T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;

type Check = (value: string) => string | undefined;

const wanting =
  (pattern: RegExp, wanted: string): Check =>
  (value) =>
    pattern.test(value) ? undefined : `expected ${wanted}, got ${preview(value)}`;

/** Attributes that are texts, with what they must be besides. An attribute of another name may be any simple value. */
const TEXTS: ReadonlyMap<string, Check | undefined> = new Map([
  ['specversion', wanting(/^1\.0$/, '1.0')],
  ['id', undefined],
  ['source', wanting(URI_REFERENCE, 'a URI or a relative reference')],
  ['type', undefined],
  ['datacontenttype', undefined],
  ['dataschema', wanting(URI, 'a URI with its scheme')],
  ['subject', undefined],
  ['time', (value) => (isTime(value) ? undefined : `expected an RFC 3339 time, got ${preview(value)}`)],
  ['partitionkey', undefined],
  ['traceparent', undefined],
  ['tracestate', undefined],
]);

const REQUIRED = ['specversion', 'id', 'source', 'type'] as const;

/**
 * Checks all attributes of an event, extensions as well. JSON may write an unset attribute as null.
 * @param attributes without the data.
 */
export function checkAttributes(
  attributes: ReadonlyMap<string, unknown>,
): { readonly event: EventAttributes; readonly issues?: never } | { readonly issues: readonly Issue[] } {
  const given = [...attributes].filter(([, value]) => value !== null);
  const issues = [
    ...REQUIRED.filter((name) => (attributes.get(name) ?? null) === null).map((name) => ({
      path: name,
      message: 'expected a text, but it is missing',
    })),
    ...given.flatMap(([name, value]) => {
      const message = nameIssue(name) ?? valueIssue(name, value);
      return message === undefined ? [] : [{ path: pathTo('', name), message }];
    }),
  ];
  if (issues.length > 0) return { issues: firstIssues(issues) };
  // Every attribute below is a text by now, or unset.
  const textOf = (name: string) => (attributes.get(name) ?? undefined) as string | undefined;
  return {
    event: {
      id: textOf('id') ?? '',
      source: textOf('source') ?? '',
      type: textOf('type') ?? '',
      datacontenttype: textOf('datacontenttype'),
      partitionkey: textOf('partitionkey'),
      // Trace Context: a receiver begins a new trace where it cannot read the old one.
      trace: traceOf(textOf('traceparent'), textOf('tracestate')),
    },
  };
}

function nameIssue(name: string): string | undefined {
  if (name === 'data') return 'expected no attribute of the name "data"';
  return NAME.test(name) ? undefined : 'expected a name of lower-case letters and digits only';
}

function valueIssue(name: string, value: unknown): string | undefined {
  if (!TEXTS.has(name)) return typeof value === 'string' ? textIssue(value) : simpleIssue(value);
  if (typeof value !== 'string') return `expected a text, got ${preview(value)}`;
  if (value === '') return 'expected a text that is not empty';
  return textIssue(value) ?? TEXTS.get(name)?.(value);
}

function textIssue(value: string): string | undefined {
  if (value.length > MAX_CHARACTERS) {
    return `expected at most ${MAX_CHARACTERS} characters, got ${value.length}`;
  }
  return NO_TEXT.test(value) ? 'expected no control characters and no parts of characters' : undefined;
}

/** Extensions may be truth values and whole numbers of 32 bits. */
function simpleIssue(value: unknown): string | undefined {
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'number' && (value | 0) === value) return undefined;
  return `expected a text, true, false or a whole number of 32 bits, got ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  return typeof value === 'number' ? 'another number' : preview(value);
}

function isTime(value: string): boolean {
  const [, date, day, hour, minute, second, sign, hours = 0, minutes = 0] = TIME.exec(value) ?? [];
  // The 30th of February becomes a day of March; the 32nd is no date.
  if (date === undefined || new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return false;
  if (second !== '60') return true;
  // A leap second is the last one of a day in UTC.
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return (Number(hour) * 60 + Number(minute) - offset + 2880) % 1440 === 1439;
}
