import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { FieldDefinitionNode } from 'graphql';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import type { Access } from '../../gateway/cli/client/access.js';
import type { Described } from '../../gateway/describe/describe.js';
import type { Answer } from '../system/running-system.js';
import { nullsIn, rootFields, wholeQuestions, type WholeQuestion } from './every-field.js';
import {
  listen,
  OF_NO_PERSON,
  OF_PEOPLE,
  startGoverned,
  urlOf,
  type GovernedInstallation,
  type InstalledRegister,
} from './governed-installation.js';
import {
  closedRegisters,
  graphqlRegister,
  loadLegacyPeople,
  openapiRegisters,
  shepRegister,
  sqlRegisters,
  wsdlRegisters,
  type Answering,
  type ToConnect,
} from './connected-registers.js';
import { leavesIn } from './openapi-registers.js';
import { PERSON, schemaOf, TakenNames, valueOf } from './register-of-document.js';
import { soapAnswer } from './soap-answer.js';
import { REFUSAL } from './wsdl-registers.js';

/** Another person. The case does not name them. */
const STRANGER = '930122390012';

interface Asking {
  readonly person?: string;
  readonly access?: Access;
  readonly most?: number;
  /** Asks the root fields that stay closed, instead of the others. */
  readonly closed?: boolean;
}

/** What one question was answered, and the calls that it caused. */
interface Told {
  readonly answer: Answer;
  readonly calls: readonly Asked[];
}

/** A register of the installation. */
interface Connected extends Answering {
  readonly register: string;
  readonly title: string;
  readonly described: Described;
}

interface Asked {
  readonly register: string;
  readonly url: string;
  readonly body: string;
}

/** `all` connects a register for each operation of the documents; else one for each document, and those named below. */
const { GOVERNED_REGISTERS = 'some' } = process.env;
const NAMED = [
  ...['brreg hentEnhet', 'brreg listEnheter', 'brp RaadpleegMetBurgerservicenummer', 'govstack readValue'],
  ...['lien liensOfPerson', 'xrd4j personDetails', 'adapter getOrganization', 'adapter getLibrary'],
  'anpr interrogazioneCittadino_enti',
];
/** The operations of documents that are connected. */
const ofDocuments = (): readonly ToConnect[] =>
  [...openapiRegisters(), ...wsdlRegisters()].filter(
    ({ title }) => GOVERNED_REGISTERS === 'all' || NAMED.includes(title),
  );

const TITLES = [
  ...ofDocuments().map(({ title }) => title),
  ...[
    'plain GraphQL',
    'SHEP',
    'SQL REESTR.FIZ_LICA',
    'SQL REESTR.FIZ_LICA_V',
    'SQL REESTR.adresa',
    'SQL REESTR.RAJONY',
  ],
];

