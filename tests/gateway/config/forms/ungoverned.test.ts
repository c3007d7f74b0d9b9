import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError } from '../../../../gateway/config/config-error.js';
import { UNGOVERNED } from '../../../../gateway/config/forms/ungoverned.js';
import { parseConfigAs, readConfigAs } from '../../../../gateway/config/read-config.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';

const LEAST = `version: 1
environment: test
server: { port: 0 }
supergraph: { directory: registers }
registers:
  tax: { protocol: rest, url: "http://127.0.0.1:1" }
`;

const problemsOf = (text: string, variables: Readonly<Record<string, string>> = {}): readonly string[] => {
  try {
    parseConfigAs(UNGOVERNED, 'u.yaml', text, variables);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ line, key, problem }) => `${line} ${key} ${problem}`);
    throw error;
  }
  return [];
};

describe('the form of a configuration that is served ungoverned', () => {
  it('takes the least that it must say, its paths from its own folder', () => {
    const config = parseConfigAs(UNGOVERNED, '/srv/u.yaml', LEAST, {});
    expect(config).to.deep.include({ environment: 'test', supergraph: { directory: '/srv/registers' } });
    expect(config.server.host).to.equal('127.0.0.1');
    expect(config.documents).to.equal(undefined);
  });

  it('takes the configuration of the measuring harness', async () => {
    const { registers } = await readConfigAs(UNGOVERNED, join(packageRoot(), 'bench', 'registers.yaml'), {});
    expect(Object.keys(registers)).to.deep.equal(['population', 'address', 'tax', 'vehicles']);
  });

  for (const environment of ['production', 'staging', '""']) {
    it(`refuses environment ${environment}, with any NODE_ENV`, () => {
      expect(problemsOf(LEAST.replace('environment: test', `environment: ${environment}`), { NODE_ENV: 'test' }))
        .to.have.length(1)
        .and.satisfy(([problem]: string[]) => problem?.startsWith('2 environment '));
    });
  }

  it('refuses one that does not say what it is for', () => {
    expect(problemsOf(LEAST.replace('environment: test\n', ''), { NODE_ENV: 'test' }))
      .to.have.length(1)
      .and.satisfy(([problem]: string[]) => problem?.includes(' environment '));
  });

  for (const part of [
    'authentication',
    'authorization',
    'policies',
    'consent',
    'audit',
    'database',
    'quality',
    'web',
  ]) {
    it(`refuses one that names ${part}, even empty`, () => {
      expect(problemsOf(`${LEAST}${part}:\n`)).to.deep.equal([
        `7 ${part} a gateway whose configuration names this is not served with --ungoverned`,
      ]);
    });
  }

  for (const [key, protocol] of [
    ['api_key_file', 'rest'],
    ['token_file', 'graphql'],
    ['password_file', 'sql'],
    ['key_file', 'soap'],
  ]) {
    it(`refuses a register’s ${key}`, () => {
      const text = LEAST.replace('protocol: rest', `${key}: secret, protocol: ${protocol}`);
      expect(problemsOf(text)).to.deep.equal([
        `6 registers.tax.${key} is a credential: with --ungoverned no register is asked in anyone’s name`,
      ]);
    });
  }

  for (const { given, key } of [
    { given: 'auth: { type: basic, user: tereze, password_file: p }', key: 'auth.user' },
    { given: 'auth: { type: api_key, header: X, key_file: p }', key: 'auth.key_file' },
    { given: 'auth: { type: bearer_file, token_file: p }', key: 'auth.token_file' },
    { given: 'auth: { type: oauth2, client_auth: client_secret_post, secret_file: p }', key: 'auth.secret_file' },
    { given: 'tls: { cert_file: c, key_file: p }', key: 'tls.cert_file' },
    { given: 'tls: { cert_file: c, key_file: p }', key: 'tls.key_file' },
  ]) {
    it(`refuses ${key} in ${given}`, () => {
      expect(problemsOf(LEAST.replace('protocol: rest', `${given}, protocol: rest`))).to.include(
        `6 registers.tax.${key} is a credential: with --ungoverned no register is asked in anyone’s name`,
      );
    });
  }

  it('takes an authority, and a register that asks for nothing', () => {
    const given = 'auth: { type: none }, tls: { ca_file: ca, server_name: r.example }, protocol: rest';
    const text = LEAST.replace('http:', 'https:').replace('protocol: rest', given);
    expect(parseConfigAs(UNGOVERNED, '/srv/u.yaml', text, {}).registers['tax']).to.have.nested.property(
      'tls.ca_file',
      '/srv/ca',
    );
  });

  it('refuses protocols that need a credential', () => {
    expect(problemsOf(LEAST.replace('protocol: rest', 'protocol: sql'))).to.deep.equal([
      '6 registers.tax.protocol names no protocol that needs no credential: rest, graphql, soap or xroad',
    ]);
  });

  it('refuses a credential in a register’s address', () => {
    expect(problemsOf(LEAST.replace('http://127', 'http://user:secret@127'))).to.deep.equal([
      '6 registers.tax.url must hold no name and no password: secrets come from files',
    ]);
  });

  it('refuses to listen anywhere but on loopback', () => {
    const problem = 'must be a loopback address: with --ungoverned anyone who reaches it is answered';
    expect(problemsOf(LEAST.replace('port: 0', 'host: 0.0.0.0, operations: { host: "::" }'))).to.deep.equal([
      `3 server.host ${problem}`,
      `3 server.operations.host ${problem}`,
    ]);
  });

  it('refuses keys that it does not know', () => {
    expect(problemsOf(LEAST.replace('registers:\n', 'registerz: {}\nregisters:\n'))).to.deep.equal([
      '5 registerz unknown key; did you mean "registers"?',
    ]);
  });
});
