import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { generateFunction, quoted } from '../../schemas/generated-function.js';

describe('generated functions', () => {
  for (const name of [
    'plain',
    '"',
    "'",
    '\\',
    '`${x}`',
    '\n',
    '\u2028',
    '*/',
    '"];process.exit(1);//',
    '__proto__',
    'імя',
  ]) {
    it(`take the name ${JSON.stringify(name)} for a name, with any content`, () => {
      const made = generateFunction(['value'], `return value[${quoted(name)}];`) as (
        value: Map<string, number> | object,
      ) => unknown;
      expect(made(Object.fromEntries([[name, 1]]))).to.equal(1);
    });
  }

  it('are none where generating code is forbidden', () => {
    const module = new URL('../../schemas/generated-function', import.meta.url);
    const extension = import.meta.url.endsWith('.ts') ? ['--import', 'tsx'] : [];
    const script = `import { generateFunction } from ${JSON.stringify(`${fileURLToPath(module)}.${extension.length > 0 ? 'ts' : 'js'}`)}; process.stdout.write(String(generateFunction([], 'return 1;')));`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', ...extension, '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect(stdout, stderr).to.equal('undefined');
  });

  it('fail on what is no code', () => {
    expect(() => generateFunction([], 'return (')).to.throw(SyntaxError);
  });
});
