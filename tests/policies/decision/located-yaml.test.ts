import { expect } from 'chai';
import { z } from 'zod';
import { parseLocatedYaml } from '../../../policies/decision/located-yaml.js';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';

const SCHEMA = z.strictObject({
  name: z.string(),
  sizes: z.array(z.int()),
  inner: z.strictObject({ on: z.boolean() }),
});
const VALID = 'name: a\nsizes: [1, 2]\ninner:\n  on: true\n';
const parse = (text: string) => parseLocatedYaml('f.yaml', text, SCHEMA);

describe('located-yaml', () => {
  it('reads a text in the shape of the schema', () => {
    expect(parse(VALID)).to.deep.equal({ name: 'a', sizes: [1, 2], inner: { on: true } });
  });

  const faults: Record<string, { text: string; says: string }> = {
    'a text that is not YAML': { text: 'name: a\nsizes: [1', says: 'f.yaml:2: not YAML' },
    'a key that is there twice': { text: `${VALID}name: b\n`, says: 'f.yaml:5: not YAML (DUPLICATE_KEY)' },
    'an unknown key': { text: `${VALID}  of: 1\n`, says: 'f.yaml:5: inner: unknown key "of"' },
    'a value of another type': { text: VALID.replace('true', 'yes'), says: 'f.yaml:4: inner.on: ' },
    'an item of another type': { text: VALID.replace('[1, 2]', '\n  - 1\n  - x'), says: 'f.yaml:4: sizes.1: ' },
    'a missing key, at the object around it': {
      text: VALID.replace('  on: true', '  {}'),
      says: 'f.yaml:4: inner.on: ',
    },
  };
  for (const [name, { text, says }] of Object.entries(faults)) {
    it(`names file and line of ${name}`, () => {
      expect(() => parse(text)).to.throw(PolicyFileInvalid, says);
    });
  }
});
