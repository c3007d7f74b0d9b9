import { syncBuiltinESMExports } from 'node:module';
import nock from 'nock';
import { stopTestDatabase } from './gateway/state/test-database.js';

/** How long what was stopped may take to end by itself, in milliseconds. */
const ENDING_MS = 10_000;

/** Tests reach loopback only. A test that needs interception calls `nock.activate()`. */
export const mochaHooks = {
  beforeAll(): void {
    nock.disableNetConnect();
    nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
    // Merely importing nock makes every real request twenty times dearer; it stays off until asked for.
    nock.restore();
    // Modules that import `request` by name hold nock's until they are told otherwise.
    syncBuiltinESMExports();
  },
  async afterAll(): Promise<void> {
    await stopTestDatabase();
    failWhenSomethingIsLeft();
  },
};

/** A server or a socket that a test forgot would keep the run alive for ever: it fails instead, and says what is left. */
function failWhenSomethingIsLeft(): void {
  setTimeout(() => {
    process.stderr.write(
      `The tests have ended, but they left running: ${process.getActiveResourcesInfo().join(', ')}\n`,
    );
    process.exit(1);
  }, ENDING_MS).unref();
}
