import { expect } from 'chai';
import { parse } from 'yaml';
import { printConfig } from '../../../gateway/config/print-config.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { LEAST_CONFIG } from './example.js';

describe('printConfig', () => {
  const variables = {
    DATABASE_URL: 'postgres://tereze:hunter2@db/tereze',
    DATABASE_ADMIN_URL: 'postgres://db/tereze?user=owner&password=hunter3',
  };

  it('masks passwords wherever an address carries one', () => {
    const printed = printConfig(parseConfig('tereze.yaml', LEAST_CONFIG, variables));
    expect(printed).not.to.match(/hunter[23]/);
    expect(printed).to.contain('postgres://tereze:***@db/tereze');
  });

  it('prints a configuration that means the same, when there is nothing to mask', () => {
    const config = parseConfig('/etc/tereze/tereze.yaml', LEAST_CONFIG, {});
    expect(parseConfig('/etc/tereze/tereze.yaml', printConfig(config), {})).to.deep.equal(config);
    expect((parse(printConfig(config)) as { version: number }).version).to.equal(1);
  });
});
