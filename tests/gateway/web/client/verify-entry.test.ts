import { expect } from 'chai';
import { verifyEntry, type ShownEntry } from '../../../../gateway/web/client/verify-entry.js';
import { leafHash } from '../../../../monitoring/audit/canonical.js';
import { formatTlogProof } from '../../../../monitoring/audit/tree/tlog-proof.js';
import { checkEntry } from '../../../../monitoring/audit/verify/check-entry.js';
import { nodeCrypto } from '../../../../monitoring/audit/verify/node-crypto.js';
import { createNoteVerifier } from '../../../../monitoring/audit/tree/note.js';
import { checkpointOf, ORIGIN, signerOf } from '../../../docs/verify/sample-log.js';
import { plainConsistency, plainInclusion, plainRoot } from '../../../monitoring/audit/tree/plain-tree.js';

const ENTRIES = Array.from({ length: 13 }, (_, nth) => Buffer.from(`{"entry":${nth}}`));
const LEAVES = ENTRIES.map((entry) => leafHash(entry));
const INDEX = 4;
const KEPT_AS = `tereze checkpoint ${ORIGIN}`;

/** What the server says of an entry in a log of this size, with what a test changes of it. */
interface Served {
  readonly size?: number;
  readonly leaves?: readonly Uint8Array[];
  readonly signer?: number;
  readonly origin?: string;
  readonly keys?: readonly string[];
  readonly shown?: Partial<ShownEntry>;
  readonly path?: readonly Uint8Array[];
}

const shownEntry = (changes: Partial<ShownEntry> = {}): ShownEntry => ({
  log: ORIGIN,
  index: INDEX,
  leafHash: LEAVES[INDEX]!.toString('hex'),
  bytes: ENTRIES[INDEX]!.toString('base64'),
  ...changes,
});

function proofOf({ size = 7, leaves = LEAVES, signer = 1, origin, path }: Served): string {
  const part = leaves.slice(0, size);
  const checkpoint = checkpointOf({ size, root: plainRoot(part), ...(origin === undefined ? {} : { origin }) }, [
    signerOf(signer, origin ?? ORIGIN),
  ]);
  return formatTlogProof({ index: INDEX, proof: path ?? plainInclusion(INDEX, part), checkpoint });
}

/** The last check, with whether it holds, as a browser with what it kept comes to it. */
async function lastCheck(browser: Map<string, string>, served: Served): Promise<string> {
  const { size = 7, leaves = LEAVES, keys = [signerOf(1).verifierKey], shown } = served;
  const result = await verifyEntry(
    shownEntry(shown),
    async (old) => {
      const growth = old === 0 || old > size ? [] : plainConsistency(old, leaves.slice(0, size));
      return { keys, evidence: { proof: proofOf(served), growth: growth.map((hash) => hash.toString('base64')) } };
    },
    browser,
  );
  const last = result?.checks.at(-1);
  expect(result?.verified).to.equal(last?.holds);
  return `${last?.holds === true ? 'yes' : 'no'} ${last?.check}`;
}

/** Hashes and signatures are those of Web Cryptography, as in a browser. */
describe('verifyEntry', () => {
  it('verifies an entry, keeps the checkpoint, and compares the next one with it', async () => {
    const browser = new Map<string, string>();
    expect(await lastCheck(browser, { size: 7 })).to.equal('yes leaf is in the tree of the checkpoint');
    for (const size of [7, 8, 13])
      expect(await lastCheck(browser, { size }), `${size}`).to.equal('yes log has only grown');
    expect(JSON.parse(browser.get(KEPT_AS)!)).to.include({ size: 13 });
  });

  it('names a log that was rewritten or is shorter than before, and keeps what it had', async () => {
    const browser = new Map<string, string>();
    await lastCheck(browser, { size: 8 });
    const before = browser.get(KEPT_AS);
    const rewritten = LEAVES.map((leaf, nth) => (nth === 1 ? leafHash(Buffer.from('forged')) : leaf));
    for (const served of [{ size: 13, leaves: rewritten }, { size: 8, leaves: rewritten }, { size: 7 }])
      expect(await lastCheck(browser, served)).to.equal('no log has only grown');
    expect(browser.get(KEPT_AS)).to.equal(before);
  });

  for (const [what, served, check] of [
    ['other bytes', { shown: { bytes: Buffer.from('{"entry":5}').toString('base64') } }, 'entry hashes to its leaf'],
    ['bytes that are no base64', { shown: { bytes: '!' } }, 'entry hashes to its leaf'],
    ['a proof of another entry', { shown: { index: 5 } }, 'proof is one, of this entry'],
    ['another key', { signer: 2 }, 'checkpoint is signed by a given key'],
    ['no key', { keys: [] }, 'checkpoint is signed by a given key'],
    [
      'a key whose id is not its own',
      { keys: [signerOf(1).verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')] },
      'checkpoint is signed by a given key',
    ],
    [
      'another log',
      { origin: 'log.example.kz/other/0', keys: [signerOf(1, 'log.example.kz/other/0').verifierKey] },
      'checkpoint is of the receipt’s log',
    ],
    [
      'a leaf that is not in the tree',
      { path: plainInclusion(5, LEAVES.slice(0, 7)) },
      'leaf is in the tree of the checkpoint',
    ],
  ] as const)
    it(`names ${what}`, async () => {
      const browser = new Map<string, string>();
      expect(await lastCheck(browser, served)).to.equal(`no ${check}`);
      expect(browser.size).to.equal(0);
    });

  it('takes what it did not write as nothing kept', async () => {
    for (const text of ['', 'null', '{', '{"size":-1,"root":"AA=="}', '{"size":5}'])
      expect(await lastCheck(new Map([[KEPT_AS, text]]), {}), text).to.equal(
        'yes leaf is in the tree of the checkpoint',
      );
  });

  it('waits for a checkpoint that holds the entry', async () => {
    expect(await verifyEntry(shownEntry(), async () => ({ keys: [], evidence: null }), new Map())).to.equal(undefined);
  });

  it('comes to what the command line’s hashes and signatures come to', async () => {
    const verifier = createNoteVerifier(signerOf(1).verifierKey)!;
    const { bytes, ...place } = shownEntry();
    const evidence = { ...place, entry: Buffer.from(bytes, 'base64'), proof: proofOf({}), growth: [] };
    const { checks } = checkEntry(evidence, nodeCrypto([verifier]));
    const inBrowser = await verifyEntry(
      shownEntry(),
      async () => ({ keys: [verifier && signerOf(1).verifierKey], evidence: { proof: proofOf({}), growth: [] } }),
      new Map(),
    );
    expect(inBrowser?.checks).to.deep.equal(checks);
  });
});
