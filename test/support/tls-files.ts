import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onEnd } from './lifetime.ts';
import type { RedisProcessOptions } from './redis-process.ts';

/** PEM files of an authority, and of a server and a client whose certificates it has signed. */
export interface TlsFiles {
  readonly ca: string;
  readonly server: Pair;
  readonly client: Pair;
}

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Makes the files. The server is 127.0.0.1 and localhost. They are gone at the end of the test or file. */
export async function createTlsFiles(): Promise<TlsFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-tls-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const pairOf = (name: string) => ({
    cert: join(folder, `${name}.pem`),
    key: join(folder, `${name}-key.pem`),
  });
  const [ca, server, client] = ['ca', 'server', 'client'].map(pairOf) as [Pair, Pair, Pair];
  await certify(ca, '/CN=authority', []);
  const signed = ['-CA', ca.cert, '-CAkey', ca.key];
  await certify(server, '/CN=redis', [...signed, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']);
  await certify(client, '/CN=gwm', signed);
  return { ca: ca.cert, server, client };
}

async function certify({ cert, key }: Pair, subject: string, more: readonly string[]): Promise<void> {
  const args = ['req', '-x509', ...NEW_KEY, '-subj', subject, '-keyout', key, '-out', cert, ...more];
  await promisify(execFile)('openssl', args);
}

/** How a `redis-server` starts that demands a client certificate, and how a test connects to it. */
export async function tlsServer({ ca, server, client }: TlsFiles): Promise<RedisProcessOptions> {
  const [authority, cert, key] = await Promise.all(
    [ca, client.cert, client.key].map((file) => readFile(file, 'utf8')),
  );
  return {
    isTls: true,
    login: { tls: { ca: authority, cert, key } },
    args: [
      ...['--tls-cert-file', server.cert, '--tls-key-file', server.key, '--tls-ca-cert-file', ca],
      ...['--tls-auth-clients', 'yes', '--tls-cluster', 'yes', '--tls-replication', 'yes'],
    ],
  };
}
