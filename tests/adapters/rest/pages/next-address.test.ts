import { expect } from 'chai';
import fc from 'fast-check';
import { nextAddress } from '../../../../adapters/rest/pages/next-address.js';

const BASE = 'https://register.example/base/v1';
const IIN = '880514391012';
const rules = { from: new URL(`${BASE}/units?page=1`), base: BASE, secret: ['secret-1'], mayNamePerson: false };
const followed = (address: unknown, given = rules): string | undefined => nextAddress(address, given)?.href;

/** Where the most careless server would look: it decodes again and again, and knows other signs for a slash. */
function carelessPath({ pathname }: URL): string {
  let path = pathname;
  for (let round = 0; round < 4; round += 1)
    path = path
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      .replaceAll('\\', '/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    const name = segment.split(';', 1)[0] ?? '';
    if (name === '..') segments.pop();
    else if (name !== '.' && name !== '') segments.push(name);
  }
  return `/${segments.join('/')}/`;
}

describe('the address of a next page', () => {
  it('may be relative, absolute, or spelt in upper case, within the base address', () => {
    for (const [address, at] of [
      ['?page=2', `${BASE}/units?page=2`],
      ['units?page=2#part', `${BASE}/units?page=2`],
      ['/base/v1/units/2', `${BASE}/units/2`],
      ['//register.example/base/v1/units', `${BASE}/units`],
      ['HTTPS://REGISTER.EXAMPLE:443/base/v1/units', `${BASE}/units`],
      ['/base/v1', BASE],
      ['/base/v1/n%C3%B8/%20', `${BASE}/n%C3%B8/%20`],
      [' /base/v1/units\n', `${BASE}/units`],
    ] as const)
      expect(followed(address), address).to.equal(at);
  });

  it('leaves neither origin nor base path, however it is spelt', () => {
    for (const address of [
      ...['../v2/units', '/base/v1/../v2', '/base/v1/%2e%2e/v2', '/base/v1/%2E./v2', '/base/v1/..%2fv2', '..\\v2'],
      ...['/base/v1/..;/v2', '/base/v1/%2e%2e;a=b/v2', '/base/v1/%252e%252e/v2', '/base/v1/%252E%252E%252Fv2'],
      ...[
        '/base/v1/%5c..%5cv2',
        '/base/v1/%c0%ae%c0%ae/v2',
        '/base/v1/%ff',
        '/base/v1/%',
        '/base/v1/a%00',
        '/base/v1//v2',
      ],
      ...['/BASE/v1/units', '/base/v10', '/base', '/', '//evil.example/base/v1', '\\\\evil.example/base/v1'],
      ...['https:\\\\evil.example/base/v1', 'http://register.example/base/v1', 'https://register.example:8443/base/v1'],
      ...[
        'https://register.example./base/v1',
        'https://a@register.example/base/v1',
        'https://:b@register.example/base/v1',
      ],
      ...[
        'https://register.example@evil.example/base/v1',
        'file:///base/v1',
        'data:,x',
        'https://',
        `?x=${'a'.repeat(4_000)}`,
      ],
      ...[7, null, {}, ['?page=2']],
    ])
      expect(followed(address), String(address)).to.equal(undefined);
  });

  it('stays below the base path for the most careless server, too', () => {
    const piece = fc.constantFrom(
      ...[
        '/',
        '\\',
        '..',
        '.',
        '%2e',
        '%2E',
        '%2f',
        '%5C',
        '%25',
        '%252e',
        ';',
        ';a',
        'a',
        'base',
        'v1',
        '?',
        '#',
        '@',
        ':',
      ],
      ...['//', 'https:', 'register.example', 'evil.example', ' ', '\t', '%00', '%c0%ae', 'é', '&b=1'],
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', '/base/v1', '/base/v1/'), (pieces, start) => {
        const url = nextAddress(start + pieces.join(''), rules);
        if (url === undefined) return;
        taken += 1;
        expect(url.origin).to.equal('https://register.example');
        expect([url.username, url.password, url.hash]).to.deep.equal(['', '', '']);
        expect(carelessPath(url).startsWith('/base/v1/')).to.equal(true, url.href);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).to.be.above(200);
  });

  it('holds no value of the body, and no number of a person without consent', () => {
    for (const address of [`?after=${IIN}`, `units/${IIN}`, '?a=8805%31439%31012', `?a=8805-1439-1012`, '?b=secret-1'])
      expect(followed(address), address).to.equal(undefined);
    expect(followed(`?after=${IIN}`, { ...rules, mayNamePerson: true })).to.equal(`${BASE}/units?after=${IIN}`);
    expect(followed('?bin=990140090002&at=1795000000000')).to.equal(`${BASE}/units?bin=990140090002&at=1795000000000`);
  });
});
