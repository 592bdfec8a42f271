const OVERRIDE = /[\u202d\u202e]/;
const STEP = /[\u202a\u202b\u202c\u2066-\u2069\n]/g;
const POP_EMBEDDING = '\u202c';
const POP_ISOLATE = '\u2069';

/**
 * Whether a text shows its characters in another order than that of its language, or has what stands behind it on a page
 * do so: an override, or an embedding or isolate that is not closed on its line. The marks U+061C, U+200E and U+200F, which
 * Arabic and Hebrew need beside digits, brackets and Latin letters, do neither.
 */
export function turnsAround(text: string): boolean {
  if (OVERRIDE.test(text)) return true;
  const open: string[] = [];
  for (const [step] of text.matchAll(STEP)) {
    if (step === '\n' ? open.length > 0 : isMismatch(open, step)) return true;
  }
  return open.length > 0;
}

/** Opens or closes; whether there is nothing of its kind to close. */
function isMismatch(open: string[], step: string): boolean {
  if (step === POP_EMBEDDING || step === POP_ISOLATE) return open.pop() !== step;
  open.push(step < POP_ISOLATE && step >= '\u2066' ? POP_ISOLATE : POP_EMBEDDING);
  return false;
}
