import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CompositionFailure, composeCatalogue } from '../../../schemas/catalogue/compose.js';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';
import { HEAD, PERSON, registers } from './registers.js';

const REGISTERS = join(packageRoot(), 'schemas', 'registers');
const SUPERGRAPH = join(packageRoot(), 'schemas', 'catalogue', 'supergraph.graphql');

function failure(sdls: Readonly<Record<string, string>>): CompositionFailure {
  try {
    composeCatalogue(registers(sdls));
  } catch (error) {
    if (error instanceof CompositionFailure) return error;
    throw error;
  }
  return expect.fail('it composed');
}

describe('composition of the catalogue', () => {
  it('composes the registers of the repository', () => {
    const { hash, governance } = composeCatalogue(loadRegisters(REGISTERS));
    expect(hash).to.match(/^sha256:[0-9a-f]{64}$/);
    expect([...governance.categories.keys()]).to.include.members([
      'population.identity',
      'address.region',
      'property.land',
    ]);
  });

  it('gives the supergraph that is kept beside the registers', () => {
    const { supergraphSdl } = composeCatalogue(loadRegisters(REGISTERS));
    expect(supergraphSdl, 'run: npx tereze schema compose --output schemas/catalogue/supergraph.graphql').to.equal(
      readFileSync(SUPERGRAPH, 'utf8'),
    );
  });

  it('shows nothing of governance or federation to the public', () => {
    const { publicSdl, supergraphSdl } = composeCatalogue(loadRegisters(REGISTERS));
    expect(publicSdl).not.to.match(/@(subject|category|derived|key|link|join)|join__|Sensitivity|_entities|_service/);
    expect(supergraphSdl).not.to.match(/@?(subjectArgument|category|derived)\b|Sensitivity|tereze\.kz/);
  });

  it('does not depend on the order of the registers', () => {
    const forth = composeCatalogue(loadRegisters(REGISTERS));
    const back = composeCatalogue([...loadRegisters(REGISTERS)].reverse());
    expect(back.hash).to.equal(forth.hash);
  });

  it('gives another hash when only governance changes', () => {
    const one = composeCatalogue(registers({ r: PERSON }));
    const other = composeCatalogue(registers({ r: PERSON.replaceAll('r.identity', 'r.person') }));
    expect(other.supergraphSdl).to.equal(one.supergraphSdl);
    expect(other.hash).not.to.equal(one.hash);
  });

  it('fails with every problem, each with file and line', () => {
    const { problems, message } = failure({ r: 'type Flat @key(fields: "id") {\n  id: Int!\n  area: Int!\n}' });
    expect(problems.map(({ rule }) => rule)).to.deep.equal([
      'category-missing',
      'category-missing',
      'governed-nullable',
    ]);
    expect(message.split('\n')[0]).to.match(/^r\/schema\.graphql:5: Flat\.id has no category/);
  });

  it('fails with what composition says, under its code', () => {
    const { problems } = failure({
      r: PERSON.replace('fields: "iin"', 'fields: "number"').replace('iin: Iin! name', 'iin: Iin name'),
    });
    expect(problems.map(({ rule, file }) => `${rule} ${file}`)).to.deep.equal(['KEY_INVALID_FIELDS r/schema.graphql']);
  });

  it('composes registers that rename the governance directives', () => {
    const imports = HEAD.replace('"@category"', '{ name: "@category", as: "@kind" }');
    const { publicSdl, supergraphSdl } = composeCatalogue(
      registers({ r: imports + PERSON.replaceAll('@category', '@kind') }),
    );
    expect(publicSdl + supergraphSdl).not.to.include('@kind');
  });

  it('composes a register whose governance import has a schema extension of its own', () => {
    const [federation, governance] = HEAD.split('\n').slice(1, 3);
    expect(() =>
      composeCatalogue(registers({ r: `extend schema ${federation}\nextend schema ${governance}\n${PERSON}` })),
    ).not.to.throw();
  });
});
