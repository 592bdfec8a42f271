import { useEffect, useId, useRef } from 'preact/hooks';
import { type Children, html } from '../html.ts';

export interface DialogProps {
  readonly title: string;
  /** Called when the person closes it, also by the key Escape. */
  readonly onClose: () => void;
  readonly children?: Children;
}

/** A question above the page. The browser keeps the focus in it, and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  return html`<dialog ref=${dialog} aria-labelledby=${heading} onCancel=${onClose}>
    <h2 id=${heading}>${title}</h2>
    ${children}
  </dialog>`;
}
