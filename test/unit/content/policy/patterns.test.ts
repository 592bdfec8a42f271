import { describe, expect, test } from 'vitest';
import { cardIssues } from '../../../../src/content/card/card-issues.ts';
import { compilePatterns, patternIssue, patternsIssue } from '../../../../src/content/policy/patterns.ts';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { MAX_STEPS, openBudget } from '../../../../src/content/policy/step-budget.ts';

const words = Array.from({ length: 100 }, (_, index) => `\\bforbidden word ${index}\\b`);
/** 26 patterns of about 74 instructions each. Without a budget they take 0.2 s for each message. */
const costly = Array.from({ length: 26 }, (_, index) => `${String.fromCharCode(97 + index)}.{0,35}!`);

describe('the cost of patterns per character', () => {
  test('is one step for all words together, and one for each instruction of the other patterns', () => {
    expect(compilePatterns(words).stepsPerCharacter).toBe(1);
    expect(compilePatterns([...words, '[0-9]{6}']).stepsPerCharacter).toBeLessThan(15);
    expect(compilePatterns(costly).stepsPerCharacter).toBeGreaterThan(1500);
  });

  test('is bounded for all patterns of a tenant together', () => {
    expect(patternsIssue(words)).toBeUndefined();
    expect(patternsIssue(costly.slice(0, 5))).toBeUndefined();
    expect(patternsIssue(costly)).toMatch(
      /^expected patterns of at most 400 steps for each character altogether, got 1\d{3};/,
    );
    expect(patternIssue('.{0,300}x')).toMatch(/^expected a pattern of at most 400 steps/);
    expect(patternsIssue(Array.from({ length: 100 }, () => 'x'.repeat(100)))).toMatch(
      /^expected words of at most 4000/,
    );
  });

  test('does not change the matches', () => {
    const set = compilePatterns(['coupon', 'a+b', '\\bfree\\b', 'c[0-9]']);
    expect(set.matchesIn('a free COUPON, aab c7')).toEqual(['coupon', 'a+b', '\\bfree\\b', 'c[0-9]']);
    expect(set.matchesIn('freedom')).toEqual([]);
  });
});

describe('the steps of a message', () => {
  const most = costly.slice(0, 5);
  const policy = createContentPolicy(most, { matchLookalikes: true });
  const stepsOf = (type: string, text: string) => {
    const budget = openBudget();
    return { issue: policy.violation(type, text, budget), spent: budget.spent };
  };

  test.for([
    ['text/plain', 'x'.repeat(4096)],
    ['text/plain', 'é'.repeat(2048)],
    ['text/plain', '&amp;<p>'.repeat(512)],
    ['text/plain', '\ufdfa'.repeat(1365)],
    ['text/html', '<p>é</p>'.repeat(400)],
    ['text/html', '&#120;\u00ad'.repeat(500)],
  ] as const)('are within the step budget, or the message is refused: %s %.12s', ([type, text]) => {
    const { issue, spent } = stepsOf(type, text);
    expect(spent).toBeLessThanOrEqual(MAX_STEPS);
    if (issue !== undefined)
      expect(issue).toMatch(/^expected a text that blocked patterns are looked for in within/);
  });

  test('grow linearly with the text', () => {
    const [one, two] = [1000, 2000].map((length) => stepsOf('text/plain', 'x'.repeat(length)).spent);
    expect(two).toBe(2 * (one ?? 0));
  });

  test('of an ordinary message are far below the step budget', () => {
    expect(stepsOf('text/plain', 'When will my card arrive? Thank you.').issue).toBeUndefined();
    expect(stepsOf('text/plain', 'x'.repeat(4096)).issue).toBeUndefined();
  });

  test('count all texts of a card together', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [`f${index}`, 'y'.repeat(4000)]),
    );
    const issues = cardIssues({ fields }, policy);
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.map(({ message }) => message).join()).toMatch(/blocked patterns are looked for in within/);
    expect(cardIssues({ fields }, createContentPolicy(words))).toEqual([]);
  });
});
