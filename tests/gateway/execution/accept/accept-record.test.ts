import { expect } from 'chai';
import type { Quality, RecordVerdict } from '../../../../schemas/ports/quality.js';
import { rejection } from '../../../rejection.js';
import { country, withholding } from '../country.js';
import { APPLICANT, askedOf, plain, told } from '../harness.js';

interface Judged {
  readonly type: string;
  readonly record: unknown;
}

/** A contract that says what `judge` says, and remembers what it was shown. */
function contract(
  judge: (type: string, record: Readonly<Record<string, unknown>>) => RecordVerdict['verdict'],
): Quality & { readonly judged: Judged[]; readonly prepared: string[] } {
  const judged: Judged[] = [];
  const prepared: string[] = [];
  return {
    judged,
    prepared,
    contractVersion: () => '1.0.0',
    prepare: (register, type, fields) => {
      prepared.push(`${register} ${type}: ${fields.join(' ')}`);
      return {
        check: (record) => {
          judged.push({ type, record: plain(record) });
          const verdict = judge(type, record);
          const findings =
            verdict === 'pass'
              ? []
              : [
                  {
                    rule: `${register}.${type}.x#test`,
                    dimension: 'conformity' as const,
                    severity: 'error' as const,
                    field: '',
                  },
                ];
          return { verdict, findings };
        },
      };
    },
  };
}

describe('execution: quality', () => {
  it('judges each record by field name, without aliases, without what serves the gateway', async () => {
    const quality = contract(() => 'pass');
    const { ask } = country({ quality });
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { family: lastName birthYear documents { type } } }', {
      iin: APPLICANT,
    });
    expect(quality.judged[0]).to.deep.equal({
      type: 'Citizen',
      record: { lastName: 'Applicant', birthDate: '1980-01-01' },
    });
    expect(quality.prepared).to.include.members([
      'population Citizen: birthDate lastName',
      'population IdentityDocument: type',
    ]);
  });

  it('shows a contract nothing of what was not granted', async () => {
    const quality = contract(() => 'pass');
    const { ask } = country({ quality, gate: withholding('population.life_status') });
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lifeStatus } }', { iin: APPLICANT });
    expect(quality.prepared).to.deep.equal(['population Citizen: lastName']);
  });

  it('releases nothing when a check fails', async () => {
    const quality = contract(() => {
      throw new TypeError('a rule that cannot be run');
    });
    const { ask } = country({ quality });
    expect(
      await rejection(ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT })),
    ).to.be.instanceOf(TypeError);
  });

  it('lists every returned record with its verdict, at the client’s path', async () => {
    const { ask } = country({ quality: contract((type) => (type === 'Land' ? 'flagged' : 'pass')) });
    const outcome = await ask('query Q($iin: Iin!) { me: citizen(iin: $iin) { lastName plots: lands { area } } }', {
      iin: APPLICANT,
    });
    expect(
      outcome.records.map(({ path, register, type, verdict }) => `${path.join('.')} ${register} ${type} ${verdict}`),
    ).to.deep.equal([
      'me population Citizen pass',
      'me.plots.0 property Land flagged',
      'me.plots.1 property Land flagged',
    ]);
    expect(outcome.errors).to.deep.equal([]);
    expect(outcome.records[2]?.findings).to.have.length(1);
  });

  it('withholds a rejected record at its place', async () => {
    const { ask } = country({
      quality: contract((type, record) =>
        type === 'Land' && String(record['cadastralNumber']).endsWith('/1') ? 'rejected' : 'pass',
      ),
    });
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { cadastralNumber } } }', {
      iin: APPLICANT,
    });
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { lastName: 'Applicant', lands: [null, { cadastralNumber: `${APPLICANT}/2` }] },
    });
    expect(told(outcome)).to.deep.equal(['citizen.lands.0: DATA_QUALITY_FAILED']);
    expect(outcome.errors[0]?.extensions).to.include({ serviceName: 'property' });
    expect(outcome.records.find(({ verdict }) => verdict === 'rejected')?.path).to.deep.equal(['citizen', 'lands', 0]);
  });

  it('does not take a rejected record as a source: nothing further is asked about it', async () => {
    const { ask, calls } = country({ quality: contract((type) => (type === 'Citizen' ? 'rejected' : 'pass')) });
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName birthYear lands { area } } }', {
      iin: APPLICANT,
    });
    expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    expect(told(outcome)).to.deep.equal(['citizen: DATA_QUALITY_FAILED']);
    expect(askedOf(calls, 'property')).to.deep.equal([]);
  });

  it('empties what a rejected entity would have brought, and leaves the rest', async () => {
    const quality = contract((_type, record) => (record['lastName'] === 'Spouse' ? 'rejected' : 'pass'));
    const { ask } = country({ quality });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { iin lastName spouse { lastName birthDate } } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { iin: APPLICANT, lastName: 'Applicant', spouse: { lastName: null, birthDate: null } },
    });
    expect(told(outcome)).to.deep.equal([
      'citizen.spouse.lastName: DATA_QUALITY_FAILED',
      'citizen.spouse.birthDate: DATA_QUALITY_FAILED',
    ]);
    expect(outcome.records.map(({ path, verdict }) => `${path.join('.')} ${verdict}`)).to.deep.equal([
      'citizen pass',
      'citizen.spouse rejected',
    ]);
  });
});

