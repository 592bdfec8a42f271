/**
 * Loaded into the server in front of its program. It answers each message `{measure: true}` of the
 * fuzzer with the memory and the connections of the process, after a collection of garbage.
 */
export interface Measured {
  readonly measured: true;
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Connections of callers and to Redis. */
  readonly sockets: number;
}

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('measure' in message)) return;
  void globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  process.send?.({ measured: true, heapBytes: heapUsed, residentBytes: rss, sockets } satisfies Measured);
});
