import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { checkCaseSources } from '../../../gateway/compose/case-sources.js';
import { ConfigError } from '../../../gateway/config/config-error.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { readPolicySet } from '../../../policies/decision/policy-set.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';
import { LEAST_CONFIG } from '../config/example.js';
import { repositoryPurposes } from '../../policies/engine.js';

const purposes = repositoryPurposes();
const policies = readPolicySet(readRuleFiles('policies/rules').policies);

const BINS = ['990140000106', '990140000205', '990140000304'];

interface Party {
  readonly agency?: string;
  readonly system: string;
  readonly kind: string;
}

/** Checks a configuration with these parties, and returns what is wrong: line, key, system and purpose. */
function missing(parties: readonly Party[], sources: readonly string[] = []): readonly string[] {
  const agencies = [...new Set(parties.flatMap(({ agency }) => agency ?? []))];
  const config = parse(LEAST_CONFIG) as Record<'authentication' | 'policies', object>;
  Object.assign(config.authentication, {
    agencies: agencies.map((id, index) => ({ id, bin: BINS[index], name: id })),
    systems: parties.map(({ system, ...rest }) => ({ client_id: system, ...rest })),
  });
  const ofAgency = { url: 'http://127.0.0.1:1', token_file: 'k' };
  Object.assign(config.policies, { nexus: { sources: Object.fromEntries(sources.map((id) => [id, ofAgency])) } });
  const text = stringify(config);
  try {
    checkCaseSources(parseConfig('tereze.yaml', text, {}), { purposes, policies });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ file, line = 0, key, problem }) => {
      expect([file, text.split('\n')[line - 1]?.trim().split(':')[0]]).to.deep.equal(['tereze.yaml', 'sources']);
      const [, system, purpose] = /the system "(.*)" use the purpose "(.*)", which/.exec(problem) ?? [];
      return `${key} ${system ?? ''} ${purpose ?? ''}`;
    });
  }
}

describe('case-sources', () => {
  for (const [agency, system, kind, purpose] of [
    ['housing', 'housing', 'system', 'housing_queue'],
    ['social', 'social', 'system', 'proactive_support'],
    ['integrity', 'integrity', 'system', 'declaration_check'],
    ['appeals', 'appeals', 'system', 'appeal_review'],
    ['appeals', 'appeals-ai', 'ai', 'appeal_review'],
  ] as const) {
    it(`are needed by ${agency} for its ${kind} ${system}`, () => {
      const party = { agency, system, kind };
      expect(missing([party])).to.deep.equal([`policies.nexus.sources.${agency} ${system} ${purpose}`]);
      expect(missing([party], [agency])).to.deep.equal([]);
    });
  }

  it('are not needed by agencies whose systems no rule lets use a purpose with cases, nor by citizens', () => {
    const idle = [
      { agency: 'tax', system: 'tax', kind: 'system' },
      { agency: 'housing', system: 'housing-desk', kind: 'officer' },
      { agency: 'housing', system: 'housing-ai', kind: 'ai' },
      { system: 'citizen-window', kind: 'citizen' },
    ];
    expect(missing(idle)).to.deep.equal([]);
  });

  it('are told one by one, each agency once', () => {
    const parties = ['social', 'housing', 'appeals'].flatMap((agency) =>
      [1, 2].map((number) => ({ agency, system: `${agency}-${number}`, kind: 'system' })),
    );
    expect(missing(parties, ['social']).map((one) => one.split(' ')[0])).to.deep.equal([
      'policies.nexus.sources.housing',
      'policies.nexus.sources.appeals',
    ]);
  });
});
