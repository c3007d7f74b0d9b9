import { expect } from 'chai';
import { cedarRequest, type CedarRequest } from '../../../policies/decision/cedar-request.js';
import { question } from '../engine.js';
import { PARTIES } from '../parties.js';

const CATEGORIES = new Map([['population.identity', { sensitivity: 'PERSONAL' as const }]]);
const request = (changed: Parameters<typeof question>[0] = {}) => cedarRequest(question(changed), CATEGORIES);
const entity = (type: string, id: string) => ({ __entity: { type, id } });

describe('cedar-request', () => {
  it('names principal, action and resource, and has an entity with attributes for each of the two', () => {
    const made = request() as CedarRequest;
    const principal = { type: 'System', id: PARTIES.housing.system };
    const resource = { type: 'Category', id: 'population.identity' };
    expect({ ...made, context: undefined }).to.deep.equal({
      principal,
      action: { type: 'Action', id: 'disclose' },
      resource,
      context: undefined,
      entities: [
        {
          uid: principal,
          attrs: { agency: entity('Agency', 'housing'), kind: entity('CallerKind', 'system') },
          parents: [],
        },
        {
          uid: resource,
          attrs: { register: entity('Register', 'population'), sensitivity: entity('Sensitivity', 'PERSONAL') },
          parents: [],
        },
      ],
    });
  });

  it('has the grounds as context', () => {
    expect((request({ ownCase: false, age: 'minor' }) as CedarRequest).context).to.deep.equal({
      purpose: entity('Purpose', 'housing_queue'),
      basis: entity('Basis', 'public_task'),
      nexus: entity('Nexus', 'list'),
      age: entity('Age', 'minor'),
      ownCase: false,
      assurance: entity('Assurance', 'none'),
    });
    const caller = { ...PARTIES.citizen, assurance: 'high' } as const;
    expect((request({ caller }) as CedarRequest).context).to.deep.include({ assurance: entity('Assurance', 'high') });
  });

  it('names the receiver of a handle', () => {
    const made = request({ action: 'issue_handle', receiver: 'appeals-ai' }) as CedarRequest;
    expect(made.context).to.deep.include({ receiver: entity('System', 'appeals-ai') });
  });

  it('never holds the number of a citizen', () => {
    const made = request({ caller: PARTIES.citizen }) as CedarRequest;
    expect(made.entities[0]).to.deep.equal({
      uid: { type: 'Citizen', id: PARTIES.citizen.system },
      attrs: {},
      parents: [],
    });
    expect(JSON.stringify(made)).not.to.include(PARTIES.citizen.person);
  });

  const faults: Record<string, Parameters<typeof question>[0]> = {
    'request:unknown_category': { category: 'population.nothing' },
    'request:no_agency': { caller: { system: 'housing', kind: 'system', assurance: 'none' } },
    'request:no_receiver': { action: 'issue_handle' },
  };
  for (const [problem, changed] of Object.entries(faults)) {
    it(`is not made: ${problem}`, () => {
      expect(request(changed)).to.equal(problem);
    });
  }
});