describe('registers that register new wrote, asked through the whole gateway', function () {
  this.timeout(180_000);
  const taken = new TakenNames();
  const connected: Connected[] = [];
  const asked: Asked[] = [];
  let registers: Server | undefined;
  let installation: GovernedInstallation | undefined;
  let refuses = false;
  /** What happens when a register is called, before it answers. */
  let onCall: ((request: IncomingMessage) => Promise<void>) | undefined;

  before(async () => {
    registers = await listen((request, response) => void answerTo(request, response));
    const url = urlOf(registers);
    installation = await startGoverned({
      registers: async (country) => {
        await loadLegacyPeople(country);
        const others = [graphqlRegister(), shepRegister(`${dirname(country.config)}/legacy-password`)];
        const all = [...ofDocuments(), ...closedRegisters(), ...others];
        for (const { title, describe: described, connect } of [...all, ...sqlRegisters(country)]) {
          const register = `r${connected.length}`;
          const one = await described({ register, taken });
          taken.add(register, schemaOf(one));
          connected.push({ ...connect(one), title, register, described: one });
        }
        return connected.map((one) => installed(one, `${url}/${one.register}`));
      },
    });
  });
  after(async () => {
    await installation?.stop();
    registers?.close();
  });

  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const question = await text(request);
    const [, register = ''] = request.url?.split('/') ?? [];
    asked.push({ register, url: request.url ?? '', body: question });
    await onCall?.(request);
    const one = connected.find((each) => each.register === register);
    const answer = refuses
      ? { type: 'text/xml; charset=utf-8', body: soapAnswer(REFUSAL, question) }
      : await one?.answer(question, request.headers.accept);
    response.writeHead(200, { 'Content-Type': answer?.type ?? 'application/json' }).end(answer?.body ?? '{}');
  };
  const running = (): GovernedInstallation => installation ?? expect.fail('not started');
  const find = (title: string): Connected => connected.find((one) => one.title === title) ?? expect.fail(title);
  /** Asks the questions of a register, one after the other; `most` of them. */
  const askAll = async (
    one: Connected,
    { person = PERSON, access = running().permitted, most = Infinity, closed = false }: Asking = {},
  ): Promise<readonly Told[]> => {
    const told: Told[] = [];
    for (const { text: query, variables } of questionsOf(one, person, closed).slice(0, most)) {
      const before = asked.length;
      const answer = await running().system.ask(access, { query, variables });
      told.push({ answer, calls: asked.slice(before) });
    }
    return told;
  };
  const ask = async (one: Connected, asking: Asking = {}): Promise<Told> =>
    (await askAll(one, { ...asking, most: 1 }))[0] ?? expect.fail('no question');
  const callsOf = (one: Connected): readonly Asked[] => asked.filter(({ register }) => register === one.register);

  for (const title of TITLES)
    it(`${title}: every field, verdicts, provenance, and entries before and after`, async () => {
      const one = find(title);
      const leaves: string[] = [];
      for (const { answer, calls } of await askAll(one)) {
        const unexpected = answer.errors.filter(({ path = [] }) => !one.links?.includes(String(path.at(-1))));
        expect(unexpected, JSON.stringify(unexpected).slice(0, 500)).to.deep.equal([]);
        const without = one.without?.() ?? new Set<string>();
        const nulls = nullsIn(answer.data).filter((path) => !without.has(path.split('/').at(-1) ?? ''));
        if (one.leaves === undefined) expect(nulls).to.deep.equal([]);
        leaves.push(...leavesIn(answer.data));
        assertReported(one, answer);
        await assertLogged(one, answer, calls);
      }
      expect(leaves)
        .to.have.length.greaterThan(0)
        .and.to.include.members([...(one.leaves ?? [])]);
    });

  const assertReported = ({ register }: Connected, { tereze, errors }: Answer): void => {
    const { quality, provenance, withheld } = tereze as unknown as {
      quality: { verdict: string; records: readonly { register: string }[] };
      provenance: readonly { register: string; contract: string; calls: number; failure: unknown }[];
      withheld: readonly unknown[];
    };
    expect(withheld).to.have.length(errors.length);
    expect(provenance).to.have.length(1);
    expect(provenance[0]).to.include({ register, failure: null }).and.to.have.property('contract').that.is.a('string');
    expect(quality.verdict).to.be.oneOf(['pass', 'flagged', 'not_evaluated']);
    for (const record of quality.records) expect(record.register).to.equal(register);
  };

  const assertLogged = async (one: Connected, { tereze }: Answer, calls: readonly Asked[]): Promise<void> => {
    if (!one.isDatabase) expect(new Set(calls.map(({ register }) => register))).to.deep.equal(new Set([one.register]));
    const entries = await running().system.entries(tereze.requestId);
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['intent', 'completion']);
    const { registers: used, disclosed, subjects, outcome } = entries[1] as CompletionBody;
    const isAboutPerson = namesPerson(one);
    expect(outcome).to.equal('answered');
    expect(subjects).to.have.length(isAboutPerson ? 1 : 0);
    expect(used.map(({ register, calls: sent }) => ({ register, sent }))).to.deep.equal([
      { register: one.register, sent: one.isDatabase ? 1 : calls.length },
    ]);
    const inAddress = calls.some(({ url }) => url.includes(PERSON));
    expect(used[0]?.identifierInAddress ?? false).to.equal(inAddress);
    expect(disclosed.length).to.be.greaterThan(0);
    for (const { category, access, basis, nexus, subjects: about } of disclosed) {
      expect({ access, basis }).to.deep.equal({ access: 'disclose', basis: 'public_task' });
      expect(category).to.equal(isAboutPerson ? OF_PEOPLE : OF_NO_PERSON);
      expect({ nexus: nexus?.kind, about: about.length }).to.deep.equal(
        isAboutPerson ? { nexus: 'application', about: 1 } : { nexus: undefined, about: 0 },
      );
    }
    expect(JSON.stringify(entries)).not.to.include(PERSON);
  };

  it('none is asked for a caller that no rule opens it to', async () => {
    for (const one of connected)
      for (const { answer, calls } of await askAll(one, { access: running().unpermitted, most: 1 })) {
        expect(answer.data, one.title).to.equal(null);
        expect(calls).to.deep.equal([]);
      }
  });

  it('none is asked about a person that the case does not name', async () => {
    const about = connected.filter(namesPerson);
    expect(about.map(({ title }) => title)).to.include.members(['lien liensOfPerson', 'xrd4j personDetails']);
    for (const one of about) {
      const { answer, calls } = await ask(one, { person: STRANGER });
      expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['POLICY_DENIED']);
      expect(calls).to.deep.equal([]);
    }
  });

  it('none is asked for people that the question does not name', async () => {
    let refused = 0;
    for (const one of connected)
      for (const { answer, calls } of await askAll(one, { closed: true })) {
        expect(leavesIn(answer.data)).to.deep.equal([]);
        expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['POLICY_DENIED']);
        expect(calls).to.deep.equal([]);
        const entries = await running().system.entries(answer.tereze.requestId);
        for (const entry of entries) if (entry.kind === 'completion') expect(entry.registers).to.deep.equal([]);
        refused += 1;
      }
    expect(refused).to.equal(3);
  });

  it('no number, value or password is in a log line or a metric', async () => {
    const { gateway, logged, country } = running().system;
    const metrics = await (await fetch(`${gateway.operationsUrl}/metrics`)).text();
    expect(metrics).to.include('tereze_register_calls_total');
    expect(logged).to.have.length.greaterThan(connected.length);
    const told = [...logged, metrics].join('\n');
    for (const hidden of [PERSON, STRANGER, 'Тестов', country.access.property.password])
      expect(told).not.to.include(hidden);
  });

  it('each is asked as its document says', () => {
    const of = (title: string): Asked | undefined => {
      const one = find(title);
      const call = callsOf(one)[0];
      return call && { ...call, url: call.url.replace(`/${one.register}`, '') };
    };
    expect(of('brreg hentEnhet')?.url).to.equal('/enheter/111111111');
    expect(of('brreg listEnheter')?.url).to.include('page=0').and.to.include('size=100');
    expect(of('lien liensOfPerson')?.url).to.equal(`/persons/${PERSON}?requester-org=111111111`);
    expect(of('govstack readValue')?.url).to.equal('/data/111111111/111111111/111111111/readValue/111111111.111111111');
    const { fields, ...question } = JSON.parse(of('brp RaadpleegMetBurgerservicenummer')?.body ?? '') as {
      fields: string[];
    };
    expect(question).to.deep.include({ type: 'RaadpleegMetBurgerservicenummer', burgerservicenummer: ['111111111'] });
    expect(fields).to.include.members(['burgerservicenummer', 'naam']);
    const anpr = of('anpr interrogazioneCittadino_enti')?.body;
    expect(anpr).to.match(
      /<(\w+):Richiesta3006 xmlns:\1="http:\/\/sogei.it\/ANPR\/3000consultazione"><testataRichiesta><idOp/,
    );
    expect(anpr).to.include('<dataRiferimentoRichiesta>2001-02-03</dataRiferimentoRichiesta>');
  });

  it('is in the log before the register is called', async () => {
    let kinds: readonly string[] = [];
    onCall = async ({ headers }) => {
      const [requestId = ''] = /^.*(?=-\d+$)/.exec(String(headers['tereze-call'])) ?? [];
      kinds = (await running().system.entries(requestId)).map(({ kind }) => kind);
    };
    try {
      await ask(find('lien liensOfPerson'));
      expect(kinds).to.deep.equal(['intent']);
    } finally {
      onCall = undefined;
    }
  });

  it('a refusal in the same 200 is read as one', async () => {
    refuses = true;
    try {
      const { answer } = await ask(find('anpr interrogazioneCittadino_enti'));
      expect(nullsIn(answer.data)).to.have.length(1);
      expect(answer.errors).to.have.length(1);
    } finally {
      refuses = false;
    }
  });
});

