import { join } from 'node:path';
import { expect } from 'chai';
import { fetchesOf } from '../../../../gateway/planning/plan-walk.js';
import { readsByFetch, type PartReads } from '../../../../gateway/planning/footprint/fetch-reads.js';
import { footprintDependencies } from '../../../../gateway/planning/footprint/footprint.js';
import { inlineFragments } from '../../../../gateway/planning/document/fragments.js';
import { pickOperation } from '../../../../gateway/planning/document/parse.js';
import type { FootprintEntry, PlannedDocument } from '../../../../gateway/planning/plan.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../../../schemas/catalogue/governance.js';
import { loadDocuments } from '../../../../schemas/operations/load-documents.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { COUNTRY, person } from '../country.js';
import { CATALOGUE, preparer } from '../preparing.js';

const OWN = composeCatalogue(registers(COUNTRY));

/** The reads of each fetch, in the order of the plan. */
function readsOf(
  { plan, hardened, operationName }: PlannedDocument,
  catalogue: Catalogue,
): readonly (readonly PartReads[])[] {
  if (plan === undefined) return expect.fail('it has no plan');
  const byFetch = readsByFetch(
    plan,
    inlineFragments(hardened, pickOperation(hardened, operationName)),
    footprintDependencies(catalogue),
  );
  return fetchesOf(plan).map((fetch) => byFetch.get(fetch) ?? []);
}

const ask = async (body: string, more = ''): Promise<readonly (readonly PartReads[])[]> =>
  readsOf(await preparer(OWN).prepare(person(body, more), undefined, undefined), OWN);
const coordinates = (entries: readonly FootprintEntry[]): readonly string[] =>
  entries.map(({ coordinate, category, access }) => `${coordinate} ${category} ${access}`);
const keys = (entries: readonly FootprintEntry[]): readonly string[] =>
  [...new Set(entries.map(({ register, coordinate }) => `${register} ${coordinate}`))].sort();

describe('planning: reads of each fetch', () => {
  it('say what is selected, and what the register is told', async () => {
    const [people, taxes] = await ask('class');
    expect(coordinates(people?.[0]?.reads ?? [])).to.deep.equal([
      'Query.person people.number read',
      'Person.iin people.number read',
      'Person.born people.birth read',
    ]);
    expect(coordinates(taxes?.[0]?.reads ?? [])).to.deep.equal(['Person.class taxes.class disclose']);
    expect(
      coordinates(taxes?.[0]?.sends ?? [])
        .slice()
        .sort(),
    ).to.deep.equal(['Person.born people.birth read', 'Person.iin people.number read']);
  });

  it('keep apart what one call asks about different persons', async () => {
    const [, below] = await ask('spouse { name } children { born }');
    expect(below?.map(({ reads }) => coordinates(reads))).to.deep.equal([
      ['Person.name people.identity disclose'],
      ['Person.born people.birth disclose'],
    ]);
  });

  it('keep root fields apart', async () => {
    const parts = readsOf(
      await preparer(OWN).prepare('query Q($iin: Iin!) { person(iin: $iin) { name } regions }', undefined, undefined),
      OWN,
    )[0];
    expect(parts?.map(({ reads }) => coordinates(reads))).to.deep.equal([
      ['Query.person people.number read', 'Person.name people.identity disclose'],
      ['Query.regions people.regions disclose'],
    ]);
  });

  it('name the sources of derived fields, and the links that are found', async () => {
    const [people] = await ask('age spouse { iin }');
    expect(coordinates(people?.[0]?.reads ?? [])).to.include('Person.born people.birth read');
    expect([...(people?.[0]?.finds ?? [])]).to.deep.equal([['person.spouse', { field: 'iin', role: 'spouse' }]]);
  });

  for (const body of [
    'name',
    'class rate',
    'relief',
    'office address(format: "long") { city }',
    'spouse { children { spouse { relief } } }',
    'things { ... on Car { taxed plate } } rights { share }',
  ]) {
    it(`are together the footprint of { ${body} }`, async () => {
      const planned = await preparer(OWN).prepare(person(body), undefined, undefined);
      const parts = readsOf(planned, OWN).flat();
      expect(keys(parts.flatMap(({ reads, sends }) => [...reads, ...sends]))).to.deep.equal(keys(planned.footprint));
    });
  }

  for (const document of loadDocuments(join(packageRoot(), 'schemas', 'operations')).all) {
    it(`are together the footprint of ${document.name}`, async () => {
      const planned = await preparer().prepare(document.text, undefined, document);
      const parts = readsOf(planned, CATALOGUE).flat();
      expect(keys(parts.flatMap(({ reads, sends }) => [...reads, ...sends]))).to.deep.equal(keys(planned.footprint));
    });
  }
});
