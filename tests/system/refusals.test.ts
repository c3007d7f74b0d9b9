import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPEAL_FAMILY, HOUSING_FAMILY, SECOND_HOUSING_FAMILY } from '../../demo/country/people.js';
import { createProgram } from '../../gateway/cli/program.js';
import type { EntryBody } from '../../monitoring/audit/entries.js';
import { createPseudonyms } from '../../policies/disclosure/pseudonyms.js';
import { readSecret } from '../../policies/secret.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';
import { TestTerminal } from '../gateway/cli/test-terminal.js';

const HOUSING_CASE = HOUSING_FAMILY.caseNumber;
const APPEAL_CASE = APPEAL_FAMILY.caseNumber;
/** A person of another case: no one of the housing agency may ask about them. */
const STRANGER = SECOND_HOUSING_FAMILY.applicant.iin;

type RefusalEntry = Extract<EntryBody, { kind: 'refusal' }>;

describe('a refused attempt', function () {
  this.timeout(120_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const housing = async (body: unknown): Promise<Answer> =>
    system.ask(await system.as('housing', 'housing_queue', HOUSING_CASE), body);
  const appeals = async (client: string, body: unknown, path?: string): Promise<Answer> =>
    system.ask(await system.as(client, 'appeal_review', APPEAL_CASE), body, path);

  /** Each attempt on a person, with the categories that its entry names. */
  const ATTEMPTS: Readonly<
    Record<string, { code: string; categories?: readonly string[]; attempt: (iin: string) => Promise<Answer> }>
  > = {
    'without a nexus': {
      code: 'POLICY_DENIED',
      categories: ['population.identity'],
      attempt: (iin) => housing({ documentId: 'HousingQueue', variables: { iin } }),
    },
    'by a field outside the view': {
      code: 'GRAPHQL_VALIDATION_FAILED',
      categories: ['population.documents'],
      attempt: (iin) =>
        housing({ query: 'query ($iin: Iin!) { citizen(iin: $iin) { documents { number } } }', variables: { iin } }),
    },
    'by a field that does not exist': {
      code: 'GRAPHQL_VALIDATION_FAILED',
      attempt: (iin) => housing({ query: 'query ($iin: Iin!) { citizen(iin: $iin) { nothing } }', variables: { iin } }),
    },
    'by a literal in the document': {
      code: 'GRAPHQL_VALIDATION_FAILED',
      attempt: (iin) => housing({ query: `{ citizen(iin: "${iin}") { lastName } }` }),
    },
    'by a document of another agency': {
      code: 'DOCUMENT_NOT_ALLOWED',
      attempt: (iin) => housing({ documentId: 'FamilyCard', variables: { iin } }),
    },
    'by a document that does not exist': {
      code: 'DOCUMENT_NOT_FOUND',
      attempt: (iin) => housing({ documentId: 'Nothing', variables: { iin } }),
    },
    'by a broken document': {
      code: 'GRAPHQL_PARSE_FAILED',
      attempt: (iin) => housing({ query: `{ citizen(iin: "${iin}"`, variables: {} }),
    },
    'by a variable of the wrong form': {
      code: 'BAD_USER_INPUT',
      attempt: (iin) => housing({ documentId: 'HousingQueue', variables: { iin: [iin, { also: 7 }] } }),
    },
    'for a handle': {
      code: 'POLICY_DENIED',
      categories: ['population.identifier'],
      attempt: (iin) => appeals('appeals', { iin, for: 'appeals-ai' }, '/handles'),
    },
    'for a handle for a receiver that is a number': {
      code: 'BAD_USER_INPUT',
      attempt: (iin) => appeals('appeals', { iin, for: `x-${iin}` }, '/handles'),
    },
    'by a body of the wrong form': {
      code: 'BAD_USER_INPUT',
      attempt: async (iin) =>
        system.ask(await system.as('housing', 'housing_queue', HOUSING_CASE), { agency: 'housing', iin }, '/consents'),
    },
  };

  const refusalOf = async (answer: Answer): Promise<RefusalEntry> => {
    const [entry] = await system.entries(answer.tereze.requestId);
    if (entry?.kind !== 'refusal') throw new Error(`${answer.errors[0]?.extensions.code ?? ''}: ${entry?.kind ?? ''}`);
    return entry;
  };

  const tokenOf = (iin: string): string =>
    createPseudonyms(readSecret(system.config.policies.secret_file)).indexToken(iin);

  /** Finds the requests about a person, as an officer would: by the number, through the reader. */
  const requestsAbout = (iin: string): Promise<readonly string[]> =>
    system.reading(async (reader) =>
      (await reader.list({ limit: 100, kind: 'refusal', subjectTokens: [tokenOf(iin)] })).map(
        ({ body }) => body.requestId,
      ),
    );

  for (const [how, { code, categories = [], attempt }] of Object.entries(ATTEMPTS)) {
    it(`${how} is found by person, with purpose, case, categories and reasons, and without a call`, async () => {
      const before = system.calls();
      const answer = await attempt(STRANGER);
      expect(answer.errors[0]?.extensions.code, answer.text).to.equal(code);
      expect(system.calls()).to.equal(before);
      const entry = await refusalOf(answer);
      expect(entry).to.include({ code });
      expect(entry.purpose).to.be.oneOf(['housing_queue', 'appeal_review']);
      expect(entry.subjects).to.have.length(1);
      expect(entry.categories).to.include.members([...categories]);
      if (categories.length === 0) expect(entry.categories).to.deep.equal([]);
      expect(await requestsAbout(STRANGER)).to.include(answer.tereze.requestId);
      expect(JSON.stringify(entry)).to.not.include(STRANGER);
      expect(answer.text).to.not.include(STRANGER);
    });
  }

  it('with a handle of another receiver or case names the person behind it, and tells the caller nothing', async () => {
    const issued = await appeals('appeals', { iin: APPEAL_FAMILY.applicant.iin, for: 'appeals-ai' }, '/handles');
    const person = String(issued.data?.['handle']);
    const context = async (client: string, number: string, handle: string): Promise<Answer> =>
      system.ask(await system.as(client, 'appeal_review', number), {
        documentId: 'AppealContext',
        variables: { person: handle },
      });
    const stolen = [
      await context('appeals-ai', 'AP-2026-000302', person),
      await context('appeals', APPEAL_CASE, person),
    ];
    for (const answer of stolen)
      expect(await requestsAbout(APPEAL_FAMILY.applicant.iin)).to.include(answer.tereze.requestId);
    const invented = await context('appeals-ai', 'AP-2026-000302', `ph_${'A'.repeat(43)}`);
    expect((await refusalOf(invented)).subjects).to.deep.equal([]);
    const shape = ({ status, errors }: Answer): unknown => [
      status,
      errors.map(({ message, extensions }) => [message, { ...extensions, requestId: '' }]),
    ];
    expect(shape(stolen[0] as Answer)).to.deep.equal(shape(invented));
    expect((await refusalOf(stolen[0] as Answer)).categories).to.include('population.derived');
  });

  it('with the number of the person in the case is refused, and the entry has no case', async () => {
    const asked = { documentId: 'HousingQueue', variables: { iin: STRANGER } };
    const hidden = await system.ask(await system.as('housing', 'housing_queue', `HQ-7${STRANGER}`), asked);
    expect(hidden.errors[0]?.extensions).to.deep.include({ code: 'CASE_NUMBER_INVALID', reasons: ['person'] });
    expect(await refusalOf(hidden)).to.deep.include({ code: 'CASE_NUMBER_INVALID', case: null });
    expect(await requestsAbout(STRANGER)).to.include(hidden.tereze.requestId);
    const open = await system.ask(await system.as('housing', 'housing_queue', `HQ-${STRANGER}`), asked);
    expect(open.errors[0]?.extensions).to.deep.include({
      code: 'CASE_NUMBER_INVALID',
      reasons: ['identity_number'],
      whoMustAct: 'caller',
    });
    expect(system.logged.join('')).to.not.include(STRANGER);
  });

  it('has the name of its operation only if the name consists of words of the schema', async () => {
    const named = async (name: string): Promise<string | null> => {
      const query = `query ${name}($iin: Iin!) { citizen(iin: $iin) { lastName } }`;
      return (await refusalOf(await housing({ query, variables: { iin: STRANGER } }))).operationName;
    };
    expect(await named('CitizenLastName')).to.equal('CitizenLastName');
    expect(await named('CitizenOspanova')).to.equal(null);
    expect(await named(`Citizen${STRANGER}`)).to.equal(null);
  });

  it('of a citizen names the citizen', async () => {
    const { iin } = HOUSING_FAMILY.wife;
    const answer = await system.ask(
      await system.citizen(iin),
      { agency: 'nobody', purpose: 'x', categories: ['y'] },
      '/consents',
    );
    expect(answer.errors[0]?.extensions.code).to.equal('BAD_USER_INPUT');
    expect(await requestsAbout(iin)).to.include(answer.tereze.requestId);
  });

  it('is found with the command line by a number in a file, and the number stands nowhere in what it prints', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-person-'));
    try {
      const { tereze } = await housing({ documentId: 'HousingQueue', variables: { iin: STRANGER } });
      const file = join(folder, 'person');
      writeFileSync(file, `${STRANGER}\n`);
      const printed = await list(['--person', file, '--kind', 'refusal', '--limit', '1', ...WHY]);
      expect(printed).to.include(tereze.requestId).and.to.not.include(STRANGER);
      expect(await list(['--person', '-', '--kind', 'refusal', '--limit', '1', ...WHY], `${STRANGER}\n`)).to.include(
        tereze.requestId,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const WHY = ['--reason', 'a complaint about a refusal', '--for-case', 'housing/HQ-2026-000101'];

  const list = async (options: readonly string[], input = ''): Promise<string> => {
    const terminal = new TestTerminal({ typed: input });
    await createProgram(terminal).parseAsync([
      ...['node', 'tereze', 'audit', 'list', '--json', '--config', system.country.config],
      ...options,
    ]);
    return terminal.printed;
  };
});
