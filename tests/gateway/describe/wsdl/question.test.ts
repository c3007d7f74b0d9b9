import { expect } from 'chai';
import type { OperationDescription, RegisterDescription } from '../../../../gateway/describe/description.js';
import { described, operationIn, wsdl, type Choices, type WsdlParts } from './described.js';

const ANSWER =
  '<x:element name="answer"><x:complexType><x:sequence><x:element name="code" type="x:string"/><x:element name="b" type="x:string"/></x:sequence></x:complexType></x:element>';
const question = (inside: string): string =>
  `${ANSWER}<x:element name="ask"><x:complexType><x:sequence>${inside}</x:sequence></x:complexType></x:element>`;

async function read(
  parts: WsdlParts,
  choices: Choices = {},
): Promise<RegisterDescription & { readonly find: OperationDescription }> {
  const description = await described(wsdl(parts), { operations: ['find'], ...choices });
  return { ...description, find: operationIn(description, 'find') };
}

const bodyOf = ({ asked }: OperationDescription): unknown =>
  (asked['request'] as Readonly<Record<string, unknown>>)['body'];

describe('a question of a WSDL', () => {
  it('has a parameter for each value, required where all around it is', async () => {
    const { find } = await read({
      schema: question(
        '<x:element name="a" type="x:string"/><x:element name="many" type="x:int" maxOccurs="9"/>' +
          '<x:element name="where" minOccurs="0"><x:complexType><x:sequence><x:element name="town" type="x:string"/></x:sequence><x:attribute name="kind" type="x:string" use="required"/></x:complexType></x:element>' +
          '<x:choice><x:element name="one" type="x:date"/><x:element name="two" type="x:boolean"/></x:choice>',
      ),
    });
    expect(bodyOf(find)).to.deep.equal({
      ask: { a: '{a}', many: '{many[]}', where: { '@kind': '{kind}', town: '{town}' }, one: '{one}', two: '{two}' },
    });
    expect(find.parameters.map(({ name, required, shape }) => [name, required, shape.kind])).to.deep.equal([
      ['a', true, 'leaf'],
      ['many', true, 'list'],
      ['kind', false, 'leaf'],
      ['town', false, 'leaf'],
      ['one', false, 'leaf'],
      ['two', false, 'leaf'],
    ]);
  });

  it('takes values that stand in one element, with spaces between them, as one text', async () => {
    const { find } = await read({
      schema: question('<x:element name="codes"><x:simpleType><x:list itemType="x:int"/></x:simpleType></x:element>'),
    });
    expect(bodyOf(find)).to.deep.equal({ ask: { codes: '{codes}' } });
    expect(find.parameters.map(({ shape }) => shape)).to.deep.equal([{ kind: 'leaf', type: 'text' }]);
    expect(find.said.map(({ message }) => message)).to.include(
      'codes takes values with spaces between them, and is written as one text',
    );
  });

  it('names values of the same name by what is around them', async () => {
    const place =
      '<x:complexType name="Place"><x:sequence><x:element name="town" type="x:string"/></x:sequence></x:complexType>';
    const { find } = await read({
      schema: `${question('<x:element name="from" type="t:Place"/><x:element name="to" type="t:Place"/><x:element name="select" type="x:string"/>')}${place}`,
    });
    expect(find.parameters.map(({ name, placeholder }) => [name, placeholder])).to.deep.equal([
      ['from.town', 'fromTown'],
      ['to.town', 'toTown'],
      ['select', 'select2'],
    ]);
  });

  it('writes the only value that an element can have, and constants of the steward', async () => {
    const { find, source } = await read(
      {
        schema: question(
          '<x:element name="a"><x:simpleType><x:restriction base="x:string"><x:enumeration value="A{1}"/></x:restriction></x:simpleType></x:element>' +
            '<x:element name="b" type="x:string" fixed="F"/><x:element name="c" type="x:string"/>',
        ),
      },
      { constants: new Map([['c', 'Almaty']]) },
    );
    expect(bodyOf(find)).to.deep.equal({ ask: { a: 'A{{1}}', b: 'F', c: '{constant.c}' } });
    expect(source['constants']).to.deep.equal({ c: 'Almaty' });
    expect(find.parameters).to.deep.equal([]);
  });

  it('fills a header of its own with constants, the time and a new number', async () => {
    const header = `<x:element name="head"><x:complexType><x:sequence><x:element name="messageId" type="x:string"/><x:element name="sent" type="x:dateTime"/><x:element name="sender" type="x:string"/><x:element name="note" type="x:string" minOccurs="0"/></x:sequence></x:complexType></x:element>`;
    const { find, source } = await read({
      schema: `${question('<x:element name="a" type="x:string"/>')}${header}`,
      messages: '<w:message name="Head"><w:part name="h" element="t:head"/></w:message>',
      input: '<s:body use="literal"/><s:header message="t:Head" part="h" use="literal"/>',
    });
    expect(find.asked['request']).to.deep.equal({
      header: { head: { messageId: '{uuid}', sent: '{now}', sender: '{constant.sender}' } },
      body: { ask: { a: '{a}' } },
    });
    expect(source).to.deep.include({ constants: { sender: 'VALUE' } });
    expect(find.said.map(({ message }) => message).join()).to.include('--constant sender=VALUE');
  });

  it('is found by a key where the record has a member of the same name', async () => {
    const one = await read(
      { schema: question('<x:element name="Code" type="x:string"/>') },
      { personal: new Set(['code']) },
    );
    expect(one.find.entity).to.deep.equal({ by: 'read', key: [{ parameter: 'Code', member: 'code' }] });
    expect(one.find.parameters[0]).to.include({ isPersonal: true, placeholder: 'code' });
    const more = await read({
      schema: question('<x:element name="code" type="x:string"/><x:element name="c" type="x:string"/>'),
    });
    expect(more.find.entity).to.equal(undefined);
  });

  it('asks for many keys where it takes a list of them and the answer is a list', async () => {
    const list =
      '<x:element name="answer"><x:complexType><x:sequence><x:element name="item" maxOccurs="unbounded"><x:complexType><x:sequence><x:element name="code" type="x:string"/><x:element name="b" type="x:string"/></x:sequence></x:complexType></x:element></x:sequence></x:complexType></x:element>';
    const { find } = await read({
      schema: `${list}<x:element name="ask"><x:complexType><x:sequence><x:element name="code" type="x:string" maxOccurs="20"/></x:sequence></x:complexType></x:element>`,
    });
    expect(find.entity?.by).to.equal('batch');
    expect(find.asked).to.deep.include({ batch: { max: 20, answer: 'unordered', absent: 'omitted' } });
    expect(bodyOf(find)).to.deep.equal({ ask: { code: '{code[]}' } });
  });

  it('is refused where it must send what cannot be written', async () => {
    const binary = await read({ schema: question('<x:element name="photo" type="x:base64Binary"/>') });
    expect(binary.find.refused).to.equal('the element photo must be sent, and it is binary content');
    const optional = await read({ schema: question('<x:element name="photo" type="x:base64Binary" minOccurs="0"/>') });
    expect(optional.find.refused).to.equal(undefined);
    expect(optional.find.said.map(({ message }) => message).join()).to.include('the element photo is not sent');
  });

  it('writes names as the schema qualifies them', async () => {
    const inside = '<x:element name="a" type="x:string"/>';
    const all = await read({ schema: question(inside) });
    expect(all.source).to.include({ namespace: 'urn:t', elements: 'qualified' });
    const top = await read({ schema: question(inside), form: '' });
    expect(top.source).to.include({ namespace: 'urn:t', elements: 'unqualified' });
    const mixed = await read({
      schema: question(`${inside}<x:element name="b" form="qualified" type="x:string"/>`),
      form: '',
    });
    expect(mixed.source).to.deep.include({ elements: 'as_schema', namespaces: { t: 'urn:t' } });
    expect(bodyOf(mixed.find)).to.deep.equal({ 't:ask': { a: '{a}', 't:b': '{b}' } });
  });
});