const ASK = (fields: string): string => `query Q($iin: Iin!) { citizen(iin: $iin) { ${fields} } }`;

describe('execution: derived fields', () => {
  it('asks for the source instead, under a key of its own, and drops it', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK('lifeStatus birthYear ageGroup'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields).to.include.members(['citizen._d_birthDate']);
    expect(calls[0]?.groups[0]?.fields.filter((field) => field.endsWith('birthDate'))).to.have.length(1);
    expect(calls[0]?.groups[0]?.operation).to.not.contain('birthYear');
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lifeStatus: 'ALIVE', birthYear: 1980, ageGroup: 'ADULT' } });
  });

  it('shares a source that the client selects too', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK('birthDate birthYear'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields.filter((field) => field.includes('birthDate'))).to.deep.equal([
      'citizen.birthDate',
    ]);
    expect(plain(outcome.data)).to.deep.equal({ citizen: { birthDate: '1980-01-01', birthYear: 1980 } });
  });

  it('reads the source, and discloses only what was derived', async () => {
    const { ask } = country();
    const { disclosures } = await ask(ASK('birthYear'), { iin: APPLICANT });
    expect(disclosures.map(({ category, access }) => `${access} ${category}`)).to.have.members([
      'read population.identifier',
      'disclose population.derived',
      'read population.identity',
    ]);
  });

  it('is withheld with its source, which is then not asked for', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity') });
    const outcome = await ask(ASK('lifeStatus birthYear'), { iin: APPLICANT });
    expect(told(outcome)).to.deep.equal(['citizen.birthYear: CONSENT_REQUIRED']);
    expect(outcome.withheld[0]?.category).to.equal('population.identity');
    expect(calls[0]?.groups[0]?.fields.join()).to.not.contain('birthDate');
  });

  it('does not ask for the source when the derived field itself is withheld', async () => {
    const { ask, calls } = country({ gate: withholding('population.derived') });
    await ask(ASK('lifeStatus birthYear'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields.join()).to.not.contain('birthDate');
  });

  it('passes the caller and the case to the derivation', async () => {
    const { ask } = country();
    const outcome = await ask(
      'query Q($handle: PersonHandle!) { person(handle: $handle) { pseudonym } }',
      { handle: APPLICANT },
      { receiver: 'appeals-ai', caseNumber: 'AP-1' },
    );
    expect(plain(outcome.data)).to.deep.equal({ person: { pseudonym: 'appeals-ai/AP-1/12' } });
  });

  it('fails alone when its source failed, or its computation', async () => {
    const { ask, adapters } = country({
      derivationsBy: {
        birthYear: () => 1980,
        pseudonym: () => 'p',
        ageGroup: () => {
          throw new Error('on no value');
        },
      },
    });
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = answer();
      (group!.records[0]!['citizen'] as Record<string, unknown>)['_d_birthDate'] = null;
      return [{ ...group!, errors: [{ path: [0, 'citizen', '_d_birthDate'], failure: 'failed' }] }];
    };
    const outcome = await ask(ASK('lifeStatus ageGroup'), { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lifeStatus: 'ALIVE', ageGroup: null } });
    expect(told(outcome)).to.deep.equal(['citizen.ageGroup: INTERNAL_SERVER_ERROR']);
  });
});
