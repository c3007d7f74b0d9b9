import { Refusal } from '../../../schemas/refusal.js';

export interface AnchoredDependencies {
  /** Whether the audit log is unproven for longer than `audit.anchor_max_age` allows. Asked for each request. */
  readonly isAnchorOverdue: () => boolean;
}

/** Refused because the audit log is not proven outside, and not because it cannot be written: this refusal is recorded. */
export class AnchorOverdue extends Refusal {
  constructor() {
    super('AUDIT_UNAVAILABLE', { reasons: ['anchor_overdue'] });
    this.name = 'AnchorOverdue';
  }
}

/**
 * Refuses what discloses data while too much of the audit log could still be rewritten unnoticed.
 *
 * @throws AnchorOverdue
 */
export function assertAnchored({ isAnchorOverdue }: AnchoredDependencies): void {
  if (isAnchorOverdue()) throw new AnchorOverdue();
}
