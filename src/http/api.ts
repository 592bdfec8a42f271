import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { describeScope } from './openapi.ts';
import { type Registration, registerRoutes } from './register-routes.ts';
import { ROUTES } from './routes/all.ts';
import type { Route } from './routes/route.ts';

const DOCS_PATH = '/docs';

/** Serves the HTTP API, its document, and a page to try it. */
export async function registerApi(app: FastifyInstance, registration: Registration): Promise<void> {
  const { basePath } = registration;
  await app.register(async (scope) => {
    await describeScope(scope, ROUTES);
    const streams = ROUTES.filter(readsBody);
    const bodiless = ROUTES.filter(({ body }) => body === undefined);
    const others = ROUTES.filter((route) => route.body !== undefined && !readsBody(route));
    registerRoutes(scope, others, registration);
    await scope.register(async (deaf) => {
      deaf.removeAllContentTypeParsers();
      // Many clients send an empty body, and its type, with every POST.
      deaf.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
      registerRoutes(deaf, bodiless, registration);
    });
    await scope.register(async (raw) => {
      raw.removeAllContentTypeParsers();
      raw.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      registerRoutes(raw, streams, registration);
    });
    const documentFor = (request: FastifyRequest) => {
      const server = { url: basePath.of(request.raw) || '/' };
      return { ...scope.swagger(), servers: [server] };
    };
    scope.get('/openapi.json', { schema: { hide: true } }, async (request, reply) =>
      reply.send(documentFor(request)),
    );
    await scope.register(swaggerUi, {
      routePrefix: DOCS_PATH,
      uiConfig: { persistAuthorization: false, deepLinking: true, validatorUrl: null },
      transformSpecification: (_document, request) => documentFor(request),
      transformSpecificationClone: false,
      uiHooks: {
        // The page names its files by relative addresses.
        async onRequest(request, reply) {
          if (request.url !== DOCS_PATH) return;
          await reply.redirect(`${basePath.of(request.raw)}${DOCS_PATH}/`);
        },
      },
      theme: { title: 'Genesys Web Messaging Worker API' },
    });
  });
}

/** Such a route gets the body as a stream of bytes, whatever its type. */
function readsBody({ body }: Route): boolean {
  return body?.isStream === true;
}
