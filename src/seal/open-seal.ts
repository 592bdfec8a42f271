import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/settings.ts';
import { readKeys } from './payload-key.ts';
import { createSeal, type Seal } from './seal.ts';

/**
 * The seal of a process, by its settings.
 * @throws {OperatorError} when a key cannot be read.
 */
export function openSeal({ payloadKeys = [] }: Pick<Config, 'payloadKeys'>, environment: Environment): Seal {
  return createSeal(readKeys('PAYLOAD_KEYS', payloadKeys, environment));
}
