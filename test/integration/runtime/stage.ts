import { type Stage, setStage as set } from '../../support/stage.ts';
import { message, type SystemOptions } from '../../support/system.ts';

/** One worker process for a test file, and for each test its own tenant, which sends messages. */
export function setStage(options: Omit<SystemOptions, 'tenants'> = {}): Stage {
  return set({ ...options, kind: 'message-transmission', sample: message });
}
