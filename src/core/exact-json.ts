/**
 * JSON whose numbers keep their digits. A JavaScript number holds about 16 digits, JSON has no
 * limit: read and written back, 76561197980428154 becomes 76561197980428160. A number that a
 * JavaScript number cannot hold is read as an {@link ExactNumber}. It is a plain JSON object, so it
 * also survives Redis and BullMQ. `stringifyExact` writes its digits again.
 */
export interface ExactNumber {
  readonly '#exactNumber': string;
}

const FIELD = '#exactNumber';
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/**
 * Every number that may lose digits has one of these: 16 digits or more, or an exponent. It stands at
 * the beginning, or behind one of three signs; an id in a text is no number. A text without such a
 * number is parsed without a reviver, which is ten times as fast.
 */
const MAY_LOSE_DIGITS = /(?:^|[:[,])\s*-?(?:[\d.]{16}|\d[\d.]*[eE])/;

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Node 24 has these functions, and the types of ECMAScript 2024 do not. */
const native = JSON as unknown as {
  parse(text: string, reviver?: Reviver): unknown;
  rawJSON(text: string): object;
};

/**
 * The value that a JSON text stands for, with each number exact.
 *
 * @param onExact called with the name of each field, or the index in its list, that holds an
 *   {@link ExactNumber}.
 * @throws {SyntaxError} when the text is not JSON. {RangeError} when it is nested too deep to read.
 */
export function parseExact(text: string, onExact?: (key: string) => void): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return native.parse(text);
  return native.parse(text, (key, value, { source }) => {
    if (typeof value !== 'number' || source === undefined || isKept(source, value)) return value;
    onExact?.(key);
    return { [FIELD]: source };
  });
}

/**
 * JSON, with the digits of each {@link ExactNumber} as they came; `null` for a value that JSON does
 * not have.
 */
export function stringifyExact(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  if (!text.includes(FIELD)) return text;
  return JSON.stringify(value, (_key, held: unknown) =>
    isExactNumber(held) ? native.rawJSON(held[FIELD]) : held,
  );
}

/** The digits of an exact number. */
export function digitsOf(number: ExactNumber): string {
  return number[FIELD];
}

/** Whether a value from `parseExact` is a number that a JavaScript number cannot hold. */
export function isExactNumber(value: unknown): value is ExactNumber {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, FIELD)) return false;
  const digits: unknown = Reflect.get(value, FIELD);
  if (Object.keys(value).length !== 1 || typeof digits !== 'string' || !NUMBER.test(digits)) return false;
  return !isKept(digits, Number(digits));
}

/** Whether the JavaScript number has the value that the text has. */
function isKept(source: string, value: number): boolean {
  const written = String(value);
  return source === written || decimalOf(source) === decimalOf(written);
}

/**
 * A number as whole digits without zeros at their ends, and a power of ten: `1.50` and `15e-1` are
 * `15e-1`.
 */
function decimalOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  let first = 0;
  while (digits[first] === '0') first++;
  let end = digits.length;
  while (end > first && digits[end - 1] === '0') end--;
  if (first === end) return '0';
  const exponent = Number(power) - fraction.length + (digits.length - end);
  return `${sign}${digits.slice(first, end)}e${exponent}`;
}
