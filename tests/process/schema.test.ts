import { expect } from 'chai';
import { join } from 'node:path';
import { packageRoot } from '../../gateway/state/package-root.js';
import { runTereze } from './program.js';

const SUPERGRAPH = join(packageRoot(), 'schemas', 'catalogue', 'supergraph.graphql');
const FAMILY_CARD = join(packageRoot(), 'schemas', 'operations', 'social', 'FamilyCard.graphql');
const REGISTERS = join(packageRoot(), 'schemas', 'registers');

describe('tereze schema as a process', function () {
  this.timeout(60_000);

  for (const [words, code] of [
    [['plan', 'FamilyCard'], 0],
    [['plan', FAMILY_CARD, '--supergraph', SUPERGRAPH, '--mermaid'], 0],
    [['plan', SUPERGRAPH], 1],
    [['plan', 'Nope'], 2],
    [['plan'], 2],
    [['plan', '--help'], 0],
    [['diff', SUPERGRAPH, REGISTERS], 0],
    [['diff', SUPERGRAPH, FAMILY_CARD], 1],
    [['diff', SUPERGRAPH], 2],
    [['check', '--against', SUPERGRAPH], 0],
    [['check', '--against', '/nonexistent'], 2],
  ] as const) {
    it(`ends \`${words.join(' ').replaceAll(packageRoot(), '.')}\` with ${code}`, async () => {
      const program = runTereze(['schema', ...words]);
      expect(await program.exit, program.said().error).to.equal(code);
      expect(program.said()[code === 0 ? 'out' : 'error']).not.to.equal('');
    });
  }
});
