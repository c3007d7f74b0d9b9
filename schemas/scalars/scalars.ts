import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isBin } from '../identifiers/bin.js';
import { isIin } from '../identifiers/iin.js';
import { isCivilDate } from '../time/civil-date.js';
import { isInstant } from '../time/instant.js';

/**
 * A scalar of texts. Its errors never quote the value: variables and documents hold personal
 * identifiers, and error texts travel further than answers.
 */
function textScalar(name: string, accepts: (text: string) => boolean): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && accepts(value)) return value;
    throw new GraphQLError(`not a valid ${name}`);
  };
  return new GraphQLScalarType({
    name,
    serialize: (value) => parse(value),
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** What the texts of the registers' scalars must be, by the name of the scalar; everything is text on the wire. */
export const SCALAR_TEXTS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['Iin', isIin],
  ['Bin', isBin],
  ['LocalDate', isCivilDate],
  ['Instant', isInstant],
  ['Decimal', (text: string) => text.length <= 40 && /^-?\d+(\.\d+)?$/.test(text)],
  ['PersonHandle', (text: string) => /^ph_[A-Za-z0-9_-]{43}$/.test(text)],
]);

/** The scalars of the registers, by name. */
export const SCALARS: ReadonlyMap<string, GraphQLScalarType> = new Map(
  [...SCALAR_TEXTS].map(([name, accepts]) => [name, textScalar(name, accepts)]),
);
