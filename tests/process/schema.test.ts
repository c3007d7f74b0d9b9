import { expect } from 'chai';
import { runTereze } from './program.js';

/** The exit codes of the others are in tests/gateway/cli/schema/exit-codes.test.ts: a process costs a second. */
describe('tereze schema as a process', function () {
  this.timeout(60_000);

  for (const [words, code] of [
    [['plan', 'Nope'], 2],
    [['plan', '--help'], 0],
  ] as const) {
    it(`ends \`${words.join(' ')}\` with ${code}`, async () => {
      const program = runTereze(['schema', ...words]);
      expect(await program.exit, program.said().error).to.equal(code);
      expect(program.said()[code === 0 ? 'out' : 'error']).not.to.equal('');
    });
  }
});
