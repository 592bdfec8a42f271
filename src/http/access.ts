import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/settings.ts';
import { OperatorError } from '../core/errors.ts';

/** Lets a request to the board pass, or answers it with an error. */
export type BoardAccess = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(httpHost: string): boolean {
  return LOOPBACK.test(httpHost);
}

/**
 * Decides who may see the board: a user with the login. Without a password only this machine may,
 * under a host name of this machine. So a web page cannot reach the board through a host name of
 * its own.
 *
 * @throws {OperatorError} when the network could reach the server without a password.
 */
export function boardAccess(config: Pick<Config, 'httpHost' | 'boardUser' | 'boardPassword'>): BoardAccess {
  if (config.boardPassword !== undefined) return withLogin(config.boardUser, config.boardPassword);
  if (isLoopback(config.httpHost)) return fromThisMachine;
  throw new OperatorError(
    `HTTP_HOST is ${config.httpHost}, which the network can reach, and BOARD_PASSWORD is not set. Set it, or listen on 127.0.0.1.`,
    'settings',
  );
}

function withLogin(user: string, password: string): BoardAccess {
  const wanted = digest(`${user}:${password}`);
  return async (request, reply) => {
    if (isCrossSite(request)) return void reply.code(403).send({ error: 'cross-site request refused' });
    const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(Buffer.from(given, 'base64').toString('utf8')), wanted)) return;
    reply.header('www-authenticate', 'Basic realm="Web Messaging Worker", charset="UTF-8"');
    reply.code(401).send({ error: 'login required' });
  };
}

const fromThisMachine: BoardAccess = async (request, reply) => {
  const name = request.headers.host?.replace(/:\d+$/, '') ?? '';
  if (isCrossSite(request) || !LOOPBACK.test(name)) {
    reply.code(403).send({ error: 'only for requests from this machine, unless BOARD_PASSWORD is set' });
  }
};

/**
 * A browser sends a stored login with requests of other sites. These are not requests of the
 * operator.
 */
function isCrossSite(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

// Digests have one length, so the time of the comparison does not show the length of the password.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
