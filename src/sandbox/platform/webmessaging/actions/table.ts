import type { Action } from './action.ts';
import { deleteAttachment, getAttachment, onAttachment } from './attachments.ts';
import { configureAuthenticatedSession, configureSession } from './configure.ts';
import { onMessage } from './message.ts';
import { closeSession, echo, getConfiguration, getJwt } from './others.ts';

/** Every action of the channel, by the name in its frame. */
export const actions: Readonly<Record<string, Action>> = {
  configureSession,
  configureAuthenticatedSession,
  onMessage,
  echo,
  getJwt,
  getConfiguration,
  onAttachment,
  getAttachment,
  deleteAttachment,
  closeSession,
};

export const actionNames: readonly string[] = Object.keys(actions);
