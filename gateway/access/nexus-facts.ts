import type { SubjectRef } from '../../schemas/ports/gate.js';

/** What a case system said of the people that a question names, or an issuer of the person who is signed in. */
export interface AnsweredFacts {
  /** The agency whose case system answered, or the address of the issuer. */
  readonly source: string;
  /** Real time of the answer, ISO 8601, UTC. */
  readonly answeredAt: string;
  /** Identifiers of everyone that `facts` names. */
  readonly people: readonly string[];
  /** The facts as a JSON value. They hold identifiers, and leave the record only as a salted commitment. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A link from a named person to another, as a register answered it. */
export interface LinkFact {
  readonly register: string;
  /** Real time of the answer, in milliseconds of the epoch. Null if times are not kept. */
  readonly answeredAt: number | null;
  readonly subject: SubjectRef;
}

/** The facts of one request that tie people to its case. */
export class NexusFacts {
  #answered: AnsweredFacts | undefined;
  readonly #links = new Map<SubjectRef, LinkFact>();

  get answered(): AnsweredFacts | undefined {
    return this.#answered;
  }

  recordAnswered(facts: AnsweredFacts): void {
    this.#answered = facts;
  }

  /** Of several registers that answer the same link, the first counts: on its answer the person was decided on. */
  recordLink(register: string, subject: SubjectRef, answeredAt: number | null): void {
    if (!this.#links.has(subject)) this.#links.set(subject, { register, answeredAt, subject });
  }

  /** Returns the facts of these links. */
  linksTo(subjects: Iterable<SubjectRef>): readonly LinkFact[] {
    return [...subjects].flatMap((subject) => this.#links.get(subject) ?? []);
  }
}
