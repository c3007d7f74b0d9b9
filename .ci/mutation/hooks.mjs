import { mochaHooks as ofTests } from '../../tests/hooks.ts';

/** Without `afterAll`, which ends the process after a run: here one process runs the tests once for each change. */
export const mochaHooks = { beforeAll: ofTests.beforeAll };
