import { expect } from 'chai';
import { worstVerdict } from '../../../schemas/quality/worst-verdict.js';

describe('worst verdict', () => {
  it('is that of the worst record; nothing was evaluated where there is none', () => {
    expect(worstVerdict(['pass', 'rejected', 'flagged'])).to.equal('rejected');
    expect(worstVerdict(['flagged', 'pass', 'not_evaluated'])).to.equal('flagged');
    expect(worstVerdict(['not_evaluated', 'pass'])).to.equal('pass');
    expect(worstVerdict([])).to.equal('not_evaluated');
  });
});
