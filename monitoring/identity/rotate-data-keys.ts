import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { recipientId, type Recipient } from '../recipients.js';
import { DataKeyNotOpened, openDataKey, recipientsOf, sealDataKey, type RecipientKey } from './data-key.js';
import { readDataKeys, storeDataKey } from './stored-data-keys.js';

/** How many data keys ended how. */
export interface Rotated {
  /** Sealed again to the recipients. */
  readonly sealed: number;
  /** Were sealed to exactly these recipients already. */
  readonly current: number;
  /** Could not be opened with the private keys at hand, or were changed. They stay as they are. */
  readonly notOpened: number;
}

/**
 * Seals every data key again to these recipients, with the private keys of one of its present ones. It may be ended at any
 * moment and run again: what is done is left alone. Earlier seals stay in the database until its owner deletes them, so
 * a recipient that is taken out can still open what it could.
 */
export async function rotateDataKeys(
  sql: SqlExecutor,
  keys: readonly RecipientKey[],
  recipients: readonly Recipient[],
): Promise<Rotated> {
  const counted = { sealed: 0, current: 0, notOpened: 0 };
  for await (const { id, madeAt, sealing, sealed } of readDataKeys(sql)) {
    if (isSealedTo(sealed, recipients)) {
      counted.current += 1;
      continue;
    }
    try {
      const raw = await openDataKey(sealed, id, keys);
      const again = await sealDataKey(raw, id, recipients);
      raw.fill(0);
      await storeDataKey(sql, { id, madeAt, sealed: again, sealing: sealing + 1 });
      counted.sealed += 1;
    } catch (error) {
      if (!(error instanceof DataKeyNotOpened)) throw error;
      counted.notOpened += 1;
    }
  }
  return counted;
}

function isSealedTo(sealed: string, recipients: readonly Recipient[]): boolean {
  const present = new Set(recipientsOf(sealed));
  return present.size === recipients.length && recipients.every(({ key }) => present.has(recipientId(key)));
}
