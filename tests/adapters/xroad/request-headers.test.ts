import { expect } from 'chai';
import { requestHeaders } from '../../../adapters/xroad/request-headers.js';

const CLIENT = ['KZ', 'GOV', '1', 'tereze'];

describe('the X-Road headers of a request', () => {
  it('name officer, case and mandate where there are any', () => {
    const headers = requestHeaders(CLIENT, 'one', {
      system: 'social',
      purpose: 'proactive_support',
      officer: '17',
      case: { agency: 'social', number: 'PS-2026-000201' },
      represented: { memberClass: 'COM', memberCode: '2' },
    });
    expect(headers).to.deep.equal({
      'X-Road-Client': 'KZ/GOV/1/tereze',
      'X-Road-Id': 'one',
      'X-Road-UserId': 'KZ17',
      'X-Road-Issue': 'PS-2026-000201',
      'X-Road-Represented-Party': 'COM/2',
    });
    expect(requestHeaders(CLIENT, 'one', { system: 's', purpose: 'p', represented: { memberCode: '2' } })).to.include({
      'X-Road-Represented-Party': '2',
    });
  });

  it('name no one where the gateway asks for itself', () => {
    expect(requestHeaders(CLIENT, 'one', undefined)).to.deep.equal({
      'X-Road-Client': 'KZ/GOV/1/tereze',
      'X-Road-Id': 'one',
    });
  });

  it('hold nothing that ends a header', () => {
    const headers = requestHeaders(CLIENT, 'one', {
      system: 's',
      purpose: 'p',
      officer: 'ә\r\nX-Road-Client: KZ/GOV/9/spy',
      case: { agency: 'a', number: '№ 1\n' },
    });
    for (const value of Object.values(headers)) expect(value).to.match(/^[\x21-\x7e]+$/);
  });
});
