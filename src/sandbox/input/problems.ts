import type { z } from 'zod';

/** One problem of an input: its path, the wanted value and the value that came instead. */
export interface Problem {
  path: string;
  wanted: string;
  got: string;
  isMissing: boolean;
}

/** The parsed value, or every problem of the input. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

type Issue = z.core.$ZodIssue;

const MAX_SHOWN_CHARACTERS = 60;

/** Parses an input by a schema. It does not throw: a failure lists every problem. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): Parsed<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap(problemsOf) };
}

/** One problem as a sentence, for example `[0].tenant: wanted string, got 7`. */
export function sentenceOf(problem: Problem): string {
  const prefix = problem.path === '' ? '' : `${problem.path}: `;
  return `${prefix}wanted ${problem.wanted}, got ${problem.got}`;
}

function problemsOf(issue: Issue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      wanted: 'nothing of this name',
      got: shown((issue.input as Record<string, unknown> | undefined)?.[key], key),
      isMissing: false,
    }));
  }
  return [
    {
      path: pathText(issue.path),
      wanted: wantedBy(issue),
      got: shown(issue.input, issue.path.at(-1)),
      isMissing: issue.input === undefined,
    },
  ];
}

function wantedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : issue.expected;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'too_small':
      return `${measured(issue.origin)} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `${measured(issue.origin)} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_union':
      return issue.errors.map((branch) => branch.map(wantedInBranch).join(' and ')).join(', or ');
    case 'invalid_format':
      return `a valid ${issue.format}`;
    default:
      return issue.message;
  }
}

function wantedInBranch(issue: Issue): string {
  const path = pathText(issue.path);
  return path === '' ? wantedBy(issue) : `${path}: ${wantedBy(issue)}`;
}

function measured(origin: string): string {
  if (origin === 'string') return 'a length of';
  if (origin === 'array') return 'a number of entries of';
  return 'a number of';
}

/** Values as a choice, for example `one of "a", "b"`. */
export function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  return texts.length === 1 ? String(texts[0]) : `one of ${texts.join(', ')}`;
}

/** A path in the notation of JavaScript, such as `operations["message.send"].errors[0].rate`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    const name = cut(String(step));
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[A-Za-z_*][\w*]*$/.test(name)) text += `[${JSON.stringify(name)}]`;
    else text += text === '' ? name : `.${name}`;
  }
  return text;
}

function shown(value: unknown, key: PropertyKey | undefined): string {
  if (value === undefined) return 'nothing';
  // A secret of the wrong type must not get into a terminal or a log.
  if (/secret/i.test(String(key))) return `a hidden ${typeof value}`;
  return cut(JSON.stringify(value) ?? typeof value);
}

function cut(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
