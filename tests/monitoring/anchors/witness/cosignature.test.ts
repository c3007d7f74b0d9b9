import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { createCosignatureVerifier, createCosigner } from '../../../../monitoring/anchors/witness/cosignature.js';
import { toBase64 } from '../../../../monitoring/audit/tree/base64.js';
import { createNoteSigner } from '../../../../monitoring/audit/tree/note.js';
import { parseVerifierKey } from '../../../../monitoring/audit/tree/note-text.js';

const { privateKey } = generateKeyPairSync('ed25519');
const cosigner = createCosigner('witness.example/w1', privateKey);
const verifier = createCosignatureVerifier(cosigner.verifierKey) ?? expect.fail('no verifier');
const TEXT = 'log.example/0\n3\nroot\n';
const at = new Date('2026-11-23T10:00:00.900Z');

describe('a cosignature', () => {
  it('says when a checkpoint was seen, in whole seconds', () => {
    const { name, keyId, signature } = cosigner.cosign(TEXT, at);
    expect([name, keyId]).to.deep.equal([verifier.name, verifier.keyId]);
    expect(signature).to.have.length(72);
    expect(verifier.cosignedAt(TEXT, signature)).to.deep.equal(new Date('2026-11-23T10:00:00Z'));
  });

  it('is the one of RFC 8032 over the text of the specification', () => {
    // RFC 8032, section 7.1, test 1; C2SP tlog-cosignature, Ed25519 signed message. Signed by Python's cryptography 48.0.0.
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const fixed = createCosigner('witness.example.com/w1', key);
    const body = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    expect(fixed.verifierKey).to.equal(KNOWN.verifierKey);
    expect(toBase64(fixed.cosign(body, new Date(1_679_315_147_000)).signature)).to.equal(KNOWN.signature);
  });

  it('does not hold for another text or time, cut short, with a byte more, or without a time', () => {
    const { signature } = cosigner.cosign(TEXT, at);
    expect(verifier.cosignedAt(`${TEXT}x\n`, signature)).to.equal(undefined);
    for (let byte = 0; byte < signature.length; byte += 1) {
      const changed = Uint8Array.from(signature);
      changed[byte] = (changed[byte] ?? 0) ^ 1;
      expect(verifier.cosignedAt(TEXT, changed), `byte ${byte}`).to.equal(undefined);
    }
    for (const other of [signature.subarray(1), signature.subarray(0, 71), Buffer.concat([signature, Buffer.alloc(1)])])
      expect(verifier.cosignedAt(TEXT, other)).to.equal(undefined);
    expect(verifier.cosignedAt(TEXT, cosigner.cosign(TEXT, new Date(0)).signature)).to.equal(undefined);
    expect(verifier.cosignedAt(TEXT, cosigner.cosign(TEXT, new Date(8.64e15)).signature)).to.equal(undefined);
  });

  it('is not one of a log, nor of a key under another name or number', () => {
    const key = cosigner.verifierKey;
    expect(createCosignatureVerifier(createNoteSigner('witness.example/w1', privateKey).verifierKey)).to.equal(
      undefined,
    );
    expect(createCosignatureVerifier(key.replace('w1', 'w2'))).to.equal(undefined);
    expect(createCosignatureVerifier(key.replace(/\+[0-9a-f]{8}\+/, '+01234567+'))).to.equal(undefined);
    expect(createCosignatureVerifier(key.slice(0, -4))).to.equal(undefined);
    expect(parseVerifierKey(key)).to.have.property('type', 4);
  });
});

const KNOWN = {
  verifierKey: 'witness.example.com/w1+7e6f4aaa+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea',
  signature: 'AAAAAGQYUMv5M+aHgFi4COxhGiowkJZv+BYlp5EX+Sabm2UKv2wnnsMsSu6vsrTINdzYCs35Mi6i24H8du4vcAmyndu/9o0J',
};
