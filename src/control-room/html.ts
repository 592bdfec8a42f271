import htm from 'htm';
import { type ComponentChildren, h, type VNode } from 'preact';

/** Markup in a template: `html\`<p>${text}</p>\``. Values become texts or attributes, and never markup. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** What a component shows inside of it. */
export type Children = ComponentChildren;
