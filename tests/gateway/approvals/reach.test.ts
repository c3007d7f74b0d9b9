import { expect } from 'chai';
import { fingerprintOf, reachChanges, reachOf, type DocumentReach } from '../../../gateway/approvals/reach.js';
import { footprintDependencies } from '../../../gateway/planning/footprint/footprint.js';
import type { RegisteredDocument } from '../../../schemas/operations/load-documents.js';
import { CATALOGUE, prepared } from '../planning/preparing.js';

const TEXT =
  'query Q($iin: Iin!, $deep: Boolean!) { citizen(iin: $iin) { lastName children @include(if: $deep) { firstName } } }';
const registered: RegisteredDocument = {
  name: 'Q',
  text: TEXT,
  hash: 'ab',
  owner: 'social',
  purposes: ['b', 'a'],
  allowed: ['social'],
  atomic: false,
};

describe('the reach of a trusted document', () => {
  let reach: DocumentReach;
  before(async () => {
    reach = reachOf(registered, [await prepared(TEXT)], footprintDependencies(CATALOGUE));
  });

  it('is its text, who may ask it and why, and everything that it could read, with the people', () => {
    expect(reach).to.deep.include({
      name: 'Q',
      document: 'ab',
      owner: 'social',
      allowed: ['social'],
      purposes: ['a', 'b'],
    });
    expect(reach.registers).to.include.members(['population', 'civil-acts']);
    expect(reach.categories).to.include.members(['population.identity, disclose', 'civil_acts.family, disclose']);
    expect(reach.subjects).to.include.members(['named by iin', 'child at citizen.children']);
  });

  it('has a fingerprint that changes with anything in it, and with nothing else', () => {
    const [first] = reach.categories;
    expect(fingerprintOf({ ...reach }))
      .to.equal(fingerprintOf(reach))
      .and.to.match(/^[0-9a-f]{64}$/);
    for (const changed of [
      { document: 'cd' },
      { owner: 'tax' },
      { purposes: ['a'] },
      { allowed: [] },
      { registers: [] },
      { categories: [first!] },
      { subjects: [] },
      { name: 'R' },
    ]) {
      expect(fingerprintOf({ ...reach, ...changed }), JSON.stringify(changed)).to.not.equal(fingerprintOf(reach));
    }
  });

  it('differs from another in words', () => {
    expect(reachChanges(reach, reach)).to.deep.equal([]);
    const other = {
      ...reach,
      document: 'cd',
      owner: 'tax',
      registers: [...reach.registers, 'tax'],
      subjects: reach.subjects.slice(1),
    };
    expect(reachChanges(reach, other)).to.deep.equal([
      '~ text',
      '- owner social',
      '+ owner tax',
      '+ register tax',
      `- subject ${reach.subjects[0]}`,
    ]);
  });
});
