import { expect } from 'chai';
import fc from 'fast-check';
import { createSources } from '../../../../gateway/http/connections/source.js';

describe('createSources', () => {
  const sources = createSources(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.7']);
  const of = (peer: string | undefined, ...forwardedFor: string[]): string => {
    const { name, hasLimit } = sources.of(peer, forwardedFor);
    return hasLimit ? name : `${name} without limit`;
  };

  const cases: readonly (readonly [string, string | undefined, readonly string[], string])[] = [
    ['the peer, which may say what it likes', '203.0.113.9', ['198.51.100.1'], '203.0.113.9'],
    ['the hop before a named proxy', '10.1.2.3', ['198.51.100.1'], '198.51.100.1'],
    ['the last hop that is no named proxy', '10.1.2.3', ['198.51.100.1, 203.0.113.9, 192.0.2.7'], '203.0.113.9'],
    ['the last hop over several headers', '10.1.2.3', ['198.51.100.1', '203.0.113.9', '10.9.9.9'], '203.0.113.9'],
    ['a proxy that forwards for no one', '10.1.2.3', [], '10.1.2.3 without limit'],
    ['a proxy behind a proxy', '10.1.2.3', ['192.0.2.7'], '192.0.2.7 without limit'],
    ['a proxy that sends nonsense', '10.1.2.3', ['203.0.113.9, unknown'], '10.1.2.3'],
    ['a client of a proxy that sends nonsense', '10.1.2.3', ['nonsense, 203.0.113.9'], '203.0.113.9'],
    ['an empty hop', '10.1.2.3', ['203.0.113.9,'], '10.1.2.3'],
    ['a hop with a port', '10.1.2.3', ['203.0.113.9:5555'], '203.0.113.9'],
    ['an IPv6 hop with a port', '10.1.2.3', ['[2001:db8:2:3:4::5]:5555'], '2001:db8:2:3::/64'],
    ['IPv4 in IPv6', '::ffff:203.0.113.9', [], '203.0.113.9'],
    ['IPv4 in IPv6 in hexadecimal', '10.1.2.3', ['::ffff:cb00:7109'], '203.0.113.9'],
    ['a named proxy as IPv4 in IPv6', '::ffff:10.1.2.3', ['203.0.113.9'], '203.0.113.9'],
    ['the network of IPv6', '2001:db8:2:3:4:5:6:7', [], '2001:db8:2:3::/64'],
    ['the network of IPv6 with a zone', 'fe80::1%eth0', [], 'fe80:0:0:0::/64'],
    ['a named IPv6 proxy', '2001:db8:1::9', ['2001:db8:2:3::7'], '2001:db8:2:3::/64'],
    ['a connection that is gone', undefined, ['203.0.113.9'], 'unknown'],
    ['more hops than there can be', '10.1.2.3', [`203.0.113.9${', 10.0.0.1'.repeat(500)}`], '10.0.0.1'],
  ];
  for (const [what, peer, forwardedFor, expected] of cases)
    it(`finds ${what}`, () => expect(of(peer, ...forwardedFor)).to.equal(expected));

  it('believes no one where no proxy is named', () => {
    expect(createSources([]).of('10.1.2.3', ['203.0.113.9'])).to.deep.equal({ name: '10.1.2.3', hasLimit: true });
  });

  it('gives addresses of one /64 one name, and others another, however they are written', () => {
    const group = fc.nat(0xffff);
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (one, rest) => {
          fc.pre(one.slice(0, 5).some((value) => value !== 0));
          const text = (groups: readonly number[]): string => groups.map((value) => value.toString(16)).join(':');
          const other = [...one.slice(0, 3), (one[3] ?? 0) ^ 1, ...rest];
          const short = new URL(`http://[${text(one)}]`).hostname.slice(1, -1);
          expect(createSources([]).of(short).name).to.equal(
            createSources([]).of(text([...one.slice(0, 4), ...rest])).name,
          );
          expect(createSources([]).of(short).name).to.not.equal(createSources([]).of(text(other)).name);
        },
      ),
    );
  });

  it('never takes what a client behind an honest proxy writes', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (written, client) => {
        fc.pre(!client.startsWith('10.') && client !== '192.0.2.7');
        expect(of('10.1.2.3', `${written}, ${client}`)).to.equal(client);
      }),
    );
  });
});
