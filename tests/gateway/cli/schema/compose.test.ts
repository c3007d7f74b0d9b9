import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { PERSON, registers } from '../../../schemas/catalogue/registers.js';
import { Folder, schema } from './running.js';

describe('tereze schema compose', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => folder.remove());

  const { supergraphSdl, hash } = composeCatalogue(registers({ r: PERSON }));

  it('prints the supergraph, or writes it', async () => {
    const own = folder.registers('own', { r: PERSON });
    const output = join(folder.path, 'out.graphql');
    expect((await schema(['compose', '--registers', own])).printed).to.equal(supergraphSdl);
    expect((await schema(['compose', '--registers', own, '--output', output])).printed).to.equal(
      `${output}: ${hash}, 1 categories\n`,
    );
    expect(readFileSync(output, 'utf8')).to.equal(supergraphSdl);
  });

  it('prints JSON', async () => {
    const { printed } = await schema(['compose', '--registers', folder.registers('own', { r: PERSON }), '--json']);
    expect(JSON.parse(printed)).to.deep.equal({ hash, categories: ['r.identity'], supergraph: supergraphSdl });
  });

  it('fails with every problem', async () => {
    const { printed, error } = await schema([
      'compose',
      '--registers',
      folder.registers('own', { r: 'type Query { a: Int b: Int }' }),
      '--json',
    ]);
    expect(error).to.be.instanceOf(CommandFailure).and.include({ kind: 'failed' });
    expect(JSON.parse(printed)).to.have.property('problems').with.length(2);
  });
});
