import { expect } from 'chai';
import { checkCeilings, type CeilingParts } from '../../../../gateway/compose/ceilings/check-ceilings.js';
import { parseConfig } from '../../../../gateway/config/read-config.js';
import type { Config } from '../../../../gateway/config/schema.js';
import { readPolicySet } from '../../../../policies/decision/policy-set.js';
import { readRuleFiles } from '../../../../policies/decision/rule-files.js';
import { longestRequest } from '../../../../policies/consent/request.js';
import type { Purposes } from '../../../../policies/decision/purposes.js';
import { repositoryPurposes } from '../../../policies/engine.js';
import { registerCategories } from '../../../policies/register-categories.js';
import { LEAST_CONFIG } from '../../config/example.js';

function purposesWith(maxSubjects: number): Purposes {
  const purposes = repositoryPurposes();
  const get = (name: string) => {
    const purpose = purposes.get(name);
    return purpose && name === 'housing_queue' ? { ...purpose, maxSubjects } : purpose;
  };
  return { names: purposes.names, get };
}

const parts = (maxSubjects = 30): CeilingParts => ({
  purposes: purposesWith(maxSubjects),
  policies: readPolicySet(readRuleFiles('policies/rules').policies),
  categories: [...registerCategories().keys()],
  documents: ['HousingQueue'],
  registers: ['population', 'civil-acts', 'address', 'property', 'tax', 'business'].map((name) => ({
    name,
    contract: '1.0.0',
    categories: new Set([...registerCategories().keys()].filter((of) => of.startsWith(`${name.replace('-', '_')}.`))),
    roles: new Set(name === 'civil-acts' ? ['spouse', 'child'] : []),
  })),
});

function problemOf(config: Config, given: CeilingParts): string | undefined {
  try {
    checkCeilings(config, given);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('ceilings that depend on each other', () => {
  let config: Config;
  before(() => {
    config = parseConfig('tereze.yaml', LEAST_CONFIG, {});
  });

  it('fit in the repository', () => {
    expect(problemOf(config, parts())).to.equal(undefined);
  });

  it('name the most people that an entry has room for, which is then accepted', () => {
    const told = problemOf(config, parts(5_000));
    const most = Number(/housing_queue\.max_subjects: with 5000 people .*; at most (\d+) fit$/.exec(told ?? '')?.[1]);
    expect(most).to.be.within(30, 500);
    expect(problemOf(config, parts(most))).to.equal(undefined);
    expect(problemOf(config, parts(most + 1))).to.include(`at most ${most} fit`);
  });

  it('say how long a body must be for a consent request over all categories', () => {
    const withBody = (body_bytes: number): Config => ({
      ...config,
      server: { ...config.server, limits: { ...config.server.limits, body_bytes } },
    });
    const told = problemOf(withBody(1_024), parts());
    const least = Number(/body_bytes: 1024 is too small: .* takes (\d+)$/.exec(told ?? '')?.[1]);
    expect(problemOf(withBody(least), parts())).to.equal(undefined);
    expect(problemOf(withBody(least - 1), parts())).to.include(`takes ${least}`);
    expect(least).to.be.greaterThan(
      longestRequest({ agencies: ['housing'], purposes: ['housing_queue'], categories: registerCategories().keys() }),
    );
  });
});
