import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { VERSION } from '../core/version.ts';
import { LOGIN_COOKIE } from './login-cookie.ts';
import { describeRoutes } from './openapi-details.ts';
import { schemaOf } from './openapi-routes.ts';
import { API_SCHEMAS } from './openapi-schemas.ts';
import { openApiWebhooks } from './openapi-webhooks.ts';
import { type Route, TAGS } from './routes/route.ts';

const DESCRIPTION = `Hand over work for Genesys Cloud Web Messaging by HTTP, from any language.

Every request needs an API key: \`Authorization: Bearer gwm_live_…\`, or \`X-API-Key\`. Every error is a
problem document (RFC 9457), whose \`type\` is the address of a page about it. A request that was
answered with 503, or not at all, may be sent again with the same \`Idempotency-Key\`.`;

/** Makes a scope describe its routes. Call it before the routes are registered. */
export async function describeScope(scope: FastifyInstance, routes: readonly Route[]): Promise<void> {
  const options = { schemaRegistry: API_SCHEMAS };
  const withSchemas = createJsonSchemaTransformObject(options);
  await scope.register(swagger, {
    hideUntagged: true,
    transform: createJsonSchemaTransform(options) as never,
    transformObject: (document: object) =>
      describeRoutes(withSchemas(document as never) as never, routes) as never,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Genesys Web Messaging Worker',
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' } as never,
      },
      servers: [{ url: '/', description: 'The server that serves this document.' }],
      tags: Object.entries({ ...TAGS, Callbacks: 'What workers send to receivers.' }).map(
        ([name, description]) => ({ name, description }),
      ),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key, from `gwm keys create`.' },
          login: {
            type: 'apiKey',
            in: 'cookie',
            name: LOGIN_COOKIE,
            description: 'The login of a browser, from `POST /v1/login`.',
          },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key.' },
        },
      },
      webhooks: openApiWebhooks(),
    } as never,
  });
}

/** The API document, rendered without a server. */
export async function renderOpenApi(routes: readonly Route[]): Promise<string> {
  const app = Fastify();
  await app.register(async (scope) => {
    await describeScope(scope, routes);
    scope.setValidatorCompiler(() => () => true);
    scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
    for (const route of routes) {
      scope.route({
        method: route.method,
        url: route.url,
        schema: schemaOf(route),
        handler: async () => '',
      });
    }
    scope.addHook('onReady', async () => {
      app.decorate('document', `${JSON.stringify(scope.swagger(), null, 2)}\n`);
    });
  });
  await app.ready();
  const { document } = app as unknown as { document: string };
  await app.close();
  return document;
}
