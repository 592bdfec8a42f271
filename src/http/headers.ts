import type { FastifyInstance, FastifyReply } from 'fastify';

/** The one style sheet that the board writes into its page: the colors of the Redis logo. */
const LOGO_STYLES = "'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='";

/** The one style sheet that the page to try the API writes into itself. */
const DOCS_STYLES = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** For pages and files of the board: no content of other hosts, no inline scripts, no frames. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${LOGO_STYLES} ${DOCS_STYLES}`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For other answers. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** For every answer, also to a request that the server cannot parse. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': DATA_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Files of the board and of the page to try the API. No query and no id of an answer with data is one. */
const STATIC = /^\/(?:board|docs)\/static\//;
/** Board files with a hash in their name never change. */
const HASHED = /^\/board\/static\/(?:js|css)\/(?:async\/)?[\w.-]+\.[0-9a-f]{8,}\.(?:js|css)(?:\?|$)/;
/** Files of the control room, which have a digest in their address. */
const DIGESTED = /^\/control-room\/[0-9a-f]{16}\//;

/** Adds headers to every answer that restrict what browsers do with it. */
export function secureAnswers(app: FastifyInstance): void {
  // No promises: every request comes through here.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SAFE_HEADERS);
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (/^text\/html/.test(String(reply.getHeader('content-type')))) asPage(reply);
    if (reply.statusCode < 400 && isFile(request.url)) asFile(reply, request.url);
    else reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}

/** A page may have a stricter policy of its own. */
function asPage(reply: FastifyReply): void {
  if (reply.getHeader('content-security-policy') !== DATA_POLICY) return;
  reply.header('content-security-policy', PAGE_POLICY);
}

function isFile(url: string): boolean {
  return STATIC.test(url) || DIGESTED.test(url);
}

function asFile(reply: FastifyReply, url: string): void {
  reply.header(
    'cache-control',
    HASHED.test(url) || DIGESTED.test(url) ? 'private, max-age=31536000, immutable' : 'private, no-cache',
  );
}
