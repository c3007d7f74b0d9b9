import { packageRoot } from '../../../gateway/state/package-root.js';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { DocumentsInvalid, loadDocuments } from '../../../schemas/operations/load-documents.js';

const OPERATIONS = join(packageRoot(), 'schemas', 'operations');
const SIDECAR = 'owner: housing\npurposes: [housing_queue]\nallowed: [housing]\n';

describe('trusted documents', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tereze-documents-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (files: Readonly<Record<string, string | Buffer>>): void => {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
  };
  const failure = (files: Readonly<Record<string, string | Buffer>>): string => {
    write(files);
    try {
      loadDocuments(folder);
    } catch (error) {
      if (error instanceof DocumentsInvalid) return error.message.replace(`${folder}/`, '');
      throw error;
    }
    return expect.fail('it loaded');
  };

  it('are those of the repository', () => {
    const documents = loadDocuments(OPERATIONS);
    expect(documents.all.map(({ name, owner, atomic }) => `${name} ${owner} ${atomic}`)).to.deep.equal([
      'AppealContext appeals false',
      'PensionCard citizens false',
      'HousingQueue housing false',
      'DeclarationCheck integrity false',
      'BirthAllowance social true',
      'FamilyCard social false',
    ]);
  });

  it('are found by name and by the hash of the file’s exact bytes', () => {
    const bytes = readFileSync(join(OPERATIONS, 'housing', 'HousingQueue.graphql'));
    const hash = createHash('sha256').update(bytes).digest('hex');
    const documents = loadDocuments(OPERATIONS);
    const found = documents.find(`sha256:${hash}`);
    expect(found).to.include({ name: 'HousingQueue', hash, text: bytes.toString('utf8') });
    expect(documents.find('HousingQueue')).to.equal(found);
  });

  it('are not found by anything else', () => {
    const documents = loadDocuments(OPERATIONS);
    const hash = documents.find('HousingQueue')?.hash ?? '';
    for (const id of [
      '',
      'housingqueue',
      'housing/HousingQueue',
      hash,
      `sha256:${hash.toUpperCase()}`,
      `sha256:${hash.slice(1)}`,
      '__proto__',
      'constructor',
    ]) {
      expect(documents.find(id), id).to.equal(undefined);
    }
  });

  it('keep every byte, a byte order mark included', () => {
    const text = '\uFEFFquery Q { __typename }\r\n';
    write({ 'a/Q.graphql': text, 'a/Q.yaml': SIDECAR });
    const [document] = loadDocuments(folder).all;
    expect(document?.text).to.equal(text);
    expect(document?.hash).to.equal(createHash('sha256').update(Buffer.from(text)).digest('hex'));
  });

  it('may be atomic', () => {
    write({ 'Q.graphql': '{ __typename }', 'Q.yaml': `${SIDECAR}atomic: true\n` });
    expect(loadDocuments(folder).all[0]?.atomic).to.equal(true);
  });

  it('have names of their own', () => {
    expect(
      failure({ 'a/Q.graphql': '{ a }', 'a/Q.yaml': SIDECAR, 'b/Q.graphql': '{ b }', 'b/Q.yaml': SIDECAR }),
    ).to.equal('Q: registered twice as Q');
  });

  it('have texts of their own: one hash could not say which', () => {
    expect(failure({ 'P.graphql': '{ a }', 'P.yaml': SIDECAR, 'Q.graphql': '{ a }', 'Q.yaml': SIDECAR })).to.match(
      /^Q: registered twice as sha256:/,
    );
  });

  it('need a registration', () => {
    expect(failure({ 'Q.graphql': '{ a }' })).to.equal(
      'Q.yaml: is missing: say who may ask the document, and for which purposes',
    );
    rmSync(join(folder, 'Q.graphql'));
    expect(failure({ 'R.yaml': SIDECAR })).to.equal('R.yaml: stands beside no document of the same name');
  });

  for (const [what, sidecar] of Object.entries({
    'an unknown key': `${SIDECAR}alowed: [social]\n`,
    'no one allowed': SIDECAR.replace('[housing]', '[]'),
    'no purpose': SIDECAR.replace('purposes: [housing_queue]\n', ''),
    'a text for a list': SIDECAR.replace('[housing]', 'housing'),
    'no YAML': '{',
    nothing: '',
  })) {
    it(`are refused with ${what} in the registration`, () => {
      expect(failure({ 'Q.graphql': '{ a }', 'Q.yaml': sidecar })).to.match(/^Q\.yaml: /);
    });
  }

  it('are refused when they are not UTF-8, or oddly named', () => {
    expect(failure({ 'Q.graphql': Buffer.from([0x7b, 0xff, 0x7d]), 'Q.yaml': SIDECAR })).to.equal(
      'Q.graphql: is not UTF-8',
    );
    rmSync(join(folder, 'Q.graphql'));
    rmSync(join(folder, 'Q.yaml'));
    expect(failure({ 'Q 1.graphql': '{ a }', 'Q 1.yaml': SIDECAR })).to.match(/^Q 1\.graphql: the name/);
  });
});
