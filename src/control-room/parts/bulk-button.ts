import { useState } from 'preact/hooks';
import { may } from '../data/login.ts';
import { type Children, html } from '../html.ts';
import { type BulkAct, BulkDialog } from './bulk-dialog.ts';

export interface BulkButtonProps {
  readonly act: BulkAct;
  readonly onDone?: () => void;
  readonly children?: Children;
}

/** Opens the question about an act on many jobs. A reader has no such button. */
export function BulkButton({ act, onDone = () => {}, children }: BulkButtonProps) {
  const [isOpen, setOpen] = useState(false);
  if (!may('operate')) return null;
  const close = () => {
    setOpen(false);
    onDone();
  };
  return html`<button type="button" class="small" onClick=${() => setOpen(true)}>${children}</button>
    ${isOpen && html`<${BulkDialog} act=${act} onClose=${close} />`}`;
}
