import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../schemas/package-root.js';
import { FAILURE_ADVICE } from '../../schemas/register-failure-advice.js';
import { REGISTER_FAILURES } from '../../schemas/register-failure.js';
import { registerFailuresDocument } from '../../schemas/register-failures-doc.js';

const REASONS = Object.keys(REGISTER_FAILURES);

describe('the list of reasons why a register fails', () => {
  it('has a heading for each reason in docs/register-failures.md, and no other', async () => {
    const text = await readFile(join(packageRoot(), 'docs', 'register-failures.md'), 'utf8');
    expect(text).to.equal(registerFailuresDocument());
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).to.deep.equal(REASONS);
  });

  it('says of each reason what happened, what to look at and what to do', () => {
    for (const [reason, { cause, look, remedy }] of Object.entries(FAILURE_ADVICE))
      for (const text of [cause, look, remedy]) expect(text, reason).to.match(/^[A-Z`].{20,}\.$/s);
    const causes = Object.values(FAILURE_ADVICE).map(({ cause }) => cause);
    expect(new Set(causes).size).to.equal(causes.length);
  });

  it('has ids that are labels of metrics', () => {
    for (const reason of REASONS) expect(reason).to.match(/^[a-z][a-z0-9_]{0,63}$/);
  });
});
