import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { keyFiles, payloadKeysOf } from '../../support/payload-keys.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { message, openSystem, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const WORDS = 'canary: the words of a customer';

test.for([[[]], [['--no-tenants']]] as const)(
  'gwm enqueue %s seals what it hands over',
  async ([options]) => {
    const files = await keyFiles('one');
    const system = await openSystem({ environment: { PAYLOAD_KEYS: payloadKeysOf(files, 'one') } });
    const folder = await mkdtemp(join(tmpdir(), 'gwm-enqueue-'));
    onEnd(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'messages.ndjson');
    await writeFile(file, `${JSON.stringify(message({ body: text(WORDS) }))}\n`);

    const first = await runCommand(['enqueue', 'message-transmission', file, ...options], {
      env: system.environment,
    });

    expect(first, first.stderr).toMatchObject({ code: 0 });
    for await (const { key, value } of contentUnder(system.client, system.redis.prefix))
      expect(JSON.stringify(value ?? ''), key).not.toContain(WORDS);
    // The installation has sealed values now.
    const second = await runCommand(['enqueue', 'message-transmission', file, ...options], {
      env: system.environment,
    });
    expect(second, second.stderr).toMatchObject({ code: 0 });
    await startWorker(system);
    await waitFor(() => system.sandbox.stats().accepted === 2, { what: 'both messages' });
  },
);
