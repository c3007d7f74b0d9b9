import { expect } from 'chai';
import { INTERNAL_ERROR_TEXT, SLOW_MS } from '../../../demo/registers/fault.js';
import { json } from '../../../demo/registers/http-register.js';
import { served, type Served } from './served.js';

describe('a register that misbehaves', () => {
  let register: Served;
  const ask = (signal?: AbortSignal): Promise<Response> =>
    fetch(register.url, { method: 'POST', body: '{}', ...(signal === undefined ? {} : { signal }) });
  const failure = async (answer: Promise<unknown>): Promise<unknown> =>
    answer.then(
      () => undefined,
      (error: unknown) => error,
    );

  beforeEach(async () => {
    register = await served((meter) => () => {
      meter.count('ask', []);
      return json(200, { answer: 'x'.repeat(1000) });
    });
  });
  afterEach(() => register.listener.close());

  it('slow: answers, two seconds late', async () => {
    register.fault.mode = 'slow';
    const begun = performance.now();
    expect((await ask()).status).to.equal(200);
    expect(performance.now() - begun).to.be.at.least(SLOW_MS - 20);
  });

  it('hang: counts the question and never answers', async () => {
    register.fault.mode = 'hang';
    expect(await failure(ask(AbortSignal.timeout(200)))).to.have.property('name', 'TimeoutError');
    expect(register.meter.stats().calls).to.equal(1);
  });

  it('500: fails with a text that must not reach a caller', async () => {
    register.fault.mode = '500';
    const response = await ask();
    expect(response.status).to.equal(500);
    expect(await response.text()).to.include(INTERNAL_ERROR_TEXT);
  });

  it('garbage: answers 200 with what is not JSON', async () => {
    register.fault.mode = 'garbage';
    const response = await ask();
    expect(response.status).to.equal(200);
    expect(await failure(response.json())).to.be.instanceOf(SyntaxError);
  });

  it('half: the call was made and counted, its answer breaks off', async () => {
    register.fault.mode = 'half';
    const response = await ask();
    expect(response.status).to.equal(200);
    expect(await failure(response.text())).to.be.instanceOf(TypeError);
    expect(register.meter.stats().calls).to.equal(1);
  });

  it('flood: says that it is asked too much, and when to come back', async () => {
    register.fault.mode = 'flood';
    const response = await ask();
    expect([response.status, response.headers.get('retry-after')]).to.deep.equal([429, '2']);
    expect(await response.json()).to.deep.equal({ error: { code: 'TOO_MANY_REQUESTS' } });
    expect(register.meter.stats().calls).to.equal(1);
  });

  it('refuse: closes new connections and open ones', async () => {
    expect((await ask()).status).to.equal(200);
    register.fault.mode = 'refuse';
    expect(await failure(ask())).to.be.instanceOf(TypeError);
    register.fault.mode = 'off';
    expect((await ask()).status).to.equal(200);
  });
});
