import { PlatformError } from '../requests/errors.ts';
import type { PlatformSettings } from '../settings.ts';
import type { MessengerType } from './settings.ts';

type MessageSettings = PlatformSettings['messages'];

/** The length of a text in characters, as the settings count them. */
export function lengthOf(text: string, { characterUnit }: MessageSettings): number {
  return characterUnit === 'utf-16' ? text.length : [...text].length;
}

/** The longest text that an organization may send through a messenger. */
export function outboundLimit(messengerType: MessengerType, { outboundCharacters }: MessageSettings): number {
  return messengerType === 'sms' ? outboundCharacters.sms : outboundCharacters.others;
}

/** The 400 of a text that is too long. */
export function tooLong(fieldName: string): PlatformError {
  const code = 'max.length.exceeded';
  const message = 'One or more attributes is longer than the maximum length allowed.';
  return new PlatformError(400, code, message, { details: [{ errorCode: code, fieldName }] });
}
