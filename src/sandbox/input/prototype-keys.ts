import { type Problem, pathText } from './problems.ts';

interface ObjectAt {
  readonly value: object;
  /** Its key in the parent. Only a problem needs the whole path, so no other path is built. */
  readonly step: PropertyKey;
  readonly parent: ObjectAt | undefined;
}

/**
 * Finds every key `__proto__` in a body, at any depth. A copy of such a body could replace the
 * prototype of an object.
 */
export function prototypeKeyProblems(body: unknown): Problem[] {
  const problems: Problem[] = [];
  const found: ObjectAt[] = isObject(body) ? [{ value: body, step: '', parent: undefined }] : [];
  // The loop appends the children to the list that it reads. Recursion would exhaust the stack.
  for (const parent of found) {
    const isList = Array.isArray(parent.value);
    for (const [key, child] of Object.entries(parent.value)) {
      const step = isList ? Number(key) : key;
      if (step === '__proto__') problems.push(forbidden([...pathOf(parent), step]));
      if (isObject(child)) found.push({ value: child, step, parent });
    }
  }
  return problems;
}

function pathOf(start: ObjectAt): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at = start; at.parent !== undefined; at = at.parent) path.unshift(at.step);
  return path;
}

function forbidden(path: readonly PropertyKey[]): Problem {
  return { path: pathText(path), wanted: 'nothing of this name', got: 'something', isMissing: false };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
