import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { sendMessage } from '../../adapters/soap/send-message.js';
import { createSigner } from '../../../adapters/soap/signing/signer.js';
import { createVerifier } from '../../../adapters/soap/signing/verifier.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { CANARY } from '../../../demo/registers/population/person-xml.js';
import { POPULATION_SENDER, populationRegister } from '../../../demo/registers/population/register.js';
import { ACCESS, clock, GATEWAY_KEYS, PASSWORD, REGISTER_KEYS, SOURCE } from '../../adapters/soap/population.js';
import { rsaPair } from '../../adapters/soap/signing/keys.js';
import { served, type Served } from './served.js';

describe('the population register', () => {
  const { applicant, wife, children } = HOUSING_FAMILY;
  let register: Served;

  before(async () => {
    register = await served((meter) => populationRegister(generateCountry().persons, ACCESS, meter));
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(() => register.listener.close());

  const message = (
    keys: readonly string[],
    { password = PASSWORD, key = GATEWAY_KEYS.privateKey, source = SOURCE } = {},
  ): Promise<string> =>
    createSigner({ key, clock }).sign(
      sendMessage(source, {
        messageId: randomUUID(),
        at: clock.now(),
        sender: { id: POPULATION_SENDER, password },
        keys,
      }),
    );
  const send = async (
    text: string,
    path = '/shep/sync',
  ): Promise<{ status: number; type: string | null; text: string }> => {
    const response = await fetch(`${register.url}${path}`, {
      method: 'POST',
      body: text,
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  const ask = async (...asked: Parameters<typeof message>): Promise<string> => {
    const { text } = await send(await message(...asked));
    return (await createVerifier({ trust: REGISTER_KEYS.publicKey, clock }).verify(text)).xml;
  };
  const codeOf = (xml: string): string | undefined => /<code>(.*)<\/code>/.exec(xml)?.[1];

  it('sends the whole record, signed, also for one field, and more than any schema maps', async () => {
    const xml = await ask([applicant.iin]);
    expect(codeOf(xml)).to.equal('SCSS001');
    for (const part of [
      '<gbd:lastName>Серікбаев<',
      '<gbd:birthDate>1988-05-14<',
      '<gbd:lifeStatus>ALIVE<',
      '<gbd:document><gbd:type>',
      `<gbd:spouse>${wife.iin}<`,
      ...children.map(({ iin }) => `<gbd:child>${iin}<`),
      `<gbd:nationality>${CANARY}<`,
      '<gbd:photo>',
    ]) {
      expect(xml).to.include(part);
    }
  });

  it('says which people it does not have, and by a status when it has none of them', async () => {
    const xml = await ask([wife.iin, UNKNOWN_NUMBER]);
    expect(xml).to.include(`<gbd:notFound>${UNKNOWN_NUMBER}<`).and.include(`<gbd:iin>${wife.iin}<`);
    expect(codeOf(await ask([UNKNOWN_NUMBER]))).to.equal('404');
  });

  it('counts messages, and different persons', async () => {
    await ask([applicant.iin]);
    await ask([wife.iin, applicant.iin]);
    expect(register.meter.stats()).to.deep.equal({ calls: 2, subjects: 2, byOperation: { SendMessage: 2 } });
  });

  it('refuses another signature without counting, and another password by a status', async () => {
    for (const text of [
      await message([wife.iin], { key: rsaPair('other').privateKey }),
      sendMessage(SOURCE, {
        messageId: 'm',
        at: clock.now(),
        sender: { id: POPULATION_SENDER, password: PASSWORD },
        keys: [wife.iin],
      }),
      'x',
    ]) {
      const { status, text: answer } = await send(text);
      expect(status).to.equal(500);
      expect(answer).to.include('<env:Fault>');
    }
    expect(codeOf(await ask([wife.iin], { password: 'another' }))).to.equal('SCSE001');
    expect(register.meter.stats().calls).to.equal(0);
  });

  it('takes no message twice, none over fifty persons, none that asks no one, and none elsewhere', async () => {
    const text = await message([wife.iin]);
    expect(codeOf((await send(text)).text)).to.equal('SCSS001');
    expect(codeOf((await send(text)).text)).to.equal('SCSE003');
    for (const keys of [[], ['123'], [wife.iin, wife.iin], Array.from({ length: 51 }, () => UNKNOWN_NUMBER)])
      expect(codeOf(await ask(keys))).to.equal('SCSE002');
    expect(codeOf(await ask([wife.iin], { source: { ...SOURCE, service_id: 'ANOTHER' } }))).to.equal('SCSE002');
    expect((await send(text, '/elsewhere')).status).to.equal(404);
  });
});
