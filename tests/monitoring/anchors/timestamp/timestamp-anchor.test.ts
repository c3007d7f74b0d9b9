import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OctetString } from 'asn1js';
import { AlgorithmIdentifier, Certificate, MessageImprint, Time, type TimeStampReq } from 'pkijs';
import {
  certificatePem,
  engine,
  issueCertificate,
  keyPem,
  TIME_STAMPING,
  type Identity,
} from '../../../../demo/outside/certificates.js';
import {
  makeAuthority,
  TimeStampAuthority,
  type AuthorityKeys,
} from '../../../../demo/outside/time-stamp-authority.js';
import { readRequest, stamp, type StampedFacts } from '../../../../demo/outside/time-stamp.js';
import { createHttpClient } from '../../../../gateway/compose/http-client.js';
import {
  TimestampAnchor,
  type TimestampAnchorOptions,
} from '../../../../monitoring/anchors/timestamp/timestamp-anchor.js';
import { trustedAuthorities } from '../../../../monitoring/anchors/timestamp/trusted-authorities.js';
import { seededRandom, standingClock } from '../../../doubles.js';
import { anchorSuite, type Outside } from '../../../ports/anchor.js';
import { rejection } from '../../../rejection.js';
import { serveOutside, type OutsideServer } from '../outside-server.js';
import { SignedLog } from '../signed-log.js';

const NOW = '2026-11-23T10:00:00.000Z';
const clock = standingClock(NOW);
const log = new SignedLog();
const checkpoint = log.at(7);
/** Changes an answer before it is signed, or makes another one. */
type Answering = (request: TimeStampReq, honest: StampedFacts) => Uint8Array | Promise<Uint8Array>;

