import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { Config } from '../config/settings.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { describeFileError, shownPath } from '../core/file-error.ts';

/** Where Redis is, and how a client logs in. */
export interface RedisTarget {
  /** As REDIS_URL has it. */
  readonly url: string;
  /** Files of TLS; for `rediss:` only. */
  readonly tls?: RedisTlsFiles;
  /** The login at the sentinels. */
  readonly sentinel?: SentinelLogin;
}

/** Paths of PEM files. */
export interface RedisTlsFiles {
  /** Certificates of the authorities; those that Node.js trusts by default. */
  readonly caFile?: string | undefined;
  /** Certificate of this client, with its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export interface SentinelLogin {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

type RedisConfig = Pick<
  Config,
  | 'redisUrl'
  | 'redisTlsCaFile'
  | 'redisTlsCertFile'
  | 'redisTlsKeyFile'
  | 'redisSentinelUsername'
  | 'redisSentinelPassword'
>;

/** The Redis of the settings. */
export function redisTarget(config: RedisConfig): Required<RedisTarget> {
  return {
    url: config.redisUrl,
    tls: {
      caFile: config.redisTlsCaFile,
      certFile: config.redisTlsCertFile,
      keyFile: config.redisTlsKeyFile,
    },
    sentinel: { username: config.redisSentinelUsername, password: config.redisSentinelPassword },
  };
}

/** @throws {OperatorError} for a file that cannot be read, or is no PEM, or does not fit the others. */
export function readTlsFiles({ caFile, certFile, keyFile }: RedisTlsFiles = {}): ConnectionOptions {
  const ca = readCertificate('REDIS_TLS_CA_FILE', caFile);
  const cert = readCertificate('REDIS_TLS_CERT_FILE', certFile);
  const key = readFile('REDIS_TLS_KEY_FILE', keyFile);
  if (ca === undefined && cert === undefined && key === undefined) return {};
  try {
    // All connections share the context, which costs more than the handshake.
    return {
      secureContext: createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }),
    };
  } catch (error) {
    throw new OperatorError(
      `REDIS_TLS_KEY_FILE: wanted the PEM key of the certificate in REDIS_TLS_CERT_FILE (${messageOf(error)}).`,
      'settings',
    );
  }
}

function readCertificate(setting: string, file: string | undefined): string | undefined {
  const pem = readFile(setting, file);
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem) && pem;
  } catch {
    throw new OperatorError(`${setting}: wanted a PEM file with certificates, got another file.`, 'settings');
  }
}

function readFile(setting: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = describeFileError(error);
    throw new OperatorError(`${setting}: cannot read ${shownPath(file)} (${reason}).`, 'settings');
  }
}
