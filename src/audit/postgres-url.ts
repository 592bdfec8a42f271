import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, OperatorError } from '../core/errors.ts';

/** An address of PostgreSQL, split into the part for the driver and the TLS settings. */
export interface PostgresAddress {
  /** Without the TLS parameters. */
  readonly connectionString: string;
  /** `false`: no TLS. */
  readonly ssl: ConnectionOptions | false;
  /**
   * Whether a connection without TLS is allowed when the server has none (`sslmode=allow`,
   * `prefer`).
   */
  readonly isTlsOptional: boolean;
}

/** The modes of libpq. The driver gives some of them another meaning. */
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof SSL_MODES)[number];

const TLS_PARAMETERS = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

/**
 * Reads `sslmode` as libpq does. `require` encrypts and trusts any certificate, unless
 * `sslrootcert` names an authority. `verify-ca` checks the authority, `verify-full` also the host
 * name.
 *
 * @throws {OperatorError} for another mode, and for a certificate file that cannot be read.
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const url = new URL(text);
  const parameters = url.searchParams;
  const mode = modeOf(parameters);
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => fileIn(parameters, name));
  for (const name of TLS_PARAMETERS) parameters.delete(name);
  const isChecked = mode.startsWith('verify-') || (mode === 'require' && ca !== undefined);
  const ssl: ConnectionOptions = {
    rejectUnauthorized: isChecked,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
  return {
    connectionString: url.href,
    ssl: mode === 'disable' ? false : ssl,
    isTlsOptional: mode === 'allow' || mode === 'prefer',
  };
}

/** The address without user and password, for messages. */
export function describePostgresUrl(text: string): string {
  const url = URL.parse(text);
  return url ? `${url.protocol}//${url.host}${url.pathname}` : 'the address in AUDIT_DATABASE_URL';
}

function modeOf(parameters: URLSearchParams): SslMode {
  const given = parameters.get('sslmode');
  if (given === null) return /^(true|1|on)$/.test(parameters.get('ssl') ?? '') ? 'require' : 'disable';
  const mode = SSL_MODES.find((known) => known === given);
  if (mode) return mode;
  throw new OperatorError(`AUDIT_DATABASE_URL: sslmode: wanted one of ${SSL_MODES.join(', ')}.`);
}

function fileIn(parameters: URLSearchParams, name: string): string | undefined {
  const path = parameters.get(name);
  if (path === null || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(`AUDIT_DATABASE_URL: the file of ${name} cannot be read (${messageOf(error)}).`);
  }
}
