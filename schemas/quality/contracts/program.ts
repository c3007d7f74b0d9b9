import { readRequest, reply } from '../../reading/reading-program.js';
import { readContract } from '../contract-file.js';
import type { ContractsRequest } from './protocol.js';

/** The program that reads contracts: a reply for each, in order, and it ends. */
async function main(): Promise<void> {
  const { contracts } = (await readRequest()) as ContractsRequest;
  for (const contract of contracts) reply(readContract(contract));
}

await main();
