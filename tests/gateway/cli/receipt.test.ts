import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { canonicalBytes, leafHash } from '../../../monitoring/audit/canonical.js';
import { commitment } from '../../../monitoring/audit/commitment.js';
import { formatTlogProof } from '../../../monitoring/audit/tree/tlog-proof.js';
import { checkpointOf, ORIGIN, signerOf } from '../../docs/verify/sample-log.js';
import { commandLine } from './command-line.js';

describe('tereze receipt check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tereze-receipt-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const salt = 'ab'.repeat(32);
  const entry = canonicalBytes({
    answer: commitment(Buffer.from(salt, 'hex'), { data: { a: 1 } }),
    kind: 'completion',
  });
  const leaf = leafHash(entry);
  const receipt = { log: ORIGIN, index: 0, leafHash: leaf.toString('hex'), salt };
  const answer = file('answer.json', JSON.stringify({ data: { a: 1 }, extensions: { tereze: { receipt } } }));
  const changed = file('changed.json', JSON.stringify({ data: { a: 2 }, extensions: { tereze: { receipt } } }));
  const text = formatTlogProof({
    index: 0,
    proof: [],
    checkpoint: checkpointOf({ size: 1, root: leaf }),
    extra: entry,
  });
  const proof = file('proof', text);
  const key = signerOf(1).verifierKey;

  it('prints a line for each check', async () => {
    const { code, out } = await commandLine(['receipt', 'check', answer, '--proof', proof, '--key', key]);
    expect({ code, lines: out.match(/^ {2}yes/gm)?.length, head: out.split('\n')[0] }).to.deep.equal({
      code: 0,
      lines: 8,
      head: 'Verified:',
    });
  });

  it('ends with 1 and the check that does not hold', async () => {
    const { code, out } = await commandLine(['receipt', 'check', changed, '--proof', proof, '--key', key]);
    expect(code).to.equal(1);
    expect(out).to.match(/^Not verified:[^]*NO {3}answer is the one that the entry commits to\n$/);
  });

  it('says what is missing or cannot be read', async () => {
    const wrong = [
      [[answer, '--proof', proof], /verifier key/],
      [[answer, '--proof', proof, '--key', 'nothing'], /--key takes a verifier key/],
      [[answer, '--key', key], /there is no proof/],
      [[answer, '--key', key, '--proof', join(folder, 'none')], /cannot read/],
      [[proof, '--key', key, '--proof', proof], /is not JSON/],
      [[answer, '--key', key, '--from', 'nowhere'], /--from takes an address/],
    ] as const;
    for (const [words, message] of wrong) {
      const { code, error } = await commandLine(['receipt', 'check', ...words]);
      expect(code, error).to.equal(2);
      expect(error).to.match(message);
    }
  });

  it('asks where the log is served, until a checkpoint covers the entry', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      if (asked.length === 1) response.writeHead(404, { 'retry-after': '1' }).end();
      else response.end(text);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const from = `http://127.0.0.1:${port}/tereze/`;
      const { code, out } = await commandLine(['receipt', 'check', answer, '--from', from, '--key', key]);
      expect({ code, out: out.split('\n')[0] }).to.deep.equal({ code: 0, out: 'Verified:' });
      expect(asked).to.deep.equal(Array(2).fill(`/tereze/0/proof?index=0&leaf=${receipt.leafHash}`));
    } finally {
      server.close();
    }
  });
});
