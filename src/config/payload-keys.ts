import { z } from 'zod';
import { issueAbout } from './kinds.ts';
import type { Reference } from './reference.ts';

/** One entry of PAYLOAD_KEYS: the name of a key, and where the key is. */
export interface PayloadKeyReference {
  readonly id: string;
  readonly reference: Reference;
}

const MAX_KEYS = 20;
const ENTRY = /^([A-Za-z0-9_-]{1,40})=(?:env:([A-Za-z_]\w{0,199})|file:([^,\s][^,]{0,999}))$/;

/** Keys by reference, separated by commas: `2026-11=file:/run/secrets/payload,2026-05=env:OLD_KEY`. */
export function payloadKeys(): z.ZodType<readonly PayloadKeyReference[], string> {
  return z.string().transform((text, context) => {
    const entries = text.split(',').map((part) => entryOf(part.trim()));
    if (!entries.every((entry) => entry !== undefined)) context.addIssue(issueAbout(WANTED));
    else if (entries.length > MAX_KEYS)
      context.addIssue(issueAbout(`at most ${MAX_KEYS} keys`, `${entries.length} keys`));
    else {
      const twice = entries.find(({ id }, at) => entries.findIndex((each) => each.id === id) < at);
      if (!twice) return entries;
      context.addIssue(issueAbout('another name for each key', `two keys with the name ${twice.id}`));
    }
    return z.NEVER;
  });
}

const WANTED =
  'entries such as 2026-11=file:/run/secrets/payload or 2026-05=env:OLD_KEY, separated by commas';

function entryOf(text: string): PayloadKeyReference | undefined {
  const [, id, env, file] = ENTRY.exec(text) ?? [];
  if (id === undefined) return undefined;
  return { id, reference: env === undefined ? { file: file ?? '' } : { env } };
}
