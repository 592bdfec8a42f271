import type { Issue } from '../core/issues.ts';

/** One error of a body (RFC 9457, RFC 6901). */
export interface FieldError {
  readonly detail: string;
  /** `#/attachments/0/url`; `#` for the body as a whole. */
  readonly pointer: string;
}

const STEP = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+)/gy;

export function fieldErrorOf({ path, message }: Issue): FieldError {
  return { detail: message, pointer: pointerOf(path) };
}

/** The JSON pointer, as a URI fragment, of a path such as `attachments[0].url` or `theme["a.b"]`. */
export function pointerOf(path: string): string {
  const steps = [...path.matchAll(STEP)].map(
    ([, index, quoted, plain]) => index ?? unquoted(quoted) ?? plain,
  );
  return ['#', ...steps.map((step) => encodeURIComponent(escaped(step ?? '')))].join('/');
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
