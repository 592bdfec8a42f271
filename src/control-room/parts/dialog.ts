import { useEffect, useId, useRef } from 'preact/hooks';
import { type Children, html } from '../html.ts';

export interface DialogProps {
  readonly title: string;
  /** Called when the person closes it, also by the key Escape. */
  readonly onClose: () => void;
  readonly children?: Children;
}

/** A question above the page. It keeps the focus in it, and gives it back to what opened it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return html`<dialog ref=${dialog} aria-labelledby=${heading} onCancel=${onClose}>
    <h2 id=${heading}>${title}</h2>
    ${children}
  </dialog>`;
}
