import { type Issue, pathTo, preview } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { jsonBytes } from '../../core/json-size.ts';
import { readJson } from './read-json.ts';

/** A request to Genesys Cloud has no more bytes. */
const MAX_BYTES = 512_000;
/** `readJson` takes no more levels. */
const MAX_STEPS = 16;
const MAX_ISSUES = 20;

/**
 * Why a value from outside is no tree; see `tree.ts`. @param path that of the value in the input.
 */
export function treeIssues(value: unknown, path: string): Issue[] {
  if (!isRecord(value)) return [{ path, message: `expected an object, got ${preview(value)}` }];
  return jsonIssues(value, path);
}

/** Why a value from outside is no list of changes. @param path that of the list in the input. */
export function changesIssues(value: unknown, path: string): Issue[] {
  if (!Array.isArray(value)) return [{ path, message: `expected a list of changes, got ${preview(value)}` }];
  const issues = jsonIssues(value, path);
  if (issues.length > 0) return issues;
  return value
    .flatMap((change: unknown, index) => (isChange(change) ? [] : [changeIssue(change, pathTo(path, index))]))
    .slice(0, MAX_ISSUES);
}

function jsonIssues(value: object, path: string): Issue[] {
  const { issues } = readJson(value, path);
  if (issues.length > 0) return [...issues];
  const bytes = jsonBytes(value);
  if (bytes <= MAX_BYTES) return [];
  return [{ path, message: `expected at most ${MAX_BYTES} bytes as JSON, got ${bytes}` }];
}

function isChange(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((key) => !['path', 'from', 'to'].includes(key)))
    return false;
  const { path } = value;
  if (!Array.isArray(path) || path.length === 0 || path.length > MAX_STEPS) return false;
  return path.every((key) => typeof key === 'string' && key !== '__proto__');
}

function changeIssue(value: unknown, path: string): Issue {
  const wanted = `a change: a path of 1 to ${MAX_STEPS} names of fields, and what stood and is to stand there`;
  return { path, message: `expected ${wanted}, got ${isRecord(value) ? 'another object' : preview(value)}` };
}
