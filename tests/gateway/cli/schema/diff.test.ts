import { expect } from 'chai';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { PERSON, registers } from '../../../schemas/catalogue/registers.js';
import { Folder, schema } from './running.js';

describe('tereze schema diff', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => folder.remove());

  const supergraph = (name: string, sdl: string): string =>
    folder.file(name, composeCatalogue(registers({ r: sdl })).supergraphSdl);

  it('says that nothing changed', async () => {
    const { printed, failed } = await schema([
      'diff',
      folder.registers('old', { r: PERSON }),
      folder.registers('new', { r: PERSON }),
    ]);
    expect({ printed, failed }).to.deep.equal({ printed: 'Nothing changed.\n', failed: false });
  });

  it('names what breaks between two supergraphs, and is refused then', async () => {
    const { printed, failed, error } = await schema([
      'diff',
      supergraph('old', PERSON),
      supergraph('new', PERSON.replace('name: String', 'called: String')),
    ]);
    expect(printed).to.equal(
      `1 breaking, 0 dangerous, 1 safe. Governance is compared between two folders of registers only.\n  breaking   Field 'name' was removed from object type 'Person'\n  safe       Field 'called' was added to object type 'Person'\n`,
    );
    expect([failed, error]).to.deep.equal([true, undefined]);
  });

  it('is not refused for what is dangerous', async () => {
    const changed = PERSON.replace('name: String', 'name: String @category(name: "r.name", sensitivity: SENSITIVE)');
    const { printed, failed } = await schema([
      'diff',
      folder.registers('old', { r: PERSON }),
      folder.registers('new', { r: changed }),
    ]);
    expect(printed).to.equal(
      '0 breaking, 1 dangerous, 0 safe.\n  dangerous  The category of Person.name changed from r.identity to r.name\n',
    );
    expect(failed).to.equal(false);
  });

  it('prints JSON, between a file and a folder without governance', async () => {
    const changed = PERSON.replaceAll('r.identity', 'r.person').replace(' name: String', '');
    const { printed, failed } = await schema([
      'diff',
      supergraph('old', PERSON),
      folder.registers('new', { r: changed }),
      '--json',
    ]);
    expect(JSON.parse(printed)).to.deep.equal({
      breaking: 1,
      dangerous: 0,
      safe: 0,
      governanceCompared: false,
      changes: [
        {
          criticality: 'breaking',
          type: 'FIELD_REMOVED',
          path: 'Person.name',
          message: `Field 'name' was removed from object type 'Person'`,
        },
      ],
    });
    expect(failed).to.equal(true);
  });

  it('shows nothing of what the public does not see', async () => {
    const hidden = PERSON.replace('name: String', 'name: String secret: Int @inaccessible');
    expect((await schema(['diff', supergraph('old', PERSON), supergraph('new', hidden)])).printed).to.match(
      /^Nothing changed\./,
    );
  });

  it('fails for what does not compose, and calls wrong use what is not there', async () => {
    const own = folder.registers('old', { r: PERSON });
    const broken = folder.registers('broken', { r: 'type Query { a: Int }' });
    expect((await schema(['diff', own, broken])).error)
      .to.be.instanceOf(CommandFailure)
      .and.include({ kind: 'failed' });
    expect((await schema(['diff', own, folder.file('x', 'type Query { a: Int }')])).error)
      .to.be.instanceOf(CommandFailure)
      .and.include({ kind: 'failed' });
    expect((await schema(['diff', own, '/nonexistent'])).error)
      .to.be.instanceOf(CommandFailure)
      .and.include({ kind: 'usage' });
    expect((await schema(['diff', own, folder.path])).error)
      .to.be.instanceOf(CommandFailure)
      .and.include({ kind: 'usage' });
  });
});
