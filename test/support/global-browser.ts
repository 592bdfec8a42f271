import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../../scripts/chromium.ts';
import { openDoor, type SharedServer } from './door.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The door of the Chromium that all tests of the project share. */
    browserDoor: string;
  }
}

/** Gives the tests of a project one Chromium, if one of them requests it. */
export default async function provideBrowser(project: TestProject): Promise<() => Promise<void>> {
  const door = await openDoor(openChromium);
  project.provide('browserDoor', door.url);
  return door.close;
}

async function openChromium(): Promise<SharedServer> {
  const server = await chromium.launchServer({ executablePath: findChromium(), args: ['--no-sandbox'] });
  return { url: server.wsEndpoint(), close: () => server.close() };
}
