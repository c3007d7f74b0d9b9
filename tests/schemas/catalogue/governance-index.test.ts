import { expect } from 'chai';
import { buildGovernanceIndex } from '../../../schemas/catalogue/governance-index.js';
import { HEAD, PERSON, registers } from './registers.js';

const SDL = `
scalar Iin
scalar PersonHandle
type Query {
  person(iin: Iin! @subjectArgument): Person @category(name: "r.identity")
  behind(handle: PersonHandle! @subjectArgument, year: Int): Person @category(name: "r.identity")
}
type Person @key(fields: "iin") @subject(field: "iin") @category(name: "r.identity") {
  iin: Iin! @category(name: "r.number", sensitivity: SENSITIVE)
  born: Int
  age: Int @derived(from: ["born"], by: "age") @category(name: "r.derived")
  mother: Person @subject(field: "iin", role: "mother") @category(name: "r.family")
}
interface Right @subject(field: "holder") @category(name: "r.rights") {
  holder: Iin
  guarantor: Iin @subject(field: "guarantor", role: "guarantor")
}
type Land implements Right { holder: Iin guarantor: Iin area: Int @category(name: "r.land") }
`;

/** What the index says of everything above, in one object. */
function told(sdl: string): unknown {
  const index = buildGovernanceIndex(registers({ r: sdl }));
  return {
    categories: Object.fromEntries(
      ['iin', 'born', 'age', 'mother'].map((field) => [field, index.category('r', 'Person', field)?.name]),
    ),
    sensitivity: index.categories.get('r.number')?.sensitivity,
    subject: index.subjectField('r', 'Person'),
    link: index.link('r', 'Person', 'mother'),
    derived: index.derived('r', 'Person', 'age'),
    arguments: ['person', 'behind'].map((field) => index.subjectArgument('r', field)),
  };
}

const EXPECTED = {
  categories: { iin: 'r.number', born: 'r.identity', age: 'r.derived', mother: 'r.family' },
  sensitivity: 'SENSITIVE',
  subject: 'iin',
  link: { field: 'iin', role: 'mother' },
  derived: { from: ['born'], by: 'age' },
  arguments: [
    { name: 'iin', form: 'identifier' },
    { name: 'handle', form: 'handle' },
  ],
};

const linkedAs = (link: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"]) ${link}\n`;
const renamed = (to: (name: string) => string): string =>
  SDL.replaceAll(/@(subjectArgument|subject|category|derived)/g, (_, name: string) => `@${to(name)}`);

describe('governance index', () => {
  it('says what the SDL says', () => {
    expect(told(SDL)).to.deep.equal(EXPECTED);
  });

  it('lists the fields of a category in all registers, each once', () => {
    const more = `${HEAD}type Person @key(fields: "iin") { iin: Iin @category(name: "r.number") nick: String @category(name: "r.identity") }
      scalar Iin type Query { x: Int @category(name: "r.identity") }`;
    const index = buildGovernanceIndex(registers({ r: SDL, s: more }));
    expect(index.fieldsOf('r.number')).to.deep.equal(['Person.iin']);
    expect(index.fieldsOf('r.identity')).to.deep.equal([
      ...['Person.born', 'Person.nick', 'Query.behind', 'Query.person', 'Query.x'],
    ]);
    expect(index.fieldsOf('r.land')).to.deep.equal(['Land.area']);
    expect(index.fieldsOf('r.nothing')).to.deep.equal([]);
  });

  it('understands renamed imports', () => {
    const imports = ['subject', 'subjectArgument', 'category', 'derived']
      .map((name) => `{ name: "@${name}", as: "@my_${name}" }`)
      .join(', ');
    expect(
      told(
        linkedAs(`@link(url: "https://tereze.kz/governance/v1.0", import: [${imports}])`) +
          renamed((name) => `my_${name}`),
      ),
    ).to.deep.equal(EXPECTED);
  });

  it('understands the namespace, its own or a chosen one', () => {
    expect(
      told(linkedAs('@link(url: "https://tereze.kz/governance/v1.0")') + renamed((name) => `governance__${name}`)),
    ).to.deep.equal(EXPECTED);
    expect(
      told(linkedAs('@link(url: "https://tereze.kz/governance/v1.0", as: "law")') + renamed((name) => `law__${name}`)),
    ).to.deep.equal(EXPECTED);
  });

  it('understands imports spread over several links', () => {
    const links = ['"@subject", "@category"', '"@derived", "@subjectArgument"'].map(
      (names) => `@link(url: "https://tereze.kz/governance/v1.0", import: [${names}])`,
    );
    expect(told(linkedAs(links.join(' ')) + SDL)).to.deep.equal(EXPECTED);
  });

  it('lets types inherit category, subject and links from their interfaces', () => {
    const index = buildGovernanceIndex(registers({ r: SDL }));
    expect(index.category('r', 'Land', 'holder')?.name).to.equal('r.rights');
    expect(index.category('r', 'Land', 'area')?.name).to.equal('r.land');
    expect(index.subjectField('r', 'Land')).to.equal('holder');
    expect(index.link('r', 'Land', 'guarantor')).to.deep.equal({ field: 'guarantor', role: 'guarantor' });
  });

  it('says which field tells a dwelling, on the type or its interface, also under another name of the directive', () => {
    const sdl = (
      directive: string,
    ): string => `interface Place ${directive}(field: "code") @category(name: "r.homes") { code: String }
      type Flat implements Place { code: String }
      type Land @category(name: "r.land") { code: String }`;
    const imported =
      '@link(url: "https://tereze.kz/governance/v1.0", import: ["@category", { name: "@dwelling", as: "@home" }])';
    for (const register of [sdl('@dwelling'), linkedAs(imported) + sdl('@home')]) {
      const index = buildGovernanceIndex(registers({ r: register }));
      expect(['Place', 'Flat', 'Land'].map((type) => index.dwellingField('r', type))).to.deep.equal([
        'code',
        'code',
        undefined,
      ]);
      expect(index.dwellingField('s', 'Flat')).to.equal(undefined);
    }
  });

  it('keeps what each register says apart', () => {
    const index = buildGovernanceIndex(
      registers({
        r: PERSON,
        s: 'scalar Iin type Person @key(fields: "iin") { iin: Iin! @category(name: "s.number") }',
      }),
    );
    expect(index.category('r', 'Person', 'iin')?.name).to.equal('r.identity');
    expect(index.category('s', 'Person', 'iin')?.name).to.equal('s.number');
    expect(index.category('s', 'Person', 'name')).to.equal(undefined);
  });

  it('gives a category its strictest sensitivity, whichever register says it', () => {
    const said = (sensitivity: string): string =>
      `type Query { open${sensitivity}: Int @category(name: "r.a", sensitivity: ${sensitivity}) }`;
    for (const order of [
      ['OPEN', 'SENSITIVE', 'OFFICIAL'],
      ['SENSITIVE', 'OPEN', 'PERSONAL'],
    ]) {
      const index = buildGovernanceIndex(
        registers(Object.fromEntries(order.map((sensitivity) => [sensitivity.toLowerCase(), said(sensitivity)]))),
      );
      expect(index.categories.get('r.a')?.sensitivity).to.equal('SENSITIVE');
    }
  });

  it('knows nothing of names that every object has', () => {
    const index = buildGovernanceIndex(registers({ r: HEAD + PERSON }));
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(index.category('r', 'Person', name)).to.equal(undefined);
      expect(index.category(name, name, name)).to.equal(undefined);
      expect(index.subjectField(name, name)).to.equal(undefined);
    }
  });
});
