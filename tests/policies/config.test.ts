import { expect } from 'chai';
import { consentConfig, policiesConfig } from '../../policies/config.js';

const DECOYS = ['680203499702', '100203699706'];
const [DECOY] = DECOYS;

describe('policies config', () => {
  it('has these defaults', () => {
    expect(policiesConfig.parse({ secret_file: 's' })).to.deep.equal({
      rules: 'policies/rules',
      purposes: 'policies/purposes.yaml',
      secret_file: 's',
      remembered_decisions: 10_000,
      handle_minutes: 15,
      nexus: { timeout_ms: 2_000, max_response_bytes: 1_000_000, sources: {} },
    });
    expect(consentConfig.parse({})).to.deep.equal({
      ...{ request_days: 30, default_days: 90, max_days: 365 },
      bounds: { in_force: 100, new_per_hour: 20 },
    });
  });

  it('protects no one unless a list is named, with limits of its own', () => {
    const protection = (named: object) => policiesConfig.safeParse({ secret_file: 's', protection: named });
    expect(protection({ url: 'https://x', token_file: 't', decoys: DECOYS }).data?.protection).to.deep.equal({
      url: 'https://x',
      token_file: 't',
      decoys: DECOYS,
      timeout_ms: 2_000,
      max_response_bytes: 1_000_000,
    });
    for (const wrong of [
      {},
      { url: 'https://x' },
      { url: 'ftp://x', token_file: 't', decoys: DECOYS },
      { url: 'https://x', token_file: 't', decoys: DECOYS, people: [] },
      ...[undefined, [], [DECOY], [DECOY, DECOY], [DECOY, '680203499701'], [DECOY, 7], [DECOY, '000000000000']].map(
        (decoys) => ({ url: 'https://x', token_file: 't', decoys }),
      ),
    ])
      expect(protection(wrong).success).to.equal(false);
  });

  it('refuses unknown keys and addresses that are none', () => {
    expect(policiesConfig.safeParse({ secret_file: 's', rule: 'x' }).success).to.equal(false);
    expect(
      policiesConfig.safeParse({ secret_file: 's', nexus: { sources: { a: { url: 'ftp://x', token_file: 't' } } } })
        .success,
    ).to.equal(false);
    expect(
      policiesConfig.safeParse({ secret_file: 's', nexus: { sources: { a: { url: 'http://x', token: 't' } } } })
        .success,
    ).to.equal(false);
    expect(consentConfig.safeParse({ days: 1 }).success).to.equal(false);
  });
});
