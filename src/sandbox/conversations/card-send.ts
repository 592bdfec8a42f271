import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { textOf } from '../../core/shapes.ts';
import { refusal, sessionEnded } from '../answers/refusals.ts';
import { type Problem, parseInput, pathText } from '../input/problems.ts';
import type { OperationState } from '../operation.ts';
import type { Answer, OperationHandler } from '../requests/arrival.ts';

// Limits: docs/guides.md#card-limits
const MAX_DEPTH = 4;
const MAX_COMPONENTS = 20;

const cardSchema = z.object({
  conversationId: textOf({ min: 1 }),
  message: z.object({
    type: z.literal('webchat'),
    card: z.object({
      messageId: textOf({ min: 1 }),
      templateMatrix: z.object({
        templateId: textOf({ min: 1 }),
        layoutEngine: z.string().optional(),
        version: z.string().optional(),
        fallbackBehavior: z.string().optional(),
      }),
      dynamicFields: z.custom<object>(isObject, 'an object').optional(),
      // componentProblems checks them without recursion, because their depth is not bounded.
      components: z.array(z.unknown()),
    }),
  }),
});

type CardMessage = z.infer<typeof cardSchema>;

/** The handler of `card.send`. It accepts the same card again, as Genesys Cloud does. */
export function createCardSend({ now, sessions }: OperationState): OperationHandler {
  return ({ body, correlationId }, client) => {
    // The answer to a request without a body names every missing field.
    const message = parseInput(cardSchema, body ?? {});
    if (!message.ok) return refusal(correlationId, 'card', message.problems);
    const problems = componentProblems(message.value.message.card.components);
    if (problems.length > 0) return refusal(correlationId, 'card', problems);
    if (!sessions.isOpen(client, message.value.conversationId)) return sessionEnded(correlationId);
    return accepted(message.value, now());
  };
}

/** The conversation of a card, read from a body that is not checked yet. */
export function conversationOfCard(body: unknown): string | null {
  const id = (body as { conversationId?: unknown } | null | undefined)?.conversationId;
  return typeof id === 'string' ? id : null;
}

interface ComponentAt {
  readonly component: unknown;
  readonly path: readonly PropertyKey[];
  readonly depth: number;
}

const ROOT = ['message', 'card', 'components'];

/** Checks the depth, the count and every component (docs/guides.md#card-limits). */
function componentProblems(components: readonly unknown[]): Problem[] {
  const problems: Problem[] = [];
  const found: ComponentAt[] = components.map((component, index) => ({
    component,
    path: [...ROOT, index],
    depth: 1,
  }));
  // The loop appends the children to the list that it reads.
  for (const { component, path, depth } of found) {
    if (found.length > MAX_COMPONENTS) {
      return [...problems, invalid(ROOT, `at most ${MAX_COMPONENTS} components`, `${found.length}`)];
    }
    if (depth > MAX_DEPTH) return [...problems, invalid(path, `a depth of at most ${MAX_DEPTH}`, 'more')];
    problems.push(...problemsOf(component, path));
    found.push(...childrenOf(component, path, depth));
  }
  return problems;
}

function problemsOf(component: unknown, path: readonly PropertyKey[]): Problem[] {
  if (!isObject(component)) return [invalid(path, 'an object', typeof component)];
  const { type, text } = component as { type?: unknown; text?: unknown };
  const problems: Problem[] = [];
  if (typeof type !== 'string')
    problems.push({ ...invalid([...path, 'type'], 'string', typeof type), isMissing: type === undefined });
  if (text !== undefined && text !== null && typeof text !== 'string') {
    problems.push(invalid([...path, 'text'], 'string', typeof text));
  }
  return problems;
}

function childrenOf(component: unknown, path: readonly PropertyKey[], depth: number): ComponentAt[] {
  const children = (component as { components?: unknown } | null | undefined)?.components;
  if (!Array.isArray(children)) return [];
  return children.map((child: unknown, index) => ({
    component: child,
    path: [...path, 'components', index],
    depth: depth + 1,
  }));
}

function invalid(path: readonly PropertyKey[], wanted: string, got: string): Problem {
  return { path: pathText(path), wanted, got, isMissing: false };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function accepted({ conversationId, message }: CardMessage, sentAtMs: number): Answer {
  return {
    status: 200,
    body: {
      id: `msg-${randomUUID()}`,
      conversationId,
      messageId: message.card.messageId,
      sentTime: new Date(sentAtMs).toISOString(),
      deliveryStatus: 'delivered',
    },
  };
}
