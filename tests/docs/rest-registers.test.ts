import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { createRestAdapter } from '../../adapters/rest/rest-adapter.js';
import { restSource } from '../../adapters/rest/source.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { runningClock } from '../doubles.js';

describe('docs/registers/rest.md', () => {
  it('shows a mapping that loads', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'registers', 'rest.md'), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n(protocol: rest\n.*?)^```/gms)].map(([, yaml = '']) => yaml);
    expect(blocks).to.have.length(1);
    for (const yaml of blocks) {
      const source = restSource.parse(parse(yaml));
      const client = { ask: () => Promise.reject(new Error('not asked')), close: () => undefined };
      const adapter = createRestAdapter({
        register: 'people',
        source,
        url: 'https://x.example',
        client,
        clock: runningClock(),
      });
      expect(adapter.addressAgreements?.map(({ operation }) => operation)).to.deep.equal(['person']);
    }
  });
});