describe('time stamps', () => {
  let keys: AuthorityKeys;
  let server: OutsideServer;
  let answering: Answering | undefined;
  let outside: Outside = 'honest';
  before(async () => {
    keys = await makeAuthority(clock.now());
    const authority = new TimeStampAuthority(keys.signer, () => clock.now());
    server = await serveOutside(async (question, response) => {
      if (outside === 'down') return void response.socket?.destroy();
      if (outside === 'hanging') return;
      if (outside === 'redirecting') return void response.writeHead(302, { location: '/elsewhere' }).end();
      if (outside === 'refusing') return void response.writeHead(403).end();
      const request = readRequest(question.body);
      if (request === undefined) return void response.writeHead(400).end();
      const facts = { policy: '2.999.3161.1', serial: 1, at: clock.now(), ...request, nonce: request.nonce };
      const answer = await (answering?.(request, facts) ?? authority.answer(question.body));
      if (outside === 'losing_replies') return void response.destroy();
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
      response.end(outside === 'endless' ? Buffer.alloc(1_000_000) : outside === 'garbled' ? 'garbled' : answer);
    });
  });
  afterEach(() => {
    answering = undefined;
    outside = 'honest';
  });
  after(() => server.close());

  const anchorOf = (changes: Partial<TimestampAnchorOptions> = {}): TimestampAnchor =>
    new TimestampAnchor({
      name: 'authority',
      url: server.url,
      authorities: trustedAuthorities(certificatePem(keys.root.certificate), 'roots.pem'),
      policy: undefined,
      timeoutMs: 3_000,
      connections: createHttpClient().open({}),
      random: seededRandom(),
      clock,
      ...changes,
    });
  const proven = async (anchor = anchorOf()): Promise<Uint8Array> => {
    try {
      return await anchor.prove(checkpoint);
    } finally {
      anchor.close();
    }
  };
  const reasonOf = async (changes: Partial<TimestampAnchorOptions> = {}): Promise<unknown> =>
    ((await rejection(proven(anchorOf(changes)))) as { reason?: unknown }).reason;

  anchorSuite('a time-stamp authority', async () => {
    const anchor = anchorOf();
    return {
      anchor,
      checkpoint,
      later: log.at(12),
      behave: (next) => void (outside = next),
      close: async () => anchor.close(),
    };
  });

  describe('say', () => {
    it('when the checkpoint was there, by the clock of the authority', async () => {
      const at = new Date('2026-11-23T10:04:00.000Z');
      answering = (_, facts) => stamp({ ...facts, at }, keys.signer);
      const anchor = anchorOf();
      expect(await anchor.check(checkpoint, await proven(anchor))).to.deep.equal({ provenAt: at });
    });

    for (const [what, reason, change] of [
      ['another checkpoint', 'other_checkpoint', (facts) => ({ ...facts, messageImprint: imprint('another') })],
      [
        'another hash',
        'other_checkpoint',
        (facts) => ({ ...facts, messageImprint: hashedBy('2.16.840.1.101.3.4.2.3', facts) }),
      ],
      ['SHA-1', 'other_checkpoint', (facts) => ({ ...facts, messageImprint: hashedBy('1.3.14.3.2.26', facts) })],
      ['no nonce', 'nonce', (facts) => ({ ...facts, nonce: undefined })],
      ['the nonce of another request', 'nonce', (facts) => ({ ...facts, nonce: otherNonce(facts) })],
      ['a time long ago', 'time', (facts) => ({ ...facts, at: new Date('2026-11-23T09:50:00Z') })],
      ['a time to come', 'time', (facts) => ({ ...facts, at: new Date('2026-11-23T10:10:00Z') })],
    ] as readonly (readonly [string, string, (facts: StampedFacts) => StampedFacts])[])
      it(`nothing with ${what}: ${reason}`, async () => {
        answering = (_, facts) => stamp(change(facts), keys.signer);
        expect(await reasonOf()).to.equal(reason);
      });

    it('the policy that is demanded', async () => {
      const policy = '2.999.3161.1';
      const anchor = anchorOf({ policy });
      const proof = await proven(anchor);
      expect(await anchor.check(checkpoint, proof)).to.have.property('provenAt');
      answering = (_, facts) => stamp({ ...facts, policy: '2.999.3161.2' }, keys.signer);
      expect(await reasonOf({ policy })).to.equal('policy');
      expect(await anchorOf({ policy: '2.999.1' }).check(checkpoint, proof)).to.equal('policy');
      answering = undefined;
      expect(await reasonOf({ policy: '2.999.1' }), 'an authority that does not have it').to.equal('refused');
    });

    it('nothing in another media type, nor with another status', async () => {
      const other = await serveOutside(
        (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      );
      expect(await reasonOf({ url: other.url })).to.equal('malformed');
      await other.close();
    });
  });

  describe('are believed of', () => {
    const year = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const signer = { name: 'signer', serial: 9, purposes: [TIME_STAMPING], ...year };
    const [TLS_SERVER, TLS_CLIENT] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
    const signing = async (identity: Promise<Identity> | Identity): Promise<unknown> => {
      const who = await identity;
      answering = (_, facts) => stamp(facts, who);
      return reasonOf();
    };

    it('a signer of a trusted authority', async () => {
      const who = await issueCertificate(signer, keys.root);
      answering = (_, facts) => stamp(facts, who);
      expect(await proven()).to.have.property('length');
    });

    for (const [what, reason, issuing] of [
      ['without a purpose', 'signer', { ...signer, purposes: undefined }],
      ['for web servers', 'signer', { ...signer, purposes: [TLS_SERVER] }],
      ['for time stamps and more', 'signer', { ...signer, purposes: [TIME_STAMPING, TLS_CLIENT] }],
      ['whose purpose is not critical', 'signer', { ...signer, isPurposeCritical: false }],
      ['that is an authority itself', 'signer', { ...signer, isAuthority: true }],
      ['that has expired', 'untrusted_signer', { ...signer, to: new Date('2026-11-23T09:59:59Z') }],
      ['that is not valid yet', 'untrusted_signer', { ...signer, from: new Date('2026-11-23T10:00:01Z') }],
    ] as const)
      it(`no signer ${what}: ${reason}`, async () => {
        const { purposes, ...rest } = issuing;
        expect(
          await signing(issueCertificate(purposes === undefined ? rest : { ...rest, purposes }, keys.root)),
        ).to.equal(reason);
      });

    it('no signer of another authority, none that signed itself, and none of an authority of the same name', async () => {
      const { root } = await makeAuthority(clock.now());
      expect(await signing(issueCertificate(signer, root))).to.equal('untrusted_signer');
      expect(await signing(issueCertificate(signer))).to.equal('untrusted_signer');
    });

    it('no signer whose certificate was issued by one that is no authority', async () => {
      const web = await issueCertificate({ name: 'web', serial: 8, purposes: [TLS_SERVER], ...year }, keys.root);
      expect(await signing(issueCertificate(signer, web))).to.equal('untrusted_signer');
    });

    it('no one whose certificate is swapped for another one of the same key, number and length', async () => {
      const genuine = await issueCertificate(signer, keys.root);
      const before = Buffer.from(genuine.certificate.toSchema().toBER());
      const after = Buffer.from(await renewed(genuine, keys.root, before.length));
      answering = async (_, facts) => {
        const answer = Buffer.from(await stamp(facts, genuine));
        const at = answer.indexOf(before);
        expect(at).to.be.greaterThan(0);
        after.copy(answer, at);
        return answer;
      };
      expect(await reasonOf()).to.equal('signer');
      answering = (_, facts) => stamp(facts, { ...genuine, certificate: Certificate.fromBER(Uint8Array.from(after)) });
      expect(await proven(), 'it is a good certificate').to.have.property('length');
    });

    it('no answer that says no and has a time stamp all the same', async () => {
      answering = async (_, facts) => {
        const answer = Buffer.from(await stamp(facts, keys.signer));
        // PKIStatusInfo, the first member: SEQUENCE { INTEGER 0 } becomes 2, rejection.
        const status = answer.indexOf(Buffer.from([0x30, 0x03, 0x02, 0x01, 0x00]));
        answer[status + 4] = 2;
        return answer;
      };
      expect(await reasonOf()).to.equal('refused');
    });

    it('no one whose certificate is swapped for another one of the same issuer and number', async () => {
      const genuine = await issueCertificate(signer, keys.root);
      const other = await issueCertificate(signer, keys.root);
      expect(await signing({ certificate: other.certificate, privateKey: genuine.privateKey })).to.equal('signature');
    });
  });

  describe('and openssl agree:', () => {
    let folder: string;
    const file = (name: string): string => join(folder, name);
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tereze-ts-'));
      writeFileSync(file('roots.pem'), certificatePem(keys.root.certificate));
      writeFileSync(file('signer.pem'), certificatePem(keys.signer.certificate));
      writeFileSync(file('signer.key'), await keyPem(keys.signer.privateKey));
      writeFileSync(file('checkpoint'), checkpoint.note);
    });
    after(() => rmSync(folder, { recursive: true }));
    const verify = (proof: Uint8Array, data = file('checkpoint')): boolean => {
      writeFileSync(file('proof.tsr'), proof);
      const args = ['ts', '-verify', '-data', data, '-in', file('proof.tsr'), '-CAfile', file('roots.pem')];
      return spawnSync('openssl', args, { stdio: 'ignore' }).status === 0;
    };

    it('a proof that is stored verifies, and not for another checkpoint', async () => {
      const proof = await proven();
      expect(verify(proof)).to.equal(true);
      writeFileSync(file('other'), log.at(8).note);
      expect(verify(proof, file('other'))).to.equal(false);
    });

    it('an authority made of openssl is believed', async () => {
      writeFileSync(file('serial'), '01\n');
      writeFileSync(file('ts.cnf'), TS_CONFIG.replace('SERIAL', file('serial')));
      const authority = await serveOutside(({ body }, response) => {
        writeFileSync(file('query'), body);
        const args = ['-config', file('ts.cnf'), '-section', 'it', '-queryfile', file('query'), '-out', file('reply')];
        const keyArgs = ['-signer', file('signer.pem'), '-inkey', file('signer.key')];
        execFileSync('openssl', ['ts', '-reply', ...args, ...keyArgs], { stdio: 'ignore' });
        const reply = execFileSync('cat', [file('reply')]);
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply);
      });
      // openssl has no other clock than the machine's.
      const options = { url: authority.url, clock: { ...clock, now: () => new Date() }, timeoutMs: 60_000 };
      for (const policy of [undefined, '1.2.3.4.5']) {
        const anchor = anchorOf({ ...options, policy });
        const proof = await proven(anchor);
        expect(verify(proof)).to.equal(true);
        expect(await anchor.check(checkpoint, proof)).to.have.property('provenAt');
      }
      await authority.close();
    });

    it('what one refuses of a signer, the other refuses', async () => {
      const year = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2045-01-01T00:00:00Z') };
      const signers = [
        issueCertificate({ name: 'no purpose', serial: 21, ...year }, keys.root),
        issueCertificate(
          { name: 'not critical', serial: 22, purposes: [TIME_STAMPING], isPurposeCritical: false, ...year },
          keys.root,
        ),
        issueCertificate({ name: 'itself', serial: 23, purposes: [TIME_STAMPING], ...year }),
      ];
      for (const signer of await Promise.all(signers)) {
        let made = new Uint8Array();
        answering = async (_, facts) => (made = Uint8Array.from(await stamp(facts, signer)));
        expect(await reasonOf()).to.be.oneOf(['signer', 'untrusted_signer']);
        expect(made.length).to.be.greaterThan(100);
        expect(verify(made)).to.equal(false);
      }
    });
  });

  it('need authorities in PEM', () => {
    expect(() => trustedAuthorities('nothing', 'roots.pem')).to.throw('roots.pem holds no certificate in PEM');
    const broken = '\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(() => trustedAuthorities(broken, 'roots.pem')).to.throw('roots.pem, line 2: this is not a certificate');
  });
});

