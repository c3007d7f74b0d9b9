import {
  approvalActEntry,
  type ApprovalBody,
  type EntryDraft,
  type EntryLogReader,
} from '../../../monitoring/audit/entries.js';
import type { AuditLog } from '../../../monitoring/audit/port.js';
import { committedPerson } from '../../../monitoring/audit/search/searched-person.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { Refusal } from '../../../schemas/refusal.js';
import { isSameOfficer, readerOf, type Officer, type Officers } from '../officer.js';
import {
  approvalHash,
  isSecondFor,
  isStillSecond,
  shownRequest,
  type Approval,
  type ApprovalRequest,
} from './approval.js';
import {
  changeState,
  countOpenOf,
  findApproval,
  insertApproval,
  listAskedBy,
  listWaiting,
  type StateChange,
} from './stored-approvals.js';

/** Approvals of second officers end this long after they were asked for, in milliseconds. */
const LASTS_MS = 24 * 3_600_000;
/** Requests of one officer that are open at once. */
const MAX_OPEN = 20;

/** What an officer decides about another's request. */
export interface Decision {
  readonly isApproved: boolean;
  /** Hash of what the second officer saw. */
  readonly hash: string;
}

/** What waits for an officer, and what the officer asked. Newest first. */
export interface ListedApprovals {
  readonly waiting: readonly Approval[];
  readonly asked: readonly Approval[];
}

/**
 * Approvals of a second officer.
 *
 * Contract
 * - Each holds for exactly one request of one officer (its hash), for 24 hours from the asking, and for one use.
 * - The officer who approves is another one than asks, has role `second`, and is of the asker's agency or `national`; when
 *   it is used, still.
 * - Every change and its entry commit in one transaction. If that cannot be known, the change counts as not done for the one who
 *   asked for it: `AuditUnavailable`.
 */
export interface OfficerApprovals {
  /** @throws Refusal `AUDIT_REQUEST_INVALID` (`approvals_open`) if too many requests of the officer are open. */
  ask(officer: Officer, request: ApprovalRequest): Promise<Approval>;
  /** @throws Refusal `NOT_FOUND` for a request that this officer may not decide, `APPROVAL_INVALID` for one that is not open, or another than the officer saw. */
  decide(officer: Officer, id: string, decision: Decision): Promise<Approval>;
  /** Uses an approval up. @throws Refusal `APPROVAL_INVALID`. Only if it resolves may the request be carried out, once. */
  use(officer: Officer, id: string, request: ApprovalRequest): Promise<void>;
  list(officer: Officer): Promise<ListedApprovals>;
}

export interface OfficerApprovalsDependencies {
  readonly sql: SqlExecutor;
  readonly log: Pick<AuditLog, 'appendChange'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly officers: Pick<Officers, 'registered'>;
}

