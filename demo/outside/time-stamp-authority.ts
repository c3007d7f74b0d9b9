import { issueCertificate, TIME_STAMPING, type Identity } from './certificates.js';
import { readRequest, refuseToStamp, stamp } from './time-stamp.js';

/** Policy under which the demo's authority stamps. ITU-T keeps the arc 2.999 for examples. */
export const DEMO_POLICY = '2.999.3161.1';

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const DAY_MS = 24 * 3_600_000;
const VALID_DAYS = 7_300;

/** The keys of a time-stamp authority: the one that is trusted, and the one that signs. */
export interface AuthorityKeys {
  readonly root: Identity;
  readonly signer: Identity;
}

/** Makes the keys of an authority, valid from a day before `now` on for twenty years. */
export async function makeAuthority(now: Date): Promise<AuthorityKeys> {
  const validity = { from: new Date(now.getTime() - DAY_MS), to: new Date(now.getTime() + VALID_DAYS * DAY_MS) };
  const root = await issueCertificate({ name: 'Demo time authority root', serial: 1, isAuthority: true, ...validity });
  const signer = await issueCertificate(
    { name: 'Demo time authority', serial: 2, purposes: [TIME_STAMPING], ...validity },
    root,
  );
  return { root, signer };
}

/** Answers requests for time stamps (RFC 3161). */
export class TimeStampAuthority {
  readonly #signer: Identity;
  readonly #now: () => Date;
  #serial = 0;

  constructor(signer: Identity, now: () => Date) {
    this.#signer = signer;
    this.#now = now;
  }

  /** Resolves with a time stamp over what is asked, or with a refusal if it is not a SHA-256 hash under its policy. */
  async answer(question: Uint8Array): Promise<Uint8Array> {
    const request = readRequest(question);
    if (request?.messageImprint.hashAlgorithm.algorithmId !== SHA_256) return refuseToStamp();
    if (request.messageImprint.hashedMessage.valueBlock.valueHexView.length !== 32) return refuseToStamp();
    if (request.reqPolicy !== undefined && request.reqPolicy !== DEMO_POLICY) return refuseToStamp();
    const at = this.#now();
    this.#serial += 1;
    const { messageImprint, nonce } = request;
    const serial = Math.floor(at.getTime() / 1_000) * 1_000 + (this.#serial % 1_000);
    return stamp({ policy: DEMO_POLICY, messageImprint, serial, at, nonce }, this.#signer);
  }
}
