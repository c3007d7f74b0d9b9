import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { checkReachableAssurance } from '../../../gateway/compose/reachable-assurance.js';
import { ConfigError } from '../../../gateway/config/config-error.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { readPolicySet } from '../../../policies/decision/policy-set.js';
import { parsePurposes, type Purposes } from '../../../policies/decision/purposes.js';
import { LEAST_CONFIG } from '../config/example.js';
import { repositoryPurposes } from '../../policies/engine.js';

const policies = readPolicySet([
  {
    file: 'p.cedar',
    text: `@id("p") @law("l") @basis("public_task") @title("t")
permit (principal == System::"desk", action, resource) when { context.purpose == Purpose::"declaration_check" };`,
  },
]);
const CITIZENS = { client_id: 'window', kind: 'citizen' };
const OFFICERS = { client_id: 'desk', kind: 'officer', agency: 'housing' };

/** Checks a configuration, and returns what is wrong by key, system and purpose. */
function unreachable(
  systems: readonly object[],
  { levels = [{}], purposes = repositoryPurposes() }: { levels?: readonly object[]; purposes?: Purposes } = {},
): readonly string[] {
  const config = parse(LEAST_CONFIG) as Record<'authentication', { issuers: readonly object[] }>;
  const issuers = levels.map((assurance, index) => ({
    issuer: `http://127.0.0.1:410${index}`,
    jwks_uri: `http://127.0.0.1:410${index}/jwks`,
    assurance,
  }));
  const agencies = [{ id: 'housing', bin: '990140000106', name: 'H' }];
  Object.assign(config.authentication, { issuers, agencies, systems });
  try {
    checkReachableAssurance(parseConfig('tereze.yaml', stringify(config), {}), { purposes, policies });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ file, line, key, problem }) => {
      expect(file).to.equal('tereze.yaml');
      expect(line).to.be.greaterThan(1);
      const [, level, purpose, system] =
        /to (\w+) or higher: the purpose "(.*)" demands it of the people who sign in at "(.*)", who/.exec(problem) ??
        [];
      return `${key} ${level ?? ''} ${purpose ?? ''} ${system ?? ''}`;
    });
  }
}

describe('reachable-assurance', () => {
  it('is demanded where citizens sign in, for their own data and for consents', () => {
    expect(unreachable([CITIZENS])).to.deep.equal([
      'authentication.issuers.0.assurance substantial housing_queue window',
    ]);
    expect(unreachable([CITIZENS], { levels: [{ 'urn:password': 'low' }] })).to.have.length(1);
    expect(unreachable([CITIZENS], { levels: [{ 'urn:password': 'low', 'urn:sms': 'substantial' }] })).to.deep.equal(
      [],
    );
    expect(unreachable([CITIZENS], { levels: [{ 'urn:signature': 'high' }] })).to.deep.equal([]);
  });

  it('is demanded where officers sign in, for what a rule lets them use', () => {
    expect(unreachable([OFFICERS])).to.deep.equal([
      'authentication.issuers.0.assurance substantial declaration_check desk',
    ]);
    expect(unreachable([{ ...OFFICERS, client_id: 'other-desk' }])).to.deep.equal([]);
  });

  it('is demanded nowhere for systems and AI services, nor by purposes that are silent', () => {
    for (const kind of ['system', 'ai']) expect(unreachable([{ ...OFFICERS, kind }]), kind).to.deep.equal([]);
    const silent = `version: 1
purposes:
  own_data: { title: T, law: L, bases: [consent], case: none, relations: [], max_subjects: 1 }
`;
    expect(unreachable([CITIZENS], { purposes: parsePurposes('p.yaml', silent) })).to.deep.equal([]);
  });

  it('is told for each issuer by itself', () => {
    const systems = [
      { ...CITIZENS, issuer: 'http://127.0.0.1:4101' },
      { ...OFFICERS, issuer: 'http://127.0.0.1:4102' },
      { ...CITIZENS, client_id: 'kiosk', issuer: 'http://127.0.0.1:4100' },
    ];
    const levels = [{ 'urn:sms': 'substantial' }, {}, { 'urn:password': 'low' }];
    expect(unreachable(systems, { levels })).to.deep.equal([
      'authentication.issuers.1.assurance substantial housing_queue window',
      'authentication.issuers.2.assurance substantial declaration_check desk',
    ]);
  });
});
