import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parse, type OperationDefinitionNode } from 'graphql';
import type { FetchSelection, RegisterAnswer, SelectedField } from '../../adapters/port.js';
import type { Signer } from '../../adapters/soap/signing/port.js';
import { ReplayGuard } from '../../adapters/soap/signing/replay-guard.js';
import { createSigner } from '../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../adapters/soap/signing/verifier.js';
import { createSoapAdapter, type SoapAdapterOptions } from '../../adapters/soap/soap-adapter.js';
import { readSource, type Source } from '../../adapters/source-file.js';
import { generateCountry } from '../../demo/country/country.js';
import { Meter } from '../../demo/registers/meter.js';
import { POPULATION_SENDER, populationRegister } from '../../demo/registers/population/register.js';
import { packageRoot } from '../../gateway/state/package-root.js';

const NOW = new Date('2026-11-23T10:00:00Z');
export const CLOCK = {
  now: () => NOW,
  factNow: () => NOW,
  factDate: () => '2026-11-23',
  monotonic: () => performance.now(),
};
/** Gives every question the same ids, so that a recorded answer answers each of them. */
const RANDOM = {
  bytes: (length: number) => Buffer.alloc(length, 7),
  uuid: () => '7a0e51b2-0c1d-4c58-9d43-6a1d6d1a0001',
};
const PASSWORD = 'password';

type SoapSource = Extract<Source, { protocol: 'soap' }>;
const SIGNED = readSource(join(packageRoot(), 'schemas', 'registers', 'population', 'source.yaml')) as SoapSource;
const UNSIGNED: SoapSource = { ...SIGNED, security: 'none' };

export interface Keys {
  readonly gateway: KeyObject;
  readonly register: KeyObject;
}

/** A question to the demo's population register, and its answer. */
export interface Exchange {
  readonly iins: readonly string[];
  readonly question: string;
  readonly answer: string;
}

export type Read = (iins: readonly string[]) => Promise<RegisterAnswer>;

/** Takes every message again. */
class ForgetfulGuard extends ReplayGuard {
  override take(): boolean {
    return true;
  }
}

function field(parentType: string, name: string, fields: readonly SelectedField[] = []): SelectedField {
  const type = fields.length > 0 ? 'IdentityDocument' : 'String';
  return { parentType, name, responseKey: name, type, list: fields.length > 0, fields };
}

const TEXTS = ['iin', 'lastName', 'firstName', 'middleName', 'birthDate', 'sex', 'lifeStatus', 'recordUpdatedAt'];
const DOCUMENT = ['type', 'number', 'issuedOn', 'expiresOn', 'issuer'].map((name) => field('IdentityDocument', name));
const SELECTION: FetchSelection = {
  kind: 'entities',
  // The adapter reads the fields below.
  operation: parse('{ _entities }').definitions[0] as OperationDefinitionNode,
  fields: [...TEXTS.map((name) => field('Citizen', name)), field('Citizen', 'documents', DOCUMENT)],
};

/** Reads persons through the adapter; `answerTo` stands for the register. */
function readThrough(
  source: SoapSource,
  security: SoapAdapterOptions['security'],
  answerTo: (question: string) => Promise<string>,
): Read {
  const adapter = createSoapAdapter({
    register: 'population',
    source,
    sender: { id: POPULATION_SENDER, password: PASSWORD },
    client: { send: async ({ text }) => ({ status: 200, xml: await answerTo(text) }), close: () => undefined },
    security,
    clock: CLOCK,
    random: RANDOM,
  });
  const prepared = adapter.prepare(SELECTION);
  return (iins) =>
    adapter.read({
      requestId: 'request-1',
      calls: { next: () => ({ id: 'request-1-1', recordSent: () => undefined, recordAnswered: () => undefined }) },
      groups: [{ prepared, variables: {}, keys: iins.map((iin) => ({ __typename: 'Citizen', iin })) }],
      deadline: performance.now() + 60_000,
    });
}

function securityOf({ gateway, register }: Keys, signer: Signer = createSigner({ key: gateway, clock: CLOCK })) {
  const verifier = createVerifier({ trust: createPublicKey(register), clock: CLOCK });
  return { signer, verifier, replay: new ForgetfulGuard(1) };
}

/** Asks the demo's register for this number of persons, and returns what went both ways. */
export async function record(persons: number, keys: Keys): Promise<Exchange> {
  const country = generateCountry();
  const access = {
    password: PASSWORD,
    callerKey: createPublicKey(keys.gateway),
    registerKey: keys.register,
    clock: CLOCK,
  };
  const register = populationRegister(country.persons, access, new Meter());
  const seen: { question: string; answer: string }[] = [];
  const iins = country.persons.slice(0, persons).map(({ iin }) => iin);
  const read = readThrough(SIGNED, securityOf(keys), async (question) => {
    const { body } = await register({
      method: 'POST',
      path: '/shep/sync',
      headers: {},
      rawHeaders: [],
      body: question,
    });
    seen.push({ question, answer: body });
    return body;
  });
  const { groups } = await read(iins);
  const [exchange] = seen;
  if (exchange === undefined || groups[0]?.records.some((one) => one === null) !== false)
    throw new Error('the register did not answer');
  return { ...exchange, iins };
}

/** Verifies and reads a recorded answer. Questions are written, and not signed. */
export function verifyAndRead({ answer }: Exchange, keys: Keys): Read {
  return readThrough(SIGNED, securityOf(keys, { sign: async (envelope) => envelope }), async () => answer);
}

/** Reads a recorded answer without its signature. */
export function readUnsigned({ answer }: Exchange): Read {
  const plain = withoutSecurity(answer);
  return readThrough(UNSIGNED, undefined, async () => plain);
}

/** Returns the message as it was before it was signed. */
export function withoutSecurity(message: string): string {
  return message
    .replace(/<(\w+):Header><wsse:Security.*<\/wsse:Security><\/\1:Header>/s, '')
    .replace(/ xmlns:wsu="[^"]*" wsu:Id="Body"/, '');
}
