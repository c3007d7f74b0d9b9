import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { permissionsFor } from '../../policies/decision/permissions.js';
import type { Access } from '../../schemas/vocabulary.js';
import { engineWith, repositoryPurposes } from './engine.js';
import { PARTIES, type PartyName } from './parties.js';
import { registerCategories } from './register-categories.js';

const GOLDEN = 'policies/cases/allowed.txt';
const ACCESSES: readonly Access[] = ['read', 'disclose'];

describe('the permissions that the rules give', () => {
  const engine = engineWith();
  const purposes = repositoryPurposes();
  const categories = [...registerCategories().keys()].sort();

  const linesFor = (party: PartyName, ownCase: boolean): readonly string[] =>
    purposes.names.flatMap((purpose) =>
      categories.flatMap((category) =>
        ACCESSES.flatMap((access) =>
          permissionsFor(engine, purposes, {
            caller: PARTIES[party],
            purpose,
            category,
            access,
            ownCase,
          }).permissions.map(
            ({ basis, nexus, age, policies }) =>
              `${party} | ${purpose} | ${access} ${category} | ${basis} | ${nexus ?? '-'} | ${age ?? 'any age'} | ${policies.join(' ')}\n`,
          ),
        ),
      ),
    );

  it('are those of the golden list, and no others', () => {
    const parties = Object.keys(PARTIES) as PartyName[];
    const found = parties.flatMap((party) => linesFor(party, true)).join('');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, found);
    expect(found).to.equal(readFileSync(GOLDEN, 'utf8'));
  });

  it('are none in the case of another agency', () => {
    expect(linesFor('housing', false)).to.deep.equal([]);
    expect(linesFor('appeals-ai', false)).to.deep.equal([]);
  });
});
