import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { UnreadableBody } from '../input/body.ts';
import { oneOf, type Parsed, parseInput, sentenceOf } from '../input/problems.ts';

/** One of the names that there are; a mistyped one is told, with the choice. */
export function nameSchema(names: readonly string[]): z.ZodType<string> {
  return z.string().refine((name) => names.includes(name), oneOf(names));
}

/** The query of those lists that exist for each tenant. */
export function tenantQuerySchema(tenants: readonly string[]): z.ZodType<{ tenant: string }> {
  return z.strictObject({ tenant: nameSchema(tenants) });
}

/** A JSON object, taken as it is. */
export const treeSchema = z.record(z.string(), z.json());

/** Parses the body of a control request, which may be unreadable. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  if (!(body instanceof UnreadableBody)) return parseInput(schema, body);
  return { ok: false, problems: [{ path: '', wanted: 'JSON', got: 'something else', isMissing: false }] };
}

/** The 400 of the control interface, with every problem as a sentence. */
export function refuse(
  reply: FastifyReply,
  { problems }: Extract<Parsed<unknown>, { ok: false }>,
): FastifyReply {
  const sentences = problems.map(sentenceOf);
  return reply.code(400).send({
    message: `The sandbox cannot do that: ${sentences.join('; ')}`,
    code: 'bad.request',
    status: 400,
    problems: sentences,
  });
}
