import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { possibleGrounds, possiblePermits } from '../../../policies/decision/possible-grounds.js';
import { readPolicySet } from '../../../policies/decision/policy-set.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';
import { repositoryPurposes } from '../engine.js';
import { PARTIES, type PartyName } from '../parties.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { registerCategories } from '../register-categories.js';

const ANNOTATIONS = '@id("p") @law("l") @basis("public_task") @title("t")';
const groundsOf = (condition: string, scope = 'principal, action, resource') =>
  possibleGrounds(
    readPolicySet([{ file: 'x.cedar', text: `${ANNOTATIONS} permit (${scope}) ${condition};` }]),
    { name: 'queue', bases: ['public_task', 'consent'] },
    ['a', 'b'],
  );

describe('possible grounds', () => {
  it('hold every permission that the rules of the repository give to anyone', () => {
    const set = readPolicySet(readRuleFiles('policies/rules').policies);
    const purposes = repositoryPurposes();
    const found = new Set(
      purposes.names.flatMap((name) =>
        possibleGrounds(set, purposes.get(name) ?? expect.fail(), registerCategories().keys()).map(
          ({ category, access, basis, nexus, policies }) =>
            [name, `${access} ${category}`, basis, nexus ?? '-', policies.join(' ')].join(' | '),
        ),
      ),
    );
    const given = readFileSync('policies/cases/allowed.txt', 'utf8').trim().split('\n');
    expect(given.length).to.be.greaterThan(150);
    for (const line of given) {
      const [, purpose, what, basis, nexus, , policies] = line.split(' | ');
      expect(found, line).to.include([purpose, what, basis, nexus, policies].join(' | '));
    }
  });

  const ALL = 2 * 2 * 6;
  for (const [condition, number] of [
    ['', ALL],
    ['when { context.purpose == Purpose::"queue" }', ALL],
    ['when { context.purpose == Purpose::"other" }', 0],
    ['when { context.purpose != Purpose::"other" }', ALL],
    ['unless { context.purpose == Purpose::"queue" }', 0],
    ['when { !(context.purpose == Purpose::"queue") }', 0],
    ['when { context.basis == Basis::"consent" }', 4],
    ['when { context.nexus == Nexus::"list" }', 4],
    ['when { context.nexus in [Nexus::"list", Nexus::"self"] }', 8],
    ['when { resource == Category::"a" }', ALL / 2],
    ['when { resource in [Category::"a", Category::"x"] }', ALL / 2],
    ['when { resource == Category::"x" || resource == Category::"b" }', ALL / 2],
    ['when { action == Action::"read" }', ALL / 2],
    ['when { principal.agency == Agency::"housing" }', ALL],
    ['when { principal.agency == Agency::"housing" && context.nexus == Nexus::"list" }', 4],
    ['when { principal.agency == Agency::"housing" || context.nexus == Nexus::"list" }', ALL],
    ['when { !(principal.agency == Agency::"housing" && context.nexus == Nexus::"list") }', ALL],
    ['when { resource.sensitivity == Sensitivity::"OPEN" }', ALL],
    ['when { context.age == Age::"minor" }', ALL],
  ] as const) {
    it(`are ${number} for a policy ${condition === '' ? 'without a condition' : condition}`, () => {
      expect(groundsOf(condition)).to.have.length(number);
    });
  }

  it('are bound by the scope of a policy', () => {
    expect(groundsOf('', 'principal, action == Action::"issue_handle", resource')).to.have.length(0);
    expect(groundsOf('', 'principal, action == Action::"read", resource')).to.have.length(ALL / 2);
    expect(groundsOf('', 'principal, action in Action::"disclose", resource')).to.have.length(ALL);
    expect(groundsOf('', 'principal, action, resource == Category::"b"')).to.have.length(ALL / 2);
  });

  it('come once for minors and once for adults where several policies can determine them', () => {
    const text = ['p', 'q'].map(
      (id) => `@id("${id}") @law("l") @basis("b") @title("t") permit (principal, action, resource);`,
    );
    const grounds = possibleGrounds(
      readPolicySet([{ file: 'x.cedar', text: text.join('\n') }]),
      { name: 'queue', bases: ['consent'] },
      ['a'],
    );
    expect(grounds.map(({ access, policies }) => [access, ...policies].join(' '))).to.deep.equal([
      'read p q',
      'read p q',
      'disclose p q',
      'disclose p q',
    ]);
  });
});

describe('possible permits', () => {
  const CALLER = { agency: 'housing', system: 'housing-desk', kind: 'officer' } as const;
  const permits = (condition: string, scope = 'principal is System, action, resource') =>
    possiblePermits(
      readPolicySet([{ file: 'x.cedar', text: `${ANNOTATIONS} permit (${scope}) ${condition};` }]),
      { name: 'queue', bases: ['public_task'] },
      CALLER,
    ).length;

  it('hold every policy on which the rules of the repository let one of the parties have anything', () => {
    const set = readPolicySet(readRuleFiles('policies/rules').policies);
    const purposes = repositoryPurposes();
    const given = readFileSync('policies/cases/allowed.txt', 'utf8').trim().split('\n');
    for (const line of given) {
      const [party = '', purpose = '', , , , , ids = ''] = line.split(' | ');
      const { agency, system, kind } = PARTIES[party as PartyName] as Caller;
      if (agency === undefined || kind === 'citizen') continue;
      const known = purposes.get(purpose) ?? expect.fail();
      expect(possiblePermits(set, known, { agency: agency.id, system, kind }), line).to.include.members(ids.split(' '));
    }
  });

  for (const [condition, number] of [
    ['', 1],
    ['when { principal.agency == Agency::"housing" }', 1],
    ['when { principal.agency == Agency::"tax" }', 0],
    ['when { principal.agency in [Agency::"tax", Agency::"housing"] }', 1],
    ['unless { principal.agency == Agency::"housing" }', 0],
    ['when { principal.kind == CallerKind::"officer" }', 1],
    ['when { principal.kind == CallerKind::"system" }', 0],
    ['when { principal == System::"housing-desk" }', 1],
    ['when { principal == System::"housing" }', 0],
    ['when { context.purpose == Purpose::"other" }', 0],
    ['when { context.basis == Basis::"consent" }', 0],
    ['when { context.nexus == Nexus::"list" && context.ownCase }', 1],
    ['when { context.receiver == System::"housing-ai" }', 1],
  ] as const) {
    it(`are ${number} for a policy ${condition === '' ? 'without a condition' : condition}`, () => {
      expect(permits(condition)).to.equal(number);
    });
  }

  it('are those for systems, by name or for all, and none for citizens', () => {
    for (const [principal, number] of [
      ['principal', 1],
      ['principal == System::"housing-desk"', 1],
      ['principal == System::"housing"', 0],
      ['principal is Citizen', 0],
    ] as const)
      expect(permits('', `${principal}, action, resource`), principal).to.equal(number);
  });
});
