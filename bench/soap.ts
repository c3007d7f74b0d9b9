import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigner } from '../adapters/soap/signing/signer.js';
import { costOf, costOfXmlsec1, hasXmlsec1, spreadOf, type Cost } from './soap/cost.js';
import { CLOCK, readUnsigned, record, verifyAndRead, withoutSecurity } from './soap/recorded.js';

/**
 * CPU of a SOAP message of the demo's population register: signing a question against the RSA operation alone, and
 * verifying and reading the answer for one and for fifty persons against `xmlsec1 --verify` of the same message. The
 * adapter reads whole answers, as for a request, without HTTP. Every round measures all of it.
 * `npm run bench:soap`
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 9);
/** CPU of one measurement. */
const ROUND_MS = Number(process.env['MS'] ?? 300);
/** CPU of the first round, which does not count. A gateway runs for days: all that is compiled has been compiled. */
const WARM_MS = Number(process.env['WARM_MS'] ?? 3_000);

interface Line {
  readonly name: string;
  readonly measure: (enoughMs: number) => Promise<Cost>;
  /** Name of the line that it is compared with. */
  readonly against?: string;
}

const RSA = 'RSA-2048 sign alone';

async function lines(directory: string): Promise<readonly Line[]> {
  const pair = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const keys = { gateway: pair(), register: pair() };
  const pem = join(directory, 'register.pem');
  writeFileSync(pem, createPublicKey(keys.register).export({ type: 'spki', format: 'pem' }));
  const text = Buffer.alloc(1_000, 'SignedInfo');
  const all: Line[] = [measured(RSA, async () => sign('sha256', text, keys.gateway))];
  const signer = createSigner({ key: keys.gateway, clock: CLOCK });
  for (const persons of [1, 50]) {
    const exchange = await record(persons, keys);
    const { iins, question, answer } = exchange;
    const of = `of ${persons}`;
    const envelope = withoutSecurity(question);
    all.push(measured(`sign question ${of}, ${kB(question)}`, () => signer.sign(envelope), RSA));
    const native = `xmlsec1 --verify answer ${of}`;
    const file = join(directory, `${persons}.xml`);
    writeFileSync(file, answer);
    if (hasXmlsec1()) all.push({ name: native, measure: async () => costOfXmlsec1(file, pem) });
    const [read, readPlain] = [verifyAndRead(exchange, keys), readUnsigned(exchange)];
    all.push(
      measured(`verify and read answer ${of}, ${kB(answer)}`, () => read(iins), native),
      measured(`read answer ${of}, not signed`, () => readPlain(iins), native),
    );
  }
  return all;
}

function measured(name: string, work: () => Promise<unknown>, against?: string): Line {
  return { name, measure: (enoughMs) => costOf(work, enoughMs), ...(against === undefined ? {} : { against }) };
}

function kB(text: string): string {
  return `${(Buffer.byteLength(text) / 1_000).toFixed(1)} kB`;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-bench-soap-'));
  try {
    const all = await lines(directory);
    const costs = new Map<string, Cost[]>(all.map(({ name }) => [name, []]));
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const { name, measure } of all) {
        const cost = await measure(round === 0 ? WARM_MS : ROUND_MS);
        if (round > 0) costs.get(name)?.push(cost);
      }
    console.log(`load of the machine ${loadavg()[0]?.toFixed(1) ?? ''}, ${ROUNDS} rounds`);
    console.log('ms of CPU a message: median (least-most); of the event loop; times the reference in the same round');
    for (const { name, against = '' } of all) {
      const own = costs.get(name) ?? [];
      const times = (costs.get(against) ?? []).map(({ cpu }, at) => (own[at]?.cpu ?? Number.NaN) / cpu);
      const busy = own.flatMap(({ mainThread }) => mainThread ?? []);
      const compared = times.length === 0 ? '' : `; ${spreadOf(times)} x ${against}`;
      console.log(`${name.padEnd(38)} ${spreadOf(own.map(({ cpu }) => cpu))}; ${spreadOf(busy)}${compared}`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
