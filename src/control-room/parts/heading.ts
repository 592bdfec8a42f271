import { useEffect, useRef } from 'preact/hooks';
import { type Children, html } from '../html.ts';

export interface HeadingProps {
  readonly title: string;
  /** Behind the title, such as a state. */
  readonly children?: Children;
}

/** The title of a view. A view that is opened has the focus there, so that a screen reader says it. */
export function Heading({ title, children }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Control room`;
    // What a person has begun to type into goes on to have the focus.
    if (document.activeElement === document.body || document.activeElement?.closest('nav')) {
      heading.current?.focus({ preventScroll: true });
    }
    scrollTo(0, 0);
  }, [title]);
  return html`<div class="heading"><h1 ref=${heading} tabindex="-1">${title}</h1>${children}</div>`;
}
