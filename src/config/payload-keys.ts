import type { z } from 'zod';
import { kind } from './kinds.ts';
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
  return kind(
    'entries such as 2026-11=file:/run/secrets/payload or 2026-05=env:OLD_KEY, separated by commas',
    (text) => {
      const entries = text.split(',').map((part) => entryOf(part.trim()));
      const ids = new Set(entries.map((entry) => entry?.id));
      const isSound = entries.length <= MAX_KEYS && ids.size === entries.length;
      return isSound && entries.every((entry) => entry !== undefined) ? entries : undefined;
    },
  );
}

function entryOf(text: string): PayloadKeyReference | undefined {
  const [, id, env, file] = ENTRY.exec(text) ?? [];
  if (id === undefined) return undefined;
  return { id, reference: env === undefined ? { file: file ?? '' } : { env } };
}
