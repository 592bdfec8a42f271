import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { UnreadableBody } from '../input/body.ts';
import { oneOf, type Parsed, parseInput, sentenceOf } from '../input/problems.ts';

/** One of the known names. The problem of an unknown name lists all of them. */
export function nameSchema(names: readonly string[]): z.ZodType<string> {
  return z.string().refine((name) => names.includes(name), oneOf(names));
}

/** The query of a list that belongs to one tenant. */
export function tenantQuerySchema(tenants: readonly string[]): z.ZodType<{ tenant: string }> {
  return z.strictObject({ tenant: nameSchema(tenants) });
}

/** A JSON object with any content. */
export const treeSchema = z.record(z.string(), z.json());

/** Parses the body of a control request. An unreadable body is a problem like any other. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  if (!(body instanceof UnreadableBody)) return parseInput(schema, body);
  return { ok: false, problems: [{ path: '', wanted: 'JSON', got: 'something else', isMissing: false }] };
}

/** Answers 400, with every problem as a sentence. */
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
