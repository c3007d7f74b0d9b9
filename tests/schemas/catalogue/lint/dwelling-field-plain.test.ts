import { expect } from 'chai';
import { found } from '../registers.js';

const HOME = 'type Home @dwelling(field: "code") @category(name: "r.homes")';

describe('catalogue rule: dwelling-field-plain', () => {
  const problems = (sdl: string): readonly string[] => found('dwelling-field-plain', sdl);

  it('is content with a value of the type itself, and with one that may have arguments', () => {
    expect(problems(`${HOME} { code: String }`)).to.deep.equal([]);
    expect(problems(`${HOME} { code(form: Int! = 1, style: Int): ID }`)).to.deep.equal([]);
  });

  it('finds a field that the type does not have', () => {
    expect(problems(`${HOME} { street: String }`)).to.deep.equal([
      '4: @dwelling of Home names the field "code", which it does not have',
    ]);
  });

  it('finds a field that cannot be asked for by itself', () => {
    const faults = {
      'code: [String]': 'is a list: a dwelling has one code',
      'code: Code } type Code { text: String': 'is an object: name the field with the code itself',
      'code: Any } union Any = Home type Other { a: Int': 'is an object: name the field with the code itself',
      'code: String @derived(from: ["street"], by: "code") street: String':
        'the gateway derives: name a field of the register',
      'code(form: Int!): String': 'needs an argument: name one without',
    };
    for (const [fields, fault] of Object.entries(faults))
      expect(problems(`${HOME} { ${fields} }`), fields).to.deep.equal([
        `4: @dwelling of Home names the field "code", which ${fault}`,
      ]);
  });

  it('finds it on a type that has the directive from its interface', () => {
    const sdl = `interface Place @dwelling(field: "code") @category(name: "r.homes") { code: String }
      type Home implements Place { street: String }`;
    expect(problems(sdl)).to.deep.equal(['5: @dwelling of Home names the field "code", which it does not have']);
  });
});
