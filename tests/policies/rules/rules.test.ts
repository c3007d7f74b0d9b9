import { basename } from 'node:path';
import * as cedar from '../../../policies/decision/cedar.js';
import { expect } from 'chai';
import { readPolicySet } from '../../../policies/decision/policy-set.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';

const LINE_WIDTH = 100;
const INDENT_WIDTH = 2;
const BASES = ['consent', 'legal_obligation', 'public_task', 'vital_interest', 'contract'];

describe('the rules', () => {
  const rules = readRuleFiles('policies/rules');

  for (const { file, text } of rules.policies) {
    it(`${basename(file)} is one policy, named after it, formatted as Cedar formats`, () => {
      const policies = readPolicySet([{ file, text }]);
      expect(policies.map(({ id }) => `${id}.cedar`)).to.deep.equal([basename(file)]);
      expect(
        cedar.formatPolicies({ policyText: text, lineWidth: LINE_WIDTH, indentWidth: INDENT_WIDTH }),
      ).to.deep.equal({ type: 'success', formatted_policy: text });
    });
  }

  it('are few enough to be read', () => {
    expect(rules.policies.length).to.be.within(6, 20);
  });

  it('name a basis for each permit, and none for what holds for all', () => {
    for (const { id, effect, basis } of readPolicySet(rules.policies)) {
      if (effect === 'permit') expect(BASES, id).to.include(basis);
      else expect(basis, id).to.equal('any');
    }
  });

  it('forbid without naming a caller, so that no misspelt name opens anything', () => {
    for (const { id, effect, text } of readPolicySet(rules.policies)) {
      if (effect === 'forbid') expect(text, id).to.not.match(/(Agency|System)::/);
    }
  });
});
