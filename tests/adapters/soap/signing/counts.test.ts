import crypto, { type KeyObject } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { expect } from 'chai';
import type { RegisterAnswer } from '../../../../adapters/port.js';
import { createSigner } from '../../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../../adapters/soap/signing/verifier.js';
import { XmlScanner } from '../../../../adapters/soap/xml/scanner.js';
import { HOUSING_FAMILY } from '../../../../demo/country/people.js';
import { mockedHttp } from '../../../mocked-http.js';
import { someCalls } from '../../../recorded-calls.js';
import { citizens, entities, leaf } from '../../selections.js';
import { adapterTo, clock, REGISTER_KEYS } from '../population.js';
import { envelopeOf } from './keys.js';

const ORIGIN = 'http://127.0.0.1:9';
const { husband } = HOUSING_FAMILY;

interface Counts {
  /** Messages that were begun to be read. */
  readonly readings: number;
  readonly signed: number;
  readonly verified: number;
}

/** Counts scanners that begin a text, and operations with keys, while `work` runs. Nothing else may run beside it. */
async function counted(work: () => Promise<unknown>): Promise<Counts> {
  const { sign, verify } = crypto;
  const { advance } = XmlScanner.prototype;
  const scanners = new Set<XmlScanner>();
  const counts = { signed: 0, verified: 0 };
  const counting =
    (what: keyof typeof counts, operation: (...all: never[]) => unknown) =>
    (...all: never[]): unknown => {
      counts[what] += 1;
      return operation(...all);
    };
  XmlScanner.prototype.advance = function (characters) {
    scanners.add(this);
    return advance.call(this, characters);
  };
  Object.assign(crypto, { sign: counting('signed', sign), verify: counting('verified', verify) });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    XmlScanner.prototype.advance = advance;
    Object.assign(crypto, { sign, verify });
    syncBuiltinESMExports();
  }
  return { readings: scanners.size, ...counts };
}

describe('a signed message', () => {
  const keyOf = (type: 'rsa' | 'ec'): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } =>
    type === 'rsa' ? REGISTER_KEYS : crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });

  for (const type of ['rsa', 'ec'] as const)
    it(`is signed by one operation, and verified by one, while it is read once: ${type}`, async () => {
      const { privateKey, publicKey } = keyOf(type);
      const signer = createSigner({ key: privateKey, clock });
      const verifier = createVerifier({ trust: publicKey, clock });
      let message = '';
      expect(
        await counted(async () => {
          message = await signer.sign(envelopeOf('text'));
        }),
      ).to.deep.equal({ readings: 1, signed: 1, verified: 0 });
      expect(await counted(() => verifier.verify(message))).to.deep.equal({ readings: 1, signed: 0, verified: 1 });
      const reading = { begin: () => ({ open: () => 0, text: () => 0, close: () => 0 }), finish: () => 0 };
      const read = await counted(() => verifier.read(message, reading));
      expect(read).to.deep.equal({ readings: 1, signed: 0, verified: 1 });
    });

  it('is read once from a register, and its question once: the adapter adds no reading', async () => {
    const asked: string[] = [];
    const mocked = mockedHttp();
    const ask = async (answer: string): Promise<RegisterAnswer> => {
      mocked.post(ORIGIN, '/shep/sync').reply(
        200,
        (question) => {
          asked.push(question);
          return answer;
        },
        { 'Content-Type': 'text/xml; charset=utf-8' },
      );
      // The same seed, so that each adapter asks with the same ids.
      const adapter = adapterTo(ORIGIN, { http: mocked.client, seed: 'counts' });
      const prepared = adapter.prepare(entities('Citizen', [leaf('iin'), leaf('lastName')]));
      const groups = [{ prepared, variables: {}, keys: citizens(husband.iin) }];
      return adapter
        .read({ requestId: 'request-1', calls: someCalls(), groups, deadline: clock.monotonic() + 5_000 })
        .finally(() => adapter.close());
    };
    try {
      await ask('').catch(() => undefined);
      const id = /<messageId>(.*?)<\/messageId>/.exec(asked[0] ?? '')?.[1] ?? '';
      const record = `<p:person><p:iin>${husband.iin}</p:iin><p:lastName>Name</p:lastName></p:person>`;
      const data = `<p:personsResponse xmlns:p="urn:tereze:demo:population:v1">${record}</p:personsResponse>`;
      const answer = await createSigner({ key: REGISTER_KEYS.privateKey, clock }).sign(
        `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:SendMessageResponse xmlns:x="http://bip.bee.kz/SyncChannel/v10/Types"><response><responseInfo><messageId>m-1</messageId><correlationId>${id}</correlationId><status><code>SCSS001</code></status></responseInfo><responseData><data>${data}</data></responseData></response></x:SendMessageResponse></s:Body></s:Envelope>`,
      );
      let names: unknown;
      const counts = await counted(async () => {
        names = (await ask(answer)).groups[0]?.records.map((one) => one?.['lastName']);
      });
      expect(names).to.deep.equal(['Name']);
      expect(counts).to.deep.equal({ readings: 2, signed: 1, verified: 1 });
    } finally {
      await mocked.close();
    }
  });
});
