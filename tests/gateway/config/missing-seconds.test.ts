import { expect } from 'chai';
import { agenciesWithoutSecond } from '../../../gateway/config/missing-seconds.js';
import type { OfficerConfig, OfficerRole } from '../../../gateway/config/parts/officers.js';

describe('agencies without a possible second officer', () => {
  const officer = (subject: string, agency: string, ...roles: OfficerRole[]): OfficerConfig => ({
    issuer: 'https://id.example',
    ...{ subject, agency, roles },
  });
  const missing = (...people: OfficerConfig[]): readonly string[] => agenciesWithoutSecond({ people });
  const asker = officer('a', 'housing', 'search');

  it('are those where another officer of the agency, and every national one, lacks the role', () => {
    expect(missing(asker)).to.deep.equal(['housing']);
    expect(missing(asker, officer('b', 'housing', 'search'))).to.deep.equal(['housing']);
    expect(missing(asker, officer('b', 'social', 'second'))).to.deep.equal(['housing']);
    expect(missing(asker, officer('b', 'housing', 'second'))).to.deep.equal([]);
    expect(missing(asker, officer('b', 'social', 'second', 'national'))).to.deep.equal([]);
  });

  it('are those whose only second officer is the one who asks', () => {
    expect(missing(officer('a', 'housing', 'search', 'second'))).to.deep.equal(['housing']);
    expect(missing(officer('a', 'housing', 'export', 'second', 'national'))).to.deep.equal(['housing']);
  });

  it('are none where no one asks', () => {
    expect(missing(officer('a', 'housing', 'entries'), officer('b', 'social', 'second'))).to.deep.equal([]);
    expect(missing()).to.deep.equal([]);
  });
});
