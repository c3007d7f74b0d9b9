import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { addCheckpoint, type WitnessAnswer, type WitnessedTree } from '../../../../demo/outside/witness.js';
import { createHttpClient } from '../../../../gateway/compose/http-client.js';
import { createCosigner } from '../../../../monitoring/anchors/witness/cosignature.js';
import { parseWitnessPolicy } from '../../../../monitoring/anchors/witness/policy.js';
import { WitnessAnchor, type WitnessAnchorOptions } from '../../../../monitoring/anchors/witness/witness-anchor.js';
import { createNoteVerifier } from '../../../../monitoring/audit/tree/note.js';
import { parseNote } from '../../../../monitoring/audit/tree/note-text.js';
import { standingClock } from '../../../doubles.js';
import { anchorSuite, type Outside } from '../../../ports/anchor.js';
import { rejection } from '../../../rejection.js';
import { serveOutside, type OutsideServer } from '../outside-server.js';
import { ORIGIN, SignedLog } from '../signed-log.js';

const clock = standingClock('2026-11-23T10:00:00.000Z');
const NAMES = ['A', 'B', 'C'] as const;

/** A witness on loopback that can be told to misbehave. */
class TestWitness {
  outside: Outside = 'honest';
  /** Given: what it answers instead. It has done its work by then. */
  answers: ((honest: WitnessAnswer) => WitnessAnswer) | undefined;
  now = (): Date => clock.now();
  readonly requests: string[] = [];
  readonly seen = new Map<string, WitnessedTree>();
  readonly #log: SignedLog;
  readonly cosigner;
  server: OutsideServer | undefined;

  constructor(name: string, log: SignedLog) {
    this.#log = log;
    this.cosigner = createCosigner(`${name.toLowerCase()}.example/w`, generateKeyPairSync('ed25519').privateKey);
  }

  async start(): Promise<this> {
    this.server = await serveOutside(({ path, body }, response) => {
      this.requests.push(body.toString('utf8').split('\n', 1)[0] ?? '');
      if (this.outside === 'down') return void response.socket?.destroy();
      if (this.outside === 'hanging') return;
      if (this.outside === 'redirecting') return void response.writeHead(307, { location: '/w/add-checkpoint' }).end();
      if (this.outside === 'refusing') return void response.writeHead(500).end();
      if (this.outside === 'endless') return void response.end(Buffer.alloc(1_000_000));
      if (this.outside === 'garbled') return void response.end('garbled');
      if (path !== '/w/add-checkpoint') return void response.writeHead(405).end();
      const answer = this.answer(body.toString('utf8'));
      if (this.outside === 'losing_replies') return void response.destroy();
      const { status, body: text, contentType = 'text/plain' } = this.answers?.(answer) ?? answer;
      response.writeHead(status, { 'content-type': contentType }).end(text);
    });
    return this;
  }

