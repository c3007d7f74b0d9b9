import type {
  EntityDescription,
  OperationDescription,
  ParameterDescription,
  Said,
  Shape,
  YamlObject,
} from '../description.js';
import type { ReadRequest } from '../reader.js';
import { fieldName } from '../write/names.js';
import { isSameName } from '../write/plan.js';
import { hasAttachments } from './attachments.js';
import { payloadOf, type AnswerPayload } from './answer.js';
import type { ElementNames } from './element-names.js';
import type { ElementShapes } from './element-shapes.js';
import { isXRoad, type WsdlOperation } from './operations.js';
import { isFixed, parameterNames, writeQuestion, type WrittenQuestion } from './question.js';
import { questionTree, type QuestionLeaf } from './question-tree.js';
import { judgementOf } from './refusal.js';
import type { Component } from './schema-set.js';
import type { XmlNode } from './xml-document.js';

/** Keys in one question, where the document states no greatest number. */
const BATCH_MAX = 100;

export interface OperationChoices extends Pick<ReadRequest, 'personal' | 'constants' | 'reading'> {
  /** The data of an example answer. */
  readonly example: XmlNode | undefined;
}

/** Constants that the question uses, by name. They stand once in `source.yaml`. */
export interface DescribedOperation {
  readonly operation: OperationDescription;
  readonly constants: YamlObject;
}

/** Describes one operation of a WSDL. */
export function describeOperation(
  operation: WsdlOperation,
  shapes: ElementShapes,
  names: ElementNames,
  choices: OperationChoices,
): DescribedOperation {
  const { name, place, title, input, output } = operation;
  const base = { name, place, title };
  const none = (why: Pick<OperationDescription, 'refused' | 'needsExample'>): DescribedOperation => ({
    constants: {},
    operation: { ...base, ...why, parameters: [], asked: {}, said: [] },
  });
  const { refused, said: doubt } = judgementOf(operation, choices.reading);
  if (refused !== undefined) return none({ refused });
  if ([input, output].some((element) => element !== undefined && hasAttachments(element, shapes)))
    return none({ refused: 'its message has attachments, which are not read' });
  if (output === undefined) return none({ refused: 'its answer has no element' });
  const answer = answerOf(output, shapes, choices.example);
  if (answer === undefined) return none({ refused: 'its answer holds nothing' });
  if (!hasLeaf(answer.shape)) {
    if (choices.example === undefined)
      return none({ needsExample: 'the document does not say what is in its answer (xs:any)' });
    return none({ refused: 'neither the document nor the example says what is in its answer' });
  }
  const sent = questionOf(operation, answer, shapes, names, choices);
  return {
    constants: sent.constants,
    operation: {
      ...base,
      refused: sent.refused,
      parameters: sent.parameters,
      answer: answer.shape,
      entity: sent.entity,
      asked: askedOf(operation, sent, answer),
      said: [...(doubt === undefined ? [] : [{ place, message: doubt }]), ...answer.said, ...sent.said],
    },
  };
}

function answerOf(output: Component, shapes: ElementShapes, example: XmlNode | undefined): AnswerPayload | undefined {
  const elements = example === undefined ? [] : example.local === output.name.local ? [example] : [around(example)];
  const shape = shapes.shapeOf(output, elements);
  return shape.kind === 'object' ? payloadOf(shape, output.name.local, shapes, output.node.place) : undefined;
}

/** An example that is not the whole answer is what the schema leaves open in it. */
function around(example: XmlNode): XmlNode {
  const response: XmlNode = {
    ...example,
    local: 'response',
    children: [example],
    attributes: new Map(),
    text: '',
    content: [example],
  };
  return { ...response, children: [response, example] };
}

interface Sent extends WrittenQuestion {
  readonly entity: EntityDescription | undefined;
}

