import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import type { CompiledList, EntityFetch } from './entity-fetch.js';
import { registerFault, type Fault } from '../data/fault.js';
import { KeyIndex } from './key-index.js';
import { isContent } from '../reads/read-field.js';
import type { Representation } from './representation.js';
import type { Run } from '../run.js';
import type { DataObject } from '../data/data-object.js';

/** One entity that a fetch wants, once for everybody in whose name it is wanted. */
export interface EntityKey {
  readonly list: CompiledList;
  readonly representation: Representation;
  readonly subject: SubjectRef | undefined;
  /** The objects that it completes. */
  readonly targets: DataObject[];
}

/** Every entity that the answer so far calls for, distinct per list, representation and person. */
export function collectKeys(fetch: EntityFetch, grantedFields: GrantedFieldsCompiler, run: Run): readonly EntityKey[] {
  return fetch.lists.flatMap((list) => collectList(fetch.register, list, grantedFields, run));
}

/** Keys by the person in whose name they are wanted, and by text. */
type KnownKeys = Map<SubjectRef | undefined, Map<string, EntityKey>>;

function collectList(
  register: string,
  list: CompiledList,
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): readonly EntityKey[] {
  const known: KnownKeys = new Map();
  const index = new KeyIndex<EntityKey>(list.findKey);
  list.walk(run.data, run.annotations, (object, subject) => {
    // What was found right of a key in a person's name is right of the same key in the same name.
    const alike = index.find(object, subject);
    if (alike) {
      alike.targets.push(object);
      return;
    }
    const key = newKey({ register, list, object, subject }, known, grantedFields, run);
    if (!key) return;
    key.targets.push(object);
    index.add(object, subject, key);
  });
  return [...known.values()].flatMap((byText) => [...byText.values()]);
}

interface Target {
  readonly register: string;
  readonly list: CompiledList;
  readonly object: DataObject;
  readonly subject: SubjectRef | undefined;
}

/** The key of an object of which none was made yet; undefined when it cannot be asked for, which is then told in it. */
function newKey(
  { register, list, object, subject }: Target,
  known: KnownKeys,
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): EntityKey | undefined {
  const representation = list.represent(object);
  if (representation && !list.asksOf(representation.type)) return undefined;
  const missing = missingKey(list, object, run);
  if (missing) {
    setOutputFaults(list, object, representation?.type ?? typenameOf(object), () => missing, grantedFields, run);
    return undefined;
  }
  if (!representation) return undefined;
  if (isAboutAnother(representation, list, subject)) {
    run.services.observer.log('error', 'execution.key_of_somebody_else', { register });
    setOutputFaults(list, object, representation.type, () => registerFault(register, 'malformed'), grantedFields, run);
    return undefined;
  }
  return keyFor(known, list, representation, subject);
}

function keyFor(
  known: KnownKeys,
  list: CompiledList,
  representation: Representation,
  subject: SubjectRef | undefined,
): EntityKey {
  let byText = known.get(subject);
  if (!byText) known.set(subject, (byText = new Map()));
  let key = byText.get(representation.text);
  if (!key) byText.set(representation.text, (key = { list, representation, subject, targets: [] }));
  return key;
}

/** The person whom a key names must be the one under whom the object was admitted. */
function isAboutAnother({ key, type }: Representation, list: CompiledList, subject: SubjectRef | undefined): boolean {
  const field = list.subjectField(type);
  const id = field === undefined ? undefined : key[field];
  return id !== undefined && id !== subject?.id;
}

/**
 * Why a key, or something else that the register requires, is missing: withheld, failed or
 * rejected. Then the entity is not asked for, since what is computed without it would be wrong.
 */
function missingKey({ requiredKeys }: CompiledList, object: DataObject, { annotations }: Run): Fault | undefined {
  for (const key of requiredKeys) {
    const fault = object[key] === null || object[key] === undefined ? annotations.faultAt(object, key) : undefined;
    if (fault) return fault;
  }
  return undefined;
}

function typenameOf(object: DataObject): string | undefined {
  return typeof object['__typename'] === 'string' ? object['__typename'] : undefined;
}

/** Gives a reason to every field that the fetch would have brought to an object. */
export function setOutputFaults(
  { selection }: CompiledList,
  object: DataObject,
  type: string | undefined,
  reason: (key: string) => Fault | undefined,
  grantedFields: GrantedFieldsCompiler,
  { annotations }: Run,
): void {
  for (const { field, key } of grantedFields.fieldsOf(selection, type)) {
    const fault = isContent(field) || field.origin === 'typename' ? reason(key) : undefined;
    if (fault) annotations.setFault(object, key, fault);
  }
}
