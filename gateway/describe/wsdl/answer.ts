import type { MemberShape, ObjectShape, Said, Shape, YamlObject } from '../description.js';
import type { ElementShapes } from './element-shapes.js';
import { wordsOf } from '../effect/effect-of-name.js';

/** Words of an element that says that the register does not answer. */
const REFUSING: ReadonlySet<string> = new Set([
  ...['ko', 'error', 'errors', 'fault', 'failure', 'failed', 'exception', 'refusal', 'refused', 'rejected', 'denied'],
  ...['errore', 'errori', 'fehler', 'erreur', 'ошибка', 'қате', 'viga', 'virhe'],
]);

/** The record of an answer, and where it is. */
export interface AnswerPayload {
  /** The record, or the list of them. */
  readonly shape: Shape;
  readonly asked: YamlObject;
  readonly said: readonly Said[];
}

/**
 * Finds the record in an answer: through elements that only lead to one other, past the one that repeats the question, and
 * into that which comes in place of a refusal.
 */
export function payloadOf(root: ObjectShape, name: string, shapes: ElementShapes, place: string): AnswerPayload {
  const { path, shape, refused, isOptional } = wayToRecord(root, name, shapes);
  const isList = shape.kind === 'list';
  const missing = !isList && isOptional ? { not_found: { missing: true } } : {};
  return {
    shape,
    asked: {
      [isList ? 'items' : 'record']: path,
      ...missing,
      ...(refused === undefined ? {} : { refused: [...refused] }),
    },
    said: isList || isOptional ? [] : [{ place, message: noOneSaid(refused) }],
  };
}

interface Way {
  readonly path: readonly string[];
  /** What is at its end. */
  readonly shape: Shape;
  readonly refused: readonly string[] | undefined;
  /** Whether an element on the way may be missing. */
  readonly isOptional: boolean;
}

function wayToRecord(root: ObjectShape, name: string, shapes: ElementShapes): Way {
  const path = [name];
  let refused: readonly string[] | undefined;
  let isOptional = false;
  let shape: Shape = root;
  for (let at: ObjectShape | undefined = root; at !== undefined;) {
    const { inner, refusal } = leadsTo(at, shapes);
    if (refusal !== undefined) refused ??= [...path, refusal];
    const of = inner?.shape.kind === 'list' ? inner.shape.of : inner?.shape;
    if (inner === undefined || (of?.kind !== 'object' && of?.kind !== 'choice')) break;
    path.push(inner.name);
    shape = inner.shape;
    // One of a choice that is not there is no absence: the refusal is.
    isOptional ||= refusal === undefined && isOptionalMember(inner);
    at = shape.kind === 'object' ? shape : undefined;
  }
  return { path, shape, refused, isOptional };
}

function isOptionalMember({ required, nullable }: MemberShape): boolean {
  return !required || nullable;
}

function noOneSaid(refused: readonly string[] | undefined): string {
  return refused === undefined
    ? 'the document does not say how the register answers that it has no such record: write not_found'
    : `the document does not say by which code ${refused.at(-1) ?? ''} means that there is no such record: write not_found`;
}

interface Lead {
  readonly inner: MemberShape | undefined;
  readonly refusal: string | undefined;
}

function leadsTo(shape: ObjectShape, shapes: ElementShapes): Lead {
  const elements = shape.members.filter(({ at }) => !String(at[0]).startsWith('@') && at[0] !== '#text');
  const choice = shapes.choicesOf(shape).find((names) => elements.every(({ name }) => names.includes(name)));
  const refusing = choice === undefined ? [] : elements.filter(({ name }) => isRefusing(name));
  const answering = elements.filter((member) => !refusing.includes(member));
  if (refusing.length > 0 && answering.length === 1) return { inner: answering[0], refusal: refusing[0]?.name };
  const hasResponse = elements.some(({ name }) => name.toLowerCase() === 'response');
  const own = elements.filter(({ name }) => !(hasResponse && name.toLowerCase() === 'request'));
  const hasAttributes = elements.length < shape.members.length;
  return { inner: own.length === 1 && !hasAttributes ? own[0] : undefined, refusal: undefined };
}

function isRefusing(name: string): boolean {
  return wordsOf(name).some((word) => REFUSING.has(word));
}
