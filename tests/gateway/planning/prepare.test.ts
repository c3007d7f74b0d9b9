import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { print, type ASTNode } from 'graphql';
import type { PlannedDocument, Planner } from '../../../gateway/planning/plan.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { createPlanner } from '../../../gateway/planning/planner/planner.js';
import { loadDocuments } from '../../../schemas/operations/load-documents.js';
import { Refusal } from '../../../schemas/refusal.js';
import { CATALOGUE, citizen, notingPlanner, preparer, refusal } from './preparing.js';

const DOCUMENTS = loadDocuments(join(packageRoot(), 'schemas', 'operations'));

/** Plan and footprint as they are kept in `tests/golden/plans`: operations printed. */
function golden({ plan, footprint, rootSubjects, handleVariables }: PlannedDocument): string {
  const printed = (key: string, value: unknown): unknown => (key === 'operation' ? print(value as ASTNode) : value);
  return `${JSON.stringify({ plan, footprint, rootSubjects, handleVariables }, printed, 2)}\n`;
}

/** A planner whose plans end when told. */
function slowPlanner(): Planner & { readonly end: (() => void)[]; readonly given: string[]; calls: number } {
  const slow = {
    calls: 0,
    given: [] as string[],
    overridePercentages: [],
    end: [] as (() => void)[],
    plan: async (document: string): Promise<undefined> => {
      slow.calls += 1;
      slow.given.push(document);
      await new Promise<void>((resolve) => slow.end.push(resolve));
      return undefined;
    },
  };
  return slow;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('planning: prepare', () => {
  for (const document of DOCUMENTS.all) {
    it(`plans ${document.name} as it always did`, async () => {
      const planned = await preparer().prepare(document.text, undefined, document);
      const file = join(packageRoot(), 'tests', 'golden', 'plans', `${document.name}.json`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, golden(planned));
      expect(golden(planned), 'if the change is meant, run this test with UPDATE_GOLDEN=1').to.equal(
        readFileSync(file, 'utf8'),
      );
    });
  }

  it('carries what is registered of a trusted document', async () => {
    const queue = DOCUMENTS.find('HousingQueue');
    const planned = await preparer().prepare(queue?.text ?? '', undefined, {
      name: 'HousingQueue',
      purposes: ['p'],
      allowed: ['a'],
      atomic: true,
    });
    expect(planned).to.deep.include({
      documentHash: queue?.hash,
      operationName: 'HousingQueue',
      atomic: true,
      trusted: { name: 'HousingQueue', purposes: ['p'], allowed: ['a'], atomic: true },
    });
    expect(planned.catalogueHash).to.equal(CATALOGUE.hash);
  });

  it('keeps registered and unregistered apart, though their text is one', async () => {
    const documents = preparer();
    const text = citizen('sex');
    const open = await documents.prepare(text, undefined, undefined);
    const trusted = await documents.prepare(text, undefined, { name: 'T', purposes: [], allowed: [], atomic: true });
    expect([open.atomic, open.trusted, trusted.atomic]).to.deep.equal([false, undefined, true]);
  });

  it('gives the same object for the same document', async () => {
    const documents = preparer();
    expect(await documents.prepare(citizen('sex'), undefined, undefined)).to.equal(
      await documents.prepare(citizen('sex'), undefined, undefined),
    );
  });

  it('tells operations of one document apart', async () => {
    const text =
      'query A($iin: Iin!) { citizen(iin: $iin) { sex } } query B($iin: Iin!) { citizen(iin: $iin) { lands { area } } }';
    const documents = preparer();
    const [a, b] = await Promise.all([
      documents.prepare(text, 'A', undefined),
      documents.prepare(text, 'B', undefined),
    ]);
    expect(a.footprint.map(({ coordinate }) => coordinate))
      .to.include('Citizen.sex')
      .and.not.include('Citizen.lands');
    expect(b.footprint.map(({ coordinate }) => coordinate))
      .to.include('Citizen.lands')
      .and.not.include('Citizen.sex');
    expect(await refusal(documents.prepare(text, undefined, undefined))).to.equal('OPERATION_RESOLUTION_FAILURE');
  });

  it('takes no name of an operation for another, or for none', async () => {
    const text = citizen('sex');
    const documents = preparer();
    await documents.prepare(text, undefined, undefined);
    for (const name of ['', '=', ' ', 'undefined', 'null', ' 0  '])
      expect(await refusal(documents.prepare(text, name, undefined)), name).to.equal('OPERATION_RESOLUTION_FAILURE');
  });

  it('plans once what is asked many times at once', async () => {
    const planner = slowPlanner();
    const documents = preparer(undefined, planner);
    const all = Promise.all(Array.from({ length: 20 }, () => documents.prepare(citizen('sex'), undefined, undefined)));
    await settle();
    planner.end[0]?.();
    expect(new Set(await all).size).to.equal(1);
    expect(planner.calls).to.equal(1);
  });

  it('has no more than two plans under way', async () => {
    const planner = slowPlanner();
    const documents = preparer(undefined, planner);
    const all = Promise.all(
      ['sex', 'firstName', 'lastName', 'birthDate'].map((field) =>
        documents.prepare(citizen(field), undefined, undefined),
      ),
    );
    await settle();
    expect(planner.calls).to.equal(2);
    for (let turn = 0; turn < 4; turn += 1) {
      planner.end.shift()?.();
      await settle();
    }
    await all;
    expect(planner.calls).to.equal(4);
  });

  it('refuses as overloaded what finds ten documents waiting for each one that is planned', async () => {
    const planner = slowPlanner();
    const documents = preparer(undefined, planner);
    const prepareOne = (other: number) => documents.prepare(citizen(`a${other}: sex`), undefined, undefined);
    const accepted = Array.from({ length: 22 }, (_, other) => prepareOne(other));
    expect(await refusal(prepareOne(22))).to.equal('OVERLOADED planning');
    for (let turn = 0; turn < 22; turn += 1) {
      await settle();
      planner.end.shift()?.();
    }
    expect(await Promise.all(accepted)).to.have.length(22);
    expect(planner.calls).to.equal(22);
  });

  it('plans for one caller while another has asked for more documents than can wait', async () => {
    const planner = slowPlanner();
    const documents = preparer(undefined, planner);
    const prepareFor = (caller: string, body: string) =>
      refusal(documents.prepare(citizen(body), undefined, undefined, { claimant: { caller, weight: 1 } }));
    const many = Array.from({ length: 30 }, (_, other) => prepareFor('a', `a${other}: sex`));
    const one = prepareFor('b', 'firstName');
    await settle();
    planner.end.shift()?.();
    await settle();
    expect(planner.given[2]).to.include('firstName');
    while (planner.calls < 22 || planner.end.length > 0) {
      planner.end.shift()?.();
      await settle();
    }
    expect(await one).to.equal('nothing was refused');
    expect((await Promise.all(many)).filter((refused) => refused === 'OVERLOADED planning')).to.have.length(9);
  });

  it('checks what one caller may see while another has asked for more documents than can wait', async () => {
    const planner = slowPlanner();
    const documents = preparer(undefined, planner);
    const view = { key: 'all', schema: buildPublicSchema(CATALOGUE.publicSdl), isVisible: () => true };
    const prepareFor = (caller: string, body: string) =>
      refusal(documents.prepare(citizen(body), undefined, undefined, { view, claimant: { caller, weight: 1 } }));
    const many = Array.from({ length: 30 }, (_, other) => prepareFor('a', `a${other}: nope`));
    expect(await prepareFor('b', 'nope')).to.match(/^GRAPHQL_VALIDATION_FAILED/);
    expect((await Promise.all(many)).filter((refused) => refused === 'OVERLOADED planning')).to.have.length(9);
  });

  it('plans again what failed', async () => {
    const working = createPlanner(CATALOGUE.supergraphSdl, { deadlineMs: 60_000 });
    let calls = 0;
    const documents = preparer(undefined, {
      overridePercentages: [],
      plan: (...given) => ((calls += 1) === 1 ? Promise.reject(new Refusal('PLAN_FAILED')) : working.plan(...given)),
    });
    expect(await refusal(documents.prepare(citizen('sex'), undefined, undefined))).to.equal('PLAN_FAILED');
    expect((await documents.prepare(citizen('sex'), undefined, undefined)).plan).not.to.equal(undefined);
  });

  it('keeps what it knows however much is refused', async () => {
    const planner = notingPlanner();
    const documents = preparer(undefined, planner);
    await documents.prepare(citizen('sex'), undefined, undefined);
    for (let other = 0; other < 50; other += 1)
      await refusal(documents.prepare(citizen(`nope${other}`), undefined, undefined));
    await documents.prepare(citizen('sex'), undefined, undefined);
    expect(planner.given).to.have.length(1);
  });

  it('forgets the oldest beyond its size', async () => {
    const planner = notingPlanner();
    const documents = preparer(undefined, planner);
    for (let other = 0; other <= 10; other += 1)
      await documents.prepare(citizen(`a${other}: sex`), undefined, undefined);
    await documents.prepare(citizen('a0: sex'), undefined, undefined);
    expect(planner.given).to.have.length(12);
  });

  it('keeps trusted documents, and what is known of them, however many texts there are', async () => {
    const planner = notingPlanner();
    const documents = preparer(undefined, planner);
    const trusted = { name: 'T', purposes: [], allowed: [], atomic: false };
    const schema = buildPublicSchema(CATALOGUE.publicSdl);
    let validated = 0;
    const all = { key: 'all', isVisible: () => true, schema };
    const view = {
      ...all,
      get schema() {
        validated += 1;
        return schema;
      },
    };
    const first = await documents.prepare(citizen('sex'), undefined, trusted, { view });
    const before = validated;
    for (let other = 0; other < 150; other += 1)
      await documents.prepare(citizen(`a${other}: sex`), undefined, undefined, { view: all });
    expect(await documents.prepare(citizen('sex'), undefined, trusted, { view })).to.equal(first);
    expect(validated).to.equal(before);
  });
});
