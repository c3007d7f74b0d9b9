import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { authorizationDetails, discover, tokenOf } from '../../gateway/cli/client/access.js';
import { readProfile, type ClientProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { startGateway } from '../../gateway/compose/app.js';
import { readConfig } from '../../gateway/config/read-config.js';
import type { Config } from '../../gateway/config/schema.js';
import { attachState } from '../../gateway/state/open.js';
import { leafHash } from '../../monitoring/audit/canonical.js';
import { createFileKeys } from '../../monitoring/audit/checkpoints/keys.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { parseCheckpoint } from '../../monitoring/audit/tree/checkpoint.js';
import { createNoteVerifier } from '../../monitoring/audit/tree/note.js';
import type { NoteVerifier } from '../../monitoring/audit/tree/open-note.js';
import { checkReceipt } from '../../monitoring/audit/verify/check-receipt.js';
import { GrowingTree } from '../../monitoring/audit/verify/growing-tree.js';
import { nodeCrypto } from '../../monitoring/audit/verify/node-crypto.js';
import { seededRandom } from '../doubles.js';
import { copyCountry, copyState } from '../made-once.js';
import { runTereze, type Program } from './program.js';
import { sharedContracts } from '../shared-contracts.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

/** How often it is killed; `KILLS` asks for more. */
const KILLS = Number(process.env['KILLS'] ?? 2);
/** Requests at once, each of a client that sends the next one when it has its answer. */
const CALLERS = 64;
/** Says at which moments it is killed. */
const SEED = process.env['SEED'] ?? 'killed under load';
/** The answers to wait for before the kill, and the time after the last of them, in milliseconds. */
const momentOf = (kill: number): { readonly answers: number; readonly afterMs: number } => {
  const [answers = 0, afterMs = 0] = seededRandom(`${SEED} ${kill}`).bytes(2);
  return { answers: 1 + (answers % 60), afterMs: afterMs % 40 };
};

/** An answer as its client keeps it. */
interface Answered {
  readonly status: number;
  readonly body: {
    readonly extensions: { readonly tereze: { readonly requestId: string; readonly receipt: Receipt } };
  };
}

interface Receipt {
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
}

/** A request that was sent: the same headers can be sent again. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined if no answer came. */
  readonly answer: Answered | undefined;
}

interface CallerKeys {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** A system of an agency that makes its own proofs, so that it can send one again. */
class Caller {
  readonly #profile: ClientProfile;
  readonly #token: string;
  readonly #keys: CallerKeys;
  #proofs = 0;

  private constructor(profile: ClientProfile, token: string, keys: CallerKeys) {
    this.#profile = profile;
    this.#token = token;
    this.#keys = keys;
  }

  static async signIn(profile: ClientProfile): Promise<Caller> {
    const configuration = await discover(profile);
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const handle = oidc.getDPoPHandle(configuration, { privateKey, publicKey });
    const details = authorizationDetails({ purpose: 'housing_queue', case: { agency: 'housing', number: caseNumber } });
    const grant = oidc.clientCredentialsGrant(
      configuration,
      { resource: profile.audience, authorization_details: details },
      { DPoP: handle },
    );
    return new Caller(profile, await tokenOf(grant), { privateKey, jwk: await exportJWK(publicKey) });
  }

  headers(): Promise<Sent['headers']> {
    return this.#headersFor('POST', new URL('/graphql', this.#profile.gateway).href);
  }

  /**
   * Resolves with the proof of an own entry, which holds the entry, once there is one.
   *
   * @param log origin at which the log is read.
   * @param publicUrl origin that proofs of possession must name.
   */
  async proof(
    { log, publicUrl }: { readonly log: string; readonly publicUrl: string },
    { log: name, index, leafHash }: Receipt,
  ): Promise<string> {
    const path = `/log/${name.slice(name.lastIndexOf('/') + 1)}/proof`;
    for (;;) {
      const headers = await this.#headersFor('GET', `${publicUrl}${path}`);
      const response = await fetch(`${log}${path}?index=${index}&leaf=${leafHash}`, { headers });
      const text = await response.text();
      if (response.status === 200) return text;
      expect(response.status, text).to.be.oneOf([404, 429]);
      await sleep(100);
    }
  }

