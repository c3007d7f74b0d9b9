import { expect } from 'chai';
import { join } from 'node:path';
import { logUnevaluatedRules } from '../../../gateway/compose/unevaluated-rules.js';
import { packageRoot } from '../../../schemas/package-root.js';
import { listeningObserver } from '../../doubles.js';
import { sharedContracts } from '../../shared-contracts.js';

describe('rules that are not evaluated', () => {
  it('are logged with their place and reason, and counted for each register', async () => {
    const file = join(packageRoot(), 'schemas', 'registers', 'population', 'contract.yaml');
    const observer = listeningObserver();
    const [contract] = await sharedContracts.read([file]);
    if (contract === undefined || contract instanceof Error) throw contract ?? new Error('no contract');
    logUnevaluatedRules({ contracts: new Map([['population', contract]]) }, observer);
    expect(observer.lines.map(({ level, event, fields }) => ({ level, event, ...fields }))).to.deep.equal([
      {
        level: 'info',
        event: 'contract_rule_not_evaluated',
        register: 'population',
        file,
        line: 20,
        about: 'Citizen.iin',
        rule: 'primaryKey',
        reason: 'Tereze judges one record at a time',
      },
      ...[
        [212, 'latency'],
        [213, 'availability'],
      ].map(([line, rule]) => ({
        level: 'info',
        event: 'contract_rule_not_evaluated',
        register: 'population',
        file,
        line,
        about: 'slaProperties',
        rule,
        reason: 'a promise of the service',
      })),
      { level: 'info', event: 'contract_loaded', register: 'population', rules: 51, notEvaluated: 3 },
    ]);
  });
});
