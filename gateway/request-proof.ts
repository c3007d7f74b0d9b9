import { ProofUsedBefore } from '../monitoring/audit/port.js';
import type { ProofUse } from '../schemas/ports/proof-use.js';
import { Refusal } from '../schemas/refusal.js';

/** The refusal of a request whose proof was used before. It tells nothing else of the request. */
export class ProofReplayed extends Refusal {
  constructor() {
    super('INVALID_DPOP_PROOF', { reasons: ['proof_replayed'] });
  }
}

/** What became of the proof of a request. No answer is made without it, so none leaves while a proof is unspent. */
export class ProofEnd {
  /** The first use of the proof is durable, here and for all replicas. */
  static readonly spent = new ProofEnd();
  /** The request was refused before a proof was verified, or for its proof, or needs none. */
  static readonly none = new ProofEnd();
  /** The log could not be written: the answer says that, and nothing else. */
  static readonly notWritten = new ProofEnd();

  // The compiler takes no other object for one of these.
  readonly #isEnd = true;

  private constructor() {
    void this.#isEnd;
  }
}

/** What was committed with a proof, and what became of the proof. */
export interface Spent<T> {
  readonly result: T;
  readonly proof: ProofEnd;
}

/**
 * The proof of possession of one request. It is verified, and has to be used before an answer leaves: with the first
 * entry of the request, in one commit.
 */
export class RequestProof {
  readonly #use: ProofUse | undefined;
  readonly #forget: () => void;
  #end: ProofEnd | undefined;

  private constructor(use: ProofUse | undefined, forget: () => void) {
    this.#use = use;
    this.#forget = forget;
    if (use === undefined) this.#end = ProofEnd.none;
  }

  /** @param forget called if it is not known whether the use was committed. */
  static unspent(use: ProofUse, forget: () => void = () => undefined): RequestProof {
    return new RequestProof(use, forget);
  }

  /** Of a surface that asks for no proof. */
  static notNeeded(): RequestProof {
    return new RequestProof(undefined, () => undefined);
  }

  /**
   * Commits something together with the first use of the proof, or alone if the proof is spent.
   *
   * @param commit must commit the use it is given, or reject; with `ProofUsedBefore` if it was not the first.
   * @throws ProofReplayed, and what `commit` throws.
   */
  async spend<T>(commit: (use: ProofUse | undefined) => Promise<T>): Promise<Spent<T>> {
    if (this.#end !== undefined) return { result: await commit(undefined), proof: this.#end };
    try {
      const result = await commit(this.#use);
      this.#end = ProofEnd.spent;
      return { result, proof: this.#end };
    } catch (error) {
      if (error instanceof ProofUsedBefore) throw new ProofReplayed();
      this.#forget();
      throw error;
    }
  }
}
