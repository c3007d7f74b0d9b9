import type { IncomingMessage, Server, ServerResponse } from 'node:http';
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
  bodyOf,
  describeOpenapi,
  DOCUMENTS,
  EXAMPLES,
  EXPECTED,
  expectedLeaves,
  leavesIn,
  type OpenapiName,
} from './openapi-registers.js';
import { PERSON, schemaOf, TakenNames, valueOf, type Place } from './register-of-document.js';
import { soapAnswer } from './soap-answer.js';
import { dataOf, describeWsdl, leftOut, NAMES, OPERATIONS, REFUSAL } from './wsdl-registers.js';

/** Another person. The case does not name them. */
const STRANGER = '930122390012';

interface Asking {
  readonly person?: string;
  readonly access?: Access;
  readonly most?: number;
}

/** What one question was answered, and the calls that it caused. */
interface Told {
  readonly answer: Answer;
  readonly calls: readonly Asked[];
}

/** A register of the installation, and what is known of its answers. */
interface Connected {
  readonly register: string;
  readonly title: string;
  readonly described: Described;
  readonly settings: (url: string) => Readonly<Record<string, unknown>>;
  /** Answers a request of the gateway. */
  readonly answer: (question: string, accept: string | undefined) => { readonly type: string; readonly body: string };
  /** Names of fields that no answer has. */
  readonly without?: () => ReadonlySet<string>;
  /** Values that an answer must have. */
  readonly leaves?: readonly string[];
  /** Records are about people, and the question names none. */
  readonly isClosed?: boolean;
}

