import { expect } from 'chai';
import { calculateJwkThumbprint, GeneralEncrypt, importJWK } from 'jose';
import { DataKeyNotOpened, openDataKey, sealDataKey } from '../../../monitoring/identity/data-key.js';
import { isPublicKey, publicJwk, recipientId } from '../../../monitoring/recipients.js';
import { seededRandom } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { makeRecipient, type TestRecipient } from './recipient.js';

describe('a data key', () => {
  const random = seededRandom();
  const raw = random.bytes(32);
  const id = random.bytes(16);
  let first: TestRecipient;
  let second: TestRecipient;
  let other: TestRecipient;
  before(async () => {
    [first, second, other] = await Promise.all([
      makeRecipient('first'),
      makeRecipient('second'),
      makeRecipient('other'),
    ]);
  });

  const codeOf = async (opening: Promise<unknown>): Promise<string> => {
    const error = await rejection(opening);
    if (!(error instanceof DataKeyNotOpened)) throw error;
    return error.code;
  };

  it('opens for each of its recipients alone, and for no one else', async () => {
    const sealed = await sealDataKey(raw, id, [first, second]);
    expect((await openDataKey(sealed, id, [first.privateKey])).equals(raw)).to.equal(true);
    expect((await openDataKey(sealed, id, [other.privateKey, second.privateKey])).equals(raw)).to.equal(true);
    expect(await codeOf(openDataKey(sealed, id, [other.privateKey]))).to.equal('other_recipients');
    expect(await codeOf(openDataKey(sealed, id, []))).to.equal('other_recipients');
  });

  it('is not in its sealed form', async () => {
    const sealed = await sealDataKey(raw, id, [first]);
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
      expect(sealed).not.to.include(raw.toString(encoding).replace(/=+$/, ''));
  });

  it('does not stand for another one', async () => {
    const sealed = await sealDataKey(raw, id, [first]);
    expect(await codeOf(openDataKey(sealed, random.bytes(16), [first.privateKey]))).to.equal('not_authentic');
  });

  it('does not open after a member of it was changed', async () => {
    const sealed = await sealDataKey(raw, id, [first]);
    for (const member of ['protected', 'ciphertext', 'iv', 'tag', 'encrypted_key'] as const) {
      const changed = sealed.replace(
        new RegExp(`("${member}":")(.)`),
        (_, before: string, letter: string) => `${before}${letter === 'A' ? 'B' : 'A'}`,
      );
      expect(changed, member).not.to.equal(sealed);
      expect(await codeOf(openDataKey(changed, id, [first.privateKey])), member).to.equal('not_authentic');
    }
    for (const text of ['', 'null', '{}', '[]', '{"recipients":[]}', sealed.slice(0, -1)])
      expect(await codeOf(openDataKey(text, id, [first.privateKey])), text).to.equal('malformed');
  });

  it('is nothing else that was sealed to a recipient', async () => {
    const seal = async (plain: Uint8Array, header: object): Promise<string> => {
      const jwe = new GeneralEncrypt(plain).setProtectedHeader({ enc: 'A256GCM', ...header });
      jwe
        .addRecipient(await importJWK(publicJwk(first.key), 'ECDH-ES+A256KW'))
        .setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', recipient: recipientId(first.key) });
      return JSON.stringify(await jwe.encrypt());
    };
    const kid = id.toString('hex');
    for (const sealed of [
      await seal(raw, { kid }),
      await seal(raw, { typ: 'JWT', kid }),
      await seal(raw.subarray(1), { typ: 'tereze-data-key', kid }),
    ])
      expect(await codeOf(openDataKey(sealed, id, [first.privateKey]))).to.equal('not_authentic');
    const right = await seal(raw, { typ: 'tereze-data-key', kid });
    expect((await openDataKey(right, id, [first.privateKey])).equals(raw)).to.equal(true);
  });
});

describe('a public key of a recipient', () => {
  it('is 32 bytes of base64url that are no point of low order', async () => {
    const { key } = await makeRecipient('one');
    expect(isPublicKey(key)).to.equal(true);
    // RFC 7748, section 6.1: with these, the shared secret is zero.
    const zero = Buffer.alloc(32);
    const one = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
    const eight = Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex');
    for (const weak of [zero, one, eight]) expect(isPublicKey(weak.toString('base64url'))).to.equal(false);
    for (const text of ['', key.slice(1), `${key}A`, `${key}=`, key.replace(/.$/, '!'), 'x'.repeat(43)])
      expect(isPublicKey(text), text).to.equal(false);
  });

  it('has the thumbprint of RFC 7638 as its id', async () => {
    const { key } = await makeRecipient('one');
    expect(recipientId(key)).to.equal(await calculateJwkThumbprint(publicJwk(key)));
  });
});