  async #headersFor(method: string, htu: string): Promise<Sent['headers']> {
    this.#proofs += 1;
    const claims = {
      jti: `proof-under-load-${this.#keys.jwk.x}-${this.#proofs}`,
      htm: method,
      htu,
      iat: Math.floor(Date.now() / 1_000),
      ath: createHash('sha256').update(this.#token).digest('base64url'),
    };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: this.#keys.jwk };
    const proof = await new SignJWT(claims).setProtectedHeader(header).sign(this.#keys.privateKey);
    return { 'content-type': 'application/json', authorization: `DPoP ${this.#token}`, dpop: proof };
  }

  async send(headers: Sent['headers']): Promise<Sent> {
    try {
      const response = await fetch(new URL('/graphql', this.#profile.gateway), {
        method: 'POST',
        headers,
        body: JSON.stringify({
          query: 'query($iin: Iin!) { citizen(iin: $iin) { lastName } }',
          variables: { iin: applicant.iin },
        }),
      });
      return { headers, answer: { status: response.status, body: (await response.json()) as Answered['body'] } };
    } catch {
      return { headers, answer: undefined };
    }
  }
}

describe('a gateway killed under load', function () {
  this.timeout(60_000 + KILLS * 60_000);
  let directory: string;
  let country: RunningCountry;
  let gateway: Program | undefined;
  let caller: Caller;
  const sent: Sent[] = [];
  /** Checkpoints that anyone could read while it ran. */
  const seen = new Set<string>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-killed-load-'));
    await copyCountry(directory);
    await copyState(join(directory, 'state'));
    country = await startCountry({ directory, ports: 'free' });
    await signIn();
  });
  after(async () => {
    gateway?.child.kill('SIGKILL');
    await country.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Sends a request again, as fast as the caller's rate allows. */
  const sendAgain = async (headers: Sent['headers']): Promise<Sent> => {
    for (;;) {
      const again = await caller.send(headers);
      if (again.answer?.status !== 429) return again;
      await sleep(20);
    }
  };

  it(`leaves both entries of each answer, an intent of each call, no gap, no fork, and a proof of each answer: ${KILLS} times, seed ${SEED}`, async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) await killAt(momentOf(kill));
    await signIn();
    const config = await readConfig(country.config, {});
    const next = await startGateway(config, { contracts: sharedContracts, log: { write: () => undefined } });
    try {
      const before = await kindsByRequest();
      for (const { answer } of sent)
        if (answer !== undefined) {
          expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
          expect(before.get(answer.body.extensions.tereze.requestId)).to.deep.equal(['completion', 'intent']);
        }
      for (const [requestId, kinds] of before) expect(kinds, requestId).to.deep.equal(['completion', 'intent']);
      expect(country.stats('population').calls, 'one call for each intent at most').to.be.at.most(before.size);

      const again: Sent[] = [];
      for (const { headers } of sent) again.push(await sendAgain(headers));
      sent.forEach(({ answer }, position) => {
        if (answer !== undefined) expect(again[position]?.answer?.status, 'of an answered request').to.equal(401);
      });
      const accepted = again.filter(({ answer }) => answer?.status === 200).length;
      expect(before.size + accepted, 'each proof has one intent at most').to.be.at.most(sent.length);
      expect((await kindsByRequest()).size).to.equal(before.size + accepted);

      const origins = { log: next.logUrl ?? '', publicUrl: config.server.log?.public_url ?? '' };
      const crypto = nodeCrypto(await verifiers(config));
      for (const { answer } of sent.filter((one) => one.answer !== undefined)) {
        const kept = answer?.body;
        const proof = await caller.proof(origins, kept?.extensions.tereze.receipt ?? expect.fail('no receipt'));
        expect(checkReceipt({ kept, proof }, crypto).checks.filter(({ holds }) => !holds)).to.deep.equal([]);
      }
      await checkLogs();
    } finally {
      await next.stop();
    }
  });

  /** With a fresh token: one that has ended would be refused. */
  async function signIn(): Promise<void> {
    caller = await Caller.signIn(await readProfile('housing', country.clients));
  }

