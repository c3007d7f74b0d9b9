import { isPersonNumberName } from '../../../schemas/identifiers/person-number-names.js';
import { linearPattern } from '../../../schemas/quality/linear-pattern.js';
import type { OperationDescription, Said, Shape } from '../description.js';

/** Returns what a steward must know of the parameters that hold the number of a person, or may. */
export function personNumbersSaid({ parameters }: OperationDescription): readonly Said[] {
  const people = parameters.filter(({ isPersonal }) => isPersonal);
  return [
    ...people.map(({ name, place, shape }) => ({ place, message: numberSaid(name, shape) })),
    ...people.slice(1).map(({ name, place }) => ({
      place,
      message: `"${name}" identifies a second person, and a question names one: leave it out, or ask with a constant`,
    })),
    ...parameters
      .filter(({ name, isPersonal = false }) => !isPersonal && isPersonNumberName(name))
      .map(({ name, place, in: where }) => ({ place, message: unmarkedSaid(name, where) })),
  ];
}

/** What becomes of a parameter with `--personal`. */
function numberSaid(name: string, shape: Shape): string {
  const said = `"${name}" is written as Iin, the one number by which Tereze decides about people: 12 digits with a check digit`;
  return fitsIin(shape.kind === 'list' ? shape.of : shape)
    ? said
    : `${said}. The document describes numbers that are none, so that each question would be refused before it is asked`;
}

/** What a parameter without `--personal` is that has the name of a person's number. */
function unmarkedSaid(name: string, where: string): string {
  const address = ADDRESS.has(where) ? ', and its agreement into identifier_in_address: it is part of the address' : '';
  return `"${name}" is called like the number of a person. If it is one, write the folder again with --personal ${name}${address}`;
}

/** Where a value is part of an address, which servers and proxies log. */
const ADDRESS: ReadonlySet<string> = new Set(['path', 'query', 'header']);

/** A number of a person that was made for tests. */
const SOME_IIN = '010203590013';

function fitsIin(shape: Shape): boolean {
  if (shape.kind !== 'leaf' || shape.type === 'integer') return false;
  const { minLength = 0, maxLength = Infinity, pattern, type } = shape;
  if (minLength > SOME_IIN.length || maxLength < SOME_IIN.length) return false;
  const read = pattern === undefined || type !== 'text' ? undefined : linearPattern(pattern);
  return read === undefined || 'notEvaluated' in read || read.compiled.test(SOME_IIN);
}
