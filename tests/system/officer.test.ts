import { createHash, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Config } from '../../gateway/config/schema.js';
import type { RefusalBody } from '../../monitoring/audit/entries.js';
import { answerOf, citizenOf, REGISTERS, startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const DESK = 'housing-desk';
const RULE = 'housing-queue-family.cedar';

/** An issuer of officers' tokens, which says how it authenticated them. */
class OfficersIssuer {
  readonly #server: Server;
  readonly #key: CryptoKeyPair;
  readonly url: string;

  private constructor(server: Server, key: CryptoKeyPair) {
    this.#server = server;
    this.#key = key;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<OfficersIssuer> {
    const key = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'ES256' }] });
    const server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(keys),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new OfficersIssuer(server, key);
  }

  token(audience: string, jkt: string, acr: string | undefined): Promise<string> {
    const claims = {
      client_id: DESK,
      cnf: { jkt },
      authorization_details: [
        { type: 'tereze_access', purpose: 'housing_queue', case: { agency: 'housing', number: caseNumber } },
      ],
      ...(acr === undefined ? {} : { acr }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
      .setIssuer(this.url)
      .setAudience(audience)
      .setSubject('officer-17')
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(this.#key.privateKey);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('an officer', function () {
  this.timeout(60_000);
  let folder: string;
  let issuer: OfficersIssuer;
  let system: RunningSystem;
  let client: CryptoKeyPair;
  let publicKey: JWK;

  /** The demo, with a desk where officers sign in and a rule that opens to them what the housing system sees of families. */
  const withDesk = (config: Config): Config => ({
    ...config,
    policies: { ...config.policies, rules: folder },
    authentication: {
      ...config.authentication,
      issuers: [
        ...config.authentication.issuers,
        {
          issuer: issuer.url,
          jwks_uri: `${issuer.url}/jwks`,
          algorithms: ['ES256'],
          assurance: { 'urn:card': 'substantial', 'urn:password': 'low' },
          names_officers: false,
        },
      ],
      systems: [
        ...config.authentication.systems,
        {
          ...{ client_id: DESK, issuer: issuer.url, kind: 'officer', agency: 'housing', actor: 'none' },
          ...{ requests_per_second: 50, burst: 100, weight: 1 },
        },
      ],
    },
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-officer-'));
    cpSync('policies/rules', folder, { recursive: true });
    const rule = join(folder, RULE);
    const officers = readFileSync(rule, 'utf8').replace('CallerKind::"system"', 'CallerKind::"officer"');
    writeFileSync(join(folder, `officers-${RULE}`), officers.replace('@id("housing-', '@id("officers-housing-'));
    issuer = await OfficersIssuer.start();
    client = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
    publicKey = await exportJWK(client.publicKey);
    system = await startSystem(withDesk);
  });
  beforeEach(() => {
    for (const register of REGISTERS) system.country.reset(register);
  });
  after(async () => {
    await (system as RunningSystem | undefined)?.stop();
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (
    acr: string | undefined,
  ): Promise<{ readonly answer: Answer; readonly challenge: string | null }> => {
    const token = await issuer.token(
      system.config.authentication.audience,
      await calculateJwkThumbprint(publicKey),
      acr,
    );
    const proof = await new SignJWT({
      htm: 'POST',
      htu: `${system.config.server.public_url}/graphql`,
      ath: createHash('sha256').update(token).digest('base64url'),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicKey })
      .setJti(randomUUID())
      .setIssuedAt()
      .sign(client.privateKey);
    const response = await fetch(new URL('/graphql', system.gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `DPoP ${token}`, dpop: proof },
      body: JSON.stringify({
        query: 'query Family($iin: Iin!) { citizen(iin: $iin) { firstName } }',
        variables: { iin: applicant.iin },
      }),
    });
    const answer = answerOf({ status: response.status, text: await response.text() });
    return { answer, challenge: response.headers.get('www-authenticate') };
  };

  it('is answered after a sign-in with the assurance that the purpose demands', async () => {
    const { answer } = await ask('urn:card');
    expect([answer.status, citizenOf(answer)['firstName']]).to.deep.equal([200, applicant.firstName]);
  });

  for (const acr of ['urn:password', 'urn:tereze:demo:signature', undefined]) {
    it(`is refused after any other, before the case system or a register is asked: ${acr ?? 'no acr'}`, async () => {
      system.country.reset('agencies');
      const { answer, challenge } = await ask(acr);
      expect(answer.status).to.equal(401);
      expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['ASSURANCE_TOO_LOW']);
      expect(challenge).to.include('error="insufficient_user_authentication", acr_values="urn:card",');
      const [entry, ...others] = await system.entries(answer.tereze.requestId);
      expect(others).to.deep.equal([]);
      expect(entry).to.deep.include({ kind: 'refusal', code: 'ASSURANCE_TOO_LOW' });
      expect((entry as RefusalBody).caller).to.include({ kind: 'officer', officer: 'officer-17' });
      expect(system.calls()).to.equal(0);
      expect(system.country.stats('agencies').calls).to.equal(0);
    });
  }
});
