import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { HEAD, PERSON, registers } from '../../../schemas/catalogue/registers.js';
import { Folder, schema } from './running.js';

describe('tereze schema check', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => folder.remove());

  const message = ({ error }: { readonly error: unknown }): string =>
    error instanceof CommandFailure && error.kind === 'failed' ? error.message : expect.fail('it did not fail');
  /** Kept supergraph of `PERSON`. */
  const kept = (): string => folder.file('kept.graphql', composeCatalogue(registers({ r: PERSON })).supergraphSdl);

  it('names a field without category with register, file, line and what to write', async () => {
    const own = folder.registers('own', {
      r: `${PERSON}\ntype Flat @key(fields: "id") { id: Int! @category(name: "r.flats")\n area: Int }`,
    });
    const line = (HEAD + PERSON).split('\n').length + 2;
    const ran = await schema(['check', '--registers', own]);
    expect(message(ran)).to.equal(
      `the registers’ schemas do not compose\n${join(own, 'r', 'schema.graphql')}:${line}: Flat.area has no category: write @category(name: "r....") on the field or its type`,
    );
    const { printed } = await schema(['check', '--registers', own, '--json']);
    expect(JSON.parse(printed)).to.deep.equal({
      valid: false,
      problems: [
        {
          rule: 'category-missing',
          file: join(own, 'r', 'schema.graphql'),
          line,
          message: 'Flat.area has no category: write @category(name: "r....") on the field or its type',
        },
      ],
    });
  });

  it('refuses an access directive that Tereze does not enforce, and warns of a feature that it ignores', async () => {
    const link = '@link(url: "https://acme.kz/notes/v1.0")\n';
    const own = folder.registers('own', {
      r: link + PERSON.replace('name: String', 'name: String @federation__requiresScopes(scopes: [["a"]])'),
    });
    const line = (HEAD + link + PERSON).split('\n').length - 1;
    expect(message(await schema(['check', '--registers', own]))).to.include(
      `${join(own, 'r', 'schema.graphql')}:${line}: Tereze does not enforce @federation__requiresScopes (@requiresScopes)`,
    );
    const noted = folder.registers('noted', { r: link + PERSON });
    const file = join(noted, 'r', 'schema.graphql');
    const warning = 'Tereze does not know the feature "https://acme.kz/notes/v1.0" and ignores it';
    const text = await schema(['check', '--registers', noted]);
    expect(text.printed).to.include(`Warning: ${file}:4: ${warning}\n`);
    const json = await schema(['check', '--registers', noted, '--json']);
    expect(JSON.parse(json.printed)).to.deep.include({ warnings: [{ file, line: 4, message: warning }] });
  });

  it('names file, line and column of what does not fit in the mapping beside a schema', async () => {
    const own = folder.registers('own', { r: PERSON });
    const text = 'protocol: sql\nentity: { type: Person, key: iinn }\nmax_rows: 1\nlists: {}\n';
    writeFileSync(join(own, 'r', 'source.yaml'), text);
    const file = join(own, 'r', 'source.yaml');
    const failed = message(await schema(['check', '--registers', own]));
    expect(failed).to.include(`the mappings do not fit the registers’ schemas\n${file}:`);
    expect(failed).to.include(`\n${file}:2:25: Person has no field iinn in schema.graphql: did you mean iin?`);
    const { printed } = await schema(['check', '--registers', own, '--json']);
    const { valid, problems } = JSON.parse(printed) as { valid: boolean; problems: object[] };
    expect(valid).to.equal(false);
    expect(problems.map((one) => ({ ...one, message: '' }))).to.deep.include({
      rule: 'mapping',
      file,
      line: 2,
      column: 25,
      message: '',
    });
  });

  it('names file, line and column of what is wrong in the contract beside a schema', async () => {
    const own = folder.registers('own', { r: PERSON });
    const file = join(own, 'r', 'contract.yaml');
    writeFileSync(file, 'apiVersion: v3.1.0\nkind: DataContract\nid: r\nversion: 1.0.0\nstatus: active\nschema: 7\n');
    const failed = message(await schema(['check', '--registers', own]));
    expect(failed).to.equal(`the contracts are wrong\n${file}:6:9: /schema must be array`);
    const { printed } = await schema(['check', '--registers', own, '--json']);
    expect(JSON.parse(printed)).to.deep.equal({
      valid: false,
      problems: [{ rule: 'contract', file, line: 6, column: 9, message: '/schema must be array' }],
    });
  });

  it('names file, line and column of what is not GraphQL', async () => {
    const own = folder.registers('own', { r: 'type Query {\n  a: ]\n}' });
    expect(message(await schema(['check', '--registers', own]))).to.equal(
      `${join(own, 'r', 'schema.graphql')}:5:6: Syntax Error: Expected Name, found "]".`,
    );
  });

  it('finds nothing broken against what is kept, when nothing is gone', async () => {
    const own = folder.registers('own', { r: PERSON.replace('name: String', 'name: String house: String') });
    const { printed, error } = await schema(['check', '--registers', own, '--against', kept()]);
    expect(error).to.equal(undefined);
    expect(printed).to.include('in order: sha256:').and.include('r.identity');
  });

  it('names what breaks against what is kept', async () => {
    const own = folder.registers('own', { r: PERSON.replace(' name: String', ' name: Int') });
    const file = kept();
    expect(message(await schema(['check', '--registers', own, '--against', file]))).to.equal(
      `the registers’ schemas break what was asked on ${file}\n  Field 'Person.name' changed type from 'String' to 'Int'`,
    );
    const { printed } = await schema(['check', '--registers', own, '--against', file, '--json']);
    expect(JSON.parse(printed)).to.have.property('valid', false);
    expect(JSON.parse(printed)).to.have.property('breaking').with.length(1);
  });

  it('takes a folder of registers as what is kept', async () => {
    const own = folder.registers('own', { r: PERSON.replace(' name: String', ' name: Int') });
    expect(
      message(await schema(['check', '--registers', own, '--against', folder.registers('old', { r: PERSON })])),
    ).to.include('Person.name');
  });

  it('calls wrong use what is not there', async () => {
    for (const words of [
      ['--registers', '/nonexistent'],
      ['--registers', folder.path],
      ['--against', '/nonexistent'],
    ]) {
      expect((await schema(['check', ...words])).error, words.join(' '))
        .to.be.instanceOf(CommandFailure)
        .and.include({ kind: 'usage' });
    }
  });
});
