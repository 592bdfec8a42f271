import { expect, test } from 'vitest';
import { done } from '../../../src/core/outcome.ts';
import { isMarked, markEntry, readEntry, storedDigest, writeEntry } from '../../../src/flow/ledger.ts';

const OUTCOME = done({ messageId: 'msg-1' });
const OPEN = { close: (json: string) => json, open: (text: string) => text };

test('the entry of a job that may have been delivered twice says so, and has the same outcome', () => {
  const entry = markEntry(writeEntry(OUTCOME, 'digest', OPEN));

  // conclude.lua writes the same text.
  expect(entry).toBe('sent unknown {"messageId":"msg-1","contentDigest":"digest"}');
  expect(isMarked(entry)).toBe(true);
  expect(markEntry(entry)).toBe(entry);
  expect(readEntry(entry, OPEN)).toEqual(OUTCOME);
  expect(storedDigest(entry, OPEN)).toBe('digest');
});

test('other entries have no mark', () => {
  expect(isMarked(writeEntry(OUTCOME, 'digest', OPEN))).toBe(false);
  expect(markEntry('failed {"code":"CONTENT_REFUSED"}')).toBe('failed {"code":"CONTENT_REFUSED"}');
});
