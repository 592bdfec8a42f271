import { z } from 'zod';
import { seen } from '../content/fields/declarations.ts';
import type { ContentPolicy } from '../content/policy/policy.ts';
import { openBudget } from '../content/policy/step-budget.ts';
import { widgetTextIssue } from '../content/text/widget-text.ts';
import { type Issue, pathTo } from '../core/issues.ts';
import { isRecord } from '../core/json.ts';
import { textOf } from '../core/shapes.ts';

/** Longest attributes of a message as JSON, in bytes of UTF-8 (docs/platform.md#webmessaging). */
const MAX_BYTES = 2048;

/** Values for the flow, by name. An agent may see them. */
export const customAttributes = seen.tree(
  'plain-text',
  z.record(textOf({ min: 1, max: 64 }), textOf({ max: MAX_BYTES })),
);

/**
 * Issues of the attributes besides those of their types: their size, and their texts.
 * @param attributes as they came in. The contract reports another value.
 */
export function attributesIssues(attributes: unknown, policy: ContentPolicy): Issue[] {
  if (!isRecord(attributes)) return [];
  const path = 'customAttributes';
  const bytes = Buffer.byteLength(JSON.stringify(attributes));
  if (bytes > MAX_BYTES)
    return [{ path, message: `expected at most ${MAX_BYTES} bytes as JSON, got ${bytes}` }];
  const budget = openBudget();
  return Object.entries(attributes).flatMap(([name, value]) => {
    const texts = typeof value === 'string' && value !== '' ? [name, value] : [name];
    const issue = texts
      .map((text) => widgetTextIssue(text, policy, budget))
      .find((each) => each !== undefined);
    return issue === undefined ? [] : [{ path: pathTo(path, name), message: issue }];
  });
}
