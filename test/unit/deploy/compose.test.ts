import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../../src/config/settings.ts';
import { REDIS_IMAGE } from '../../../src/redis/local-server.ts';
import { defaultClients } from '../../../src/sandbox/login/clients.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { createFolder } from '../tenants/tenants-file.ts';

/** The part of a service that the tests read. */
interface Service {
  image: string;
  command: string[];
  environment?: Record<string, string | null>;
  ports?: string[];
  volumes?: (string | { source: string; read_only: boolean })[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
  init: boolean;
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  [key: string]: unknown;
}

interface ComposeFile {
  volumes: Record<string, unknown>;
  services: Record<'redis' | 'postgres' | 'serve' | 'worker' | 'sandbox' | 'prometheus' | 'grafana', Service>;
}

const TENANTS = '/run/gwm/tenants';

const compose = readCompose();
const { redis, postgres, serve, worker, sandbox, prometheus, grafana } = compose.services;

describe('docker-compose.yml', () => {
  test('is valid by the schema of the Compose specification', () => {
    expect(problemsOf(compose)).toEqual([]);
  });

  test('is invalid with a key that the specification lacks', () => {
    const broken = readCompose();
    broken.services.worker['stop_grace_perod'] = '40s';

    expect(problemsOf(broken)).toContainEqual(expect.stringContaining('/services/worker'));
  });

  test('gives the worker neither a fixed name nor a port of the host, so that it can be scaled', () => {
    expect(worker).not.toHaveProperty('container_name');
    expect(worker).not.toHaveProperty('ports');
  });

  test.for([
    ['worker', worker],
    ['serve', serve],
  ] as const)('opens the metrics of each %s to the network, and not to the host', ([name, service]) => {
    const { METRICS_HOST: host, METRICS_PORT: port } = service.environment ?? {};
    const [
      {
        dns_sd_configs: [places],
      },
    ] = parse(readRoot('deploy/prometheus.yml')).scrape_configs;

    expect(host).toBe('0.0.0.0');
    expect(service['expose']).toEqual([port]);
    expect(places.names).toContain(name);
    expect(String(places.port)).toBe(port);
  });

  test('gives the worker more time to stop than its jobs need', () => {
    const timeoutS = seconds(withDeissues(worker.environment?.['SHUTDOWN_TIMEOUT']));

    expect(timeoutS).toBe(seconds(SETTINGS.shutdownTimeoutMs.default ?? ''));
    expect(seconds(withDeissues(worker.stop_grace_period))).toBeGreaterThan(timeoutS);
  });

  test('starts a Redis with a limit that keeps every key after a crash, and checks due jobs often', () => {
    expect(redis.command.join(' ')).toMatch(
      /^redis-server --appendonly yes --maxmemory \$\{REDIS_MAXMEMORY:-2gb\} --maxmemory-policy noeviction --hz 100$/,
    );
  });

  test('uses the Redis image of the demo and the setup', () => {
    expect(redis.image).toBe(REDIS_IMAGE);
    expect(readRoot('scripts/setup.js')).toContain(`'${REDIS_IMAGE}'`);
  });

  test('opens the HTTP interface to this machine only, and requires a password for the board', () => {
    expect(serve.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(redis).not.toHaveProperty('ports');
    expect(postgres).not.toHaveProperty('ports');
    expect(serve.environment?.['BOARD_PASSWORD']).toMatch(/^\$\{BOARD_PASSWORD:\?/);
  });

  test.for(Object.entries(compose.services))('gives %s only the privileges that it needs', ([, service]) => {
    expect(service).toMatchObject({ init: true, read_only: true, cap_drop: ['ALL'] });
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  test.for([
    ['serve', serve],
    ['worker', worker],
  ] as const)(
    'starts %s after Redis and PostgreSQL are healthy, with the tenants folder read-only',
    ([, service]) => {
      const condition = 'service_healthy';
      expect(service.depends_on).toEqual({ redis: { condition }, postgres: { condition } });
      expect(service.volumes).toEqual([
        expect.objectContaining({ type: 'bind', target: TENANTS, read_only: true }),
      ]);
      expect(service.environment).toMatchObject({ TENANTS_FILE: `${TENANTS}/tenants.json` });
    },
  );

  test('mounts the folder of the tenants file, because an editor replaces the file', () => {
    const [mounted] = worker.volumes as { source: string }[];
    const folder = ['$', '{TENANTS_FOLDER:-./tenants}'].join('');

    expect(mounted?.source).toBe(folder);
    expect(readRoot('.gitignore').split('\n')).toContain('/tenants/');
  });

  test('has tenants with the address and the secrets of the sandbox', () => {
    const folder = createFolder();
    for (const name of ['acme', 'globex']) {
      folder.write(`${name}-client-secret`, readRoot(`deploy/sandbox/${name}-client-secret`));
    }
    const text = readRoot('deploy/sandbox/tenants.json').replaceAll(TENANTS, folder.pathOf('.'));
    const file = folder.write('tenants.json', text);
    const tenants = loadTenants({ file, environment: {}, requireSecrets: true });
    const address = `http://sandbox:${sandbox.command.at(-1)}`;

    for (const tenant of tenants.ids().map((id) => tenants.get(id))) {
      const known = defaultClients.find(({ clientId }) => clientId === tenant.clientId);
      expect(tenant.hosts).toEqual({ login: address, api: address });
      expect(tenants.secret(tenant.clientSecret)).toBe(known?.clientSecret);
    }
  });

  test('stores audit records in its own PostgreSQL, whose password has no default', () => {
    const password = ['$', '{AUDIT_DATABASE_PASSWORD:?set it in .env}'].join('');

    expect(postgres.environment).toEqual({
      POSTGRES_USER: 'gwm',
      POSTGRES_DB: 'gwm',
      POSTGRES_PASSWORD: password,
    });
    for (const { environment } of [serve, worker]) {
      expect(environment?.['AUDIT_DATABASE_URL']).toBe(`postgres://gwm:${password}@postgres:5432/gwm`);
    }
    expect(postgres.volumes).toEqual(['audit-data:/var/lib/postgresql/data']);
    expect(compose.volumes).toHaveProperty('audit-data');
  });

  test('sets existing settings only', () => {
    const known = Object.values(SETTINGS).map(({ env }) => env as string);
    const ours = [serve, worker, sandbox];
    const set = ours.flatMap(({ environment }) => Object.keys(environment ?? {}));

    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.for([
    ['serve', serve, '/readyz', 200, 0],
    ['serve', serve, '/readyz', 503, 1],
    ['worker', worker, '/healthz', 200, 0],
  ] as const)('judges %s by the answer of %s: %i', async ([, service, path, status, exitCode]) => {
    const server = createServer(({ url }, response) => response.writeHead(url === path ? status : 404).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    expect(await runHealthCheck(service, port)).toBe(exitCode);
  });

  test('treats a missing answer of the HTTP interface as unhealthy', async () => {
    expect(await runHealthCheck(serve, 1)).toBe(1);
  });

  test('starts the sandbox, and Prometheus with Grafana, only with their profiles', () => {
    expect(sandbox['profiles']).toEqual(['sandbox']);
    for (const service of [prometheus, grafana]) expect(service['profiles']).toEqual(['observability']);
  });

  test('opens Grafana to this machine only, where persons read without an account', () => {
    expect(grafana.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(prometheus).not.toHaveProperty('ports');
    expect(grafana.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
  });

  test('mounts files that exist', () => {
    const sources = Object.values(compose.services)
      .flatMap(({ volumes = [] }) => volumes)
      .flatMap((volume) =>
        typeof volume === 'string' && volume.startsWith('./') ? [volume.split(':')[0]] : [],
      );

    expect(sources).toHaveLength(4);
    for (const source of sources)
      expect(statSync(new URL(`../../../${source}`, import.meta.url))).toBeDefined();
  });
});

describe('the Dockerfile', () => {
  const dockerfile = readRoot('Dockerfile').split('\n');
  const instructions = (name: string) => dockerfile.filter((line) => line.startsWith(`${name} `));

  test('runs as a user without privileges', () => {
    const lastStage = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith('FROM ')));

    expect(lastStage.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
  });

  test('installs production packages only, and does not run their scripts', () => {
    expect(instructions('RUN').filter((line) => line.includes('npm'))).toEqual([
      'RUN npm ci --omit=dev --ignore-scripts',
      'RUN npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json',
    ]);
  });

  test('puts gwm on the PATH as an executable file', () => {
    const target = '/app/src/cli/main.ts';
    expect(instructions('RUN')).toContain(`RUN ln -s ${target} /usr/local/bin/gwm`);
    const main = new URL('../../../src/cli/main.ts', import.meta.url);
    expect(statSync(main).mode & 0o111).toBe(0o111);
    expect(readRoot('src/cli/main.ts').split('\n')[0]).toBe('#!/usr/bin/env node');
  });

  test('starts Node without a shell, so that signals reach it', () => {
    expect(instructions('ENTRYPOINT')).toEqual(['ENTRYPOINT ["node", "/app/src/cli/main.ts"]']);
    expect(instructions('CMD')).toEqual(['CMD ["worker"]']);
  });

  test('copies exactly the files that .dockerignore allows', () => {
    const copied = instructions('COPY')
      .filter((line) => !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const letThrough = readRoot('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

    expect(letThrough.toSorted()).toEqual(['*', ...new Set(copied.map((name) => `!${name}`))].toSorted());
  });
});

function readRoot(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}

function readCompose(): ComposeFile {
  return parse(readRoot('docker-compose.yml'), { merge: true });
}

/** The errors by the schema of the Compose specification, which is a part of dclint. */
function problemsOf(file: ComposeFile): string[] {
  const { $schema: _, ...schema } = JSON.parse(readRoot('node_modules/dclint/schemas/compose.schema.json'));
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  validate(file);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The exit code of the health check of a service, for a port of this machine. */
async function runHealthCheck(service: Service, port: number): Promise<number> {
  const [, command = '', ...args] = service.healthcheck?.test ?? [];
  const check = spawn(
    command,
    args.map((arg) => arg.replace(/:\d+\//, `:${port}/`)),
    { stdio: 'ignore' },
  );
  const [exitCode] = await once(check, 'exit');
  return exitCode;
}

/** Replaces `${NAME:-default}` with the default. */
function withDeissues(value: string | null | undefined): string {
  return (value ?? '').replace(/\$\{\w+:-([^}]*)\}/g, '$1');
}

function seconds(duration: string): number {
  const [, amount] = /^(\d+)s$/.exec(duration) ?? expect.fail(`not in seconds: ${duration}`);
  return Number(amount);
}
