import { expect } from 'chai';
import type { GroupAnswer } from '../../../../adapters/port.js';
import { country, withholding } from '../country.js';
import { APPLICANT, plain, SPOUSE, told } from '../harness.js';

/** The answer with these parts set to null and reported as failed. */
function failing(
  answer: readonly GroupAnswer[],
  ...paths: readonly (readonly (string | number)[])[]
): readonly GroupAnswer[] {
  const [group, ...others] = structuredClone(answer) as GroupAnswer[];
  for (const path of paths) {
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], group!.records);
    (holder as Record<string | number, unknown>)[path.at(-1)!] = null;
  }
  return [{ ...group!, errors: paths.map((path) => ({ path, failure: 'failed' as const })) }, ...others];
}

describe('execution: fields that failed on their own', () => {
  it('are empty at the client’s path, aliases restored, and the rest stands', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async (_call, answer) => failing(answer(), [0, '_a_me', '_a_papers']);
    const outcome = await ask(
      'query Q($iin: Iin!) { me: citizen(iin: $iin) { lastName papers: documents { type } } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({ me: { lastName: 'Applicant', papers: null } });
    expect(told(outcome)).to.deep.equal(['me.papers: DOWNSTREAM_SERVICE_ERROR']);
    expect(outcome.errors[0]?.extensions).to.include({ serviceName: 'population' });
  });

  it('are found within lists of an entity', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) =>
      failing(answer(), [0, 'lands', 1, 'area'], [0, 'lands', 0]);
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }', { iin: APPLICANT });
    expect(told(outcome)).to.deep.equal([
      'citizen.lands.0: DOWNSTREAM_SERVICE_ERROR',
      'citizen.lands.1.area: DOWNSTREAM_SERVICE_ERROR',
    ]);
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lands: [null, { area: null }] } });
  });

  it('may be a whole entity', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) => failing(answer(), [1]);
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } } }',
      { iin: APPLICANT },
    );
    expect(told(outcome)).to.have.length(1);
    expect(told(outcome)[0]).to.match(/^citizen(\.spouse)?\.lands: DOWNSTREAM_SERVICE_ERROR$/);
  });

  it('are reported at the nearest place that there is when the register nulled more', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = failing(answer(), [0, 'citizen', 'documents']);
      return [{ ...group!, errors: [{ path: [0, 'citizen', 'documents', 0, 'type'], failure: 'timeout' }] }];
    };
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName documents { type } } }', {
      iin: APPLICANT,
    });
    expect(told(outcome)).to.deep.equal(['citizen.documents: GATEWAY_TIMEOUT']);
  });

  it('never take the place of what was withheld', async () => {
    const { ask, adapters } = country({ unsplit: true, gate: withholding(['population.family', SPOUSE]) });
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = answer();
      return [{ ...group!, errors: [{ path: [0, 'citizen', 'spouse', 'lastName'], failure: 'failed' }] }];
    };
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { iin lastName } } }', {
      iin: APPLICANT,
    });
    expect(told(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
  });
});