  /** Sends requests until the moment has come, and kills. Starts no other gateway. */
  async function killAt({ answers, afterMs }: ReturnType<typeof momentOf>): Promise<void> {
    await signIn();
    const running = runTereze(['serve', '--json', '--config', country.config]);
    gateway = running;
    const { logUrl: log } = await running.ready<{ readonly logUrl: string }>();
    let left = answers;
    let isKilled = false;
    const work = async (): Promise<void> => {
      while (!isKilled) {
        const one = await caller.send(await caller.headers());
        sent.push(one);
        if (one.answer === undefined) continue;
        left -= 1;
        if (left !== 0) continue;
        await sleep(afterMs);
        isKilled = true;
        running.child.kill('SIGKILL');
      }
    };
    const watch = async (): Promise<void> => {
      while (!isKilled) {
        for (let number = 0; number < 3; number += 1) {
          const answer = await fetch(`${log}/log/${number}/checkpoint`).catch(() => undefined);
          if (answer?.status === 200) seen.add(await answer.text().catch(() => ''));
        }
        await sleep(50);
      }
    };
    await Promise.all([watch(), ...Array.from({ length: CALLERS }, work)]);
    await running.exit;
  }

  async function verifiers({ audit: { key_file: file = '', origin = '' } }: Config): Promise<readonly NoteVerifier[]> {
    const keys = createFileKeys(file, () => new Date(0));
    const logs = Array.from({ length: 64 }, (_, number) => keys.verifierKeys(`${origin}/${number}`));
    return (await Promise.all(logs)).flat().flatMap((key) => createNoteVerifier(key) ?? []);
  }

  /** Each log has every index once, and every checkpoint, stored or seen, is that of its first entries. */
  async function checkLogs(): Promise<void> {
    const config = await readConfig(country.config, {});
    const crypto = nodeCrypto(await verifiers(config));
    const roots = new Map<string, Set<string>>();
    const note = (text: string): void => {
      const { origin, size, root } = parseCheckpoint(crypto.openNote(text)?.text ?? '') ?? expect.fail(text);
      const of = `${origin.slice(origin.lastIndexOf('/') + 1)}:${size}`;
      roots.set(of, (roots.get(of) ?? new Set()).add(Buffer.from(root).toString('hex')));
    };
    for (const text of seen) if (text !== '') note(text);
    const state = await attachState(stateOptions(config));
    try {
      const { rows: notes } = await state.sql.query<{ note: string }>(
        'SELECT note FROM audit_checkpoint WHERE note IS NOT NULL',
      );
      for (const { note: text } of notes) note(text);
      const { rows: logs } = await state.sql.query<{ log_id: string; size: string }>(
        'SELECT log_id, size FROM audit_head WHERE size > 0',
      );
      let compared = 0;
      for (const { log_id: log, size } of logs) {
        const tree = new GrowingTree();
        const { rows } = await state.sql.query<{ index: string; entry: Buffer }>(
          'SELECT index, entry FROM audit_entry WHERE log_id = $1 ORDER BY index',
          [log],
        );
        expect(rows.length, 'entries of the head').to.equal(Number(size));
        for (const [place, { index, entry }] of rows.entries()) {
          expect(Number(index), 'no gap, and no index twice').to.equal(place);
          tree.add(leafHash(entry));
          const known = roots.get(`${log.slice(log.lastIndexOf('/') + 1)}:${place + 1}`);
          if (known === undefined) continue;
          compared += 1;
          expect([...known]).to.deep.equal([Buffer.from(tree.root()).toString('hex')]);
        }
      }
      expect(compared, 'every checkpoint is of a log').to.equal(roots.size);
    } finally {
      await state.close();
    }
  }

  /** The kinds of entries of each request that has an intent, newest first. */
  async function kindsByRequest(): Promise<ReadonlyMap<string, readonly string[]>> {
    const state = await attachState(stateOptions(await readConfig(country.config, {})));
    try {
      const entries = await createAuditReader(state.sql).list({ limit: 1_000_000 });
      const kinds = new Map<string, string[]>();
      for (const { body } of entries)
        if ('requestId' in body && (body.kind === 'intent' || body.kind === 'completion'))
          kinds.set(body.requestId, [...(kinds.get(body.requestId) ?? []), body.kind]);
      return kinds;
    } finally {
      await state.close();
    }
  }
});
