import { Document, isCollection, isMap, isScalar, isSeq, visit } from 'yaml';
import type { PlannedType, RegisterPlan } from './plan.js';

/** Greatest number of characters of a collection on one line. */
const FLOW_LENGTH = 90;

/** Returns `source.yaml`: how each operation is asked, and where each field is in its answer. */
export function sourceText(plan: RegisterPlan): string {
  const document = new Document({
    ...plan.source,
    ...(plan.operations.length > 0
      ? { operations: Object.fromEntries(plan.operations.map(({ name, asked }) => [name, asked])) }
      : {}),
    roots: Object.fromEntries(plan.roots.map(({ name, mapping }) => [name, mapping])),
    types: Object.fromEntries([
      ...rootUnions(plan).map(({ name, mapping }) => [name, mapping] as const),
      ...plan.types.map((type) => [type.name, typeOf(type)] as const),
    ]),
  });
  document.commentBefore = ` How ${plan.register} is spoken to. Written by tereze register new.`;
  visit(document, (_, node, path) => {
    if (!isCollection(node) || path.length < 4) return undefined;
    const isShort = JSON.stringify(node.toJSON()).length <= FLOW_LENGTH;
    const isOfLeaves = isMap(node)
      ? node.items.every(({ value }) => isScalar(value) || isSeq(value) || isMap(value))
      : true;
    if (isShort && isOfLeaves) node.flow = true;
    return undefined;
  });
  return document.toString({ lineWidth: 0 });
}

function rootUnions({ roots, unions }: RegisterPlan): RegisterPlan['unions'] {
  const answered = new Set(roots.map(({ type }) => type.replace(/[[\]!]/g, '')));
  return unions.filter(({ name }) => answered.has(name));
}

function typeOf({ key, askedBy, fields }: PlannedType): object {
  return {
    ...(key.length > 0 ? { key: key.length === 1 ? key[0] : [...key], ...askedBy } : {}),
    fields: Object.fromEntries(fields.map(({ name, mapping }) => [name, mapping])),
  };
}
