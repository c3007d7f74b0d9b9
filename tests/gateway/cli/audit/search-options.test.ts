import { expect } from 'chai';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import {
  readingOf,
  searchFilters,
  searchGrounds,
  type SearchOptions,
} from '../../../../gateway/cli/audit/search-options.js';
import { startOfDay } from '../../../../schemas/time/start-of-day.js';
import type { Config } from '../../../../gateway/config/schema.js';

const IIN = '880514391012';
const ARABIC = [...IIN].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join('');

/** What the options look at of a configuration. */
const CONFIG = {
  jurisdiction: { time_zone: 'Asia/Almaty' },
  authentication: { agencies: [{ id: 'housing' }, { id: 'social' }], systems: [{ client_id: 'housing-desk' }] },
  policies: { purposes: 'policies/purposes.yaml' },
  supergraph: { directory: 'schemas/registers' },
} as unknown as Config;

const filters = (options: SearchOptions): object => searchFilters(options, readingOf(CONFIG));

function refusal(of: () => unknown): CommandFailure {
  try {
    of();
  } catch (error) {
    expect(error).to.be.instanceOf(CommandFailure).with.property('kind', 'usage');
    return error as CommandFailure;
  }
  throw new Error('it was taken');
}

describe('the options of a search of the log', () => {
  it('take a day as the whole day in the time zone of the jurisdiction', () => {
    expect(filters({ since: '2026-03-01', until: '2026-03-02' })).to.deep.equal({
      since: '2026-02-28T19:00:00.000Z',
      until: '2026-03-02T19:00:00.000Z',
    });
  });

  it('take a time with its zone', () => {
    expect(filters({ since: '2026-03-01T09:00:00+05:00' })).to.deep.equal({ since: '2026-03-01T04:00:00.000Z' });
  });

  it('begin a day when it begins, also where clocks are moved', () => {
    expect(startOfDay('2026-03-29', 'Europe/Tallinn', 0).toISOString()).to.equal('2026-03-28T22:00:00.000Z');
    expect(startOfDay('2026-03-29', 'Europe/Tallinn', 1).toISOString()).to.equal('2026-03-29T21:00:00.000Z');
  });

  for (const time of ['2026-03-01T09:00:00', '2026-02-30', 'yesterday', '2026-03-01 09:00', '1.3.2026'])
    it(`refuse ${time} as a time`, () => {
      expect(refusal(() => filters({ since: time })).message)
        .to.include('--since')
        .and.include('with its zone');
    });

  for (const [options, nearest] of [
    [{ agency: 'housng' }, 'housing'],
    [{ system: 'housing-dsk' }, 'housing-desk'],
    [{ purpose: 'housing_queu' }, 'housing_queue'],
    [{ register: 'populaton' }, 'population'],
    [{ category: 'population.identty' }, 'population.identity'],
    [{ code: 'POLICY_DENID' }, 'POLICY_DENIED'],
    [{ kind: 'refusel' }, 'refusal'],
    [{ outcome: 'answerd' }, 'answered'],
  ] as const)
    it(`name the nearest to ${JSON.stringify(options)}`, () => {
      expect(refusal(() => filters(options)).message).to.include(`did you mean ${nearest}?`);
    });

  it('take a name that the configuration does not have any more with --former, but no unknown code', () => {
    expect(filters({ agency: 'abolished', former: true })).to.deep.equal({ agency: 'abolished' });
    refusal(() => filters({ code: 'X', former: true }));
  });

  for (const number of [IIN, ARABIC, '880514-391012'])
    for (const option of ['agency', 'officer', 'case', 'document', 'code'] as const)
      it(`refuse ${number} as ${option}, and do not repeat it`, () => {
        expect(refusal(() => filters({ [option]: number })).message).not.to.include(number);
      });

  describe('why it is made', () => {
    const why = { reason: 'a complaint of 20 November', forCase: 'housing/HQ-2026-000101' };
    it('is kept as it was said', () => {
      expect(searchGrounds({ person: '-', ...why }, [IIN])).to.deep.equal({
        reason: why.reason,
        case: { agency: 'housing', number: 'HQ-2026-000101' },
      });
    });
    it('may be left out unless a person is searched for', () => {
      expect(searchGrounds({}, [])).to.deep.equal({ reason: null, case: null });
      refusal(() => searchGrounds({ person: '-', reason: why.reason }, []));
      refusal(() => searchGrounds({ person: '-', forCase: why.forCase }, []));
    });
    for (const reason of [
      'too short',
      'x'.repeat(501),
      `about ${IIN} again`,
      `about ${ARABIC} again`,
      'hidden\u200b letters',
    ])
      it(`is not ${reason.slice(0, 24)}`, () => {
        expect(refusal(() => searchGrounds({ reason }, [])).message).not.to.include(reason);
      });
    it('takes ten and 500 characters', () => {
      for (const length of [10, 500])
        expect(searchGrounds({ reason: 'x'.repeat(length) }, []).reason).to.have.length(length);
    });
    for (const forCase of ['HQ-1', '/HQ-1', 'housing/', `housing/${IIN}`])
      it(`is not for the case ${forCase}`, () => {
        refusal(() => searchGrounds({ forCase }, []));
      });
  });
});
