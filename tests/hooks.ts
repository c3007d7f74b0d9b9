import { stopTestDatabase } from './gateway/state/test-database.js';
import { guardLoopback } from './loopback-guard.js';

/** How long what was stopped may take to end by itself, in milliseconds. */
const ENDING_MS = 10_000;

/**
 * Tests reach loopback only. Replies instead of a network come from `mocked-http.ts`, and for the client of the command
 * line from `gateway/cli/client/mocked-issuer.ts`.
 */
export const mochaHooks = {
  beforeAll(): void {
    guardLoopback();
  },
  async afterAll(): Promise<void> {
    await stopTestDatabase();
    failWhenSomethingIsLeft();
  },
};

/** Fails the run and names what is left, if a test left a server or a socket open. It would keep the run alive for ever. */
function failWhenSomethingIsLeft(): void {
  setTimeout(() => {
    process.stderr.write(
      `The tests have ended, but they left running: ${process.getActiveResourcesInfo().join(', ')}\n`,
    );
    process.exit(1);
  }, ENDING_MS).unref();
}
