import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { createSigner } from '../../../../gateway/state/anchor/signed.js';

const signerOf = (installation: string): ReturnType<typeof createSigner> =>
  createSigner(createHash('sha256').update(installation).digest());
const HEAD = 'tereze-anchor-head-v1';

describe('createSigner', () => {
  const signer = signerOf('here');
  const text = signer.sign(HEAD, { epoch: 3, logs: [] });

  it('opens what it signed, however it is laid out', () => {
    expect(signer.open(HEAD, text)).to.deep.equal({ epoch: 3, logs: [] });
    expect(signer.open(HEAD, JSON.stringify(JSON.parse(text), undefined, 2))).to.deep.equal({ epoch: 3, logs: [] });
  });

  it('signs the same text for the same content', () => {
    expect(signerOf('here').sign(HEAD, { logs: [], epoch: 3 })).to.equal(text);
  });

  it('opens nothing that another installation signed, or that passes for another kind', () => {
    expect(signerOf('elsewhere').open(HEAD, text)).to.equal(undefined);
    expect(signer.open('tereze-anchor-journal-v1', text)).to.equal(undefined);
    expect(signer.open('tereze-anchor-journal-v1', text.replace(HEAD, 'tereze-anchor-journal-v1'))).to.equal(undefined);
  });

  it('opens no text with a name given twice, wherever it is', () => {
    for (const [name, twice] of [
      ['"epoch":3', '"epoch":2,"epoch":3'],
      ['"kind":', '"kind":"other","kind":'],
    ] as const)
      expect(signer.open(HEAD, text.replace(name, twice))).to.equal(undefined);
  });

  it('opens no text of which a byte is missing, another or too many', () => {
    for (let length = 0; length < text.length - 1; length += 1)
      expect(signer.open(HEAD, text.slice(0, length))).to.equal(undefined);
    expect(signer.open(HEAD, text.replace('"epoch":3', '"epoch":2'))).to.equal(undefined);
    expect(signer.open(HEAD, text.replace('{"content"', '{"more":1,"content"'))).to.equal(undefined);
    for (const other of ['', 'null', '[]', '7', '{}', '{"kind":"tereze-anchor-head-v1","signature":""}'])
      expect(signer.open(HEAD, other)).to.equal(undefined);
  });
});
