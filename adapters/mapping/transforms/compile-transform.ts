import { ValueFault, CODE_UNKNOWN, CODE_DROPPED } from '../value-fault.js';
import { codeReader, readBoolean } from './codes.js';
import { dateReader, instantReader } from './dates.js';
import { first, joiner, splitter, trim } from './lists.js';
import { decimalReader, digitsReader, integerReader, readText } from './numbers.js';
import { TransformInvalid, TRANSFORMS, type Transform, type TransformSpec } from './transform.js';

/**
 * Compiles one transform of a value that becomes a value of this type. Throws {@link TransformInvalid} for an option that
 * is wrong, missing, or of another transform.
 */
export function compileTransform(spec: TransformSpec, type: string): Transform {
  checkOptions(spec);
  const { as, length, format, zone } = spec;
  const said = [as, length, format, zone].filter((part) => part !== undefined).join(' ');
  return { says: said, convert: converterOf(spec, type) };
}

function converterOf(spec: TransformSpec, type: string): Transform['convert'] {
  switch (spec.as) {
    case 'text':
      return readText;
    case 'digits':
      return digitsReader(required(spec, 'length', 'length: 12'));
    case 'decimal':
      return decimalReader(type);
    case 'integer':
      return integerReader(type);
    case 'boolean':
      return spec.codes === undefined ? readBoolean : codeReader(booleans(spec.codes));
    case 'code':
      return codeReader(
        texts(required(spec, 'codes', 'codes: { M: MALE }')),
        spec.unknown === null ? CODE_DROPPED : CODE_UNKNOWN,
      );
    case 'date':
      return dateReader(spec.format, spec.zone);
    case 'instant':
      return instantReader(spec.format, spec.zone);
    case 'trim':
      return trim;
    case 'join':
      return joiner(required(spec, 'with', 'with: " "'));
    case 'split':
      return splitter(required(spec, 'by', 'by: ","'));
    case 'first':
      return first;
  }
}

function checkOptions(spec: TransformSpec): void {
  const allowed: readonly string[] = TRANSFORMS[spec.as].options;
  for (const option of ['length', 'codes', 'unknown', 'format', 'zone', 'with', 'by'] as const)
    if (spec[option] !== undefined && !allowed.includes(option))
      throw new TransformInvalid(
        option,
        `is no option of ${spec.as}${allowed.length > 0 ? `, which has ${allowed.join(' and ')}` : ''}`,
      );
}

function required<Option extends 'length' | 'codes' | 'with' | 'by'>(
  spec: TransformSpec,
  option: Option,
  example: string,
): NonNullable<TransformSpec[Option]> {
  const value = spec[option];
  if (value === undefined) throw new TransformInvalid('as', `${spec.as} needs ${option}: write for example ${example}`);
  return value as NonNullable<TransformSpec[Option]>;
}

type Codes = NonNullable<TransformSpec['codes']>;

function booleans(codes: Codes): Codes {
  if (Object.values(codes).some((value) => typeof value === 'string'))
    throw new TransformInvalid('codes', 'of a boolean can only be true, false or null');
  return codes;
}

function texts(codes: Codes): Codes {
  if (Object.values(codes).some((value) => typeof value === 'boolean'))
    throw new TransformInvalid(
      'codes',
      'of a code are texts or null: write as: boolean, or put true and false in quotes',
    );
  return codes;
}

/** A chain: what is done to the whole value, then to each item of it if it is a list. */
export interface CompiledChain {
  readonly says: string;
  /** Whether the value in the record is a list. */
  readonly takesList: boolean;
  /** Done to the value as it is in the record. Undefined if nothing is. */
  readonly whole: Transform['convert'] | undefined;
  /** Done to the value, or to each item of it if `givesList`. Undefined if nothing is. */
  readonly each: Transform['convert'] | undefined;
  readonly givesList: boolean;
}

/**
 * Compiles transforms that are done in their order. `isList`: whether the field is a list. `first` and `join` make one
 * value of a list, `split` makes a list of one; there can be one of them before it, and one after. Throws
 * {@link TransformInvalid} for an order that does not give what the field is.
 */
export function compileChain(specs: readonly TransformSpec[], type: string, isList: boolean): CompiledChain {
  const steps = specs.map((spec) => ({ spec, ...compileTransform(spec, type) }));
  const turns = specs.filter(({ as }) => as in TURNS);
  const takesList = turns[0] === undefined ? isList : TURNS[turns[0].as as keyof typeof TURNS].from === 'list';
  let is = takesList;
  let whole: Transform['convert'] | undefined;
  let each: Transform['convert'] | undefined;
  const finish = (): void => {
    // What was done to each item is over once the items are put together.
    const [before, items] = [whole, each];
    if (items === undefined) return;
    whole = is ? inTurn(before, mapped(items)) : inTurn(before, items);
    each = undefined;
  };
  for (const { spec, convert } of steps) {
    const turn = spec.as in TURNS ? TURNS[spec.as as keyof typeof TURNS] : undefined;
    if (turn === undefined) {
      each = inTurn(each, convert);
      continue;
    }
    if ((turn.from === 'list') !== is)
      throw new TransformInvalid(
        'as',
        `${spec.as} needs ${turn.from === 'list' ? 'a list' : 'one text'}, which is not what comes to it`,
      );
    finish();
    whole = inTurn(whole, convert);
    is = !is;
  }
  if (is !== isList)
    throw new TransformInvalid(
      'as',
      isList ? 'gives one value, and the field is a list' : 'gives a list, and the field is one value',
    );
  return { says: steps.map(({ says }) => says).join(', '), takesList, whole, each, givesList: is };
}

/** Transforms between lists and single values. */
const TURNS = { first: { from: 'list' }, join: { from: 'list' }, split: { from: 'one' } } as const;

function inTurn(one: Transform['convert'] | undefined, then: Transform['convert']): Transform['convert'] {
  if (one === undefined) return then;
  return (value) => {
    const made = one(value);
    return made === null || made === undefined || made instanceof ValueFault ? made : then(made);
  };
}

/** A list in which an item cannot be converted cannot be put together. */
function mapped(convert: Transform['convert']): Transform['convert'] {
  return (list) => {
    if (!Array.isArray(list)) return convert(list);
    const made: unknown[] = [];
    for (const item of list as readonly unknown[]) {
      const one = item === null || item === undefined ? null : convert(item);
      if (one instanceof ValueFault) return one;
      made.push(one);
    }
    return made;
  };
}
