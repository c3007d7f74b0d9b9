import { expect } from 'chai';
import { readPolicySet } from '../../policies/decision/policy-set.js';
import { readRuleFiles, type RuleFiles } from '../../policies/decision/rule-files.js';
import type { PolicyQuestion } from '../../policies/decision/port.js';
import { tableCases, tableEngine, type TableCase } from './decision-tables.js';

const rules = readRuleFiles('policies/rules');
const policies = readPolicySet(rules.policies);
const forbids = policies.filter(({ effect }) => effect === 'forbid');
const permits = policies.filter(({ effect }) => effect === 'permit');
const cases = tableCases();

describe('the decision tables', () => {
  it('hold, each decision for the reasons named', () => {
    const decide = tableEngine();
    for (const one of cases) {
      const { allowed, policies: reasons, errors } = decide(one);
      expect({ allowed, reasons, errors }, one.name).to.deep.equal({
        allowed: one.allowed,
        reasons: [...one.policies].sort(),
        errors: [],
      });
    }
  });

  it('give every policy as a reason at least once', () => {
    const named = new Set(cases.flatMap((one) => one.policies));
    expect(policies.map(({ id }) => id).filter((id) => !named.has(id))).to.deep.equal([]);
  });

  for (const { id, basis } of permits) {
    it(`allow by ${id} on its @basis only`, () => {
      const bases = cases
        .filter((one) => one.allowed && one.policies.includes(id))
        .map(({ question }) => question.basis);
      expect(new Set(bases)).to.deep.equal(new Set([basis]));
    });

    it(`deny what ${id} all but allows`, () => {
      const allowed = cases.filter((one) => one.allowed && one.policies.includes(id));
      const missed = cases.filter((one) => one.nearMiss === id);
      expect(missed).to.not.have.length(0);
      for (const one of missed) {
        expect(one.allowed, one.name).to.equal(false);
        expect(
          allowed.some((other) => differences(one, other) === 1),
          one.name,
        ).to.equal(true);
      }
    });
  }

  for (const { id } of forbids) {
    it(`notice that ${id} is gone`, () => {
      const decide = tableEngine({ rules: without(rules, id) });
      expect(
        cases.filter((one) => one.policies.includes(id)).every((one) => decide(one).policies.includes(id)),
      ).to.equal(false);
    });

    it(`need ${id} where a permit is too broad`, () => {
      const held = tableEngine({ rules: withPermitAll(rules) });
      const open = tableEngine({ rules: withPermitAll(without(rules, id)) });
      const closedByIt = cases.filter((one) => one.policies.join() === id);
      expect(closedByIt).to.not.have.length(0);
      for (const one of closedByIt) {
        expect(held(one).allowed, one.name).to.equal(false);
        expect(open(one).allowed, one.name).to.equal(true);
      }
    });
  }
});

function without({ schema, policies: files }: RuleFiles, id: string): RuleFiles {
  return { schema, policies: files.filter(({ text }) => !text.includes(`@id("${id}")`)) };
}

function withPermitAll({ schema, policies: files }: RuleFiles): RuleFiles {
  return {
    schema,
    policies: [
      ...files,
      { file: 'all', text: '@id("all") @law("l") @basis("any") @title("t") permit (principal, action, resource);' },
    ],
  };
}

function differences(one: TableCase, other: TableCase): number {
  const keys: readonly (keyof PolicyQuestion)[] = [
    'action',
    'category',
    'purpose',
    'basis',
    'nexus',
    'age',
    'ownCase',
    'receiver',
  ];
  return (
    keys.filter((key) => one.question[key] !== other.question[key]).length +
    Number(one.sensitivity !== other.sensitivity) +
    Number(one.party !== other.party) +
    Number(one.question.caller.assurance !== other.question.caller.assurance)
  );
}
