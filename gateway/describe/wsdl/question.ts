import type { LeafShape, ParameterDescription, Said, Shape, YamlObject, YamlValue } from '../description.js';
import { isObject } from '../../../schemas/objects.js';
import { fieldName, NameSet } from '../write/names.js';
import { isSameName } from '../write/plan.js';
import { XML } from './namespaces.js';
import type { ElementNames } from './element-names.js';
import type { QuestionLeaf, QuestionNode } from './question-tree.js';
import { wordsOf } from '../effect/effect-of-name.js';

/** Placeholders that `source.yaml` keeps for itself. */
const RESERVED = [
  'select',
  'purpose',
  'case',
  'consent',
  'constant',
  'request_id',
  'call_id',
  'message_id',
  'uuid',
  'now',
];

/** Stands for a constant until its steward writes it. */
const UNFILLED = 'VALUE';
const UUID_LENGTH = 36;

export interface QuestionChoices {
  readonly personal: ReadonlySet<string>;
  /** `--constant`, by name of the element. */
  readonly constants: ReadonlyMap<string, string>;
  /** Placeholder of each part of the key, by parameter: the name of the record's field. */
  readonly keys: ReadonlyMap<string, string>;
}

/** A question as `source.yaml` writes it. */
export interface WrittenQuestion {
  readonly body: YamlObject;
  readonly header: YamlObject | undefined;
  readonly parameters: readonly ParameterDescription[];
  readonly constants: YamlObject;
  readonly said: readonly Said[];
  readonly refused: string | undefined;
}

/** Names of the values that a question is asked with: the element's, with those around it where that is not enough. */
export function parameterNames(leaves: readonly QuestionLeaf[]): ReadonlyMap<QuestionLeaf, string> {
  const count = new Map<string, number>();
  for (const { name } of leaves) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(leaves.map((leaf) => [leaf, count.get(leaf.name) === 1 ? leaf.name : leaf.path.join('.')]));
}

/** Whether a value is the same for every question, or made for each: it is no argument. */
export function isFixed(leaf: QuestionLeaf, { constants }: Pick<QuestionChoices, 'constants'>): boolean {
  return leaf.inHeader || leaf.fixed !== undefined || constants.has(leaf.name) || constants.has(leaf.path.join('.'));
}

/** Writes a question: values that callers give become parameters, those of a header constants or what is new each time. */
export function writeQuestion(
  body: QuestionNode,
  header: readonly QuestionNode[],
  leaves: readonly QuestionLeaf[],
  names: ElementNames,
  choices: QuestionChoices,
): WrittenQuestion {
  const writer = new QuestionWriter(leaves, names, choices);
  const written = writer.element(body);
  const blocks = header.map((block) => [names.written(block.qname), writer.element(block) ?? null] as const);
  return {
    body: { [names.written(body.qname)]: written ?? null },
    header: blocks.length === 0 ? undefined : Object.fromEntries(blocks),
    parameters: writer.parameters,
    constants: writer.constants,
    said: writer.said,
    refused: writer.refused,
  };
}

class QuestionWriter {
  readonly parameters: ParameterDescription[] = [];
  readonly constants: Record<string, YamlValue> = {};
  readonly said: Said[] = [];
  refused: string | undefined;
  readonly #names: ElementNames;
  readonly #choices: QuestionChoices;
  readonly #placeholders = new NameSet(RESERVED);
  readonly #parameterNames: ReadonlyMap<QuestionLeaf, string>;

  constructor(leaves: readonly QuestionLeaf[], names: ElementNames, choices: QuestionChoices) {
    this.#names = names;
    this.#choices = choices;
    this.#parameterNames = parameterNames(leaves.filter((leaf) => !isFixed(leaf, choices)));
  }

