import type { Grant, SubjectRef } from '../../schemas/ports/gate.js';
import type { Access, ConsentClaim } from '../../schemas/vocabulary.js';

/** What the record keeps of the gate's decision on one person, or on data about no person. */
export interface Accessed {
  readonly subject: SubjectRef | undefined;
  readonly granted: ReadonlyMap<string, { readonly access: Access; readonly grant: Grant }>;
}

/** A category that a register was asked for, that was read, or that was disclosed, about subjects on one basis. */
export interface Disclosure {
  readonly category: string;
  /** `asked`: the call was sent, and no answer to it was accepted. */
  readonly access: Access | 'asked';
  readonly grant: Grant;
  /** Positions in `subjects`; empty for data about no person. */
  readonly subjects: readonly number[];
}

/** The people of one request: each once, in order of appearance, with what was asked and read about them. */
export class AccessedPeople {
  readonly #subjects: SubjectRef[] = [];
  readonly #found = new Map<string, SubjectRef>();
  readonly #positions = new Map<string, number>();
  readonly #accesses = new Map<Accessed, 'asked' | 'read'>();
  readonly #absent = new Set<string>();
  readonly #claims = new Map<string, ConsentClaim>();
  #nothingDisclosed = false;

  add(subject: SubjectRef): void {
    this.#positionOf(subject);
  }

  /** Records a person that an answer of a register names. The answer to the caller may not name them. */
  addFound(subject: SubjectRef): void {
    this.#found.set(subject.id, subject);
  }

  /** First everyone who was named, asked about or named to the caller, then those that only a register named. */
  get subjects(): readonly SubjectRef[] {
    return [...this.#subjects, ...this.#hidden];
  }

  /** How many of `subjects` only a register named. */
  get hidden(): number {
    return this.#hidden.length;
  }

  get #hidden(): readonly SubjectRef[] {
    return [...this.#found.values()].filter(({ id }) => !this.#positions.has(id));
  }

  addAbsent(subject: SubjectRef): void {
    this.#positionOf(subject);
    this.#absent.add(subject.id);
  }

  /** Records that a register is asked for everything granted of a person. */
  addAsked(accessed: Accessed): void {
    if (this.#accesses.has(accessed)) return;
    this.#record(accessed, 'asked');
  }

  /** Records that everything granted of a person was read. */
  addRead(accessed: Accessed): void {
    this.#record(accessed, 'read');
  }

  /** From here on, what was to be disclosed counts as read only. */
  discloseNothing(): void {
    this.#nothingDisclosed = true;
  }

  /** How many people are absent, which means protected. */
  get absent(): number {
    return this.#absent.size;
  }

  /** Consent revisions that calls or answers relied on, each once. */
  get claims(): readonly ConsentClaim[] {
    return [...this.#claims.values()];
  }

  get disclosures(): readonly Disclosure[] {
    const found = new Map<string, { category: string; access: Disclosure['access']; grant: Grant; of: Set<number> }>();
    const accepted = new Set<string>();
    const add = (category: string, access: Disclosure['access'], grant: Grant, position: number | undefined): void => {
      const ground = groundOf(category, grant);
      const groundOfOne = `${ground} ${position ?? ''}`;
      if (access !== 'asked') accepted.add(groundOfOne);
      else if (accepted.has(groundOfOne)) return;
      const key = `${access} ${ground}`;
      let one = found.get(key);
      if (one === undefined) found.set(key, (one = { category, access, grant, of: new Set() }));
      if (position !== undefined) one.of.add(position);
    };
    for (const level of ['read', 'asked'] as const) {
      for (const [{ subject, granted }, reached] of this.#accesses) {
        if (reached !== level) continue;
        const position = subject && this.#positionOf(subject);
        for (const [category, { access, grant }] of granted) {
          add(category, level === 'asked' ? 'asked' : this.#nothingDisclosed ? 'read' : access, grant, position);
        }
      }
    }
    return [...found.values()].map(({ of, ...one }) => ({ ...one, subjects: [...of] }));
  }

  #record(accessed: Accessed, level: 'asked' | 'read'): void {
    const { subject, granted } = accessed;
    if (subject !== undefined) this.#positionOf(subject);
    this.#accesses.set(accessed, level);
    for (const { grant } of granted.values()) if (grant.claim) this.#claims.set(claimKey(grant), grant.claim);
  }

  #positionOf(subject: SubjectRef): number {
    let position = this.#positions.get(subject.id);
    if (position === undefined) {
      position = this.#subjects.push(subject) - 1;
      this.#positions.set(subject.id, position);
    }
    return position;
  }
}

function groundOf(category: string, grant: Grant): string {
  return [category, grant.basis, grant.nexus, claimKey(grant), ...grant.policies].join(' ');
}

function claimKey({ claim }: Grant): string {
  return claim ? `${claim.consentId}@${claim.revision}` : '';
}
