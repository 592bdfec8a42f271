import { dangerIn } from './dangerous.ts';
import { readingOf } from './reading.ts';

/** What ends an attribute, once escapes are undone. */
const BREAKING = /[<>"'`]/;

/**
 * What is wrong with a link once its escapes are undone: an attribute or a tag that comes out of it.
 *
 * @param address without a `linkIssue`.
 */
export function hiddenIssue(address: string): string | undefined {
  const reading = readingOf(address);
  if (!reading) return 'expected an address that is not encoded over and over';
  return BREAKING.test(reading.text) ? dangerIn(address) : undefined;
}
