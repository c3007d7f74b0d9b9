import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { outsideKeys, type OutsideKeys } from '../../../demo/outside/outside-keys.js';
import { serveOutside } from '../../../demo/outside/outside-server.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { createNoteVerifier } from '../../../monitoring/audit/tree/note.js';
import { toBase64 } from '../../../monitoring/audit/tree/base64.js';
import { createCosignatureVerifier } from '../../../monitoring/anchors/witness/cosignature.js';
import { parseNote } from '../../../monitoring/audit/tree/note-text.js';
import { ORIGIN, SignedLog } from '../../monitoring/anchors/signed-log.js';

describe('those outside, in the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tereze-outside-'));
  const log = new SignedLog();
  let keys: OutsideKeys;
  let server: Listener;
  const start = async (): Promise<void> => {
    keys = await outsideKeys(folder);
    const verifier = createNoteVerifier(log.verifierKey);
    server = await serveOutside({
      ...{ host: '127.0.0.1', port: 0, keys, memoryFile: join(folder, 'witness.json') },
      keysOf: (origin) => (origin === ORIGIN && verifier !== undefined ? [verifier] : []),
      now: () => new Date('2026-11-23T10:00:00Z'),
    });
  };
  before(start);
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, method = 'POST'): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { method, ...(method === 'POST' ? { body } : {}) });
  const submit = async (
    size: number,
    oldSize: number,
    changes: { readonly proof?: readonly string[]; readonly note?: string } = {},
  ): Promise<Response> => {
    const checkpoint = log.at(size);
    const proof =
      changes.proof ?? (oldSize === 0 || oldSize > size ? [] : await checkpoint.consistencyFrom(oldSize)).map(toBase64);
    return post(
      '/witness/add-checkpoint',
      `old ${oldSize}\n${proof.map((line) => `${line}\n`).join('')}\n${changes.note ?? checkpoint.note}`,
    );
  };

  describe('a witness', () => {
    it('cosigns a log from its first checkpoint on, at the time that it says', async () => {
      const answer = await submit(7, 0);
      expect(answer.status).to.equal(200);
      const { note } = log.at(7);
      const signed = parseNote(`${note}${await answer.text()}`);
      const verifier = createCosignatureVerifier(keys.cosigner.verifierKey);
      expect(
        verifier?.cosignedAt(signed?.text ?? '', signed?.signatures[1]?.signature ?? new Uint8Array()),
      ).to.deep.equal(new Date('2026-11-23T10:00:00Z'));
    });

    for (const [what, status, send] of [
      ['a checkpoint again', 200, () => submit(7, 7)],
      ['a checkpoint of a log that grew', 200, () => submit(12, 7)],
      ['a size that it did not see last', 409, () => submit(13, 7)],
      ['a size above that of the checkpoint', 400, () => submit(5, 12)],
      ['an earlier checkpoint', 409, () => submit(7, 0)],
      ['a proof that does not lead there', 422, () => submit(20, 12, { proof: [toBase64(Buffer.alloc(32))] })],
      ['no proof', 422, () => submit(20, 12, { proof: [] })],
      [
        'the same size with another root',
        422,
        () => submit(12, 12, { note: new SignedLog(1, log.privateKey).at(12).note, proof: [] }),
      ],
      ['another key', 403, () => submit(20, 12, { note: new SignedLog().at(20).note })],
      [
        'an unknown log',
        404,
        () => submit(20, 12, { note: log.at(20).note.replaceAll(ORIGIN, 'log.example.kz/tereze/9') }),
      ],
      [
        'more than 63 lines',
        400,
        () => submit(20, 12, { proof: Array.from({ length: 64 }, () => toBase64(Buffer.alloc(32))) }),
      ],
      ['a line that is no hash', 400, () => submit(20, 12, { proof: ['AAAA'] })],
      ['a zero in front', 400, () => post('/witness/add-checkpoint', `old 012\n\n${log.at(20).note}`)],
      ['no checkpoint', 400, () => post('/witness/add-checkpoint', 'old 12\n\nnothing\n')],
      ['nothing', 400, () => post('/witness/add-checkpoint', '')],
      ['too much', 400, () => post('/witness/add-checkpoint', 'x'.repeat(70_000))],
      ['another path', 404, () => post('/witness/other', '')],
      ['another method', 400, () => post('/witness/add-checkpoint', '', 'GET')],
    ] as const)
      it(`answers ${status} to ${what}`, async () => {
        const answer = await send();
        expect(answer.status).to.equal(status);
        if (status === 409) {
          expect(answer.headers.get('content-type')).to.equal('text/x.tlog.size');
          expect(await answer.text()).to.equal('12\n');
        } else await answer.text();
      });

    it('has not gone back by any of this, and remembers it when it starts again', async () => {
      await server.close();
      await start();
      expect(await (await submit(30, 0)).text()).to.equal('12\n');
    });

    it('of many requests at once lets one through for each step', async () => {
      const sizes = [13, 14, 15, 16, 17, 18, 19, 20];
      const statuses = await Promise.all(sizes.map(async (size) => (await submit(size, 12)).status));
      expect(statuses.filter((status) => status === 200)).to.have.length(1);
      expect(statuses.filter((status) => status === 409)).to.have.length(sizes.length - 1);
      const seen = Number(await (await submit(30, 0)).text());
      expect(seen).to.equal(sizes[statuses.indexOf(200)]);
    });
  });

  it('a time-stamp authority that is asked for nothing sensible refuses', async () => {
    const answer = await post('/time-stamps', 'nonsense');
    expect(answer.headers.get('content-type')).to.equal('application/timestamp-reply');
    // PKIStatusInfo with status 2, rejection, and no token.
    expect(Buffer.from(await answer.arrayBuffer()).toString('hex')).to.equal('30053003020102');
  });
});