interface Asked {
  readonly register: string;
  readonly url: string;
  readonly body: string;
}

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
    for (const one of [...openapiRegisters(), ...wsdlRegisters(), ...closedRegisters()]) {
      const register = `r${connected.length}`;
      const described = await one.describe({ register, taken });
      taken.add(register, schemaOf(described));
      connected.push({ ...one.connect(described), title: one.title, register, described });
    }
    registers = await listen((request, response) => void answerTo(request, response));
    const url = urlOf(registers);
    installation = await startGoverned({
      registers: async () => connected.map((one) => installed(one, `${url}/${one.register}`)),
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
      : one?.answer(question, request.headers.accept);
    response.writeHead(200, { 'Content-Type': answer?.type ?? 'application/json' }).end(answer?.body ?? '{}');
  };
  const running = (): GovernedInstallation => installation ?? expect.fail('not started');
  const find = (title: string): Connected => connected.find((one) => one.title === title) ?? expect.fail(title);
  /** Asks the questions of a register, one after the other; `most` of them. */
  const askAll = async (
    one: Connected,
    { person = PERSON, access = running().permitted, most = Infinity }: Asking = {},
  ): Promise<readonly Told[]> => {
    const told: Told[] = [];
    for (const { text: query, variables } of questionsOf(one, person).slice(0, most)) {
      const before = asked.length;
      const answer = await running().system.ask(access, { query, variables });
      told.push({ answer, calls: asked.slice(before) });
    }
    return told;
  };
  const ask = async (one: Connected, asking: Asking = {}): Promise<Told> =>
    (await askAll(one, { ...asking, most: 1 }))[0] ?? expect.fail('no question');
  const callsOf = (one: Connected): readonly Asked[] => asked.filter(({ register }) => register === one.register);

  for (const title of titles())
    it(`${title}: every field, verdicts, provenance, and entries before and after`, async () => {
      const one = find(title);
      const leaves: string[] = [];
      for (const { answer, calls } of await askAll(one)) {
        expect(answer.errors, JSON.stringify(answer.errors).slice(0, 500)).to.deep.equal([]);
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

  const assertReported = ({ register }: Connected, { tereze }: Answer): void => {
    const { quality, provenance, withheld } = tereze as unknown as {
      quality: { verdict: string; records: readonly { register: string }[] };
      provenance: readonly { register: string; contract: string; calls: number; failure: unknown }[];
      withheld: readonly unknown[];
    };
    expect(withheld).to.deep.equal([]);
    expect(provenance).to.have.length(1);
    expect(provenance[0]).to.include({ register, failure: null }).and.to.have.property('contract').that.is.a('string');
    expect(quality.verdict).to.be.oneOf(['pass', 'flagged', 'not_evaluated']);
    for (const record of quality.records) expect(record.register).to.equal(register);
  };

  const assertLogged = async (one: Connected, { tereze }: Answer, calls: readonly Asked[]): Promise<void> => {
    expect(new Set(calls.map(({ register }) => register))).to.deep.equal(new Set([one.register]));
    const entries = await running().system.entries(tereze.requestId);
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['intent', 'completion']);
    const { registers: used, disclosed, subjects, outcome } = entries[1] as CompletionBody;
    const isAboutPerson = namesPerson(one);
    expect(outcome).to.equal('answered');
    expect(subjects).to.have.length(isAboutPerson ? 1 : 0);
    expect(used.map(({ register, calls: sent }) => ({ register, sent }))).to.deep.equal([
      { register: one.register, sent: calls.length },
    ]);
    const inAddress = calls.some(({ url }) => url.includes(PERSON));
    expect(used[0]?.identifierInAddress ?? false).to.equal(inAddress);
    expect(disclosed.length).to.be.greaterThan(0);
    for (const { category, access, basis, nexus, subjects: about } of disclosed) {
      expect({ access, basis }).to.deep.equal({ access: 'disclose', basis: 'public_task' });
      expect(category).to.equal(isAboutPerson ? OF_PEOPLE : OF_NO_PERSON);
      expect({ nexus, about: about.length }).to.deep.equal(
        isAboutPerson ? { nexus: 'application', about: 1 } : { nexus: null, about: 0 },
      );
    }
    expect(JSON.stringify(entries)).not.to.include(PERSON);
  };

  it('none is asked for a caller that no rule opens it to', async () => {
    for (const one of connected) {
      const { answer, calls } = await ask(one, { access: running().unpermitted });
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
    const closed = connected.filter(({ isClosed }) => isClosed);
    expect(closed).to.have.length(2);
    for (const one of closed) {
      const { answer, calls } = await ask(one);
      expect(leavesIn(answer.data)).to.deep.equal([]);
      expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['POLICY_DENIED']);
      expect(calls).to.deep.equal([]);
    }
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
    expect(question).to.deep.equal({ type: 'RaadpleegMetBurgerservicenummer', burgerservicenummer: ['111111111'] });
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

/** Asks for everything of the first root field. */
function questionsOf({ described }: Pick<Connected, 'described'>, person: string): readonly WholeQuestion[] {
  const sdl = schemaOf(described);
  return wholeQuestions(sdl, rootOf(sdl), (_, type) => (type === 'Iin' ? person : valueOf(type)), MOST_SELECTED);
}

function rootOf(sdl: string): FieldDefinitionNode {
  const [root] = rootFields(sdl);
  return root ?? expect.fail('no root field');
}

/** Whether the first root field names the person that it is about. */
function namesPerson({ described }: Pick<Connected, 'described'>): boolean {
  return isAboutPerson(rootOf(schemaOf(described)));
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

interface ToConnect {
  readonly title: string;
  readonly describe: (place: Place) => Promise<Described>;
  readonly connect: (described: Described) => Omit<Connected, 'register' | 'described' | 'title'>;
}

function titles(): readonly string[] {
  return [...openapiRegisters(), ...wsdlRegisters()].map(({ title }) => title);
}

function openapiRegisters(): readonly ToConnect[] {
  return (Object.keys(DOCUMENTS) as OpenapiName[]).flatMap((document) =>
    [...EXPECTED[document].ready, ...EXPECTED[document].example].map((operation) => ({
      title: `${document} ${operation}`,
      describe: (place) => describeOpenapi(document, [operation], place),
      connect: (described) => ({
        settings: (url) => ({ protocol: 'rest', url, auth: { type: 'none' } }),
        answer: (_, accept) => {
          const type = accept?.split(',')[0];
          return {
            type: type === undefined || type.includes('*') ? 'application/json' : type,
            body: bodyOf({ document, operation, described }),
          };
        },
        // An example need not have every member; a schema's sample has.
        ...(EXAMPLES[operation] === undefined ? {} : { leaves: expectedLeaves({ operation }) }),
      }),
    })),
  );
}

function wsdlRegisters(): readonly ToConnect[] {
  return NAMES.flatMap((document) =>
    Object.keys(OPERATIONS[document]).map((operation) => ({
      title: `${document} ${operation}`,
      describe: (place) => describeWsdl(document, operation, place),
      connect: (described) => ({
        settings: (url) => ({ protocol: 'soap', url, ...(document === 'anpr' ? {} : { client: 'FI/GOV/1/us' }) }),
        answer: (question) => ({
          type: 'text/xml; charset=utf-8',
          body: soapAnswer(dataOf({ document, operation, described }), question),
        }),
        without: () => leftOut({ document, operation, described }),
      }),
    })),
  );
}

/** Questions that name no person, with records that are marked as being about people. */
function closedRegisters(): readonly ToConnect[] {
  const connect = (): ReturnType<ToConnect['connect']> => ({
    settings: (url) => ({ protocol: 'rest', url, auth: { type: 'none' } }),
    answer: () => ({ type: 'application/json', body: '{}' }),
    isClosed: true,
  });
  return [
    {
      title: 'lien liensOfOrganisation, marked',
      describe: (place) => describeOpenapi('lien', ['liensOfOrganisation'], place, new Set(['personNumber'])),
      connect,
    },
    {
      title: 'xrd4j listPeople, marked',
      describe: (place) => describeWsdl('xrd4j', 'listPeople', place, new Set(['ssn'])),
      connect: () => ({ ...connect(), settings: (url) => ({ protocol: 'soap', url, client: 'FI/GOV/1/us' }) }),
    },
  ];
}
