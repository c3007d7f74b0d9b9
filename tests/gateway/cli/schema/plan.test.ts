import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import type { PlanDescription } from '../../../../gateway/planning/render/description.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { PERSON, registers } from '../../../schemas/catalogue/registers.js';
import { Folder, schema } from './running.js';

const TWO = 'query One($iin: Iin!) { person(iin: $iin) { name } } query Other { __typename }';

describe('tereze schema plan', () => {
  let folder: Folder;
  let own: readonly string[];

  beforeEach(() => {
    folder = new Folder();
    own = ['--registers', folder.registers('registers', { r: PERSON })];
  });
  afterEach(() => folder.remove());

  it('prints the plan of a trusted document, by name and by hash, with what each call reads about which person', async () => {
    const { printed, failed, error } = await schema(['plan', 'FamilyCard']);
    expect([failed, error]).to.deep.equal([false, undefined]);
    expect(printed).to.match(/^FamilyCard: 5 calls at most, catalogue sha256:/);
    expect(printed)
      .to.include('about  the person in $iin, at citizen, by key Citizen.iin')
      .and.include('child found at citizen.children')
      .and.include('Citizen.averageMonthlyIncome -> tax.income (read, not shown)');
    const { document } = JSON.parse((await schema(['plan', 'FamilyCard', '--json'])).printed) as PlanDescription;
    expect((await schema(['plan', `sha256:${document}`])).printed).to.equal(printed);
  });

  it('prints it as JSON and as a flowchart', async () => {
    const description = JSON.parse((await schema(['plan', 'PensionCard', '--json'])).printed) as PlanDescription;
    expect(description).to.include({ operation: 'PensionCard' }).and.have.property('plan').that.is.an('object');
    expect((await schema(['plan', 'PensionCard', '--mermaid'])).printed).to.match(
      /^flowchart TD\n {2}n0\["PensionCard"\]\n/,
    );
  });

  it('takes a file, and standard input, over registers of one’s own', async () => {
    const file = folder.file('q.graphql', TWO);
    const ofFile = await schema(['plan', file, '--operation-name', 'One', ...own]);
    expect(ofFile.printed)
      .to.match(/^One: 1 call,/)
      .and.include('Person.name -> r.identity');
    expect((await schema(['plan', '-', '--operation-name', 'One', ...own], TWO)).printed).to.equal(ofFile.printed);
    expect((await schema(['plan', '-', '--operation-name', 'Other', ...own], TWO)).printed).to.match(
      /^Other: no call,/,
    );
  });

  it('plans over a supergraph alone, without categories', async () => {
    const file = folder.file('supergraph.graphql', composeCatalogue(registers({ r: PERSON })).supergraphSdl);
    const { printed } = await schema(
      ['plan', '-', '--supergraph', file, '--json'],
      '{ person(iin: "800101390011") { name } }',
    );
    expect(printed).to.include('"category":null').and.not.include('r.identity');
    expect(printed).not.to.include('800101390011');
  });

  it('takes documents from a folder of one’s own', async () => {
    const documents = join(packageRoot(), 'schemas', 'operations', 'citizens');
    expect((await schema(['plan', 'PensionCard', '--documents', documents])).printed).to.match(/^PensionCard/);
    expect((await schema(['plan', 'FamilyCard', '--documents', documents])).error)
      .to.be.instanceOf(CommandFailure)
      .with.property('hint', 'There are PensionCard.');
  });

  for (const [what, text, message] of [
    [
      'does not fit the schema',
      'query One($iin: Iin!) { person(iin: $iin) { nope } }',
      /GRAPHQL_VALIDATION_FAILED FieldsOnCorrectType\n {2}1:45: Cannot query field "nope"/,
    ],
    ['is not GraphQL', 'query {', /GRAPHQL_PARSE_FAILED syntax\n {2}1:8$/],
    [
      'writes a number into itself',
      '{ person(iin: "800101390011") { name } }',
      /GRAPHQL_VALIDATION_FAILED subject_argument$/,
    ],
    [
      'is larger than a gateway takes',
      `{ ${Array.from({ length: 11 }, (_, place) => `a${place}: __typename`).join(' ')} }`,
      /QUERY_TOO_COMPLEX root_fields$/,
    ],
    ['does not say which operation', TWO, /OPERATION_RESOLUTION_FAILURE$/],
  ] as const) {
    it(`fails for a document that ${what}, and says where`, async () => {
      const { printed, error } = await schema(['plan', '-', ...own], text);
      expect(printed).to.equal('');
      expect(error).to.be.instanceOf(CommandFailure).with.property('kind', 'failed');
      expect((error as CommandFailure).message).to.match(message);
      expect((error as CommandFailure).message).not.to.include('800101390011');
    });
  }

  it('fails for a file that is no supergraph', async () => {
    const { error } = await schema([
      'plan',
      'FamilyCard',
      '--supergraph',
      folder.file('x.graphql', 'type Query { a: Int }'),
    ]);
    expect(error).to.be.instanceOf(CommandFailure).and.include({ kind: 'failed' });
  });

  it('calls wrong use what is not there, and words that exclude each other', async () => {
    for (const words of [
      ['Nope'],
      ['/nonexistent.graphql'],
      ['FamilyCard', '--supergraph', '/nonexistent'],
      ['FamilyCard', '--registers', '/nonexistent'],
      ['FamilyCard', '--documents', '/nonexistent'],
      ['FamilyCard', '--json', '--mermaid'],
      ['FamilyCard', '--registers', '.', '--supergraph', '.'],
    ]) {
      expect((await schema(['plan', ...words])).error, words.join(' '))
        .to.be.instanceOf(CommandFailure)
        .and.include({ kind: 'usage' });
    }
  });

  it('reads the documents that the gateway reads', async () => {
    const file = join(packageRoot(), 'schemas', 'operations', 'housing', 'HousingQueue.graphql');
    expect((await schema(['plan', '-'], readFileSync(file, 'utf8'))).printed).to.equal(
      (await schema(['plan', 'HousingQueue'])).printed,
    );
  });
});
