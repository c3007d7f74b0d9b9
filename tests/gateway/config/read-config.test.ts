import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ConfigError, type ConfigProblem } from '../../../gateway/config/config-error.js';
import { parseConfig, readConfig } from '../../../gateway/config/read-config.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { LEAST_CONFIG, PRODUCTION_CONFIG } from './example.js';

const GOLDEN = join(packageRoot(), 'tests', 'golden', 'config-defaults.json');

describe('readConfig', () => {
  it('fills in exactly the defaults of the golden file', async () => {
    const config = parseConfig('/etc/tereze/tereze.yaml', LEAST_CONFIG, {});
    const shown = JSON.parse(JSON.stringify(config).replaceAll(packageRoot(), '<installation>')) as unknown;
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(GOLDEN, `${JSON.stringify(shown, undefined, 2)}\n`);
    expect(shown).to.deep.equal(JSON.parse(await readFile(GOLDEN, 'utf8')));
  });

  it('is for production when it does not say for what', () => {
    expect(parseConfig('tereze.yaml', PRODUCTION_CONFIG, {}).environment).to.equal('production');
  });

  it('names file, line, key and the nearest known key of an unknown one', () => {
    const text = LEAST_CONFIG.replace('  public_url:', '  prot: 4000\n  public_url:');
    expect(problemsOf(text)).to.deep.equal([
      { file: 'tereze.yaml', line: 4, key: 'server.prot', problem: 'unknown key; did you mean "port"?' },
    ]);
  });

  it('names an unknown key at the top, within a list and within a record', () => {
    expect(problemsOf(`${LEAST_CONFIG}polices: {}\n`)).to.deep.include({
      file: 'tereze.yaml',
      line: 14,
      key: 'polices',
      problem: 'unknown key; did you mean "policies"?',
    });
    const inList = problemsOf(LEAST_CONFIG.replace('jwks_uri: ', 'jwks_url: x\n      jwks_uri: '));
    expect(inList).to.deep.equal([
      {
        file: 'tereze.yaml',
        line: 9,
        key: 'authentication.issuers.0.jwks_url',
        problem: 'unknown key; did you mean "jwks_uri"?',
      },
    ]);
    const source = `policies:\n  nexus:\n    sources:\n      housing:\n        urll: http://127.0.0.1:1\n        url: http://127.0.0.1:1\n        token_file: t\n`;
    const inRecord = problemsOf(LEAST_CONFIG.replace('policies:\n', source));
    expect(inRecord).to.deep.equal([
      {
        file: 'tereze.yaml',
        line: 14,
        key: 'policies.nexus.sources.housing.urll',
        problem: 'unknown key; did you mean "url"?',
      },
    ]);
  });

  it('knows the keys of a register by its protocol', () => {
    const register = (text: string) =>
      problemsOf(LEAST_CONFIG.replace('registers: {}', `registers:\n  tax: ${text}`)).map(
        ({ key, problem }) => `${key} ${problem}`,
      );
    expect(register('{ protocol: rest, url: "http://127.0.0.1:1", api_key_file: k, api_key_fil: k }')).to.deep.equal([
      'registers.tax.api_key_fil unknown key; did you mean "api_key_file"?',
    ]);
    expect(register('{ protocol: graphql, url: "http://127.0.0.1:1" }')).to.deep.equal([
      'registers.tax.auth is missing: say how the register knows the gateway, or { type: none } if it asks for nothing',
    ]);
    const asking = (auth: string): readonly string[] =>
      register(`{ protocol: graphql, url: "http://127.0.0.1:1", auth: ${auth} }`);
    expect(asking('{ type: basic, password_fil: p }')).to.deep.equal([
      'registers.tax.auth.user is missing: Name by which the register knows the gateway.',
      'registers.tax.auth.password_file is missing: File with the password.',
      'registers.tax.auth.password_fil unknown key; did you mean "password_file"?',
    ]);
    expect(
      asking('{ type: oauth2, client_id: c, client_auth: client_secret_post, token_url: "http://127.0.0.1" }'),
    ).to.deep.equal(['registers.tax.auth.secret_file is missing: client_auth client_secret_post needs it']);
    expect(asking('{ type: digest }')).to.deep.equal([
      'registers.tax.auth.type says no way to authenticate: none, basic, api_key, bearer_file or oauth2',
    ]);
    expect(register('{ protocol: soop }')).to.deep.equal([
      'registers.tax.protocol names no protocol: rest, graphql, sql, soap or xroad',
    ]);
    expect(register('{ url: "http://127.0.0.1:1" }')).to.deep.equal(['registers.tax.protocol is missing']);
  });

  it('lists the known keys when none is near', () => {
    const [problem] = problemsOf(LEAST_CONFIG.replace('audience:', 'zzzzzz: 1\n  audience:'));
    expect(problem?.problem).to.match(/^unknown key; known here: audience, issuers, /);
  });

  it('names line and key of a value of another type, and never the value', () => {
    const problems = problemsOf(LEAST_CONFIG.replace('server:', 'server:\n  port: "secret-4000"'));
    expect(problems.map(({ line, key }) => ({ line, key }))).to.deep.equal([{ line: 4, key: 'server.port' }]);
    expect(JSON.stringify(problems)).not.to.contain('secret-4000');
  });

  it('names a key that is missing, with what it is for, at the line of the part', () => {
    expect(problemsOf(LEAST_CONFIG.replace(/ {2}public_url: .*\n/, '  host: 127.0.0.1\n'))).to.deep.equal([
      {
        file: 'tereze.yaml',
        line: 3,
        key: 'server.public_url',
        problem:
          'is missing: Origin under which callers reach the gateway: DPoP proofs must name it. Never taken from a header.',
      },
    ]);
    expect(problemsOf(LEAST_CONFIG.replace('version: 1\n', ''))[0]).to.include({
      key: 'version',
      problem: 'is missing: Version of this form.',
    });
  });

  it('tells every problem at once, in the order of lines', () => {
    const problems = problemsOf(
      LEAST_CONFIG.replace('environment: test', 'environment: staging').replace('registers: {}', 'registers: []'),
    );
    expect(problems.map(({ line, key }) => `${line} ${key}`)).to.deep.equal(['2 environment', '12 registers']);
  });

  it('refuses a key given twice', () => {
    expect(problemsOf(`${LEAST_CONFIG}version: 1\n`)).to.deep.equal([
      { file: 'tereze.yaml', line: 14, key: '', problem: 'a key is given twice' },
    ]);
  });

  it('refuses broken YAML, an unknown tag, a second document, an empty file and a list', () => {
    expect(problemsOf('version: [1\n')[0]?.problem).to.match(/^not YAML: /);
    expect(problemsOf(`${LEAST_CONFIG}web: !secret x\n`)[0]).to.include({ line: 14 });
    expect(problemsOf(`${LEAST_CONFIG}---\nversion: 1\n`)[0]?.problem).to.match(/^not YAML: /);
    expect(problemsOf('')[0]?.problem).to.equal('must be a map of keys, but is empty or something else');
    expect(problemsOf('- version: 1\n')[0]?.problem).to.equal('must be a map of keys, but is empty or something else');
  });

  it('says when there is no such file, and when it is a folder', async () => {
    const problem = await readConfig('/nowhere/tereze.yaml', {}).catch((error: unknown) => error);
    expect(problem).to.be.instanceOf(ConfigError);
    expect((problem as Error).message).to.equal(
      '/nowhere/tereze.yaml: there is no such file; name the configuration with --config FILE',
    );
    const folder = await readConfig(tmpdir(), {}).catch((error: unknown) => error);
    expect((folder as Error).message).to.contain('cannot be read (EISDIR)');
  });

  it('counts paths from the folder of the file that names them, and shipped defaults from the installation', () => {
    const config = parseConfig('/etc/tereze/tereze.yaml', LEAST_CONFIG, {});
    expect(config.policies.secret_file).to.equal('/etc/tereze/secret');
    expect(config.database.directory).to.equal('/etc/tereze/.tereze/postgres');
    expect(config.policies.rules).to.equal(join(packageRoot(), 'policies/rules'));
    const own = parseConfig(
      '/etc/tereze/tereze.yaml',
      LEAST_CONFIG.replace('policies:\n', 'policies:\n  rules: rules\n'),
      {},
    );
    expect(own.policies.rules).to.equal('/etc/tereze/rules');
    expect(parseConfig('tereze.yaml', LEAST_CONFIG, {}).policies.secret_file).to.equal(resolve('secret'));
  });

  it('counts each path of a list from that folder, and names the one that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tereze-config-'));
    const listed = LEAST_CONFIG.replace('policies:\n', 'policies:\n  index_secret_files: [new, secret]\n');
    await writeFile(join(folder, 'tereze.yaml'), listed);
    await writeFile(join(folder, 'secret'), '');
    const problem = await readConfig(join(folder, 'tereze.yaml'), {}).catch((error: unknown) => error);
    await writeFile(join(folder, 'new'), '');
    const config = await readConfig(join(folder, 'tereze.yaml'), {});
    await rm(folder, { recursive: true });
    expect(config.policies.index_secret_files).to.deep.equal([join(folder, 'new'), join(folder, 'secret')]);
    expect((problem as ConfigError).problems.map(({ key }) => key)).to.deep.equal(['policies.index_secret_files.0']);
  });

  it('refuses a list of secrets that is empty or names one twice', () => {
    for (const files of ['[]', '[a, a]'])
      expect(
        problemsOf(LEAST_CONFIG.replace('policies:\n', `policies:\n  index_secret_files: ${files}\n`)).map(
          ({ key }) => key,
        ),
      ).to.deep.equal(['policies.index_secret_files']);
  });

  it('takes port and databases from the environment where the file is silent', () => {
    const variables = {
      PORT: '4100',
      DATABASE_URL: 'postgres://tereze@db/tereze',
      DATABASE_ADMIN_URL: 'postgres://owner@db/tereze',
    };
    const config = parseConfig('tereze.yaml', LEAST_CONFIG, variables);
    expect(config.server.port).to.equal(4100);
    expect(config.database.url).to.equal(variables.DATABASE_URL);
    expect(config.database.admin_url).to.equal(variables.DATABASE_ADMIN_URL);
    const written = parseConfig('tereze.yaml', LEAST_CONFIG.replace('server:', 'server:\n  port: 4200'), variables);
    expect(written.server.port).to.equal(4200);
  });

  it('says from which variable a wrong value came', () => {
    expect(problemsOf(LEAST_CONFIG, { PORT: 'http' })).to.have.lengthOf(1);
    expect(problemsOf(LEAST_CONFIG, { PORT: 'http' })[0]?.problem).to.contain(
      '(taken from the environment variable PORT)',
    );
  });

  describe('from a real folder', () => {
    let folder = '';
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tereze-config-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('reads the file', async () => {
      await writeFile(join(folder, 'tereze.yaml'), LEAST_CONFIG);
      await writeFile(join(folder, 'secret'), '');
      const config = await readConfig(join(folder, 'tereze.yaml'), {});
      expect(config.policies.secret_file).to.equal(join(folder, 'secret'));
      expect((parse(LEAST_CONFIG) as { version: number }).version).to.equal(config.version);
    });

    it('names the line of a file or folder that is not there, unless the gateway makes it', async () => {
      const registers =
        'registers:\n  tax: { protocol: rest, url: "http://127.0.0.1:1", api_key_file: keys/tax }\ndatabase: { directory: made }\ndocuments: { directory: operations }';
      await writeFile(join(folder, 'tereze.yaml'), LEAST_CONFIG.replace('registers: {}', registers));
      const problem = await readConfig(join(folder, 'tereze.yaml'), {}).catch((error: unknown) => error);
      expect(problem).to.be.instanceOf(ConfigError);
      expect(
        (problem as ConfigError).problems.map(({ line, key, problem: text }) => `${line} ${key} ${text}`),
      ).to.deep.equal([
        `11 policies.secret_file names ${join(folder, 'secret')}, which is not there`,
        `13 registers.tax.api_key_file names ${join(folder, 'keys', 'tax')}, which is not there`,
        `15 documents.directory names ${join(folder, 'operations')}, which is not there`,
      ]);
    });
  });
});

function problemsOf(text: string, variables: Record<string, string> = {}): readonly ConfigProblem[] {
  try {
    parseConfig('tereze.yaml', text, variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
