import { expect } from 'chai';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../schemas/package-root.js';
import { LEAST_CONFIG } from '../config/example.js';
import { printedBy } from './command-line.js';

const CONFIG = LEAST_CONFIG.replace(
  'registers: {}',
  'supergraph: { directory: registers }\nregisters: { orders: { protocol: rest, url: "http://127.0.0.1:9", api_key_file: secret }, bare: { protocol: rest, url: "http://127.0.0.1:9", api_key_file: secret } }',
);

describe('tereze register list', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'registers-'));
    mkdirSync(join(folder, 'registers', 'orders'), { recursive: true });
    const official = join(packageRoot(), 'tests', 'conformance', 'vendor', 'odcs', 'official');
    cpSync(join(official, 'column-custom.odcs.yaml'), join(folder, 'registers', 'orders', 'contract.yaml'));
    writeFileSync(join(folder, 'secret'), 'x'.repeat(64), { mode: 0o600 });
    writeFileSync(join(folder, 'tereze.yaml'), CONFIG);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const listed = async (...options: string[]): Promise<string> => {
    const printed = await printedBy('register', 'list', '--config', join(folder, 'tereze.yaml'), ...options);
    return printed.replaceAll(`${folder}/`, '');
  };

  it('says how many rules a contract has, and where those are that are not evaluated', async () => {
    expect(await listed()).to.equal(`orders           rest     http://127.0.0.1:9  (contract 1.0.0)
  contract: 4 rules, 3 not evaluated
    registers/orders/contract.yaml:17:7: Air_Quality.UniqueID primaryKey: Tereze judges one record at a time
    registers/orders/contract.yaml:22:9: Air_Quality.UniqueID custom: it is for the engine "soda"
    registers/orders/contract.yaml:34:9: Air_Quality.UniqueID custom: it is for the engine "soda"
bare             rest     http://127.0.0.1:9  (contract none)
`);
  });

  it('says the same as JSON', async () => {
    const { registers } = JSON.parse(await listed('--json')) as { registers: readonly Record<string, unknown>[] };
    expect(registers.map(({ name, contract, rules }) => ({ name, contract, rules }))).to.deep.equal([
      { name: 'orders', contract: '1.0.0', rules: 4 },
      { name: 'bare', contract: 'none', rules: 0 },
    ]);
    expect(registers[0]?.['notEvaluated']).to.deep.include({
      file: 'registers/orders/contract.yaml',
      line: 22,
      column: 9,
      about: 'Air_Quality.UniqueID',
      rule: 'custom',
      reason: 'it is for the engine "soda"',
    });
  });

  it('names the fault of a contract that the standard does not allow', async () => {
    const file = join(folder, 'registers', 'orders', 'contract.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('logicalType: number', 'logicalType: float'));
    const failure = await listed().then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure).to.include(
      ':19:20: /schema/0/properties/0/logicalType must be equal to one of the allowed values:',
    );
  });
});
