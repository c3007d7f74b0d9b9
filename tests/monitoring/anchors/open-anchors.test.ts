import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { certificatePem, issueCertificate } from '../../../demo/outside/certificates.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { AnchorFileFailure } from '../../../monitoring/anchors/anchor.js';
import { openAnchors, readAnchorFiles } from '../../../monitoring/anchors/open-anchors.js';
import { createCosigner } from '../../../monitoring/anchors/witness/cosignature.js';
import { anchorConfig, anchorMaxAgeConfig, hoursOf, isAnchored } from '../../../monitoring/anchor-config.js';
import { formatNote, parseNote } from '../../../monitoring/audit/tree/note-text.js';
import { OpensslAuthority } from '../../ports/openssl-authority.js';
import { rejection } from '../../rejection.js';
import { SignedLog } from './signed-log.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';

describe('the anchors of a configuration', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  const key = createCosigner('w.example', generateKeyPairSync('ed25519').privateKey).verifierKey;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-anchors-'));
    const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const { certificate } = await issueCertificate({ name: 'root', serial: 1, isAuthority: true, ...validity });
    writeFileSync(file('roots.pem'), certificatePem(certificate));
    writeFileSync(file('asked.policy'), `witness W ${key} https://w.example\nquorum W\n`);
    writeFileSync(file('silent.policy'), `witness W ${key}\nquorum W\n`);
    writeFileSync(file('broken.policy'), `witness W ${key}\nquorum V\n`);
    writeFileSync(file('latin.policy'), Buffer.from([0x23, 0xe4, 0x0a]));
  });
  after(() => rmSync(folder, { recursive: true }));
  const timestamp = (changes: object = {}): object => ({
    kind: 'timestamp',
    url: 'http://tsa.example/',
    authorities_file: file('roots.pem'),
    ...changes,
  });
  const witness = (policy: string, changes: object = {}): object => ({
    kind: 'witness',
    policy_file: file(policy),
    ...changes,
  });
  const parse = (anchors: unknown): ReturnType<typeof anchorConfig.parse> => anchorConfig.parse(anchors);
  const ports = {
    http: createHttpClient(),
    clock: standingClock(),
    random: seededRandom(),
    observer: silentObserver(),
  };

  it('are opened by name and kind, each with its interval', () => {
    const config = parse({
      authority: timestamp({ every_s: 60 }),
      old: timestamp({ retired: true }),
      ours: witness('asked.policy'),
    });
    const open = openAnchors(config, ports);
    expect(open.map(({ anchor: { name, kind }, everyMs, isAsked }) => [name, kind, everyMs, isAsked])).to.deep.equal([
      ['authority', 'timestamp', 60_000, true],
      ['old', 'timestamp', 600_000, false],
      ['ours', 'witness', 600_000, true],
    ]);
    for (const { anchor } of open) anchor.close();
    expect(openAnchors('none', ports)).to.deep.equal([]);
    expect(openAnchors(undefined, ports)).to.deep.equal([]);
  });

  it('are asked only where one is not retired', () => {
    expect(
      [undefined, 'none', {}, { a: timestamp({ retired: true }) }, { a: timestamp() }].map((one) =>
        isAnchored(parse(one)),
      ),
    ).to.deep.equal([false, false, false, false, true]);
  });

  for (const [what, anchors, problem] of [
    [
      'a file that is not there',
      () => ({ a: timestamp({ authorities_file: file('none.pem') }) }),
      /none\.pem cannot be read \(ENOENT\)/,
    ],
    [
      'a file of an authority that is not there',
      () => ({ a: timestamp({ tls_ca_file: file('none.pem') }) }),
      /none\.pem cannot be read/,
    ],
    [
      'a file without a certificate',
      () => ({ a: timestamp({ authorities_file: file('asked.policy') }) }),
      /asked\.policy holds no certificate/,
    ],
    [
      'a policy that is none',
      () => ({ w: witness('broken.policy') }),
      /broken\.policy, line 2: names `V`, which no line before defines/,
    ],
    ['a policy that is not UTF-8', () => ({ w: witness('latin.policy') }), /latin\.policy cannot be read/],
    [
      'a policy without addresses',
      () => ({ w: witness('silent.policy') }),
      /silent\.policy: the witnesses with an address are not enough/,
    ],
  ] as const)
    it(`are refused with ${what}`, () => {
      expect(() => readAnchorFiles(parse(anchors()))).to.throw(AnchorFileFailure, problem);
      expect(() => openAnchors(parse(anchors()), ports)).to.throw(AnchorFileFailure, problem);
    });

  it('are refused with every file that is wrong', () => {
    const both = parse({ a: timestamp({ authorities_file: file('none.pem') }), w: witness('broken.policy') });
    expect(() => readAnchorFiles(both)).to.throw(/none\.pem cannot be read.*\n.*broken\.policy, line 2/);
  });

  it('are reached by TLS, of a server that the authority of the configuration or the system vouches for', async () => {
    const authority = new OpensslAuthority();
    const root = authority.issue({ name: 'root', isAuthority: true });
    const { certificate: cert, key: tlsKey } = authority.issue({ name: 'w', hosts: 'IP:127.0.0.1' }, root);
    writeFileSync(file('tls.pem'), root.certificate);
    authority.close();
    const log = new SignedLog();
    const cosigner = createCosigner('w.example', generateKeyPairSync('ed25519').privateKey);
    const server = createServer({ cert, key: tlsKey }, (request, response) => {
      request.resume().on('end', () => {
        const { text } = parseNote(log.at(3).note) ?? expect.fail('no note');
        response.end(
          formatNote({ text, signatures: [cosigner.cosign(text, ports.clock.now())] }).slice(text.length + 1),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(file('tls.policy'), `witness W ${cosigner.verifierKey} https://127.0.0.1:${port}\nquorum W\n`);
    const config = parse({
      vouched: witness('tls.policy', { tls_ca_file: file('tls.pem') }),
      strange: witness('tls.policy'),
    });
    const [vouched, strange] = openAnchors(config, ports).map(({ anchor }) => anchor);
    const proof = (await vouched?.prove(log.at(3))) ?? new Uint8Array();
    expect(await vouched?.check(log.at(3), proof)).to.have.property('provenAt');
    expect(await rejection(strange?.prove(log.at(3)) ?? Promise.resolve())).to.have.property('reason', 'unreachable');
    for (const anchor of [vouched, strange]) anchor?.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('need no address when they are retired', () => {
    expect(() => readAnchorFiles(parse({ w: witness('silent.policy', { retired: true }) }))).not.to.throw();
  });

  for (const [what, anchors] of [
    ['another word than none', 'no'],
    ['a name in capitals', { Authority: {} }],
    ['no kind', { a: { url: 'https://a.example', authorities_file: 'f' } }],
    ['another scheme', { a: { kind: 'timestamp', url: 'ftp://a.example', authorities_file: 'f' } }],
    [
      'a policy that is no OID',
      { a: { kind: 'timestamp', url: 'https://a.example', authorities_file: 'f', policy: '1.02' } },
    ],
    [
      'an interval above an hour',
      { a: { kind: 'timestamp', url: 'https://a.example', authorities_file: 'f', every_s: 3_601 } },
    ],
    ['an unknown key', { a: { kind: 'witness', policy_file: 'f', url: 'https://a.example' } }],
  ] as const)
    it(`are refused with ${what}`, () => {
      expect(anchorConfig.safeParse(anchors).success).to.equal(false);
    });

  it('have an age limit of hours or days, of four hours at least', () => {
    expect(['4h', '6h', '2d'].map((text) => hoursOf(anchorMaxAgeConfig.parse(text) ?? ''))).to.deep.equal([4, 6, 48]);
    for (const text of ['3h', '0d', '240m', '4', '4 h', '-4h', '04h', '99999h'])
      expect(anchorMaxAgeConfig.safeParse(text).success, text).to.equal(false);
  });
});
