import { expect } from 'chai';
import { generateCountry } from '../../../demo/country/country.js';
import { UNKNOWN_NUMBER, OFFICIAL } from '../../../demo/country/people.js';
import { BUSINESS_CLIENT, businessRegister } from '../../../demo/registers/business/register.js';
import { served, type Served } from './served.js';

const READ = '/r1/KZ/GOV/990140090002/business/persons/v1/read';

describe('the register of business', () => {
  let register: Served;

  before(async () => {
    register = await served((meter) => businessRegister(generateCountry().business, meter));
  });
  after(() => register.listener.close());

  const ask = async (
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = { 'X-Road-Client': BUSINESS_CLIENT.join('/') },
  ): Promise<{ status: number; headers: Headers; json: unknown }> => {
    const response = await fetch(`${register.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
    return { status: response.status, headers: response.headers, json: await response.json() };
  };

  it('answers with what proves the exchange', async () => {
    const { status, headers, json } = await ask(
      READ,
      { iin: OFFICIAL.iin },
      { 'X-Road-Client': BUSINESS_CLIENT.join('/'), 'X-Road-Id': 'mine' },
    );
    expect(status).to.equal(200);
    expect(json).to.have.nested.property('ownerships[0].share', '1/2');
    expect(Object.fromEntries(headers))
      .to.include({
        'x-road-id': 'mine',
        'x-road-service': 'KZ/GOV/990140090002/business/persons',
        'x-road-client': BUSINESS_CLIENT.join('/'),
      })
      .and.to.include.keys('x-road-request-id', 'x-road-request-hash');
  });

  it('says that no one has a number', async () => {
    expect(await ask(READ, { iin: UNKNOWN_NUMBER })).to.include({ status: 404 });
  });

  for (const [what, path, headers, error] of [
    ['without a client', READ, {}, 'Client.BadRequest'],
    ['as an unknown client', READ, { 'X-Road-Client': 'KZ/COM/1/spy' }, 'Server.ServerProxy.AccessDenied'],
    [
      'for an unknown service',
      '/r1/KZ/GOV/990140090002/business/secrets/v1/read',
      { 'X-Road-Client': BUSINESS_CLIENT.join('/') },
      'Server.ServerProxy.UnknownService',
    ],
  ] as const) {
    it(`refuses ${what}, counting nothing`, async () => {
      register.meter.reset();
      const answer = await ask(path, { iin: OFFICIAL.iin }, headers);
      expect([answer.status, answer.headers.get('x-road-error')]).to.deep.equal([500, error]);
      expect(answer.json).to.have.all.keys('type', 'message', 'detail');
      expect(register.meter.stats().calls).to.equal(0);
    });
  }
});
