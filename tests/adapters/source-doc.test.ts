import { expect } from 'chai';
import { TRANSFORMS } from '../../adapters/mapping/transforms/transform.js';
import { PROTOCOLS } from '../../adapters/protocols.js';
import { sourceDocument } from '../../adapters/source-doc.js';

describe('the reference of source.yaml', () => {
  const text = sourceDocument();

  it('has a table for each protocol, with the keys of its source', () => {
    for (const { name, source } of PROTOCOLS) {
      const [, section = ''] = text.split(`## Protocol ${name}\n`);
      const table = section.split('## ', 1)[0] ?? '';
      for (const key of Object.keys(source.shape)) expect(table, name).to.include(`| \`${key}\``);
    }
  });

  it('has each transform with its options', () => {
    for (const [as, { options }] of Object.entries(TRANSFORMS))
      expect(text).to.include(`| \`${as}\` | ${options.map((option) => `\`${option}\``).join(', ')} |`);
  });

  it('says of each field key what it means', () => {
    const [, fields = ''] = text.split('## Fields of types\n');
    const rows = (fields.split('## ', 1)[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).to.be.above(15);
    for (const row of rows) expect(row).to.match(/\. \|$/);
  });
});
