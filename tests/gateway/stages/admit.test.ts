import { expect } from 'chai';
import { Slots } from '../../../gateway/admission/slots.js';
import type { RequestConnection } from '../../../gateway/request.js';
import { admit } from '../../../gateway/stages/admit.js';
import { Refusal } from '../../../schemas/refusal.js';
import { rejection } from '../../rejection.js';
import { authenticated } from './requests.js';

/** A connection that keeps what is to be called at its end. */
function connection(readBody: () => Promise<unknown>): RequestConnection & { readonly ends: (() => void)[] } {
  const ends: (() => void)[] = [];
  return { ends, known: () => undefined, readBody, whenEnded: (end) => void ends.push(end) };
}

describe('admit', () => {
  it('adds the body, and keeps a slot until the answer has left', async () => {
    const slots = new Slots(1);
    const first = connection(async () => ({ query: '{ a }' }));
    const admitted = await admit(authenticated({ connection: first }), { slots });
    expect(admitted.body).to.deep.equal({ query: '{ a }' });
    const second = connection(async () => ({}));
    const refusal = await rejection(admit(authenticated({ connection: second }), { slots }));
    expect(refusal).to.be.instanceOf(Refusal).and.include({ code: 'OVERLOADED' });
    for (const end of first.ends) end();
    await admit(authenticated({ connection: second }), { slots });
  });

  it('takes no slot while a body arrives, nor for one that is refused', async () => {
    const slots = new Slots(1);
    let arrive: (body: unknown) => void = () => undefined;
    const slow = connection(() => new Promise((resolve) => (arrive = resolve)));
    const waiting = admit(authenticated({ connection: slow }), { slots });
    const broken = connection(() => Promise.reject(new Refusal('INVALID_JSON')));
    expect(await rejection(admit(authenticated({ connection: broken }), { slots }))).to.include({
      code: 'INVALID_JSON',
    });
    const quick = connection(async () => ({}));
    await admit(authenticated({ connection: quick }), { slots });
    for (const end of quick.ends) end();
    arrive({});
    await waiting;
  });
});
