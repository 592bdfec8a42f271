import { expect } from 'vitest';
import { tokenize } from '../../../src/content/html/rich-tokens.ts';
import { decodeConfig } from '../../support/embeds.ts';
import { embed, GUIDE_WIDGET } from '../../support/guides/embed.ts';
import { type Stage, setStage } from '../../support/stage.ts';

/** The kind of the jobs in these tests. */
export const KIND = 'embed-generation';

export interface EmbedStage extends Stage {
  /** Gives the tenant a valid widget with these fields. */
  setWidget(fields: object, widgetId?: string): Promise<void>;
  /** The answer to the next requests for a widget. */
  injectTimes(times: number, error: { status: number; retryAfterSeconds?: number }): Promise<void>;
}

/** Prepares a test file. The parts exist once the tests run. */
export function setEmbedStage(): EmbedStage {
  const stage = setStage({ kind: KIND, sample: embed });
  return Object.assign(stage, {
    async setWidget(fields: object, widgetId = GUIDE_WIDGET) {
      const features = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];
      const widget = { id: widgetId, name: 'chat', configuration: { features }, status: 'active', ...fields };
      await stage.system.sandbox.setWidget(stage.tenantId, widgetId, widget);
    },
    async injectTimes(times: number, error: { status: number; retryAfterSeconds?: number }) {
      const errors = [{ ...error, rate: 1, times }];
      await stage.system.sandbox.inject({ operations: { 'widget.read': { errors } } });
    },
  });
}

/** What an HTML parser reads in the script tag of a result. */
export function readTag(result: unknown): { src: string; payload: unknown } {
  const { scriptTag } = result as { scriptTag: string };
  const found = tokenize(scriptTag).tokens.flatMap((token) =>
    token.kind === 'start' ? [token.attributes] : [],
  );
  expect(found).toHaveLength(1);
  const attributeOf = (name: string) => found[0]?.find((attribute) => attribute.name === name)?.value ?? '';
  const [src, config] = [attributeOf('src'), attributeOf('data-config')];
  return { src, payload: decodeConfig(config) };
}
