import { errorAnswer, generalCodeOf } from '../answers/error-body.ts';
import type { OperationHandler, OperationState } from '../operation.ts';

/** The handler of `widget.read`: a widget with its configuration (docs/guides.md#read-a-widget). */
export function createWidgetRead({ widgets }: OperationState): OperationHandler {
  return ({ params, correlationId }, client) => {
    const widget = widgets.of(client, params['widgetId'] ?? '');
    if (widget !== undefined) return { status: 200, body: widget.description };
    const message = 'There is no such widget.';
    return errorAnswer(correlationId, { status: 404, code: generalCodeOf(404), message });
  };
}
