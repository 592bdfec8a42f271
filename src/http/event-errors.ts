import type { ParsedEvent, ParsedEvents } from '../ingest/cloud-events.ts';
import type { FieldError } from './pointer.ts';

/** An error of an event: its place in the body, or the header that has the attribute. */
export interface EventError extends Omit<FieldError, 'pointer'> {
  readonly pointer?: string;
  readonly header?: string;
}

const DATA = /^#\/data(?=\/|$)/;

/**
 * The errors of an event where its caller finds them. The contract knows a job, whose fields stand in
 * `data`; the body is the data itself in binary mode, and a list in batched mode.
 */
export function eventErrorsOf(
  errors: readonly FieldError[],
  event: ParsedEvent,
  mode: ParsedEvents['mode'],
): EventError[] {
  return errors.map(({ pointer, detail }) => {
    const place = placeIn(pointer, event);
    if (mode !== 'binary') {
      const root = mode === 'batched' ? `#/${event.index}` : '#';
      const within = place === undefined ? `${stepsOf(pointer)}: ` : '';
      return { detail: `${within}${detail}`, pointer: (place ?? '#/data_base64').replace('#', root) };
    }
    if (place !== undefined && DATA.test(place)) return { detail, pointer: place.replace(DATA, '#') };
    return { detail, ...headerOf(place ?? pointer) };
  });
}

/** The place in the event; undefined for a field that stands in base64. */
function placeIn(pointer: string, event: ParsedEvent): string | undefined {
  if (!DATA.test(pointer) || event.issues) return pointer;
  if (event.hasTenantOfKey && pointer === '#/data/tenantId') return '#/partitionkey';
  return event.isBase64 ? undefined : pointer;
}

function stepsOf(pointer: string): string {
  return decodeURIComponent(pointer.replace(DATA, '').slice(1)).replaceAll('/', '.');
}

function headerOf(place: string): Pick<EventError, 'pointer' | 'header'> {
  const [, attribute] = place.split('/');
  if (attribute === undefined) return { pointer: '#' };
  return { header: attribute === 'datacontenttype' ? 'content-type' : `ce-${decodeURIComponent(attribute)}` };
}