  /** Returns the content of an element. Undefined if nothing of it is written. */
  element({ leaf, children, required }: QuestionNode): YamlValue | undefined {
    if (leaf !== undefined) return this.#leaf(leaf);
    const members: Record<string, YamlValue> = {};
    for (const child of children) {
      const content = this.element(child);
      if (content !== undefined) members[this.#nameOf(child)] = content;
    }
    if (Object.keys(members).length > 0) return members;
    return required ? null : undefined;
  }

  #nameOf({ qname, isAttribute, isText }: QuestionNode): string {
    if (isText) return '#text';
    if (!isAttribute) return this.#names.written(qname);
    return `@${qname.uri === XML ? `xml:${qname.local}` : qname.uri === '' ? qname.local : this.#names.written(qname)}`;
  }

  #leaf(leaf: QuestionLeaf): YamlValue | undefined {
    const { name, path, fixed, shape, required, inHeader } = leaf;
    const given = this.#choices.constants.get(path.join('.')) ?? this.#choices.constants.get(name);
    if (given !== undefined) return this.#constant(leaf, given);
    if (fixed !== undefined) return required ? escaped(fixed) : undefined;
    if (isSpaced(shape)) return this.#spaced(leaf);
    const item = shape.kind === 'list' ? shape.of : shape;
    if (item.kind !== 'leaf' || item.type === 'binary') return this.#cannot(leaf, item);
    return inHeader ? this.#ofHeader(leaf, item) : this.#parameter(leaf);
  }

  /** A list whose values stand in one element, with spaces between them, is one text. */
  #spaced(leaf: QuestionLeaf): YamlValue {
    const { name, place } = leaf;
    this.said.push({ place, message: `${name} takes values with spaces between them, and is written as one text` });
    return this.#parameter({ ...leaf, shape: { kind: 'leaf', type: 'text' } });
  }

  #cannot({ name, required, place }: QuestionLeaf, item: Shape): undefined {
    const why = item.kind === 'unknown' ? item.why : 'it is binary content';
    if (required) this.refused ??= `the element ${name} must be sent, and ${why}`;
    else this.said.push({ place, message: `the element ${name} is not sent: ${why}` });
    return undefined;
  }

  #parameter(leaf: QuestionLeaf): YamlValue {
    const { shape, required, place, description } = leaf;
    const name = this.#parameterNames.get(leaf) ?? leaf.name;
    const placeholder = this.#placeholders.take(this.#choices.keys.get(name) ?? fieldName(name));
    const isPersonal = [...this.#choices.personal].some((one) => isSameName(one, leaf.name) || isSameName(one, name));
    this.parameters.push({
      ...{ name, placeholder, in: 'body', required, shape, description, place },
      ...(isPersonal ? { isPersonal } : {}),
    });
    return shape.kind === 'list' ? `{${placeholder}[]}` : `{${placeholder}}`;
  }

  /** Who asks, when, and with which number: no caller says it. */
  #ofHeader(leaf: QuestionLeaf, { type, maxLength, pattern, enum: codes }: LeafShape): YamlValue | undefined {
    const { name, required, place } = leaf;
    if (!required) return undefined;
    if (type === 'instant') return '{now}';
    const isId = type === 'text' && wordsOf(name).includes('id');
    if (isId && (maxLength ?? UUID_LENGTH) >= UUID_LENGTH && pattern === undefined) return '{uuid}';
    const written = this.#constant(leaf, codes?.length === 1 ? (codes[0] ?? UNFILLED) : UNFILLED);
    this.said.push({
      place,
      message: `"${name}" in the header of the question is a constant: write your own value, or give it with --constant ${name}=VALUE`,
    });
    return written;
  }

  #constant({ name, path }: QuestionLeaf, value: string): string {
    const there = this.constants[fieldName(name)];
    const constant = there === undefined || there === value ? fieldName(name) : fieldName(path.join('.'));
    this.constants[constant] = value;
    return `{constant.${constant}}`;
  }
}

function escaped(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

/** Whether a shape is an `xs:list`, not an element that may come several times. */
function isSpaced(shape: Shape): boolean {
  if (shape.kind !== 'list' || shape.of.kind !== 'leaf') return false;
  const steps = shape.of.transform?.['as'];
  return Array.isArray(steps) && steps.some((step) => isObject(step) && step['as'] === 'split');
}
