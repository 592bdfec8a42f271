import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CollectedPage } from '../../../../workers/audit/collect.ts';
import { isComplete, openWindow, type Window, withPage } from '../../../../workers/audit/window.ts';

const NOON = '2026-03-01T12:00:00.000Z';
const request = { organizationId: 'org-1', to: NOON, through: undefined, overlapMs: 600_000 };

describe('a window', () => {
  test('of the first sync begins a day ago', () => {
    expect(openWindow(request)).toMatchObject({ from: '2026-02-28T12:00:00.000Z', to: NOON, unread: null });
  });

  test('begins at the end of the last sync, less the overlap', () => {
    const window = openWindow({ ...request, through: '2026-03-01T11:00:00.000Z' });
    expect(window).toMatchObject({ from: '2026-03-01T10:50:00.000Z', unread: null });
  });

  test('that begins later leaves a gap, and names it', () => {
    const through = '2026-03-01T10:00:00.000Z';
    const window = openWindow({ ...request, through, from: '2026-03-01T11:00:00.000Z' });
    expect(window.unread).toEqual({ from: through, to: '2026-03-01T11:00:00.000Z' });
  });

  test('without length has nothing to read', () => {
    expect(openWindow({ ...request, from: NOON })).toMatchObject({ isEnded: true });
  });
});

describe('the progress of a window', () => {
  test('adds up over all pages, and is complete if nothing is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(25), { minLength: 1, maxLength: 20 }), fc.nat(3), (sizes, missing) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const pages = sizes.map((size, index) => pageOf(size, total + missing, index === sizes.length - 1));

        const window = pages.reduce<Window>(withPage, openWindow(request));

        expect(window).toMatchObject({ read: total, added: total, page: sizes.length + 1, isEnded: true });
        expect(isComplete(window)).toBe(missing === 0);
      }),
    );
  });

  test('is incomplete before its last page, and after a refusal', () => {
    const window = withPage(openWindow(request), pageOf(25, 25, false));
    const refused = { ...window, isEnded: true, error: { code: 'NOT_FOUND', message: 'gone' } };
    expect([isComplete(window), isComplete(refused)]).toEqual([false, false]);
  });

  test('is complete after its last page if no answer has a total', () => {
    expect(isComplete(withPage(openWindow(request), pageOf(3, null, true)))).toBe(true);
  });
});

function pageOf(size: number, total: number | null, isLast: boolean): CollectedPage {
  const none = { known: 0, outOfRange: 0, unreadable: 0 };
  return { records: [], read: size, added: size, ...none, total, isLast, answeredAt: null };
}
