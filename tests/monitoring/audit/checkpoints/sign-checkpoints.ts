import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CheckpointSigner } from '../../../../monitoring/audit/checkpoints/signer.js';
import { createNoteSigner } from '../../../../monitoring/audit/tree/note.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import { silentObserver, standingClock } from '../../../doubles.js';

/** Name of the installation whose checkpoints tests sign. */
export const ORIGIN = 'log.example.kz/tereze';

/** Returns the private key that a number stands for. */
export function keyOf(number: number): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, number)]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

/** Signs a checkpoint of each log that has grown, with the key of number 1. */
export async function signCheckpoints(sql: Sql): Promise<void> {
  await new CheckpointSigner({
    sql,
    clock: standingClock(),
    observer: silentObserver(),
    keys: { signers: async (name) => [createNoteSigner(name, keyOf(1))] },
    origin: ORIGIN,
    holder: 'tests',
    everyMs: 0,
    leaseMs: 0,
    isStateCurrent: () => true,
  }).signGrown();
}
