import type { Issue } from '../core/issues.ts';

/** One error of a body (RFC 9457, RFC 6901). */
export interface FieldError {
  readonly detail: string;
  /** `#/attachments/0/url`; `#` for the body as a whole. */
  readonly pointer: string;
}

const STEP = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+)/gy;

/** A step that is no name of the body: its length stands for it, or it was cut. */
const NO_NAME = /^\(a name of \d+ characters\)$|…$/;

/** The pointer ends in front of a step that has no name here. The detail has the rest of the path. */
export function fieldErrorOf({ path, message }: Issue): FieldError {
  const steps = stepsOf(path);
  const end = steps.findIndex((step) => NO_NAME.test(step));
  if (end === -1) return { detail: message, pointer: pointerTo(steps) };
  return { detail: `${steps.slice(end).join('.')}: ${message}`, pointer: pointerTo(steps.slice(0, end)) };
}

/** The JSON pointer, as a URI fragment, of a path such as `attachments[0].url` or `theme["a.b"]`. */
export function pointerOf(path: string): string {
  return pointerTo(stepsOf(path));
}

function stepsOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, index, quoted, plain]) => index ?? unquoted(quoted) ?? plain ?? '');
}

function pointerTo(steps: readonly string[]): string {
  return ['#', ...steps.map((step) => encodeURIComponent(escaped(step)))].join('/');
}

/** The quoted text is JSON, unless it was shortened. */
function unquoted(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}

function escaped(step: string): string {
  // A lone surrogate has no form in a URI.
  return step.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
