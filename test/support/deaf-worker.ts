/**
 * For `NODE_OPTIONS=--import`: a worker process that is connected and takes no job. Its watchdog
 * looks every 50 ms, because three looks at its usual interval take a minute.
 */
import { Worker } from 'bullmq';

const WATCHDOG_EVERY_MS = 20_000;
const SOON_MS = 50;

Worker.prototype.getNextJob = () => new Promise(() => {});

const { setInterval } = globalThis;
globalThis.setInterval = ((act: () => void, ms: number) =>
  setInterval(act, ms === WATCHDOG_EVERY_MS ? SOON_MS : ms)) as typeof globalThis.setInterval;
