import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import { readRuleFiles } from '../../../policies/decision/rule-files.js';

describe('rule-files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-rules-'));
    writeFileSync(join(folder, 'schema.cedarschema'), 'entity Purpose;');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads the schema, and the policies in the order of their names', () => {
    for (const name of ['b.cedar', 'a.cedar', 'notes.md']) writeFileSync(join(folder, name), name);
    const { schema, policies } = readRuleFiles(folder);
    expect(schema).to.deep.equal({ file: join(folder, 'schema.cedarschema'), text: 'entity Purpose;' });
    expect(policies).to.deep.equal(['a.cedar', 'b.cedar'].map((name) => ({ file: join(folder, name), text: name })));
  });

  it('names the folder that cannot be read', () => {
    const nowhere = join(folder, 'nowhere');
    expect(() => readRuleFiles(nowhere)).to.throw(PolicyFileInvalid, `${nowhere}: the folder of rules cannot be read`);
  });

  it('names the schema that is missing', () => {
    rmSync(join(folder, 'schema.cedarschema'));
    expect(() => readRuleFiles(folder)).to.throw(PolicyFileInvalid, 'schema.cedarschema: cannot be read');
  });

  it('names the policy that cannot be read', () => {
    mkdirSync(join(folder, 'a.cedar'));
    expect(() => readRuleFiles(folder)).to.throw(PolicyFileInvalid, 'a.cedar: cannot be read');
  });
});
