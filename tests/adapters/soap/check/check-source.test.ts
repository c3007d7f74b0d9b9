import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { soapSource } from '../../../../adapters/soap/check/check-source.js';
import { packageRoot } from '../../../../gateway/state/package-root.js';

const VALID = `
protocol: soap
profile: plain
namespace: urn:people
constants: { org: x }
operations:
  person:
    request: { body: { ask: { iin: '{iin}', org: '{constant.org}', case: '{case.number}' } } }
    answer: { record: [people, person] }
  persons:
    request: { body: { ask: { iin: '{iin[]}' } } }
    answer: { items: [people, person] }
    batch: { max: 10, absent: omitted }
roots: { find: { operation: person } }
types: { Person: { key: iin, read: person, batch: persons, fields: { iin: iin, sex: sex } } }
`;

function problemsOf(source: string): readonly string[] {
  const read = soapSource.safeParse(parse(source));
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a source.yaml of a SOAP register', () => {
  it('is valid with operations, and as the documentation writes it', () => {
    expect(problemsOf(VALID)).to.deep.equal([]);
    const page = readFileSync(join(packageRoot(), 'docs', 'registers', 'soap.md'), 'utf8');
    const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, example = '']) => example);
    expect(examples).to.have.length(4);
    for (const example of examples) expect(problemsOf(example), example).to.deep.equal([]);
  });

  const cases: readonly [change: [from: string, to: string], problem: string][] = [
    [['profile: plain', ''], 'profile: is missing: write plain, xroad-4.0 or shep-sync'],
    [['profile: plain', 'profile: xroad-4.0'], 'service: is missing: the profile is xroad-4.0'],
    [['profile: plain', 'profile: shep-sync'], 'shep: is missing: the profile is shep-sync'],
    [['profile: plain', 'profile: plain\nfreshness: response_date'], 'freshness: response_date is in the answers'],
    [['profile: plain', 'profile: plain\nservice_id: x'], 'service_id: is of the form without operations'],
    [['namespace: urn:people', ''], 'namespace: is missing'],
    [
      ['namespace: urn:people', 'namespace: urn:people\nnamespaces: { q: urn:q }'],
      'namespaces.q: is the prefix of namespace',
    ],
    [['namespace: urn:people', 'namespace: urn:people\ncharset: x-none'], 'charset: is no charset'],
    [
      ["{ ask: { iin: '{iin}'", "{ 'x:ask': { iin: '{iin}'"],
      'operations.person.request.body: no namespace has the prefix x',
    ],
    [
      ['{constant.org}', '{constant.other}'],
      'operations.person.request.body.ask.org: {constant.other}: constants has no other',
    ],
    [['{case.number}', '{case.code}'], 'operations.person.request.body.ask.case: {case.code} is no placeholder'],
    [['{iin[]}', '{iin}'], 'types.Person.batch: persons asks for many keys: write {iin[]} in its body'],
    [['{iin[]}', '{bin[]}'], 'types.Person.batch: persons asks for {bin[]}'.replace('[]', '')],
    [['read: person,', 'read: people,'], 'types.Person.read: operations has no people'],
    [['batch: persons', 'batch: person'], 'types.Person.batch: person has no batch'],
    [['operation: person', 'operation: other'], 'roots.find: operations has no other'],
    [
      ['operation: person }', 'operation: person, arguments: { iim: number } }'],
      'roots.find.arguments.iim: person asks for no {iim}: did you mean {iin}?',
    ],
    [
      ['operation: person }', 'operation: person, arguments: { passport: number } }'],
      'roots.find.arguments.passport: person asks for no {passport}',
    ],
    [['sex: sex', 'sex: sex, code: { at: [sex, "@code"] }'], 'types.Person.fields.sex: is the text of an element'],
    [['sex: sex', 'sex: { operation: other }'], 'types.Person.fields.sex.operation: operations has no other'],
    [['record: [people, person]', ''], 'operations.person.answer: needs either record or items'],
    [['items: [people, person]', 'record: x'], 'operations.persons.answer: of a batch needs items'],
    [['absent: omitted', 'absent: null'], 'operations.persons.batch.absent: null needs answer: ordered'],
    [['absent: omitted', 'absent: named'], 'operations.persons.answer: needs absent'],
  ];
  for (const [[from, to], problem] of cases)
    it(`is refused: ${problem}`, () => {
      expect(VALID).to.include(from);
      const problems = problemsOf(VALID.replace(from, to));
      expect(
        problems.some((one) => one.startsWith(problem)),
        problems.join('\n'),
      ).to.equal(true);
    });
});
