import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseBytes, shapeIssues } from '../ingest/json-bytes.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a job. */
    readonly takesJob?: boolean;
  }
}

/**
 * Makes a server read JSON bodies in UTF-8 and empty ones, and no other bodies. A body is read as a line of a batch is:
 * no number loses digits.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined);
    const json = parseBytes(bytes as Buffer);
    if (json.error !== undefined) {
      const detail = `The body cannot be read: ${json.error}.`;
      return done(new ProblemError('BODY_UNREADABLE', { detail }), undefined);
    }
    const issues = shapeIssues(json.value, json.hasLongNumbers);
    const code = request.routeOptions.config.takesJob ? 'JOB_INVALID' : 'REQUEST_INVALID';
    if (issues.length > 0) return done(new ProblemError(code, { issues }), undefined);
    done(null, json.value);
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (hasEmptyBody(request)) return done(null, undefined);
    done(new ProblemError('MEDIA_TYPE_UNSUPPORTED'), undefined);
  });
}

/** The type of an empty body says nothing: `curl -d ''` calls it a form. */
export function hasEmptyBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] === '0' && headers['transfer-encoding'] === undefined;
}
