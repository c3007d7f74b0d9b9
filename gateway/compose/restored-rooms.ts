import { lockConsents, restrictConsents, suspendConsents } from '../../policies/consent/restrict.js';
import { endAllHandles } from '../../policies/disclosure/handles.js';
import { withdrawLostApprovals } from '../approvals/restrict.js';
import type { RestoredRooms } from '../state/accept.js';

/** The rooms that keep state, for `acceptRollback`. */
export const RESTORED_ROOMS: RestoredRooms = {
  lock: lockConsents,
  restrict: async (owner, lost, act) => ({
    consents: await restrictConsents(owner, lost, act),
    approvals: await withdrawLostApprovals(
      owner,
      lost.filter(({ kind }) => kind === 'approval_withdrawn').map(({ id }) => id),
      act.at,
    ),
  }),
  suspend: suspendConsents,
  endHandles: endAllHandles,
};
