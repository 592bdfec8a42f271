import { words } from '../data/format.ts';
import { html } from '../html.ts';

type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** The tone of each word of a state. The word says it; the color and the sign only help. */
const TONES: Readonly<Record<string, Tone>> = {
  sending: 'good',
  running: 'good',
  well: 'good',
  delivered: 'good',
  completed: 'good',
  active: 'good',
  updated: 'good',
  enabled: 'good',
  live: 'good',
  reloaded: 'good',
  paused: 'warn',
  suspended: 'warn',
  throttled: 'warn',
  delayed: 'calm',
  failing: 'warn',
  held: 'warn',
  partial: 'warn',
  conflict: 'warn',
  merged: 'warn',
  'with-errors': 'warn',
  silent: 'warn',
  'circuit-open': 'bad',
  unconfigured: 'bad',
  disabled: 'bad',
  failed: 'bad',
  expired: 'bad',
  'dead-letter': 'bad',
};

const SIGNS: Readonly<Record<Tone, string>> = { good: '●', warn: '▲', bad: '■', calm: '○' };

export interface StateWordProps {
  readonly word: string;
  /** In the place of the tone of the word. */
  readonly tone?: Tone;
}

export function StateWord({ word, tone = TONES[word] ?? 'calm' }: StateWordProps) {
  return html`<span class="state ${tone}"><span class="sign" aria-hidden="true">${SIGNS[tone]}</span>${words(word)}</span>`;
}
