import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { authorizationDetails, discover, tokenOf } from '../../gateway/cli/client/access.js';
import { readProfile, type ClientProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { startGateway } from '../../gateway/compose/app.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { attachState } from '../../gateway/state/open.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { copyCountry, copyState } from '../made-once.js';
import { runTereze, type Program } from './program.js';
import { sharedContracts } from '../shared-contracts.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

/** How often it is killed; `KILLS` asks for more. */
const KILLS = Number(process.env['KILLS'] ?? 1);
const AT_ONCE = 6;
/** Answers before the kill: another number each time, so that it comes at another moment. */
const answersBefore = (kill: number): number => 5 + ((kill * 7) % 23);

/** A request that was sent: the same headers can be sent again. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined if no answer came. */
  readonly answer: { readonly status: number; readonly requestId: string } | undefined;
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

  async headers(): Promise<Sent['headers']> {
    this.#proofs += 1;
    const claims = {
      jti: `proof-under-load-${this.#proofs}`,
      htm: 'POST',
      htu: new URL('/graphql', this.#profile.gateway).href,
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
      const body = (await response.json()) as {
        readonly extensions: { readonly tereze: { readonly requestId: string } };
      };
      return { headers, answer: { status: response.status, requestId: body.extensions.tereze.requestId } };
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

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-killed-load-'));
    await copyCountry(directory);
    await copyState(join(directory, 'state'));
    country = await startCountry({ directory, ports: 'free' });
    caller = await Caller.signIn(await readProfile('housing', country.clients));
  });
  after(async () => {
    gateway?.child.kill('SIGKILL');
    await country.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it(`leaves both entries of each answer, an intent of each call, and no proof that counts again: ${KILLS} times`, async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) await killAfter(answersBefore(kill));
    const config = await readConfig(country.config, {});
    const next = await startGateway(config, { contracts: sharedContracts, log: { write: () => undefined } });
    try {
      const before = await kindsByRequest();
      for (const { answer } of sent)
        if (answer !== undefined) {
          expect(answer.status).to.equal(200);
          expect(before.get(answer.requestId)).to.deep.equal(['completion', 'intent']);
        }
      for (const [requestId, kinds] of before) expect(kinds, requestId).to.deep.equal(['completion', 'intent']);
      expect(country.stats('population').calls, 'one call for each intent at most').to.be.at.most(before.size);

      const again: Sent[] = [];
      for (const { headers } of sent) again.push(await caller.send(headers));
      sent.forEach(({ answer }, position) => {
        if (answer !== undefined) expect(again[position]?.answer?.status, 'of an answered request').to.equal(401);
      });
      const accepted = again.filter(({ answer }) => answer?.status === 200).length;
      expect(before.size + accepted, 'each proof has one intent at most').to.be.at.most(sent.length);
      expect((await kindsByRequest()).size).to.equal(before.size + accepted);
    } finally {
      await next.stop();
    }
  });

  /** Sends requests until this number of answers came, and kills. Starts no other gateway. */
  async function killAfter(answers: number): Promise<void> {
    const running = runTereze(['serve', '--json', '--config', country.config]);
    gateway = running;
    await running.ready();
    let left = answers;
    let isKilled = false;
    const work = async (): Promise<void> => {
      while (!isKilled) {
        const one = await caller.send(await caller.headers());
        sent.push(one);
        if (one.answer !== undefined) left -= 1;
        if (left === 0 && !isKilled) {
          isKilled = true;
          running.child.kill('SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await running.exit;
  }

  /** The kinds of entries of each request that has an intent, newest first. */
  async function kindsByRequest(): Promise<ReadonlyMap<string, readonly string[]>> {
    const state = await attachState(stateOptions(await readConfig(country.config, {})));
    try {
      const entries = await createAuditReader(state.sql).list({ limit: 10_000 });
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
