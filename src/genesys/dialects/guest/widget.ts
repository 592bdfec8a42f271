import { z } from 'zod';
import { checked } from '../../../core/checked.ts';
import { CodedError } from '../../../core/errors.ts';
import { describeIssue } from '../../../core/issues.ts';
import { textOf } from '../../../core/shapes.ts';
import type { ScopedOperation } from '../../operation.ts';
import { genesysId } from '../../read-answer.ts';
import type { Widget } from './shapes.ts';

const PATH = '/api/v2/messaging/webmessaging/widgets';

/** The required fields of a widget, and the field of `configuration` that embedding needs. */
const widgetShape = z.looseObject({
  id: genesysId,
  name: z.string(),
  configuration: z.looseObject({ features: z.array(z.unknown()).default([]) }),
  status: z.string(),
  environment: textOf({ min: 1, max: 100 }).optional(),
});

/** Reads a widget (docs/guides.md#read-a-widget). */
export const readWidget: ScopedOperation<{ widgetId: string }, Widget> = {
  name: 'widget.read',
  method: 'GET',
  scope: 'messaging:webmessaging:read',
  path: ({ widgetId }) => `${PATH}/${encodeURIComponent(widgetId)}`,
  body: () => undefined,
  read: readAnswer,
};

/** The path of the script that a page loads (docs/guides.md#script-tag). */
export function widgetScriptPath(widgetId: string): string {
  return `${PATH}/${encodeURIComponent(widgetId)}/script`;
}

/** @throws {CodedError} WIDGET_MALFORMED, GENESYS_UNAVAILABLE */
function readAnswer(answer: unknown): Widget {
  if (answer === undefined) {
    throw new CodedError('GENESYS_UNAVAILABLE', 'widget.read: the answer is not JSON, or incomplete', {
      status: 200,
    });
  }
  const parsed = checked(widgetShape, answer);
  if (!parsed.ok) {
    const details = parsed.issues.map(describeIssue);
    const message = `widget.read: the widget has an unexpected shape: ${details.join('; ')}`;
    throw new CodedError('WIDGET_MALFORMED', message, { status: 200, details });
  }
  const { id, environment, configuration } = parsed.data;
  return { id, environment: environment ?? null, features: configuration.features };
}
