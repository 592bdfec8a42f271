import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Client, type Dispatcher, ping, WebSocket } from 'undici';
import { type AnswerHeaders, headersOf } from './answer.ts';
import { type ConnectorOptions, createSocketConnector } from './connector.ts';
import { MAX_HEAD_BYTES } from './head.ts';

/** What a socket tells its owner. Nothing comes after `onClose`. */
export interface SocketListener {
  onText(text: string): void;
  onPong(): void;
  /** @param code as the server gave it; 1006 if the connection broke */
  onClose(code: number): void;
}

/** A WebSocket that is open, or was. */
export interface OpenSocket {
  isOpen(): boolean;
  /** @returns false if the socket is no longer open, so that nothing was sent */
  send(text: string): boolean;
  ping(): void;
  /** Closes with code 1000. A server that does not answer is cut off after a while. */
  close(): void;
  /** Breaks the connection. */
  cut(): void;
}

export interface SocketRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly listener: SocketListener;
  /** Ends the attempt to open the socket. */
  readonly deadline: AbortSignal;
}

/** Opens WebSockets on the same way out as HTTP requests: proxies, TLS, allowed addresses. */
export interface WebSockets {
  /**
   * @param url `https://` or `http://`, as for a request
   * @throws {SocketRefused} if the server answered with a status; otherwise the error of the connection
   */
  open(url: URL, request: SocketRequest): Promise<OpenSocket>;
  close(): void;
}

/** The server answered the request for a WebSocket with an HTTP status. */
export class SocketRefused extends Error {
  override readonly name = 'SocketRefused';
  readonly status: number;
  readonly headers: AnswerHeaders;
  constructor(status: number, headers: AnswerHeaders) {
    super(`the server answered ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

export interface WebSocketsOptions extends ConnectorOptions {
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** A longer message, also one that is long when decompressed, breaks the connection. */
  readonly maxMessageBytes: number;
}

/** The time for the server's answer to a close, ms. */
const CLOSE_MS = 2000;
const PONG = 'undici:websocket:pong';

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const connect = createSocketConnector(options);
  const listeners = new WeakMap<WebSocket, SocketListener>();
  // undici reports pongs of all its sockets in this way only.
  const onPong = (message: unknown) => {
    listeners.get((message as { websocket: WebSocket }).websocket)?.onPong();
  };
  subscribe(PONG, onPong);

  return {
    async open(url, { headers, listener, deadline }) {
      deadline.throwIfAborted();
      let wire: Socket | undefined;
      // A connection never serves a second WebSocket, so each has a client of its own.
      const client = new Client(url.origin, {
        connect: (target, connected) =>
          connect(target, (error, socket) => {
            wire = socket ?? undefined;
            if (error) connected(error, null);
            else connected(null, socket);
          }),
        headersTimeout: options.connectTimeoutMs,
        maxHeaderSize: MAX_HEAD_BYTES,
        webSocket: { maxPayloadSize: options.maxMessageBytes },
      });
      const answer = watchAnswer(client);
      const socket = new WebSocket(url.href.replace(/^http/, 'ws'), {
        dispatcher: answer.dispatcher,
        headers: { ...headers, 'user-agent': options.userAgent },
      });
      listeners.set(socket, listener);
      const cut = () => void (wire ? wire.destroy() : socket.close());
      let wasOpened = false;
      socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') listener.onText(data);
      });
      // Every broken connection also closes.
      socket.addEventListener('error', () => {});
      socket.addEventListener('close', ({ code }) => {
        void client.destroy();
        if (wasOpened) listener.onClose(code);
      });
      try {
        await untilOpen(socket, deadline);
        wasOpened = true;
      } catch (error) {
        cut();
        void client.destroy();
        throw answer.failure() ?? error;
      }
      return handleOf(socket, cut);
    },
    close: () => void unsubscribe(PONG, onPong),
  };
}

function handleOf(socket: WebSocket, cut: () => void): OpenSocket {
  const isOpen = () => socket.readyState === WebSocket.OPEN;
  return {
    isOpen,
    send(text) {
      if (!isOpen()) return false;
      socket.send(text);
      return true;
    },
    ping() {
      if (isOpen()) ping(socket);
    },
    close() {
      if (!isOpen()) return;
      socket.close(1000);
      const timer = setTimeout(cut, CLOSE_MS).unref();
      socket.addEventListener('close', () => clearTimeout(timer));
    },
    cut,
  };
}

function untilOpen(socket: WebSocket, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      deadline.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = () => reject(deadline.reason);
    deadline.addEventListener('abort', onAbort, { once: true });
    socket.addEventListener('open', () => settle(resolve), { once: true });
    socket.addEventListener('error', () => settle(() => reject(new Error('the connection failed'))), {
      once: true,
    });
  });
}

interface Watched {
  readonly dispatcher: Dispatcher;
  /** Why the socket did not open, if the server or the connection says it. */
  readonly failure: () => Error | undefined;
}

/** Sees the answer to the request for a WebSocket, which undici keeps from the socket's owner. */
function watchAnswer(client: Client): Watched {
  let failure: Error | undefined;
  const dispatcher = client.compose((dispatch) => (request, handler) => {
    const watching: Dispatcher.DispatchHandler = {
      onRequestStart: (...start) => handler.onRequestStart?.(...start),
      onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
      onResponseStart(controller, status, headers, ...text) {
        failure = new SocketRefused(status, headersOf(headers));
        handler.onResponseStart?.(controller, status, headers, ...text);
      },
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError(controller, error) {
        failure ??= error;
        handler.onResponseError?.(controller, error);
      },
    };
    return dispatch(request, watching);
  });
  return { dispatcher, failure: () => failure };
}
