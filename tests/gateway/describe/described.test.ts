import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { described } from '../../../gateway/describe/described.js';
import type { DescribeRequest } from '../../../gateway/describe/protocol.js';

const LIMITS = { timeMs: 60_000, memoryMb: 256, replyBytes: 100_000 };

describe('the process that reads a document', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-described-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('says what is wrong with a document, and where', async () => {
    expect(await described(requestFor('openapi: 3.0.0\npaths: {\n'))).to.have.nested.property('fault.place', '3:1');
    expect(await described(requestFor('{"openapi":"4.0.0"}'))).to.have.nested.property(
      'fault.message',
      'is neither OpenAPI 3.0 or 3.1 nor Swagger 2.0: it needs "openapi" or "swagger" with one of these versions',
    );
    expect(
      await described(requestFor(`{"openapi":"3.0.0","x":${'['.repeat(300)}${']'.repeat(300)}}`)),
    ).to.have.nested.property('fault.message', 'is nested deeper than 200 levels');
  });

  it('has nothing of its parent’s environment', async () => {
    process.env['TEREZE_TEST_SECRET'] = 'known to the parent';
    const program = programOf('console.log(JSON.stringify({ broken: JSON.stringify(Object.keys(process.env)) }));');
    const reply = await described(requestFor('{}'), { program, limits: LIMITS });
    delete process.env['TEREZE_TEST_SECRET'];
    expect(reply).to.have.property('broken').that.does.not.include('TEREZE_TEST_SECRET').and.does.not.include('HOME');
  });

  it('is ended at its limit of time', async () => {
    const program = programOf('for (;;);');
    const reply = await described(requestFor('{}'), { program, limits: { ...LIMITS, timeMs: 1_500 } });
    expect(reply).to.deep.equal({ fault: { place: '#', message: 'cannot be read within 1.5 s' } });
  });

  it('ends at its limit of memory, and its parent goes on', async () => {
    const program = programOf('const all = []; for (;;) all.push(new Array(1e5).fill({}));');
    const reply = await described(requestFor('{}'), { program, limits: { ...LIMITS, memoryMb: 32 } });
    expect(reply).to.deep.equal({ fault: { place: '#', message: 'cannot be read within 32 MB' } });
  });

  it('is not believed when it names other files than the three of a register', async () => {
    const files = { 'schema.graphql': '', 'contract.yaml': '', 'source.yaml': '', '../../.bashrc': '' };
    const reply = { described: { settings: {}, operations: [], files, said: [] } };
    const program = programOf(`console.log(${JSON.stringify(JSON.stringify(reply))});`);
    expect(await described(requestFor('{}'), { program, limits: LIMITS })).to.deep.equal({
      broken: 'the process that reads documents did not answer with a description',
    });
  });

  function programOf(source: string): URL {
    const file = join(folder, `${source.length}.mjs`);
    writeFileSync(file, source);
    return pathToFileURL(file);
  }

  function requestFor(text: string): DescribeRequest {
    return {
      kind: 'openapi',
      register: 'one',
      document: { file: 'openapi.yaml', bytes: Buffer.from(text) },
      folder,
      imports: [],
      examples: [],
      operations: [],
      personal: [],
      constants: [],
      reading: [],
      depth: 2,
      taken: { types: [], roots: [] },
    };
  }
});
