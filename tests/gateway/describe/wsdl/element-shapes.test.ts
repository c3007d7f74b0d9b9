import { expect } from 'chai';
import type { LeafShape, MemberShape, ObjectShape, Shape } from '../../../../gateway/describe/description.js';
import { described, operationIn, wsdl, type Choices } from './described.js';

const ASK = '<x:element name="ask" type="x:string"/>';

/** The members of the record in an answer with this content. */
async function membersOf(
  content: string,
  more = '',
  choices: Choices = {},
  form?: string,
): Promise<Readonly<Record<string, MemberShape>>> {
  const record = await recordOf(
    `<x:element name="answer"><x:complexType>${content}</x:complexType></x:element>${more}`,
    choices,
    form,
  );
  return Object.fromEntries(record.members.map((member) => [member.at.join('.'), member]));
}

async function recordOf(schema: string, choices: Choices = {}, form?: string): Promise<ObjectShape> {
  const description = await described(wsdl({ schema: ASK + schema, ...(form === undefined ? {} : { form }) }), choices);
  const { answer } = operationIn(description, 'find');
  const record = answer?.kind === 'list' ? answer.of : answer;
  if (record?.kind !== 'object') throw new Error('the answer is no object');
  return record;
}

function leafOf(member: MemberShape | undefined): LeafShape | undefined {
  return member?.shape.kind === 'leaf' ? member.shape : undefined;
}

/** Two texts, so that the record is the answer itself. */
const PAIR = '<x:element name="a" type="x:string"/><x:element name="b" type="x:string"/>';
const sequence = (inside: string): string => `<x:sequence>${inside}</x:sequence>`;

