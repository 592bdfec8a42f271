import type { FastifyInstance, FastifyReply } from 'fastify';

/** The one style sheet that the board writes into its page: the colors of the logo of Redis. */
const LOGO_STYLES = "'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='";

/** Of the pages and files of the board. Nothing comes from another host, no script stands in a page, nobody frames it. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${LOGO_STYLES}`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of answers that are no pages. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** On every answer, that to a request that nobody understood included. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': DATA_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Files of the board with a hash of their content in the name never change. */
const HASHED = /\/static\/(?:js|css)\/(?:async\/)?[\w.-]+\.[0-9a-f]{8,}\.(?:js|css)(?:\?|$)/;
const STATIC = /\/static\//;

/** Has every answer of a server carry headers that tell browsers what it is not to be used for. */
export function secureAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SAFE_HEADERS);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (/^text\/html/.test(String(reply.getHeader('content-type')))) asPage(reply);
    if (reply.statusCode < 400 && STATIC.test(request.url)) asFile(reply, request.url);
    else reply.header('cache-control', 'no-store');
    return payload;
  });
}

function asPage(reply: FastifyReply): void {
  reply.header('content-security-policy', PAGE_POLICY);
}

function asFile(reply: FastifyReply, url: string): void {
  reply.header(
    'cache-control',
    HASHED.test(url) ? 'private, max-age=31536000, immutable' : 'private, no-cache',
  );
}
