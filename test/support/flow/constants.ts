import { readFileSync } from 'node:fs';

const SOURCE = readFileSync(new URL('../../../src/flow/bucket.lua', import.meta.url), 'utf8');

/** How late a request may be without losing its token, ms: late requests may go together. */
export const GRACE_MS = numberOf('GRACE');
/** Failures in a row that open the circuit. */
export const CIRCUIT_THRESHOLD = numberOf('CIRCUIT_THRESHOLD');

/** A constant of the scripts. */
function numberOf(name: string): number {
  const found = new RegExp(`^local ${name} = (\\d+)`, 'm').exec(SOURCE)?.[1];
  if (!found) throw new Error(`bucket.lua has no constant ${name}`);
  return Number(found);
}
