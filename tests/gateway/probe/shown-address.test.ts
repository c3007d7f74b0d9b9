import { expect } from 'chai';
import fc from 'fast-check';
import { createShownAddress } from '../../../gateway/probe/shown-address.js';

describe('an address that a probe shows', () => {
  const shown = createShownAddress([
    {
      operations: {
        person: { request: { path: '/persons/{iin}/family', query: { requester: 'GOV', fields: '{select}' } } },
      },
    },
    { url: 'https://register.example/api/v1', auth: { type: 'api_key', query: 'key' } },
  ]);

  it('has the parts of the template, and no value', () => {
    const url = new URL(
      'https://register.example/api/v1/persons/880514391012/family?requester=GOV&key=s3cr3t&fields=a,b',
    );
    expect(shown(url)).to.equal(
      'https://register.example/api/v1/persons/{...}/family?requester={...}&key={...}&fields={...}',
    );
  });

  it('is the base address where nothing follows', () => {
    expect(shown(new URL('https://register.example/'))).to.equal('https://register.example');
  });

  it('never has a value of any form', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (value) => {
        const secret = `880514391012${value}`;
        const encoded = encodeURIComponent(secret.replaceAll(/[\ud800-\udfff]/g, ''));
        const text = shown(new URL(`https://register.example/api/v1/${encoded}?${encoded}&a=${encoded}`));
        expect(text).to.not.include('880514391012');
      }),
    );
  });
});
