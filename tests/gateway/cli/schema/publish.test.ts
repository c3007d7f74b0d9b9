import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PERSON } from '../../../schemas/catalogue/registers.js';
import { Folder, schema } from './running.js';

interface Published {
  readonly hash: string;
  readonly changes: readonly { readonly name: string; readonly kind: string; readonly changes: readonly string[] }[];
}

describe('tereze schema publish', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => folder.remove());

  const registers = (sdl = PERSON): string => {
    const own = folder.registers('own', { r: sdl });
    writeFileSync(
      join(own, 'r', 'contract.yaml'),
      'apiVersion: v3.1.0\nkind: DataContract\nid: r\nname: R\nversion: 1.2.0\nstatus: active\ndomain: r\ndescription: { purpose: p }\nschema:\n  - name: Person\n    properties:\n      - { name: name, logicalType: string }\n',
    );
    return own;
  };
  const operations = (documents: Readonly<Record<string, string>>): string => {
    const at = join(folder.path, 'operations');
    mkdirSync(at, { recursive: true });
    for (const [name, text] of Object.entries(documents)) {
      writeFileSync(join(at, `${name}.graphql`), text);
      writeFileSync(join(at, `${name}.yaml`), 'owner: o\npurposes: [p]\nallowed: [o]\n');
    }
    return at;
  };
  const asking = (body: string): string => `query Q($iin: Iin!) { person(iin: $iin) { ${body} } }`;
  const publish = async (own: string, documents: string): Promise<Published> => {
    const { printed, error } = await schema([
      'publish',
      '--to',
      join(folder.path, 'to'),
      '--registers',
      own,
      '--operations',
      documents,
      '--json',
    ]);
    expect(error, String(error)).to.equal(undefined);
    return JSON.parse(printed) as Published;
  };

  it('writes a bundle under its hash, says what each document reaches, and makes it the current one', async () => {
    const { hash, changes } = await publish(registers(), operations({ A: asking('name') }));
    const at = join(folder.path, 'to', hash);
    expect(readdirSync(at).sort()).to.deep.equal([
      'documents.json',
      'governance.json',
      'supergraph.graphql',
      'versions.json',
    ]);
    expect(readFileSync(join(folder.path, 'to', 'current'), 'utf8')).to.equal(`${hash}\n`);
    expect(JSON.parse(readFileSync(join(at, 'versions.json'), 'utf8'))).to.deep.include({ contracts: { r: '1.2.0' } });
    expect(JSON.parse(readFileSync(join(at, 'documents.json'), 'utf8')))
      .to.have.nested.property('[0].categories')
      .that.deep.equals(['r.identity, disclose', 'r.identity, read']);
    expect(changes).to.deep.equal([{ name: 'A', kind: 'new', changes: [] }]);
  });

  it('is the same bundle when nothing changed', async () => {
    const [own, documents] = [registers(), operations({ A: asking('name') })];
    const first = await publish(own, documents);
    expect(await publish(own, documents)).to.deep.equal({ ...first, changes: [] });
    expect(readdirSync(join(folder.path, 'to'))).to.have.length(2);
  });

  it('shows what a change of the schema alone does to documents, and which are new and gone', async () => {
    const first = await publish(registers(), operations({ A: asking('name'), B: asking('iin') }));
    const own = registers(PERSON.replace('name: String', 'name: String @category(name: "r.names")'));
    const { hash, changes } = await publish(
      own,
      operations({ A: asking('name'), B: asking('iin'), C: asking('name iin') }),
    );
    expect(hash).to.not.equal(first.hash);
    expect(changes).to.deep.equal([
      { name: 'A', kind: 'changed', changes: ['- category r.identity, disclose', '+ category r.names, disclose'] },
      { name: 'C', kind: 'new', changes: [] },
    ]);
  });
});
