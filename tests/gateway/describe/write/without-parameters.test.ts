import { expect } from 'chai';
import { withoutParameters } from '../../../../gateway/describe/write/without-parameters.js';

describe('a template without some of its parameters', () => {
  const request = {
    path: '/persons',
    query: { of: '{of}', town: '{town}', towns: { joined: '{town[]}', with: ',' } },
    body: { of: ['{of[]}', '{town}'], where: { town: '{town}', country: 'KZ' }, text: 'in {town}', none: null },
  };

  it('has no member and no item that is one of them, and all others as they were', () => {
    expect(withoutParameters([{ placeholder: 'town' }], { request, batch: { max: 5 } })).to.deep.equal({
      request: {
        path: '/persons',
        query: { of: '{of}' },
        body: { of: ['{of[]}'], where: { country: 'KZ' }, text: 'in {town}', none: null },
      },
      batch: { max: 5 },
    });
    expect(withoutParameters([], { request })).to.deep.equal({ request });
  });
});
