/**
 * How much of a value may be shown, by its declaration in the contract. A value without a shape is
 * masked: a text leaves its length, a number its type, a list or an object its structure without
 * names.
 */
export type Shape = (value: unknown) => unknown;

/**
 * An identifier, an enumerated word, a color or a time of ours: printable ASCII without white
 * space.
 */
const WORD = /^[\x21-\x7e]{1,200}$/;
/** Ids of callers may have letters of every language. */
const ID = /^[^\s\p{C}\p{DI}]{1,200}$/u;

const MAX_DEPTH = 6;
const MAX_ENTRIES = 50;

/** Masks any value. */
export const hidden: Shape = (value) => masked(value, 0);

export const word: Shape = (value) => (typeof value === 'string' && WORD.test(value) ? value : hidden(value));

/** An id that a caller or Genesys Cloud chose. An address is no id: its query may be a key. */
export const identifier: Shape = (value) =>
  typeof value === 'string' && ID.test(value) && !value.includes('://') ? value : hidden(value);

/** A number or a truth value of our own contract; texts are masked. */
export const plain: Shape = (value) =>
  typeof value === 'number' || typeof value === 'boolean' ? value : hidden(value);

/** A word, a number or a truth value of our own contract. */
export const wordOrPlain: Shape = (value) => (typeof value === 'string' ? word(value) : plain(value));

/** Of an address its origin: what follows may be signed. */
export const link: Shape = (value) => {
  if (typeof value !== 'string') return hidden(value);
  const url = URL.parse(value);
  return url?.host ? `${url.protocol}//${url.host}/…` : hidden(value);
};

/** Something that its owner publishes, such as the tag of an embed code. */
export const published: Shape = (value) => (typeof value === 'string' ? value : hidden(value));

export function listOf(shape: Shape): Shape {
  return (value) => (Array.isArray(value) ? value.map(shape) : hidden(value));
}

/** Fields by their names; those that are not named are masked, and so are their names. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value) => {
    if (!isObject(value)) return hidden(value);
    let others = 0;
    const entries = Object.entries(value).map(([name, held]) => {
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      return shape ? [name, shape(held)] : [`field ${++others}`, hidden(held)];
    });
    return Object.fromEntries(entries);
  };
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return `(${value.length} characters)`;
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    if (depth >= MAX_DEPTH || value.length > MAX_ENTRIES) return `(list of ${value.length})`;
    return value.map((held) => masked(held, depth + 1));
  }
  if (!isObject(value)) return `(${typeof value})`;
  const held = Object.values(value);
  if (depth >= MAX_DEPTH || held.length > MAX_ENTRIES) return `(object of ${held.length} fields)`;
  return Object.fromEntries(held.map((each, index) => [`field ${index + 1}`, masked(each, depth + 1)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