/** Resolves with the certificate of the same key and number, valid for a year more, whose encoding is as long. */
async function renewed({ certificate }: Identity, by: Identity, length: number): Promise<ArrayBuffer> {
  for (;;) {
    const next = Certificate.fromBER(certificate.toSchema().toBER());
    next.notAfter = new Time({ type: 0, value: new Date('2028-01-01T00:00:00Z') });
    await next.sign(by.privateKey, 'SHA-256', engine);
    const bytes = next.toSchema().toBER();
    // Signatures by ECDSA differ in length by a byte or two.
    if (bytes.byteLength === length) return bytes;
  }
}

function otherNonce({ nonce }: StampedFacts): StampedFacts['nonce'] {
  if (nonce === undefined) throw new Error('a request without a nonce');
  const bytes = Uint8Array.from(nonce.valueBlock.valueHexView);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  nonce.valueBlock.valueHexView = bytes;
  return nonce;
}

/** The right hash, said to be of another algorithm. */
function hashedBy(algorithmId: string, { messageImprint: { hashedMessage } }: StampedFacts): MessageImprint {
  return new MessageImprint({ hashAlgorithm: new AlgorithmIdentifier({ algorithmId }), hashedMessage });
}

function imprint(text: string): MessageImprint {
  return new MessageImprint({
    hashAlgorithm: new AlgorithmIdentifier({ algorithmId: '2.16.840.1.101.3.4.2.1' }),
    hashedMessage: new OctetString({ valueHex: Uint8Array.from(Buffer.alloc(32, text)) }),
  });
}

const TS_CONFIG = `[it]
serial = SERIAL
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