describe('shapes of elements in WSDL', () => {
  it('are required, optional, nillable, repeated, as the document says', async () => {
    const members = await membersOf(
      sequence(
        '<x:annotation><x:documentation>of the sequence</x:documentation></x:annotation>' +
          '<x:element name="a" type="x:string"><x:annotation><x:documentation> What\n <p>it</p> is </x:documentation></x:annotation></x:element>' +
          '<x:element name="b" type="x:string" minOccurs="0" nillable="true"/>' +
          '<x:element name="c" type="x:int" maxOccurs="5"/><x:element name="d" type="x:int" maxOccurs="unbounded"/>' +
          '<x:element name="none" type="x:int" maxOccurs="0"/>',
      ),
    );
    expect(Object.keys(members)).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(members['a']).to.include({ required: true, nullable: false, description: 'What it is' });
    expect(members['b']).to.include({ required: false, nullable: true });
    expect(members['c']?.shape).to.deep.include({ kind: 'list', maxItems: 5 });
    expect(members['d']?.shape).to.have.property('kind', 'list');
    expect(members['d']?.shape).to.not.have.property('maxItems');
  });

  it('have the types of their built-in types, and the transforms for their form in XML', async () => {
    const types: Readonly<Record<string, readonly (string | undefined)[]>> = {
      string: ['text', undefined],
      token: ['text', undefined],
      gYear: ['text', undefined],
      boolean: ['boolean', 'boolean'],
      decimal: ['decimal', 'decimal'],
      double: ['decimal', 'decimal'],
      int: ['integer', 'integer'],
      long: ['long', 'integer'],
      positiveInteger: ['long', 'integer'],
      date: ['date', 'date'],
      dateTime: ['instant', 'instant'],
      base64Binary: ['binary', undefined],
      constructor: ['text', undefined],
    };
    const members = await membersOf(
      sequence(
        Object.keys(types)
          .map((type) => `<x:element name="${type}_" type="x:${type}"/>`)
          .join(''),
      ),
    );
    for (const [name, [type, as]] of Object.entries(types)) {
      const leaf = leafOf(members[`${name}_`]);
      expect([leaf?.type, leaf?.transform?.['as']], name).to.deep.equal([type, as]);
    }
    expect(leafOf(members['date_'])?.transform).to.deep.equal({ as: 'date', zone: 'drop' });
    expect(leafOf(members['boolean_'])?.transform?.['codes']).to.deep.equal({
      true: true,
      1: true,
      false: false,
      0: false,
    });
  });

  it('have facets of all restrictions on the way, patterns as ECMA-262 writes them', async () => {
    const members = await membersOf(
      sequence(
        '<x:element name="a" type="t:Inner"/><x:element name="b" type="t:Bound"/><x:element name="c" type="t:Odd"/><x:element name="d" type="t:Fixed"/>',
      ),
      '<x:simpleType name="Outer"><x:restriction base="x:string"><x:maxLength value="9"/><x:pattern value="a|b$"/><x:pattern value="[\\d-]+"/></x:restriction></x:simpleType>' +
        '<x:simpleType name="Inner"><x:restriction base="t:Outer"><x:minLength value="2"/><x:enumeration value="ab"/><x:enumeration value="cd"/></x:restriction></x:simpleType>' +
        '<x:simpleType name="Bound"><x:restriction base="x:decimal"><x:minInclusive value="0.10"/><x:maxExclusive value="12345678901234567890"/></x:restriction></x:simpleType>' +
        '<x:simpleType name="Odd"><x:restriction base="x:string"><x:pattern value="\\i\\c*"/></x:restriction></x:simpleType>' +
        '<x:simpleType name="Fixed"><x:restriction base="x:token"><x:length value="12"/></x:restriction></x:simpleType>',
    );
    expect(leafOf(members['a'])).to.deep.equal({
      ...{ kind: 'leaf', type: 'text', minLength: 2, maxLength: 9, enum: ['ab', 'cd'] },
      pattern: '^(?:a|b\\$|[\\d-]+)$',
    });
    expect(leafOf(members['b'])).to.include({ minimum: '0.10', exclusiveMaximum: '12345678901234567890' });
    expect(leafOf(members['c'])).to.deep.equal({ kind: 'leaf', type: 'text' });
    expect(leafOf(members['d'])).to.include({ minLength: 12, maxLength: 12 });
  });

  it('are lists for lists in one text, and codes for unions of codes', async () => {
    const code = (value: string): string =>
      `<x:simpleType><x:restriction base="x:string"><x:enumeration value="${value}"/></x:restriction></x:simpleType>`;
    const members = await membersOf(
      sequence(
        `<x:element name="a"><x:simpleType><x:list itemType="x:int"/></x:simpleType></x:element>` +
          `<x:element name="b"><x:simpleType><x:union>${code('X')}${code('Y')}</x:union></x:simpleType></x:element>` +
          `<x:element name="c"><x:simpleType><x:union memberTypes="x:int x:string"/></x:simpleType></x:element>`,
      ),
    );
    expect(members['a']?.shape).to.deep.include({ kind: 'list' });
    expect((members['a']?.shape as { readonly of: Shape }).of).to.have.deep.property('transform', {
      as: [{ as: 'split', by: ' ' }, { as: 'integer' }],
    });
    expect(leafOf(members['b'])?.enum).to.deep.equal(['X', 'Y']);
    expect(leafOf(members['c'])).to.deep.equal({ kind: 'leaf', type: 'text' });
  });

  it('have what their base has, groups, attributes and groups of them', async () => {
    const members = await membersOf(
      '<x:complexContent><x:extension base="t:Base"><x:sequence><x:group ref="t:More" minOccurs="0"/></x:sequence><x:attribute name="code" type="x:int" use="required"/><x:attributeGroup ref="t:Marks"/></x:extension></x:complexContent>',
      `<x:complexType name="Base">${sequence(PAIR)}<x:attribute name="old" type="x:string"/></x:complexType>` +
        '<x:group name="More"><x:sequence><x:element name="c" type="x:date"/></x:sequence></x:group>' +
        '<x:attributeGroup name="Marks"><x:attribute ref="xml:lang"/><x:attribute name="gone" use="prohibited"/><x:anyAttribute/></x:attributeGroup>',
    );
    expect(Object.keys(members)).to.have.members(['a', 'b', 'c', '@code', '@old', '@lang']);
    expect(members['c']).to.include({ required: false });
    expect(members['@code']).to.include({ required: true });
    expect(leafOf(members['@code'])?.type).to.equal('integer');
  });

  it('have of a restricted base only what the restriction says again', async () => {
    const members = await membersOf(
      '<x:complexContent><x:restriction base="t:Base"><x:sequence><x:element name="a" type="x:string"/></x:sequence></x:restriction></x:complexContent>',
      `<x:complexType name="Base">${sequence(PAIR)}</x:complexType>`,
    );
    expect(Object.keys(members)).to.deep.equal(['a']);
  });

  it('have a text beside attributes', async () => {
    const members = await membersOf(
      sequence('<x:element name="sex" type="t:Coded"/><x:element name="a" type="x:string"/>'),
      '<x:complexType name="Coded"><x:simpleContent><x:extension base="x:string"><x:attribute name="code" type="x:string"/></x:extension></x:simpleContent></x:complexType>',
    );
    const sex = members['sex']?.shape;
    expect(sex?.kind === 'object' && sex.members.map(({ at }) => at)).to.deep.equal([['@code'], ['#text']]);
  });

  it('have members of a choice as optional, and elements that may come in place of one', async () => {
    const members = await membersOf(
      `<x:choice>${PAIR}<x:sequence><x:element ref="t:head"/></x:sequence></x:choice>`,
      '<x:element name="head" abstract="true" type="x:string"/><x:element name="one" substitutionGroup="t:head"/><x:element name="two" substitutionGroup="t:one" type="x:string"/>',
    );
    expect(Object.keys(members)).to.deep.equal(['a', 'b', 'one', 'two']);
    for (const member of Object.values(members)) expect(member.required).to.equal(false);
    expect(leafOf(members['one'])?.type).to.equal('text');
  });

  it('are one of several for an abstract type, told apart by xsi:type', async () => {
    const extension = (name: string, element: string): string =>
      `<x:complexType name="${name}"><x:complexContent><x:extension base="t:Base">${sequence(element)}</x:extension></x:complexContent></x:complexType>`;
    const members = await membersOf(
      sequence('<x:element name="who" type="t:Base"/><x:element name="a" type="x:string"/>'),
      `<x:complexType name="Base" abstract="true">${sequence('<x:element name="id" type="x:string"/>')}</x:complexType>` +
        extension('Person', '<x:element name="born" type="x:date"/>') +
        extension('Company', '<x:element name="seat" type="x:string"/>'),
    );
    const who = members['who']?.shape;
    expect(who).to.deep.include({ kind: 'choice', discriminator: ['@xsi:type'] });
    expect(
      who?.kind === 'choice' && who.variants.map(({ value, shape }) => [value, shape.members.map(({ name }) => name)]),
    ).to.deep.equal([
      ['Person', ['id', 'born']],
      ['Company', ['id', 'seat']],
    ]);
  });

  it('may hold more than the document describes, without an example where something is described', async () => {
    const record = await recordOf(
      `<x:element name="answer"><x:complexType>${sequence(`${PAIR}<x:any minOccurs="0" maxOccurs="unbounded"/>`)}</x:complexType></x:element>`,
    );
    expect(record).to.include({ open: true });
    expect(record.members.map(({ name }) => name)).to.deep.equal(['a', 'b']);
  });

  it('that contain themselves are cut at the depth', async () => {
    const schema = `<x:element name="answer" type="t:Node"/><x:complexType name="Node">${sequence('<x:element name="id" type="x:string"/><x:element name="child" type="t:Node" minOccurs="0"/>')}</x:complexType>`;
    const depthOf = (shape: Shape | undefined): number =>
      shape?.kind === 'object' ? 1 + depthOf(shape.members.find(({ name }) => name === 'child')?.shape) : 0;
    for (const depth of [1, 3]) expect(depthOf(await recordOf(schema, { depth }))).to.equal(depth);
    const cut = (await recordOf(schema, { depth: 1 })).members[1]?.shape;
    expect(cut).to.have.property('why').that.includes('--depth');
  });

  it('are found in files that are imported and included, by address, beside, and without a namespace', async () => {
    const files = {
      'http://example.org/types.xsd': `<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns="urn:i" targetNamespace="urn:i"><x:include schemaLocation="deep/more.xsd"/><x:complexType name="T">${sequence('<x:element name="c" type="Code"/>')}</x:complexType></x:schema>`,
      'http://example.org/deep/more.xsd':
        '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:simpleType name="Code"><x:restriction base="Base"><x:maxLength value="3"/></x:restriction></x:simpleType><x:simpleType name="Base"><x:restriction base="x:string"><x:minLength value="1"/></x:restriction></x:simpleType></x:schema>',
      'beside.xsd':
        '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b"><x:element name="d" type="x:int"/></x:schema>',
    };
    const members = await membersOf(
      sequence(
        '<x:element xmlns:i="urn:i" name="a" type="i:T"/><x:element xmlns:b="urn:b" ref="b:d"/><x:element xmlns:z="urn:z" name="e" type="z:Gone"/>',
      ),
      '<x:import namespace="urn:i" schemaLocation="http://example.org/types.xsd"/><x:import namespace="urn:b" schemaLocation="http://elsewhere.example/x/beside.xsd"/><x:import namespace="urn:z" schemaLocation="gone.xsd"/>',
      { files },
    );
    const a = members['a']?.shape;
    expect(a?.kind === 'object' && a.members[0]?.shape).to.include({ type: 'text', maxLength: 3, minLength: 1 });
    expect(leafOf(members['d'])?.type).to.equal('integer');
    expect(members['e']?.shape).to.have.property('why').that.includes('z:Gone');
  });

  it('name the file that is missing, and how to give it', async () => {
    const description = await described(
      wsdl({
        schema: `${ASK}<x:element name="answer"><x:complexType>${sequence(`${PAIR}<x:element xmlns:z="urn:z" name="z" type="z:T"/>`)}</x:complexType></x:element><x:import namespace="urn:y" schemaLocation="unused.xsd"/><x:import namespace="urn:z" schemaLocation="http://z.example/gone.xsd"/><x:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>`,
      }),
    );
    expect(description.said.map(({ message }) => message)).to.have.length(1);
    expect(description.said[0]?.message).to.include('--import http://z.example/gone.xsd=FILE');
  });
});
