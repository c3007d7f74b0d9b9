import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../../../gateway/cli/run-command-line.js';
import { TestTerminal } from '../test-terminal.js';

const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'Organisations', version: '1' },
  servers: [{ url: 'https://organisations.example' }],
  paths: {
    '/organisations/{number}': {
      get: {
        operationId: 'organisation',
        summary: 'One \u001b[2Jorganisation',
        parameters: [{ name: 'number', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'ok',
            content: {
              'application/json': {
                schema: {
                  title: 'Organisation',
                  type: 'object',
                  properties: {
                    number: { type: 'string' },
                    name: { type: 'string' },
                    logo: { type: 'string', format: 'byte' },
                  },
                },
              },
            },
          },
        },
      },
      put: { operationId: 'rename', responses: { 200: { description: 'ok' } } },
    },
    '/all': {
      get: {
        operationId: 'all',
        responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'string' } } } } },
      },
    },
  },
};

describe('tereze register new', () => {
  let folder: string;
  let document: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-new-'));
    document = join(folder, 'openapi.json');
    writeFileSync(document, JSON.stringify(DOCUMENT));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lists what the document offers, and writes nothing', async () => {
    const { code, printed } = await run('organisations', document, '--from', 'openapi');
    expect(code).to.equal(0);
    expect(printed).to.include('ready    organisation (GET /organisations/{number}): One  [2Jorganisation');
    expect(printed).to.include('refused  rename (PUT /organisations/{number}): PUT changes data: Tereze only reads');
    expect(printed).to.include('example  all (GET /all): needs --example: the document calls its answer a text');
    expect(existsSync(join(folder, 'organisations'))).to.equal(false);
  });

  it('writes the folder, says what was left out with its place, and what to do next', async () => {
    const { code, printed } = await run('organisations', document, '--from', 'openapi', '--operation', 'organisation');
    expect(code).to.equal(0);
    expect(printed).to.include(
      `${document}: #/paths/~1organisations~1{number}/get/responses/200/content/application~1json/schema/properties/logo: left out: binary content`,
    );
    expect(printed).to.include('url: https://organisations.example');
    expect(printed).to.not.include('\u001b');
    for (const file of ['schema.graphql', 'contract.yaml', 'source.yaml'])
      expect(readFileSync(join(folder, 'organisations', file), 'utf8')).to.include('name');
  });

  it('writes the others where one that was named is refused, and fails', async () => {
    const named = ['--operation', 'organisation', '--operation', 'rename'];
    const { code, printed } = await run('organisations', document, '--from', 'openapi', ...named);
    expect(code).to.equal(1);
    expect(printed).to.include('refused  rename').and.to.include('Written:');
  });

  it('takes an example answer where the document describes none', async () => {
    const example = join(folder, 'all.json');
    writeFileSync(example, '[{"number":"1","name":"One"}]');
    const named = ['--operation', 'all', '--example', `all=${example}`];
    expect(await run('organisations', document, '--from', 'openapi', ...named)).to.have.property('code', 0);
    expect(readFileSync(join(folder, 'organisations', 'source.yaml'), 'utf8')).to.include('items: [');
  });

  it('does not write over a folder', async () => {
    const named = ['--from', 'openapi', '--operation', 'organisation'];
    await run('organisations', document, ...named);
    const again = await run('organisations', document, ...named);
    expect(again).to.deep.include({ code: 2, printed: '' });
    expect(again.warned).to.include('is there already');
  });

  it('names the configuration in the commands that follow, and writes the service of X-Road', async () => {
    const named = ['--from', 'openapi', '--operation', 'organisation', '--config', 'try.yaml'];
    const { printed } = await run('one', document, ...named, '--xroad', 'KZ/GOV/990140090002/business/organisations');
    expect(printed).to.include('Put into try.yaml').and.include('register probe one --config try.yaml');
    expect(readFileSync(join(folder, 'one', 'source.yaml'), 'utf8'))
      .to.include('protocol: xroad')
      .and.include('service_code: organisations');
    const wrong = await run('two', document, ...named, '--xroad', 'KZ/GOV/990140090002/business');
    expect(wrong.warned).to.include('--xroad takes instance/member class/member code/subsystem, of a REST service');
  });

  it('names the operations where one is not there', async () => {
    const { code, warned } = await run('organisations', document, '--from', 'openapi', '--operation', 'none');
    expect(code).to.equal(1);
    expect(warned).to.include('there is no operation "none". There are organisation, rename, all');
  });

  it('keeps clear of the names of other registers', async () => {
    const named = ['--from', 'openapi', '--operation', 'organisation'];
    await run('first', document, ...named);
    await run('second', document, ...named);
    expect(readFileSync(join(folder, 'second', 'schema.graphql'), 'utf8'))
      .to.include('type Organisation2 ')
      .and.to.include('organisation2(');
  });

  async function run(...words: readonly string[]): Promise<{ code: number; printed: string; warned: string }> {
    const terminal = new TestTerminal();
    const code = await runCommandLine(['register', 'new', ...words, '--registers', folder], terminal);
    const { printed, warned, failed } = terminal;
    return { code: failed ? 1 : code, printed, warned };
  }
});
