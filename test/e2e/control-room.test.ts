import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openServer, type TestServer } from '../integration/http/stage.ts';
import { openBrowser } from '../support/browser.ts';
import { faultsIn, logIn, openRoom } from '../support/control-room.ts';
import { startWorker } from '../support/gwm.ts';
import { message, openSystem, type System } from '../support/system.ts';

let browser: Browser;
let system: System;
let server: TestServer;

beforeAll(async () => {
  system = await openSystem({ tenants: ['acme', 'globex'] });
  server = await openServer(system);
  browser = await openBrowser();
});

describe('eyes', () => {
  test('look', async () => {
    const producer = system.openProducer();
    await startWorker(system);
    const { jobIds } = await producer.enqueue('message-transmission', message());
    await system.ended(jobIds[0]);
    await producer.enqueue('message-transmission', message({ conversationId: 'conv-wrong', guestId: 'x' }));
    await system.flow.pause({ tenantId: 'globex', bucketClass: 'messages' }, 600_000, 'maintenance');
    for (let n = 0; n < 5; n++) await producer.enqueue('message-transmission', message({ tenantId: 'globex' }));
    const room = await openRoom(browser, server.url);
    await room.page.screenshot({ path: '/tmp/shots/login.png' });
    console.log(await faultsIn(room));
    await logIn(room, await server.keys.make());
    await room.page.waitForTimeout(2500);
    const places: Record<string, string> = {
      overview: '#/', tenant: '#/tenants/globex', search: '#/search?tenant=globex&q=conv-def-456',
      conversation: '#/conversations/conv-def-456?tenant=globex', jobs: '#/jobs?tenant=globex', job: `#/jobs/${jobIds[0]}`,
      dead: '#/dead-letters?tenant=acme', rollouts: '#/rollouts?tenant=acme', receivers: '#/receivers',
    };
    for (const [name, hash] of Object.entries(places)) {
      await room.open(hash);
      await room.page.waitForTimeout(500);
      await room.page.screenshot({ path: `/tmp/shots/${name}.png` });
      console.log(name, await faultsIn(room));
    }
    console.log(room.complaints, room.requests.length);
    expect(1).toBe(1);
  });
});
