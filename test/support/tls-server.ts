import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { onEnd } from './lifetime.ts';

/** The name and the request of one connection. */
export interface SecureRequest {
  /** The server name that the client sent in its greeting. */
  readonly serverName: string | false | undefined;
  readonly host: string | undefined;
  readonly path: string | undefined;
}

export interface TlsServer {
  readonly port: number;
  readonly received: readonly SecureRequest[];
}

/**
 * An https server for these names, which answers `{"id":"msg-tls"}`. This process trusts its
 * certificate until the end.
 */
export async function openTlsServer(names: readonly string[]): Promise<TlsServer> {
  const { key, cert } = await createCertificate(names);
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, cert]);
  const received: SecureRequest[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    const { servername } = request.socket as TLSSocket & { servername?: string | false };
    received.push({ serverName: servername, host: request.headers.host, path: request.url });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"msg-tls"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(async () => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, received };
}

async function createCertificate(names: readonly string[]): Promise<{ key: string; cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = [
    '-subj',
    '/CN=test',
    '-addext',
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
  ];
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  await promisify(execFile)('openssl', [...kind, '-keyout', key, '-out', cert, ...subject]);
  const files = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  await rm(folder, { recursive: true });
  return files;
}
