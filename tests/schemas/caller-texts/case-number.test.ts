import { expect } from 'chai';
import fc from 'fast-check';
import { caseFault, compileCasePattern } from '../../../schemas/caller-texts/case-number.js';
import { iin, writings } from './writings.js';

const PERSON = '900101390012';
const TWELVE = compileCasePattern('^[0-9]{12}$');
const patterns = (agency: string) => (agency === 'courts' ? TWELVE : undefined);
const faultOf = (number: string, people: readonly string[] = [], agency = 'housing') =>
  caseFault({ agency, number }, { patterns, people });

describe('a case number', () => {
  for (const [number, fault] of [
    ['HQ-2026-000101', undefined],
    ['Өтініш-2026/17', undefined],
    ['قضية-١٧', undefined],
    ['17', undefined],
    ['-17', 'form'],
    ['HQ 1', 'form'],
    ['HQ½', 'form'],
    ['HQ①', 'form'],
    ['HQⅧ', 'form'],
    ['HQ\u0301', 'form'],
    ['', 'form'],
    ['x'.repeat(64), undefined],
    ['x'.repeat(65), 'form'],
    [PERSON, 'identity_number'],
    [`HQ-${PERSON}`, 'identity_number'],
    ['HQ-٩٠٠١٠١٣٩٠٠١٢', 'identity_number'],
    ['HQ-900101_390012', 'identity_number'],
  ] as const) {
    it(`${fault === undefined ? 'is taken' : `is refused (${fault})`}: ${JSON.stringify(number)}`, () => {
      expect(faultOf(number)).to.equal(fault);
    });
  }

  it('may look like an identity number in the form of its own agency, but not hold the number of a named person', () => {
    expect(faultOf(PERSON, [], 'courts')).to.equal(undefined);
    expect(faultOf(PERSON, [PERSON], 'courts')).to.equal('person');
    expect(faultOf(`HQ-${PERSON}`, [], 'courts')).to.equal('identity_number');
    expect(faultOf(PERSON, [], 'housing')).to.equal('identity_number');
  });

  it('never holds the number of a named person, in any form that an agency declares', () => {
    const everything = { patterns: () => compileCasePattern('^(?s:.*)$') };
    fc.assert(
      fc.property(
        iin.chain((number) => fc.tuple(fc.constant(number), writings(number))),
        ([number, text]) => {
          expect(caseFault({ agency: 'housing', number: text }, { ...everything, people: [number] })).to.not.equal(
            undefined,
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('counts its agency as well', () => {
    expect(caseFault({ agency: `a${PERSON}`, number: '17' }, { patterns })).to.equal('identity_number');
    expect(caseFault({ agency: `a-1${PERSON}`, number: '17' }, { patterns, people: [PERSON] })).to.equal('person');
  });
});

describe('the form of an agency’s case numbers', () => {
  for (const [pattern, problem] of [
    ['HQ-[0-9]+', 'must begin with ^ and end with $'],
    ['^HQ', 'must begin with ^ and end with $'],
    ['^(a)\\1$', 'not a linear'],
    ['^(?=a)a$', 'not a linear'],
    ['^(?<!b)a$', 'not a linear'],
    ['^(a$', 'not a linear'],
    [`^${'a'.repeat(200)}$`, 'more than 200'],
  ] as const) {
    it(`is refused: ${pattern.slice(0, 20)}`, () => {
      expect(() => compileCasePattern(pattern)).to.throw(problem);
    });
  }

  it('is the form of the whole number, also with alternatives', () => {
    const pattern = compileCasePattern('^HQ-[0-9]+|[0-9]{12}$');
    expect(pattern.matches('HQ-1')).to.equal(true);
    expect(pattern.matches(PERSON)).to.equal(true);
    expect(pattern.matches('HQ-1x')).to.equal(false);
    expect(pattern.matches(`x${PERSON}`)).to.equal(false);
    expect(pattern.matches(`${PERSON}\n`)).to.equal(false);
  });

  it('takes time in proportion to the number, where a backtracking engine would never end', () => {
    const pattern = compileCasePattern('^(a+)+$');
    expect(pattern.matches(`${'a'.repeat(5_000)}b`)).to.equal(false);
  });
});
