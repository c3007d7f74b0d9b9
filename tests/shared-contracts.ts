import { createContractReader } from '../schemas/quality/contracts/read-contracts.js';

/**
 * The reader of contracts for tests that are about something else: a test process reads the same bytes once. It starts
 * no process before its first use.
 */
export const sharedContracts = createContractReader();
