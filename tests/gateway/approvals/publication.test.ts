import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  documentChanges,
  publish,
  publishedDocuments,
  type Publication,
} from '../../../gateway/approvals/publication.js';
import type { DocumentReach } from '../../../gateway/approvals/reach.js';

const reach = (name: string, more: Partial<DocumentReach> = {}): DocumentReach => ({
  name,
  document: 'ab',
  owner: 'social',
  allowed: ['social'],
  purposes: ['aid'],
  registers: ['population'],
  categories: ['identity.name, disclose'],
  subjects: ['named by iin'],
  ...more,
});

const publication = (documents: readonly DocumentReach[]): Publication => ({
  catalogue: 'c1',
  supergraph: 'type Query { a: Int }',
  governance: { population: {} },
  contracts: { population: '1.0.0' },
  planner: '0.0.38',
  documents,
});

describe('a publication', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'tereze-publication-')), 'publications');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  const contentOf = (hash: string, file: string): string => readFileSync(join(folder, hash, file), 'utf8');

  it('has no documents before the first', () => {
    expect(publishedDocuments(folder)).to.equal(undefined);
  });

  it('is written whole under its hash, and becomes the current one', () => {
    const hash = publish(folder, publication([reach('A')]));
    expect(hash).to.match(/^[0-9a-f]{64}$/);
    expect(readdirSync(folder).sort()).to.deep.equal([hash, 'current'].sort());
    expect(contentOf(hash, 'supergraph.graphql')).to.equal('type Query { a: Int }');
    expect(JSON.parse(contentOf(hash, 'governance.json'))).to.deep.equal({ population: {} });
    expect(JSON.parse(contentOf(hash, 'versions.json'))).to.deep.equal({
      catalogue: 'c1',
      contracts: { population: '1.0.0' },
      planner: '0.0.38',
    });
    expect(publishedDocuments(folder)).to.deep.equal([reach('A')]);
  });

  it('has another hash for every part that differs, and the same for the same content', () => {
    const one = publication([reach('A')]);
    const hashes = [
      one,
      { ...one, catalogue: 'c2' },
      { ...one, supergraph: 'type Query { b: Int }' },
      { ...one, governance: { property: {} } },
      { ...one, contracts: { population: '1.0.1' } },
      { ...one, planner: '0.0.39' },
      { ...one, documents: [] },
    ].map((each) => publish(folder, each));
    expect(new Set(hashes).size).to.equal(7);
    expect(publish(folder, publication([reach('A')]))).to.equal(hashes[0]);
  });

  it('goes back to one that was published before, without writing it again', () => {
    const first = publish(folder, publication([reach('A')]));
    publish(folder, publication([reach('B')]));
    writeFileSync(join(folder, first, 'mark'), '');
    expect(publishedDocuments(folder)).to.deep.equal([reach('B')]);
    expect(publish(folder, publication([reach('A')]))).to.equal(first);
    expect(existsSync(join(folder, first, 'mark'))).to.equal(true);
    expect(publishedDocuments(folder)).to.deep.equal([reach('A')]);
  });
});

describe('changes of documents', () => {
  it('are those that are new, gone, or reach something else, sorted by name', () => {
    const before = [reach('Same'), reach('Gone'), reach('Changed')];
    const after = [reach('New'), reach('Changed', { registers: ['population', 'property'] }), reach('Same')];
    expect(documentChanges(before, after)).to.deep.equal([
      { name: 'Changed', kind: 'changed', changes: ['+ register property'] },
      { name: 'Gone', kind: 'gone', changes: [] },
      { name: 'New', kind: 'new', changes: [] },
    ]);
  });

  it('are none between equal publications, in any order', () => {
    expect(documentChanges([reach('A'), reach('B')], [reach('B'), reach('A')])).to.deep.equal([]);
  });
});
