import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { parse } from 'graphql';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Planner } from '../../../../gateway/planning/plan.js';
import { PlannerProcesses } from '../../../../gateway/planning/planner/planner-processes.js';
import { describePlanner } from '../../../ports/planner.js';
import { CATALOGUE, citizen, refusal } from '../preparing.js';

describePlanner('The planner of other processes', () => {
  const processes = new PlannerProcesses({ processes: 2, deadlineMs: 60_000 });
  return { planner: (supergraphSdl) => processes.planner(supergraphSdl), close: () => processes.close() };
});

const PROGRAM = new URL(`./failing-program${extname(new URL(import.meta.url).pathname)}`, import.meta.url);

/** A small country on which an ordinary question ends the native planner of 0.0.38 with a panic. */
const DEADLY_SERVICES = [
  'type Person @key(fields: "id") @key(fields: "code") { id: ID! code: ID! marks: [Boolean] @external grade: String @requires(fields: "marks") } type Query { person(id: ID!): Person @shareable }',
  'type Person @key(fields: "code") { code: ID! marks: [Boolean] } type Query { person(id: ID!): Person @shareable }',
  'type Person @key(fields: "id") { id: ID! friends: [Person!] } type Query { person(id: ID!): Person @shareable }',
];
const DEADLY = '{ person(id: "2") { friends { friends { friends { grade } } } } }';

describe('planning: planner processes', () => {
  let processes: PlannerProcesses;
  let ended: string[];

  beforeEach(() => {
    ended = [];
  });
  afterEach(() => processes.close());

  const failing = (deadlineMs: number, count = 1): Promise<Planner> => {
    processes = new PlannerProcesses({
      processes: count,
      deadlineMs,
      onEnded: (reason) => ended.push(reason),
      program: PROGRAM,
    });
    return processes.planner('type Query { a: Int }');
  };

  for (const how of ['die', 'leave']) {
    it(`refuse the document on which a process ends (${how}), and plan the next one`, async () => {
      const planner = await failing(60_000);
      expect(await refusal(planner.plan(how, undefined, 0))).to.equal('PLAN_FAILED planner');
      expect(await planner.plan('{ a }', undefined, 0)).to.equal(undefined);
      expect(ended).to.deep.equal(['crash', 'crash']);
    });
  }

  it('try once more what they were at when they were ended from outside', async () => {
    const planner = await failing(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'tereze-planner-'));
    expect(await planner.plan(`die once ${join(folder, 'died')}`, undefined, 0)).to.equal(undefined);
    rmSync(folder, { recursive: true });
    expect(ended).to.deep.equal(['crash']);
  });

  for (const how of ['toil', 'sleep']) {
    it(`end a process that does not answer in time (${how}), and plan the next one`, async () => {
      const planner = await failing(100);
      expect(await refusal(planner.plan(how, undefined, 0))).to.equal('PLAN_FAILED deadline');
      expect(await planner.plan('{ a }', undefined, 0)).to.equal(undefined);
      expect(ended).to.deep.equal(['deadline']);
    });
  }

  it('try no document again that ended two of them, for any caller', async () => {
    const planner = await failing(60_000);
    expect(await refusal(planner.plan('die', undefined, 0))).to.equal('PLAN_FAILED planner');
    expect(await refusal(planner.plan('die', undefined, 0))).to.equal('PLAN_FAILED planner');
    expect(await refusal((await processes.planner('type Query { a: Int }')).plan('die', undefined, 0))).to.equal(
      'PLAN_FAILED planner',
    );
    expect(ended).to.deep.equal(['crash', 'crash']);
    expect(await refusal(planner.plan('die', 'Other', 0))).to.equal('PLAN_FAILED planner');
    expect(ended).to.deep.equal(['crash', 'crash', 'crash', 'crash']);
  });

  it('plan all other documents at the same time', async () => {
    const planner = await failing(60_000, 2);
    const asked = Array.from({ length: 20 }, (_, index) => (index % 5 === 0 ? `die ${index}` : `{ a${index} }`));
    const said = await Promise.all(
      asked.map((document) =>
        planner.plan(document, undefined, 0).then(
          () => 'planned',
          () => 'refused',
        ),
      ),
    );
    expect(said).to.deep.equal(asked.map((document) => (document.startsWith('die') ? 'refused' : 'planned')));
    expect(ended).to.deep.equal(Array.from({ length: 8 }, () => 'crash'));
  });

  it('let no document wait for a process that is starting while another one gets free', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-planner-'));
    const [holder, free] = [join(folder, 'holder'), join(folder, 'free')];
    processes = new PlannerProcesses({ processes: 2, deadlineMs: 60_000, program: PROGRAM });
    const planner = await processes.planner(`type Query { a: Int } # held by ${holder}`);
    writeFileSync(holder, '');
    const busy = planner.plan(`wait for ${free}`, undefined, 0);
    const next = planner.plan('{ a }', undefined, 0);
    writeFileSync(free, '');
    expect(await Promise.all([busy, next])).to.deep.equal([undefined, undefined]);
    rmSync(folder, { recursive: true });
  });

  it('plan at once in a process that has started', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tereze-planner-'));
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const planner = await failing(60_000, 2);
    const busy = planner.plan(`wait for ${first}`, undefined, 0);
    // Both can end only if there are two processes.
    const other = planner.plan('{ a }', undefined, 0).then(() => writeFileSync(first, ''));
    writeFileSync(second, '');
    expect(await Promise.all([busy, other, planner.plan(`wait for ${second}`, undefined, 0)])).to.have.length(3);
    rmSync(folder, { recursive: true });
  });

  it('survive a question on which the native planner panics', async () => {
    const { supergraphSdl } = composeServices(
      DEADLY_SERVICES.map((sdl, index) => ({
        name: `s${index}`,
        url: `http://s${index}.test/`,
        typeDefs: parse(
          `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires"]) ${sdl}`,
        ),
      })),
    );
    processes = new PlannerProcesses({ processes: 1, deadlineMs: 60_000, onEnded: (reason) => ended.push(reason) });
    const planner = await processes.planner(supergraphSdl ?? expect.fail('it does not compose'));
    expect(await refusal(planner.plan(DEADLY, undefined, 0))).to.equal('PLAN_FAILED planner');
    expect(ended).to.deep.equal(['crash', 'crash']);
    expect(await planner.plan('{ person(id: "2") { friends { id } } }', undefined, 0)).to.not.equal(undefined);
  });

  it('plan over several supergraphs in turn', async () => {
    processes = new PlannerProcesses({ processes: 1, deadlineMs: 60_000 });
    const first = await processes.planner(CATALOGUE.supergraphSdl);
    for (let index = 0; index < 3; index += 1) await processes.planner(`${CATALOGUE.supergraphSdl}\n# ${index}`);
    expect(await first.plan(citizen('sex'), undefined, 0)).to.have.property('register', 'population');
  });

  it('leave nothing running', async () => {
    const planner = await failing(60_000, 2);
    const begun = Promise.allSettled(
      ['sleep', 'sleep 2', 'sleep 3', '{ a }'].map((document) => planner.plan(document, undefined, 0)),
    );
    await processes.close();
    expect((await begun).map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(await refusal(planner.plan('{ a }', undefined, 0))).to.equal('PLAN_FAILED planner');
    expect(ended).to.deep.equal([]);
  });
});