  answer(body: string): WitnessAnswer {
    const verifier = createNoteVerifier(this.#log.verifierKey);
    return addCheckpoint(body, {
      cosigner: this.cosigner,
      keysOf: (origin) => (origin === ORIGIN && verifier !== undefined ? [verifier] : []),
      memory: { read: (origin) => this.seen.get(origin), keep: (origin, tree) => void this.seen.set(origin, tree) },
      now: () => this.now(),
    });
  }
}

describe('witnesses', () => {
  const log = new SignedLog();
  let witnesses: readonly TestWitness[];
  let failed: string[];
  const anchors: WitnessAnchor[] = [];
  beforeEach(async () => {
    failed = [];
    witnesses = await Promise.all(NAMES.map((name) => new TestWitness(name, log).start()));
  });
  afterEach(async () => {
    for (const anchor of anchors.splice(0)) anchor.close();
    for (const { server } of witnesses) await server?.close();
  });

  const policyOf = (quorum = 'group Q 2 A B C', more = ''): string =>
    [
      more,
      ...witnesses.map(
        ({ cosigner, server }, at) => `witness ${NAMES[at]} ${cosigner.verifierKey} ${server?.url.href}w/`,
      ),
      quorum,
      `quorum ${quorum.split(' ')[1]}`,
    ].join('\n');
  const anchorOf = (changes: Partial<WitnessAnchorOptions> = {}): WitnessAnchor => {
    const anchor = new WitnessAnchor({
      name: 'witnesses',
      policy: parseWitnessPolicy(policyOf(), 'p'),
      timeoutMs: 3_000,
      connections: createHttpClient().open({}),
      clock,
      onWitnessFailed: (witness, reason) => failed.push(`${witness} ${reason}`),
      ...changes,
    });
    anchors.push(anchor);
    return anchor;
  };
  const [first, second] = [log.at(7), log.at(12)];
  const signersOf = (proof: Uint8Array): readonly string[] =>
    (parseNote(Buffer.from(proof).toString('utf8'))?.signatures ?? []).map(({ name }) => name);
  const reasonOf = async (anchor: WitnessAnchor, checkpoint = first): Promise<unknown> =>
    ((await rejection(anchor.prove(checkpoint))) as { reason?: unknown }).reason;

  it('are asked from the size that they saw last, and say it if it is another one', async () => {
    const anchor = anchorOf();
    await anchor.prove(first);
    await anchor.prove(second);
    expect(witnesses[0]?.requests).to.deep.equal(['old 0', 'old 7']);
    await anchorOf().prove(log.at(13));
    expect(witnesses[0]?.requests.slice(2), 'after a restart').to.deep.equal(['old 0', 'old 12']);
    witnesses[0]?.seen.clear();
    await anchor.prove(log.at(20));
    expect(witnesses[0]?.requests.slice(4), 'of a witness that forgot').to.deep.equal(['old 12', 'old 0']);
    expect(failed).to.deep.equal([]);
  });

  it('are enough where the policy says so, and their time is that of the one that completes it', async () => {
    witnesses[0]!.outside = 'down';
    witnesses[1]!.now = () => new Date('2026-11-23T09:59:58Z');
    witnesses[2]!.now = () => new Date('2026-11-23T09:59:59Z');
    const anchor = anchorOf();
    const proof = await anchor.prove(first);
    expect(failed).to.deep.equal(['A unreachable']);
    expect(signersOf(proof)).to.deep.equal([ORIGIN, 'b.example/w', 'c.example/w']);
    expect(await anchor.check(first, proof)).to.deep.equal({ provenAt: new Date('2026-11-23T09:59:59Z') });
    const all = anchorOf({ policy: parseWitnessPolicy(policyOf('group Q all A B C'), 'p') });
    expect(await all.check(first, proof)).to.equal('quorum');
    expect(await reasonOf(all)).to.equal('quorum');
  });

  for (const [status, reason] of [
    [404, 'log_unknown'],
    [403, 'key_unknown'],
    [400, 'refused'],
    [422, 'inconsistent'],
    [500, 'refused'],
    [201, 'refused'],
  ] as const)
    it(`that answer ${status} have not signed: ${reason}`, async () => {
      for (const witness of witnesses) witness.answers = (honest) => ({ ...honest, status: status as 404 });
      expect(await reasonOf(anchorOf())).to.equal(reason);
      expect(witnesses[0]?.requests).to.have.length(1);
    });

  it('that know no such log, or no such key, say so', async () => {
    const stranger = new SignedLog();
    expect(await reasonOf(anchorOf(), stranger.at(3))).to.equal('key_unknown');
    const note = first.note.replaceAll(ORIGIN, 'log.example.kz/other/0');
    expect(await reasonOf(anchorOf(), { ...first, note })).to.equal('log_unknown');
  });

  it('that have seen more than there is are not talked out of it', async () => {
    await anchorOf().prove(second);
    expect(await reasonOf(anchorOf(), first)).to.equal('witness_ahead');
    expect(witnesses.map(({ seen }) => seen.get(ORIGIN)?.size)).to.deep.equal([12, 12, 12]);
  });

  it('refuse a log that was rewritten, at the same size and later', async () => {
    await anchorOf().prove(first);
    const rewritten = new SignedLog(1, log.privateKey);
    expect(await reasonOf(anchorOf(), rewritten.at(7))).to.equal('inconsistent');
    expect(await reasonOf(anchorOf(), rewritten.at(12))).to.equal('inconsistent');
    const liar = { ...second, consistencyFrom: async () => Promise.reject(new Error('the tree differs')) };
    expect(await reasonOf(anchorOf(), liar), 'and a log that has no proof').to.equal('inconsistent');
  });

  for (const [what, body, contentType] of [
    ['no number', 'seven\n', 'text/x.tlog.size'],
    ['no line', '7', 'text/x.tlog.size'],
    ['a zero in front', '07\n', 'text/x.tlog.size'],
    ['another media type', '7\n', 'text/plain'],
  ] as const)
    it(`that answer 409 with ${what} are not understood`, async () => {
      for (const witness of witnesses) witness.answers = () => ({ status: 409, body, contentType });
      expect(await reasonOf(anchorOf())).to.equal('malformed');
    });

  it('are asked twice at most', async () => {
    for (const witness of witnesses)
      witness.answers = () => ({ status: 409, body: `${witness.requests.length}\n`, contentType: 'text/x.tlog.size' });
    expect(await reasonOf(anchorOf())).to.equal('refused');
    expect(witnesses.map(({ requests }) => requests.length)).to.deep.equal([2, 2, 2]);
  });

  it('are not counted for a wrong signature, that of another witness, of no known key, or one from the future', async () => {
    const anchor = anchorOf();
    const [a, b, c] = witnesses;
    a!.answers = (honest) => ({
      ...honest,
      body: a!
        .answer(`old 7\n\n${first.note}`)
        .body.replace(/[A-Za-z]=*\n$/, (end) => (end.startsWith('A') ? `B${end.slice(1)}` : `A${end.slice(1)}`)),
    });
    b!.answers = () => c!.answer(`old 7\n\n${first.note}`);
    c!.now = () => new Date('2026-11-23T10:05:01Z');
    expect(await reasonOf(anchor)).to.equal('quorum');
    expect(failed.map((line) => line.slice(0, 1)).sort()).to.deep.equal(['A', 'B', 'C']);
    expect(failed).to.include('C time');
    const unknown = createCosigner('a.example/w', generateKeyPairSync('ed25519').privateKey);
    a!.answers = (honest) => {
      const { name, signature } = unknown.cosign('text\n', clock.now());
      return {
        ...honest,
        status: 200,
        body: `— ${name} ${Buffer.from([0, 0, 0, 0, ...signature]).toString('base64')}\n`,
      };
    };
    await reasonOf(anchor);
    expect(failed).to.include('A signer');
  });

  it('of which one is asked by two gateways at once go forward only', async () => {
    const gateways = [anchorOf(), anchorOf(), anchorOf()];
    for (let size = 1; size <= 24; size += 3)
      await Promise.allSettled(gateways.map((gateway, at) => gateway.prove(log.at(size + ((at * 2) % 3)))));
    const sizes = witnesses.map(({ seen }) => seen.get(ORIGIN)?.size ?? 0);
    await gateways[0]?.prove(log.at(24));
    for (const [at, witness] of witnesses.entries()) {
      expect(sizes[at]).to.be.within(22, 24);
      expect(witness.seen.get(ORIGIN)?.size).to.equal(24);
    }
  });

  it('sign for the logs of their policy only, if it names any', async () => {
    const proof = await anchorOf().prove(first);
    const own = anchorOf({ policy: parseWitnessPolicy(policyOf(undefined, `log ${log.verifierKey}`), 'p') });
    expect(await own.check(first, proof)).to.have.property('provenAt');
    const other = anchorOf({
      policy: parseWitnessPolicy(policyOf(undefined, `log ${new SignedLog().verifierKey}`), 'p'),
    });
    expect(await other.check(first, proof)).to.equal('policy');
    expect(await reasonOf(other)).to.equal('policy');
  });

  it('without an address are not asked, and their signatures count', async () => {
    const proof = await anchorOf().prove(first);
    const silent = policyOf().replaceAll(/ http\S+/g, '');
    const anchor = anchorOf({ policy: parseWitnessPolicy(silent, 'p') });
    expect(await anchor.check(first, proof)).to.have.property('provenAt');
    expect(await reasonOf(anchor)).to.equal('quorum');
  });
});

anchorSuite('a quorum of witnesses', async () => {
  const log = new SignedLog();
  const witness = await new TestWitness('A', log).start();
  const policy = parseWitnessPolicy(
    `witness A ${witness.cosigner.verifierKey} ${witness.server?.url.href}w\nquorum A`,
    'p',
  );
  const anchor = new WitnessAnchor({
    name: 'witnesses',
    policy,
    timeoutMs: 3_000,
    connections: createHttpClient().open({}),
    clock,
    onWitnessFailed: () => undefined,
  });
  return {
    anchor: {
      ...{ name: anchor.name, kind: anchor.kind, close: () => anchor.close() },
      check: (checkpoint, proof) => anchor.check(checkpoint, proof),
      // A witness signs the newest only: it is made to forget before an earlier one is asked for.
      prove: async (checkpoint) => {
        if ((witness.seen.get(ORIGIN)?.size ?? 0) > checkpoint.size) witness.seen.clear();
        return anchor.prove(checkpoint);
      },
    },
    checkpoint: log.at(7),
    later: log.at(12),
    behave: (outside) => void (witness.outside = outside),
    close: async () => {
      anchor.close();
      await witness.server?.close();
    },
  };
});
