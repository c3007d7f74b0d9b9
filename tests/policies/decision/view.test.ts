import { expect } from 'chai';
import { createCallerView } from '../../../policies/decision/view.js';
import { createCategoryDecisions } from '../../../policies/decision/permissions.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';
import { ASSURANCES } from '../../../schemas/vocabulary.js';
import { engineWith, repositoryPurposes } from '../engine.js';
import { PARTIES } from '../parties.js';

describe('the view of a caller', () => {
  const purposes = repositoryPurposes();
  const rules = readRuleFiles('policies/rules');
  const isInView = createCallerView({
    decisions: createCategoryDecisions({ engine: engineWith(), purposes, maxEntries: 1_000 }),
    purposes,
  });

  it('holds what some purpose could show, by law or by consent', () => {
    expect(isInView(PARTIES.housing, 'population.identity')).to.equal(true);
    expect(isInView(PARTIES.housing, 'property.land')).to.equal(true);
    expect(isInView(PARTIES.social, 'civil_acts.birth')).to.equal(true);
  });

  it('is the same after every authentication', () => {
    const strict = engineWith({
      rules: {
        ...rules,
        policies: rules.policies.map(({ file, text }) => ({
          file,
          text: text.replace('context.nexus == Nexus::"self" &&', '$& context.assurance == Assurance::"high" &&'),
        })),
      },
    });
    const view = createCallerView({
      decisions: createCategoryDecisions({ engine: strict, purposes, maxEntries: 1_000 }),
      purposes,
    });
    for (const assurance of ASSURANCES) {
      expect(view({ ...PARTIES.citizen, assurance }, 'tax.pension'), assurance).to.equal(true);
      expect(view({ ...PARTIES.citizen, assurance }, 'tax.income'), assurance).to.equal(false);
    }
  });

  it('holds nothing else: not what is only read on the way, nor what another agency is shown', () => {
    expect(isInView(PARTIES.housing, 'civil_acts.birth')).to.equal(false);
    expect(isInView(PARTIES.social, 'property.land')).to.equal(false);
    expect(isInView(PARTIES.housing, 'no.such')).to.equal(false);
    expect(
      isInView({ ...PARTIES.housing, agency: { id: 'unknown', bin: '000000000000' } }, 'population.identity'),
    ).to.equal(false);
  });
});
