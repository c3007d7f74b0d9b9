import { expect } from 'chai';
import { protectionList, PROTECTION_PATH } from '../../../demo/agencies/protection-list.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { served, type Served } from '../registers/served.js';

describe('the list of protected people', () => {
  const { applicant, wife } = HOUSING_FAMILY;
  let list: Served;
  const ask = (body: unknown, token = 'p', path = PROTECTION_PATH): ReturnType<Served['post']> =>
    list.post(path, body, { Authorization: `Bearer ${token}` });

  before(async () => {
    list = await served((meter) =>
      protectionList({ protectedPeople: [wife.iin], protectedDwellings: ['D-1'] }, 'p', meter),
    );
  });
  after(() => list.listener.close());

  it('says who is on it, by position, and nothing else', async () => {
    expect(await ask({ subjects: [applicant.iin, wife.iin] })).to.deep.equal({ status: 200, json: { protected: [1] } });
    expect((await ask({ subjects: [applicant.iin] })).json).to.deep.equal({ protected: [] });
  });

  it('says which dwellings are homes of people on it, if it is asked about dwellings', async () => {
    expect((await ask({ subjects: [wife.iin], dwellings: ['D-2', 'D-1'] })).json).to.deep.equal({
      protected: [0],
      protectedDwellings: [1],
    });
    expect((await ask({ subjects: [], dwellings: [] })).json).to.deep.equal({ protected: [], protectedDwellings: [] });
  });

  it('tells only who has its token', async () => {
    for (const token of ['', 'h', 'x']) expect((await ask({ subjects: [wife.iin] }, token)).status).to.equal(401);
  });

  it('refuses what is not a question', async () => {
    for (const body of ['{', {}, { subjects: wife.iin }, { subjects: [1] }, { subjects: [], dwellings: 'D-1' }])
      expect((await ask(body)).status).to.equal(400);
    expect((await ask({ subjects: [] }, 'p', '/elsewhere')).status).to.equal(404);
  });
});
