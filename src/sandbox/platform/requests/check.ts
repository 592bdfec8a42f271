import type { z } from 'zod';
import type { ErrorDetail } from '../../answers/error-body.ts';
import { pathText } from '../../input/problems.ts';
import { generalError, PlatformError } from './errors.ts';

type Issue = z.core.$ZodIssue;

// A bound for the size of an answer.
const MAX_SHOWN_PROBLEMS = 100;

/**
 * Checks a body by the model of the operation.
 * @returns the value, or the 400 whose code is that of the first problem. `details` has all of them
 */
export function check<T>(schema: z.ZodType<T>, body: unknown): T | PlatformError {
  const result = schema.safeParse(body ?? undefined, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(problemsOf).slice(0, MAX_SHOWN_PROBLEMS);
  const [first] = problems;
  if (first === undefined) return generalError(400);
  const details: ErrorDetail[] = problems.map(({ code, path }) => ({ errorCode: code, fieldName: path }));
  return new PlatformError(400, first.code, first.message, { details });
}

/** Checks a body by a model, after it drops every field that the model does not have. */
export function checkLeniently<T>(schema: z.ZodType<T>, body: unknown): T | PlatformError {
  const result = schema.safeParse(body ?? undefined);
  if (result.success) return result.data;
  const copy = structuredClone(body);
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') dropKeys(copy, issue.path, issue.keys);
  }
  return check(schema, copy);
}

function dropKeys(body: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const target = path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)[step], body);
  for (const key of keys) delete (target as Record<string, unknown>)[key];
}

interface Problem {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

function problemsOf(issue: Issue): Problem[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'invalid.property',
      path: pathText([...issue.path, key]),
      message: `Value [${key}] is not a valid property for object [${path === '' ? 'body' : path}]`,
    }));
  }
  if (issue.input === undefined || issue.input === null) {
    return [
      { code: 'constraint.validation', path, message: `${path === '' ? 'The body' : path} is missing` },
    ];
  }
  if (issue.code === 'invalid_value') return [invalidValue(path, issue.input, issue.values.join(', '))];
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return [invalidDate(path)];
  if (issue.code === 'invalid_type')
    return [invalidValue(path, issue.input, `a value of type ${issue.expected}`)];
  const name = path === '' ? 'The body' : path;
  const message = issue.code === 'custom' ? `${name}: ${issue.message}` : `${name} ${ruleOf(issue)}`;
  return [{ code: 'constraint.validation', path, message }];
}

/** What a value must be, in the words of the API and not in those of a library. */
function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return `must ${measured(issue.origin, `at least ${issue.minimum}`, Number(issue.minimum))}`;
    case 'too_big':
      return `must ${measured(issue.origin, `at most ${issue.maximum}`, Number(issue.maximum))}`;
    default:
      return 'is not valid';
  }
}

function measured(origin: string, bounds: string, count: number): string {
  const plural = count === 1 ? '' : 's';
  if (origin === 'string') return `have ${bounds} character${plural}`;
  return origin === 'array' ? `have ${bounds} item${plural}` : `be ${bounds}`;
}

function invalidValue(path: string, value: unknown, allowed: string): Problem {
  const shown = typeof value === 'object' ? typeof value : String(value);
  const message = `Value [${shown}] is not valid for field type [${path}]. Allowable values are: ${allowed}`;
  return { code: 'invalid.value', path, message };
}

function invalidDate(path: string): Problem {
  const message = 'Dates must be specified as ISO-8601 strings. For example: yyyy-MM-ddTHH:mm:ss.SSSZ';
  return { code: 'invalid.date', path, message };
}
