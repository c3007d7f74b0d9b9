import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';

/** An act of an operator on the whole state, outside any request: its first head, the acceptance of a database that went back in time, a new key for checkpoints, or data keys that are sealed to other recipients. */
export interface StateBody extends CommonFields<'state'> {
  readonly act: 'initialised' | 'rollback_accepted' | 'checkpoint_key_rotated' | 'data_keys_resealed';
  /** Why, in the operator's words. */
  readonly reason: string;
  /** Epoch of the state after the act. */
  readonly epoch: number;
  /** Logs that nothing is appended to any more. Logs without an entry are left out. */
  readonly closedLogs: readonly ClosedLog[];
  /** Base64 of the Ed25519 public key that signs checkpoints from now on. Absent in other acts. */
  readonly publicKey?: string;
}

/** A log that was closed, at the size of the newest signed head or a smaller one. */
export interface ClosedLog {
  /** Name of the log, `tereze/0`. */
  readonly log: string;
  /** Its size in the database, at which it was closed. */
  readonly size: number;
  /** Its size in the newest signed head. Entries from `size` on are lost. */
  readonly headSize: number;
}

/** Returns the entry of an act on the state. */
export function stateEntry({ act, reason, epoch, closedLogs, publicKey, ...facts }: EntryFacts<StateBody>): StateBody {
  return {
    ...commonFields('state', facts),
    act,
    reason,
    epoch,
    closedLogs,
    ...(publicKey === undefined ? {} : { publicKey }),
  };
}
