import { type Problem, pathText } from './problems.ts';

interface Place {
  readonly value: object;
  /** Its name in what it stands in; a path is made only where one is told. */
  readonly step: PropertyKey;
  readonly parent: Place | undefined;
}

/** Every place in a body, however deep, whose name reaches for the prototype of what it is copied into. */
export function prototypeKeyProblems(body: unknown): Problem[] {
  const problems: Problem[] = [];
  const places: Place[] = isObject(body) ? [{ value: body, step: '', parent: undefined }] : [];
  // The list grows while it is read.
  for (const place of places) {
    const isList = Array.isArray(place.value);
    for (const [key, child] of Object.entries(place.value)) {
      const step = isList ? Number(key) : key;
      if (step === '__proto__') problems.push(forbidden([...pathOf(place), step]));
      if (isObject(child)) places.push({ value: child, step, parent: place });
    }
  }
  return problems;
}

function pathOf(place: Place): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) path.unshift(at.step);
  return path;
}

function forbidden(path: readonly PropertyKey[]): Problem {
  return { path: pathText(path), wanted: 'nothing of this name', got: 'something', isMissing: false };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
