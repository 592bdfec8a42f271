/**
 * JSON for the sandbox, with every digit of every number. It is written apart from the JSON of our
 * client: with one implementation on both sides, a digit that one side loses could come back on the
 * other. A number that a JavaScript number does not hold is an object with the digits.
 */

const DIGITS = '#digits';
/** A text without this has no number that could lose digits. Most texts are read without a reviver. */
const LONG_NUMBER = /\d[\d.]{15}|\d[eE]/;

interface Digits {
  readonly [DIGITS]: string;
}

/** What Node 24 has and the types of ECMAScript 2024 do not. */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
};

/**
 * Reads a JSON text.
 * @throws {SyntaxError} for any other text. {RangeError} for one that is nested too deep
 */
export function readJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && !isSameNumber(source, String(value)) ? { [DIGITS]: source } : value,
  );
}

/**
 * Writes a value as JSON: `null` for a value that JSON does not have, and the digits of each number
 * that `readJson` read.
 */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  if (!text.includes(DIGITS)) return text;
  return JSON.stringify(value, (_key, part: unknown) => (isDigits(part) ? json.rawJSON(part[DIGITS]) : part));
}

/** Whether a value has fields: an object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDigits(value: unknown): value is Digits {
  if (typeof value !== 'object' || value === null) return false;
  const [[name, digits] = [], ...others] = Object.entries(value);
  if (name !== DIGITS || others.length > 0 || typeof digits !== 'string') return false;
  return (
    /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(digits) && !isSameNumber(digits, String(Number(digits)))
  );
}

/** Whether two texts are the same number: `1.50` and `15e-1` are. */
function isSameNumber(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [factorsOf(one), factorsOf(other)];
  return a !== undefined && b !== undefined && a.digits === b.digits && a.exponent === b.exponent;
}

/** A number as digits times a power of ten. The last digit is not 0. Undefined for `Infinity`. */
function factorsOf(text: string): { digits: string; exponent: bigint } | undefined {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  if (!/^-?\d+$/.test(whole)) return undefined;
  const sign = whole.startsWith('-') ? '-' : '';
  const all = (whole.replace('-', '') + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { digits: '0', exponent: 0n };
  return {
    digits: sign + digits,
    exponent: BigInt(power) - BigInt(fraction.length) + BigInt(all.length - digits.length),
  };
}
