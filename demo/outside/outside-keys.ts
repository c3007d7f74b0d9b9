import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCosigner, type Cosigner } from '../../monitoring/anchors/witness/cosignature.js';
import { createNoteSigner, createNoteVerifier } from '../../monitoring/audit/tree/note.js';
import type { NoteVerifier } from '../../monitoring/audit/tree/open-note.js';
import { keepSecret, keepSigningKey } from '../secrets.js';
import { certificatePem, keyPem, readIdentity, type Identity } from './certificates.js';
import { makeAuthority } from './time-stamp-authority.js';

/** Name under which the demo's witness signs. */
const WITNESS = 'witness.demo.example/w1';

/** Below the address of the server of those outside. */
export const WITNESS_PATH = '/witness';

/** What those outside keep to themselves, and what the gateway learns of it. */
export interface OutsideKeys {
  readonly timeSigner: Identity;
  /** The certificate (PEM) of the authority that issued the signer's. */
  readonly timeRoot: string;
  readonly cosigner: Cosigner;
}

interface KeptAuthority {
  readonly root: string;
  readonly signer: string;
  readonly signerKey: string;
}

/** Opens the keys of the time-stamp authority and of the witness: made at the first start, and kept in `folder`. */
export async function outsideKeys(folder: string): Promise<OutsideKeys> {
  const kept = await keepSecret<KeptAuthority>(join(folder, 'time-authority.json'), async () => {
    const { root, signer } = await makeAuthority(new Date());
    return {
      root: certificatePem(root.certificate),
      signer: certificatePem(signer.certificate),
      signerKey: await keyPem(signer.privateKey),
    };
  });
  const witnessKey = join(folder, 'witness.key.pem');
  await keepSigningKey(witnessKey);
  return {
    timeSigner: await readIdentity(kept.signer, kept.signerKey),
    timeRoot: kept.root,
    cosigner: createCosigner(WITNESS, createPrivateKey(readFileSync(witnessKey, 'utf8'))),
  };
}

/** Returns the policy (C2SP tlog-policy) that demands the signature of the witness at this address. */
export function witnessPolicy({ cosigner }: OutsideKeys, address: string): string {
  return `witness W1 ${cosigner.verifierKey} ${address}${WITNESS_PATH}\nquorum W1\n`;
}

const PEM = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/**
 * Returns what knows the keys of the logs of an installation: `ORIGIN/0` and so on, all of which the keys of one file sign.
 * Elsewhere an operator gives a witness the public keys; here it reads them where the gateway has them.
 */
export function logKeys(origin: string, keyFile: string): (log: string) => readonly NoteVerifier[] {
  return (log) => {
    if (!log.startsWith(`${origin}/`) || !/^[0-9]{1,3}$/.test(log.slice(origin.length + 1))) return [];
    return [...readFileSync(keyFile, 'utf8').matchAll(PEM)]
      .map(([pem]) => createNoteVerifier(createNoteSigner(log, createPrivateKey(pem)).verifierKey))
      .filter((known) => known !== undefined);
  };
}