/** As many characters as a question selects at most, so that an entry can list what it reads. */
const MOST_SELECTED = 6_000;

/** Asks for everything of each root field that is open, or of each that is closed. */
function questionsOf(
  { described, closed = [] }: Pick<Connected, 'described' | 'closed'>,
  person: string,
  areClosed = false,
): readonly WholeQuestion[] {
  const sdl = schemaOf(described);
  const value = (_: string, type: string): unknown => (type === 'Iin' ? person : valueOf(type));
  return rootFields(sdl)
    .filter(({ name }) => (closed === 'all' || closed.includes(name.value)) === areClosed)
    .flatMap((root) => wholeQuestions(sdl, root, value, MOST_SELECTED));
}

/** Whether the open root fields name the person that they are about. */
function namesPerson({ described, closed = [] }: Connected): boolean {
  return (
    closed !== 'all' &&
    rootFields(schemaOf(described)).some((root) => !closed.includes(root.name.value) && isAboutPerson(root))
  );
}

function isAboutPerson({ arguments: given = [] }: FieldDefinitionNode): boolean {
  return given.some(({ directives = [] }) => directives.some(({ name }) => name.value === 'subjectArgument'));
}

function installed({ register, described, settings }: Connected, url: string): InstalledRegister {
  const isPersonal = rootFields(schemaOf(described)).some(isAboutPerson);
  return {
    name: register,
    files: {
      ...described.files,
      'schema.graphql': schemaOf(described, isPersonal ? OF_PEOPLE : OF_NO_PERSON, OF_NO_PERSON),
      'source.yaml': (described.files?.['source.yaml'] ?? '').replace('until: YYYY-MM-DD', 'until: 2999-12-31'),
    },
    settings: settings(url),
  };
}
