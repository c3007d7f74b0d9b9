import { expect } from 'chai';
import { parse } from 'graphql';
import { assertWithinLimits, type ComplexityLimits } from '../../../../gateway/planning/document/limits.js';
import { refusal } from '../preparing.js';

const LIMITS: ComplexityLimits = { maxDepth: 3, maxAliases: 2, maxRootFields: 2, maxFields: 6, maxFragments: 1 };
const measured = (document: string): Promise<string> => refusal(() => assertWithinLimits(parse(document), LIMITS));

/** At each limit, and one beyond it. */
const CASES: Readonly<Record<string, readonly [within: string, beyond: string]>> = {
  depth: ['{ a { b { c } } }', '{ a { b { c { d } } } }'],
  aliases: ['{ x: a { y: b } }', '{ x: a { y: b z: c } }'],
  root_fields: ['{ a b }', '{ a ... { b c } }'],
  fields: ['{ a { b c d e f } }', '{ a { b c d e f g } }'],
  fragments: ['{ ...f } fragment f on T { a }', '{ ...f ...g } fragment f on T { a } fragment g on T { a }'],
};

describe('planning: limits', () => {
  for (const [limit, [within, beyond]] of Object.entries(CASES)) {
    it(`refuses beyond its limit of ${limit}, not at it`, async () => {
      expect(await measured(within)).to.equal('nothing was refused');
      expect(await measured(beyond)).to.equal(`QUERY_TOO_COMPLEX ${limit}`);
    });
  }

  it('counts a fragment as often as it is spread', async () => {
    expect(await measured('{ a { ...f } b { ...f } } fragment f on T { x: c }')).to.equal('nothing was refused');
    expect(await measured('{ a { ...f } b { ...f x: d } } fragment f on T { x: c }')).to.equal(
      'QUERY_TOO_COMPLEX aliases',
    );
  });

  it('measures every operation, whichever is asked for', async () => {
    expect(await measured('query A { a } query B { a { b { c { d } } } }')).to.equal('QUERY_TOO_COMPLEX depth');
  });
});
