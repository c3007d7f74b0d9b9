import { expect } from 'chai';
import { ConfigError } from '../../../../gateway/config/config-error.js';
import { parseConfig } from '../../../../gateway/config/read-config.js';
import { PRODUCTION_CONFIG } from '../example.js';

describe('rules about identities', () => {
  it('statedIdentity: production says whether people can be found from entries', () => {
    const silent = PRODUCTION_CONFIG.replace('  identity: none\n', '');
    expect(breaches(silent)).to.deep.equal([
      'audit.identity is missing: in `environment: production` name recipients, so that people can be found from entries, or say `none`',
    ]);
    expect(breaches(silent.replace('version: 1\n', 'version: 1\nenvironment: test\n'))).not.to.include(
      'audit.identity',
    );
    const key = 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo';
    const sealed = (recipients: string): readonly string[] =>
      breaches(`${silent}  identity: { recipients: ${recipients} }\n`);
    expect(sealed(`[{ name: dpo, key: ${key} }]`)).to.deep.equal([]);
    for (const recipients of [
      '[]',
      `[{ name: dpo, key: ${key}, private: x }]`,
      `[{ name: DPO, key: ${key} }]`,
      `[{ name: dpo, key: ${key.slice(1)} }]`,
      `[{ name: dpo, key: ${'A'.repeat(43)} }]`,
      `[{ name: dpo, key: ${key} }, { name: other, key: ${key} }]`,
      `[{ name: dpo, key: ${key} }, { name: dpo, key: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE }]`,
    ])
      expect(sealed(recipients), recipients).not.to.deep.equal([]);
    expect(breaches(`${silent}  identity: unknown\n`)).not.to.deep.equal([]);
  });

  it('separateIdentity: the identity process has an audience and, in production, an address of its own', () => {
    const served = (url: string, audience: string): readonly string[] =>
      breaches(
        PRODUCTION_CONFIG.replace(
          '  identity: none\n',
          `  identity:\n    recipients: [{ name: dpo, key: hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo }]\n    server: { public_url: "${url}", audience: "${audience}" }\n`,
        ),
      );
    expect(served('https://identity.example', 'https://identity.example/identity/v1')).to.deep.equal([]);
    expect(served('https://identity.example', 'https://tereze.example/graphql')).to.deep.equal([
      'audit.identity.server.audience must be another than that of callers and of officers',
    ]);
    for (const url of ['http://identity.example', 'https://127.0.0.1', 'https://localhost:4003'])
      expect(served(url, 'a')).to.deep.equal([
        'audit.identity.server.public_url must be https and not a loopback address in `environment: production`',
      ]);
    expect(served('https://identity.example/path', 'a').join()).to.include('must be an origin');
  });
});

function breaches(text: string): readonly string[] {
  try {
    parseConfig('tereze.yaml', text, {});
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, problem }) => `${key} ${problem}`);
    throw error;
  }
  return [];
}
