import { syncBuiltinESMExports } from 'node:module';
import nock from 'nock';
import { stopTestDatabase } from './state/test-database.js';

/** Loopback is all that tests may reach; whoever needs interception calls `nock.activate()`. */
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
  },
};
