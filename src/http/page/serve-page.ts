import type { FastifyInstance } from 'fastify';
import type { BasePath } from '../base-path.ts';
import { ProblemError } from '../problem.ts';
import { type PageFiles, readPageFiles } from './page-files.ts';

const FILES_PATH = '/control-room';

/** The control room loads its own files, and asks this server. Nothing else runs in it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the control room at `/`. It has no data: its scripts ask the API, and log in there. */
export function registerPage(app: FastifyInstance, { basePath }: { readonly basePath: BasePath }): void {
  let read: PageFiles | undefined;
  const pageFiles = () => {
    read ??= readPageFiles();
    return read;
  };

  app.get('/', (request, reply) =>
    reply
      .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY })
      .send(pageOf(pageFiles(), basePath.of(request.raw))),
  );

  app.get<{ Params: { digest: string; '*': string } }>(`${FILES_PATH}/:digest/*`, (request, reply) => {
    const { digest, files } = pageFiles();
    const file = request.params.digest === digest ? files.get(request.params['*']) : undefined;
    if (!file) throw new ProblemError('RESOURCE_UNKNOWN');
    return reply.header('content-type', file.type).send(file.content);
  });
}

function pageOf({ digest, files }: PageFiles, prefix: string): string {
  const folder = `${prefix}${FILES_PATH}/${digest}`;
  const paths = [...files.keys()];
  const styles = paths
    .filter((path) => path.endsWith('.css'))
    .map((path) => `<link rel="stylesheet" href="${folder}/${path}">`);
  const modules = paths
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => `<link rel="modulepreload" href="${folder}/${path}">`);
  const main = paths.find((path) => /^main\.[jt]s$/.test(path));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Control room</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${folder}/icon.svg" type="image/svg+xml">
${[...styles, ...modules].join('\n')}
<script type="module" src="${folder}/${main}"></script>
</head>
<body>
<div id="app"><main class="loading"><h1>Control room</h1><p>Loading</p></main></div>
<noscript>The control room needs JavaScript. Its data is in the API at ${prefix}/docs.</noscript>
</body>
</html>
`;
}