function questionOf(
  operation: WsdlOperation,
  { shape }: AnswerPayload,
  shapes: ElementShapes,
  names: ElementNames,
  choices: OperationChoices,
): Sent {
  const { input, headers } = operation;
  if (input === undefined)
    return {
      body: {},
      header: undefined,
      parameters: [],
      constants: {},
      said: [],
      entity: undefined,
      refused: 'its question has no element',
    };
  const { example } = choices;
  const tree = questionTree(input, shapes, { example: example === undefined ? [] : [example] });
  const own = isXRoad(operation) ? [] : headers;
  const blocks = own.flatMap(({ element }) => (element ? [questionTree(element, shapes, { inHeader: true })] : []));
  const asked = tree.leaves.filter((leaf) => !isFixed(leaf, choices));
  const entity = entityOf(asked, parameterNames(asked), shape);
  const keys = new Map(entity?.key.map(({ parameter, member }) => [parameter, fieldName(member)]));
  const leaves = [...tree.leaves, ...blocks.flatMap((block) => block.leaves)];
  const written = writeQuestion(
    tree.root,
    blocks.map(({ root }) => root),
    leaves,
    names,
    { ...choices, keys },
  );
  const missing = own
    .filter(({ element }) => element === undefined)
    .map(({ name, place }): Said => ({
      place,
      message: `the header ${name.local} is not sent: its schema is missing`,
    }));
  return {
    ...written,
    entity,
    said: [...tree.said, ...blocks.flatMap(({ said }) => said), ...missing, ...written.said],
  };
}

/**
 * Returns the key of a record: what must be given, if the record has members of the same names. With a list of keys and a
 * list of records it is a batch.
 */
function entityOf(
  leaves: readonly QuestionLeaf[],
  names: ReadonlyMap<QuestionLeaf, string>,
  answer: Shape,
): EntityDescription | undefined {
  const needed = leaves.filter(({ required }) => required);
  const record = answer.kind === 'list' ? answer.of : answer;
  if (needed.length === 0 || needed.length < leaves.length || record.kind !== 'object') return undefined;
  const by = answer.kind === 'list' ? 'batch' : 'read';
  const key = needed.map((leaf) => {
    const one = by === 'batch' ? (leaf.shape.kind === 'list' ? leaf.shape.of : undefined) : leaf.shape;
    const member = record.members.find(({ name, shape }) => isSameName(name, leaf.name) && isKeyPart(shape, one));
    return { parameter: names.get(leaf) ?? leaf.name, member: member?.name };
  });
  if (by === 'batch' && key.length > 1) return undefined;
  const whole = key.flatMap(({ parameter, member }) => (member === undefined ? [] : [{ parameter, member }]));
  return whole.length === key.length ? { by, key: whole } : undefined;
}

function isKeyPart(member: Shape, asked: Shape | undefined): boolean {
  return (
    asked?.kind === 'leaf' &&
    member.kind === 'leaf' &&
    member.type === asked.type &&
    ['text', 'long', 'integer'].includes(member.type)
  );
}

function askedOf({ action, serviceVersion }: WsdlOperation, sent: Sent, answer: AnswerPayload): YamlObject {
  return {
    ...(action === undefined ? {} : { action }),
    ...(serviceVersion === undefined ? {} : { service_version: serviceVersion }),
    request: { ...(sent.header === undefined ? {} : { header: sent.header }), body: sent.body },
    answer: answer.asked,
    ...(sent.entity?.by === 'batch' ? { batch: batchOf(sent.entity, sent.parameters) } : {}),
  };
}

function batchOf({ key }: EntityDescription, parameters: readonly ParameterDescription[]): YamlObject {
  const list = parameters.find(({ name }) => name === key[0]?.parameter)?.shape;
  const max = list?.kind === 'list' ? list.maxItems : undefined;
  return { max: max ?? BATCH_MAX, answer: 'unordered', absent: 'omitted' };
}

/** Whether anything of a shape can be read. */
function hasLeaf(shape: Shape): boolean {
  switch (shape.kind) {
    case 'leaf':
      return shape.type !== 'binary';
    case 'list':
      return hasLeaf(shape.of);
    case 'object':
      return shape.members.some((member) => hasLeaf(member.shape));
    case 'choice':
      return shape.variants.some((variant) => hasLeaf(variant.shape));
    case 'unknown':
      return false;
  }
}
