import { beforeAll, beforeEach, expect } from 'vitest';
import { tokenize } from '../../../src/content/rich-tokens.ts';
import { decodeConfig, embed, GUIDE_WIDGET } from '../../support/embeds.ts';
import { startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { type EndedJob, openSystem, type System } from '../../support/system.ts';

/** The kind of job that is tried here. */
export const KIND = 'embed-generation';

/** One worker process for a test file, and a tenant of its own for each test. */
export interface EmbedStage {
  readonly system: System;
  readonly worker: TestProcess;
  /** The tenant of the current test. Nobody has asked anything for it yet. */
  readonly tenantId: string;
  /** Hands over one embed job of the current tenant. */
  enqueue(fields?: object): Promise<string>;
  ended(jobId: string): Promise<EndedJob>;
  /** Hands over one embed job of the current tenant, and waits for its end. */
  run(fields?: object): Promise<EndedJob & { readonly jobId: string }>;
  /** Tells the tenant of a good widget with these fields over its own. */
  setWidget(fields: object, widgetId?: string): Promise<void>;
  /** The next requests for a widget are answered with this. */
  injectTimes(times: number, error: { status: number; retryAfterSeconds?: number }): Promise<void>;
}

const TENANTS = Array.from({ length: 40 }, (_, index) => `tenant-${index}`);

/** Sets the stage for a test file; its parts are there once the tests run. */
export function setEmbedStage(): EmbedStage {
  let system: System;
  let worker: TestProcess;
  let tenant = -1;

  beforeAll(async () => {
    system = await openSystem({ tenants: TENANTS });
    worker = await startWorker(system);
  });
  beforeEach(async () => {
    tenant++;
    await system.sandbox.reset();
  });

  const tenantId = () => TENANTS[tenant] ?? '';
  const ended = (jobId: string) => system.ended(jobId, { kind: KIND, tenantId: tenantId() });
  const enqueue = async (fields: object = {}) => {
    const data = embed({ tenantId: tenantId(), ...fields });
    const { jobIds } = await system.openProducer().enqueue(KIND, data);
    return jobIds[0] ?? '';
  };
  return {
    get system() {
      return system;
    },
    get worker() {
      return worker;
    },
    get tenantId() {
      return tenantId();
    },
    enqueue,
    ended,
    async run(fields) {
      const jobId = await enqueue(fields);
      return { jobId, ...(await ended(jobId)) };
    },
    async setWidget(fields, widgetId = GUIDE_WIDGET) {
      const features = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];
      const widget = { id: widgetId, name: 'chat', configuration: { features }, status: 'active', ...fields };
      await system.sandbox.setWidget(tenantId(), widgetId, widget);
    },
    async injectTimes(times, error) {
      const errors = [{ ...error, rate: 1, times }];
      await system.sandbox.inject({ operations: { 'widget.read': { errors } } });
    },
  };
}

/** What the tag of a result says, as a parser for HTML reads it. */
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
