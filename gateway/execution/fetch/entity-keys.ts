import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import type { CompiledList, EntityFetch } from './entity-fetch.js';
import { faultWithoutReasons, registerFault, type Fault } from '../data/fault.js';
import { KeyIndex } from './key-index.js';
import { isContent } from '../reads/read-field.js';
import type { Representation } from './representation.js';
import type { Run } from '../run.js';
import type { DataObject } from '../data/data-object.js';

/** One entity that a fetch asks for, once for each person on whose behalf it is read. */
export interface EntityKey {
  readonly list: CompiledList;
  readonly representation: Representation;
  readonly subject: SubjectRef | undefined;
  /** The objects that it completes. */
  readonly targets: DataObject[];
}

/** Returns every entity that the merged data calls for, distinct by list, representation and person. */
export function collectKeys(fetch: EntityFetch, grantedFields: GrantedFieldsCompiler, run: Run): readonly EntityKey[] {
  return fetch.lists.flatMap((list) => collectList(fetch.register, list, grantedFields, run));
}

/** Keys by the person on whose behalf they are read, and by the text of the representation. */
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
    // A key that was checked for a person needs no second check for the same person.
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

/** Returns the key of an object, or undefined if the entity cannot be asked for. Then the fault is set on the object's fields. */
function newKey(
  { register, list, object, subject }: Target,
  known: KnownKeys,
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): EntityKey | undefined {
  const representation = list.represent(object);
  if (representation && !list.asksOf(representation.type)) return undefined;
  const missing = list.missingValue(object, run.annotations);
  if (missing) {
    // Such an entity is not asked for: the register would compute a wrong value without the missing one.
    const fault = faultWithoutReasons(missing);
    setOutputFaults(list, object, representation?.type ?? typenameOf(object), () => fault, grantedFields, run);
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

/** Whether a key names another person than the one that the object was accepted for. */
function isAboutAnother({ key, type }: Representation, list: CompiledList, subject: SubjectRef | undefined): boolean {
  const field = list.subjectField(type);
  const id = field === undefined ? undefined : key[field];
  return id !== undefined && id !== subject?.id;
}

function typenameOf(object: DataObject): string | undefined {
  return typeof object['__typename'] === 'string' ? object['__typename'] : undefined;
}

/** Sets a fault on every field that the fetch would have brought to an object. */
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
