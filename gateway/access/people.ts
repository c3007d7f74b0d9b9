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

  /** People with a grant on the nexus `relation`, each as the link reached them. */
  get related(): readonly SubjectRef[] {
    const related = new Set<SubjectRef>();
    for (const { subject, granted } of this.#accesses.keys()) {
      if (subject?.via === undefined || related.has(subject)) continue;
      for (const { grant } of granted.values())
        if (grant.nexus === 'relation') {
          related.add(subject);
          break;
        }
    }
    return [...related];
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
    const found: FoundDisclosure[] = [];
    const grounds = new Grounds();
    const add = (category: string, access: Disclosure['access'], grant: Grant, position: number | undefined): void => {
      const { accepted, byAccess } = grounds.of(category, grant);
      if (access !== 'asked') accepted.add(position);
      else if (accepted.has(position)) return;
      let one = byAccess.get(access);
      if (one === undefined) {
        byAccess.set(access, (one = { category, access, grant, of: new Set() }));
        found.push(one);
      }
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
    return found.map(({ category, access, grant, of }) => ({ category, access, grant, subjects: [...of] }));
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

interface FoundDisclosure extends Omit<Disclosure, 'subjects'> {
  readonly of: Set<number>;
}

/** What was done on one ground: positions of people, undefined for data about no person. */
interface Ground {
  /** People whose data was read. */
  readonly accepted: Set<number | undefined>;
  readonly byAccess: Map<Disclosure['access'], FoundDisclosure>;
}

/** Grounds by what they say. Many people share one grant, whose ground is put into words once for each category. */
class Grounds {
  readonly #byText = new Map<string, Ground>();
  readonly #byGrant = new Map<Grant, Map<string, Ground>>();

  of(category: string, grant: Grant): Ground {
    let byCategory = this.#byGrant.get(grant);
    if (byCategory === undefined) this.#byGrant.set(grant, (byCategory = new Map()));
    let ground = byCategory.get(category);
    if (ground === undefined) byCategory.set(category, (ground = this.#said(groundOf(category, grant))));
    return ground;
  }

  #said(text: string): Ground {
    let ground = this.#byText.get(text);
    if (ground === undefined) this.#byText.set(text, (ground = { accepted: new Set(), byAccess: new Map() }));
    return ground;
  }
}

function groundOf(category: string, grant: Grant): string {
  return [category, grant.basis, grant.nexus, claimKey(grant), ...grant.policies].join(' ');
}

function claimKey({ claim }: Grant): string {
  return claim ? `${claim.consentId}@${claim.revision}` : '';
}
