import { join } from 'node:path';
import { expect } from 'chai';
import { exitCodeOf } from '../../../../gateway/cli/exit-code.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { schema } from './running.js';

const SUPERGRAPH = join(packageRoot(), 'schemas', 'catalogue', 'supergraph.graphql');
const FAMILY_CARD = join(packageRoot(), 'schemas', 'operations', 'social', 'FamilyCard.graphql');
const REGISTERS = join(packageRoot(), 'schemas', 'registers');

describe('exit codes of tereze schema', () => {
  for (const [words, code] of [
    [['plan', 'FamilyCard'], 0],
    [['plan', FAMILY_CARD, '--supergraph', SUPERGRAPH, '--mermaid'], 0],
    [['plan', SUPERGRAPH], 1],
    [['plan'], 2],
    [['diff', SUPERGRAPH, REGISTERS], 0],
    [['diff', SUPERGRAPH, FAMILY_CARD], 1],
    [['diff', SUPERGRAPH], 2],
    [['check', '--against', SUPERGRAPH], 0],
    [['check', '--against', '/nonexistent'], 2],
  ] as const) {
    it(`are ${code} for \`${words.join(' ').replaceAll(packageRoot(), '.')}\``, async () => {
      const { printed, failed, error } = await schema(words);
      const ended = error === undefined ? Number(failed) : exitCodeOf(error);
      expect(ended, String(error)).to.equal(code);
      if (code === 0) expect(printed).not.to.equal('');
      else if (error !== undefined) expect(String(error)).not.to.equal('');
    });
  }
});