/** Approvals in PostgreSQL. */
export function createOfficerApprovals(dependencies: OfficerApprovalsDependencies): OfficerApprovals {
  const { sql, log, clock, random, officers } = dependencies;
  const commit = (
    requestId: string,
    apply: (tx: SqlExecutor) => Promise<Approval>,
    entry: (approval: Approval) => EntryDraft,
  ): Promise<Approval> => log.appendChange({ requestId, apply, entry }).then(({ result }) => result);
  const change = (officer: Officer, id: string, act: ApprovalBody['act'], made: Omit<ChangeOf, 'id' | 'now'>) =>
    commit(
      id,
      (tx) => applied(tx, { ...made, id, now: clock.now() }),
      (approval) => ({
        body: entryOf(act, approval, { at: clock.now(), caller: readerOf(officer), subjects: [] }),
        beside: {},
      }),
    );
  return {
    async ask(officer, request) {
      const now = clock.now();
      const { issuer, subject, agency } = officer;
      const approval: Approval = {
        id: random.uuid(),
        action: request.action,
        state: 'asked',
        asker: { issuer, subject, agency },
        second: undefined,
        askedAt: now.toISOString(),
        expiresAt: new Date(now.getTime() + LASTS_MS).toISOString(),
        hash: approvalHash(officer, request),
        shown: shownRequest(request),
      };
      const { subjects, beside } = committedPerson(request.person, random);
      return commit(
        approval.id,
        async (tx) => {
          if ((await countOpenOf(tx, officer, now)) >= MAX_OPEN)
            throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: ['approvals_open'] });
          await insertApproval(tx, approval);
          return approval;
        },
        () => ({ body: entryOf('approval_asked', approval, { at: now, caller: readerOf(officer), subjects }), beside }),
      );
    },
    decide: (officer, id, { isApproved, hash }) =>
      change(officer, id, isApproved ? 'approval_given' : 'approval_refused', {
        from: 'asked',
        to: isApproved ? 'approved' : 'refused',
        second: officer,
        check: (approval) => {
          const isTheirs = isSecondFor(officer, approval.asker.agency) && !isSameOfficer(officer, approval.asker);
          if (!isTheirs) throw new Refusal('NOT_FOUND');
          if (approval.hash !== hash) throw new Refusal('APPROVAL_INVALID', { reasons: ['approval_changed'] });
        },
      }),
    use: async (officer, id, request) => {
      const hash = approvalHash(officer, request);
      await change(officer, id, 'approval_used', {
        from: 'approved',
        to: 'used',
        second: undefined,
        check: (approval) => {
          const isFor = isSameOfficer(officer, approval.asker) && approval.hash === hash;
          if (!isFor) throw new Refusal('APPROVAL_INVALID', { reasons: ['approval_of_other'] });
          if (approval.state === 'approved' && !isStillSecond(approval, officers))
            throw new Refusal('APPROVAL_INVALID', { reasons: ['approval_second'] });
        },
      }).catch((error: unknown) => {
        // Whether an approval of someone else is there is nothing that this officer learns.
        if (error instanceof Refusal && error.code === 'NOT_FOUND')
          throw new Refusal('APPROVAL_INVALID', { reasons: ['approval_of_other'] });
        throw error;
      });
    },
    list: async (officer) => {
      const now = clock.now();
      const waiting = officer.roles.has('second')
        ? (await listWaiting(sql, { agency: officer.roles.has('national') ? undefined : officer.agency, now })).filter(
            ({ asker }) => !isSameOfficer(officer, asker),
          )
        : [];
      return { waiting, asked: await listAskedBy(sql, officer) };
    },
  };
}

interface ChangeOf extends Omit<StateChange, 'second'> {
  readonly second: Officer | undefined;
  /** Throws if the approval, as it is, must not be changed so. */
  readonly check: (approval: Approval) => void;
}

/** Changes the state of an approval inside a transaction, from exactly the state before. */
async function applied(tx: SqlExecutor, { check, ...change }: ChangeOf): Promise<Approval> {
  const approval = await findApproval(tx, change.id);
  if (approval === undefined) throw new Refusal('NOT_FOUND');
  check(approval);
  const changed = await changeState(tx, change);
  if (changed === undefined) throw new Refusal('APPROVAL_INVALID', { reasons: [`approval_not_${change.from}`] });
  return changed;
}

/** Returns the entry of an act on an approval, as it is after the act. */
export function entryOf(
  act: ApprovalBody['act'],
  { id, action, asker, hash, shown }: Approval,
  { at, caller, subjects }: Pick<ApprovalBody, 'caller' | 'subjects'> & { readonly at: Date },
): ApprovalBody {
  return approvalActEntry({
    ...{ requestId: id, at, act, caller, action, subjects },
    asker: { agency: asker.agency, officer: asker.subject },
    requestHash: hash,
    reason: shown.reason,
    case: shown.case,
    filters: shown.filters,
  });
}

/** Who acts when an approval expires. */
export function expiringParty({ asker }: Approval): ApprovalBody['caller'] {
  const party: Omit<EntryLogReader, 'kind'> = { agency: asker.agency, system: 'tereze', officer: null };
  return { ...party, kind: 'system' };
}
