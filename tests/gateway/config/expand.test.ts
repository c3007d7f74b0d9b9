import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { expandValues } from '../../../gateway/config/expand.js';
import { LocatedDocument } from '../../../gateway/config/located-document.js';

describe('expandValues', () => {
  it('takes a variable, or the default when it is unset or empty', () => {
    expect(
      expanded('a: ${HOST}\nb: ${NONE:-fallback}\nc: ${EMPTY:-fallback}\nd: http://${HOST}:1/', {
        HOST: 'db',
        EMPTY: '',
      }).values,
    ).to.deep.equal({
      a: 'db',
      b: 'fallback',
      c: 'fallback',
      d: 'http://db:1/',
    });
  });

  it('reads a plain value as number or boolean where it looks like one, a quoted one as text', () => {
    expect(
      expanded('a: ${PORT:-4000}\nb: "${PORT:-4000}"\nc: ${ON}\nd: ${ZERO}', { ON: 'true', ZERO: '007' }).values,
    ).to.deep.equal({ a: 4000, b: '4000', c: true, d: '007' });
  });

  it('never parses or expands again what was put in', () => {
    const { values, problems } = expanded('a: ${TRICK}\nb: ${NESTED}', { TRICK: '{x: 1}\nz: 2', NESTED: '${TRICK}' });
    expect(values).to.deep.equal({ a: '{x: 1}\nz: 2', b: '${TRICK}' });
    expect(problems).to.deep.equal([]);
  });

  it('leaves keys alone, and "$${" stands for "${"', () => {
    expect(expanded('"${HOST}": $${HOST}', { HOST: 'db' }).values).to.deep.equal({ '${HOST}': '${HOST}' });
  });

  it('names the line of a variable that is not set', () => {
    expect(expanded('a: 1\nb: ${MISSING}', {}).problems).to.deep.equal([
      {
        file: 'tereze.yaml',
        line: 2,
        key: '',
        problem: 'the environment variable MISSING is not set, and there is no default (write ${MISSING:-default})',
      },
    ]);
  });

  it('refuses what is no expansion', () => {
    expect(expanded('a: "${1X}"', {}).problems).to.have.lengthOf(1);
    expect(expanded('a: "${HOST"', { HOST: 'db' }).problems).to.have.lengthOf(1);
  });

  describe('of files', () => {
    let folder = '';
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tereze-expand-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('takes the text without its last line break, always as text', async () => {
      await writeFile(join(folder, 'pin'), '12345\n');
      expect(expanded('a: ${file:pin}', {}, folder).values).to.deep.equal({ a: '12345' });
    });

    it('names line and file when it cannot be read or is too large', async () => {
      await writeFile(join(folder, 'large'), 'x'.repeat(70_000));
      const { problems } = expanded('a: ${file:nowhere}\nb: ${file:large}', {}, folder);
      expect(problems.map(({ line, problem }) => `${line} ${problem}`)).to.deep.equal([
        '1 the file nowhere cannot be read',
        '2 the file large is too large for a value',
      ]);
    });
  });
});

function expanded(text: string, variables: Record<string, string>, folder = '/nowhere') {
  const document = new LocatedDocument('tereze.yaml', text);
  expect(document.syntaxProblems()).to.deep.equal([]);
  const problems = expandValues(document, folder, variables);
  return { values: document.values(), problems };
}
