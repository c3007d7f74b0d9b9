import { ProofKeys } from '../../../gateway/auth/proof-keys.js';

/** The keys of proofs, with a count of the signatures that were verified. */
export class CountedKeys extends ProofKeys {
  verified = 0;

  override verify(...given: Parameters<ProofKeys['verify']>): ReturnType<ProofKeys['verify']> {
    this.verified += 1;
    return super.verify(...given);
  }
}
