import type { Grant, SubjectRef } from '../../schemas/ports/gate.js';
import type { ErrorCode } from '../../schemas/errors.js';
import type { Access, ConsentClaim } from '../../schemas/vocabulary.js';
import type { Decision } from './gate/decision.js';
import type { Disclosure, RegisterUse } from './port.js';

/** One call to a register, and how it went. */
export interface CallMade {
  readonly register: string;
  readonly failure: ErrorCode | null;
  readonly durationMs: number;
  readonly receivedBeyondGrant: boolean;
  readonly retrievedAt: string;
}

/** Records which people one execution asked about, on which basis, and which registers it called. */
export class AccessRecord {
  readonly #registers = new Map<string, RegisterUse>();
  readonly #positions = new Map<string, number>();
  readonly #disclosures = new Map<string, { category: string; access: Access; grant: Grant; subjects: Set<number> }>();
  readonly #absent = new Set<string>();
  readonly #claims = new Map<string, ConsentClaim>();
  readonly subjects: SubjectRef[] = [];

  /** Records a person that a call is about, and the grants that the call relies on. */
  recordCall({ subject, granted }: Decision): void {
    if (subject) this.#position(subject);
    this.#relyOn(granted);
  }

  /** Records a person who was first seen in a register's answer, or who is absent. */
  recordSubject({ subject, absent }: Decision): void {
    if (!subject) return;
    this.#position(subject);
    if (absent) this.#absent.add(subject.id);
  }

  /** Records that everything granted of this person was read from a register. */
  recordRead({ subject, granted }: Decision): void {
    if (!subject) return;
    const position = this.#position(subject);
    this.#relyOn(granted);
    for (const [category, { access, grant }] of granted) {
      const key = [category, access, grant.basis, grant.nexus, claimKey(grant), ...grant.policies].join(' ');
      const known = this.#disclosures.get(key) ?? { category, access, grant, subjects: new Set() };
      known.subjects.add(position);
      this.#disclosures.set(key, known);
    }
  }

  /** Records a call that was not made because every person it would be about is absent. */
  recordSkippedCall(register: string, at: string): void {
    const before = this.#registers.get(register) ?? {
      register,
      calls: 0,
      skippedCalls: 0,
      failure: null,
      durationMs: 0,
      receivedBeyondGrant: false,
      retrievedAt: at,
    };
    this.#registers.set(register, { ...before, skippedCalls: before.skippedCalls + 1, retrievedAt: at });
  }

  /** Records a call that was made, and how it went. */
  recordCallResult({ register, failure, durationMs, receivedBeyondGrant, retrievedAt }: CallMade): void {
    const before = this.#registers.get(register);
    this.#registers.set(register, {
      register,
      calls: (before?.calls ?? 0) + 1,
      skippedCalls: before?.skippedCalls ?? 0,
      failure: failure ?? before?.failure ?? null,
      durationMs: (before?.durationMs ?? 0) + durationMs,
      receivedBeyondGrant: receivedBeyondGrant || before?.receivedBeyondGrant === true,
      retrievedAt,
    });
  }

  get registers(): readonly RegisterUse[] {
    return [...this.#registers.values()];
  }

  /** How many people were absent, which means protected. */
  get absent(): number {
    return this.#absent.size;
  }

  get claims(): readonly ConsentClaim[] {
    return [...this.#claims.values()];
  }

  get disclosures(): readonly Disclosure[] {
    return [...this.#disclosures.values()].map((one) => ({ ...one, subjects: [...one.subjects] }));
  }

  #relyOn(granted: Decision['granted']): void {
    for (const { grant } of granted.values()) {
      if (grant.claim) this.#claims.set(claimKey(grant), grant.claim);
    }
  }

  #position({ id, ...reference }: SubjectRef): number {
    let position = this.#positions.get(id);
    if (position === undefined) {
      this.#positions.set(id, (position = this.subjects.length));
      this.subjects.push({ id, ...reference });
    }
    return position;
  }
}

function claimKey({ claim }: Grant): string {
  return claim ? `${claim.consentId}@${claim.revision}` : '';
}
