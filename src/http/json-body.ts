import type { FastifyInstance } from 'fastify';
import { decodeUtf8 } from '../core/utf8.ts';
import { ProblemError } from './problem.ts';

/** Makes a server read JSON bodies in UTF-8, and no other bodies. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    const text = decodeUtf8(bytes as Buffer);
    if (text === undefined)
      return done(new ProblemError('BODY_UNREADABLE', { detail: 'The body is not UTF-8.' }), undefined);
    try {
      done(null, text === '' ? undefined : JSON.parse(text));
    } catch {
      done(new ProblemError('BODY_UNREADABLE'), undefined);
    }
  });
}
