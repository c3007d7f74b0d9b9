import {
  RegisterFailure,
  type Adapter,
  type CallGroup,
  type FetchSelection,
  type GroupAnswer,
  type PreparedFetch,
  type SelectedField,
} from '../port.js';
import { compileRecord, type ReadRecord, type ResponsePath } from '../mapping/compile-record.js';
import type { SoapSource } from './source.js';
import { askPeople, type PeopleAnswer, type PeopleOptions } from './people.js';
import { compileWanted, type WantedElement } from './wanted-elements.js';
import { bareObject, ownMember } from '../../schemas/objects.js';

interface PreparedRecord {
  readonly wanted: WantedElement;
  readonly read: ReadRecord;
}

interface PreparedRoots extends PreparedFetch {
  readonly roots: readonly (PreparedRecord & { readonly field: SelectedField; readonly argument: string })[];
}

interface PreparedEntities extends PreparedFetch {
  /** By type name. */
  readonly types: ReadonlyMap<string, PreparedRecord & { readonly key: string }>;
}

/** A record that a group wants; `responseKey` for a root field. */
interface Want {
  readonly key: string;
  readonly of: PreparedRecord;
  readonly responseKey?: string;
}

interface GroupRead {
  readonly answer: GroupAnswer;
  readonly beyond: boolean;
}

/**
 * Returns the adapter of a SOAP register, by the mapping in its `source.yaml`. All keys of a call go out together in signed
 * messages. The register always sends whole records. Only the selection of its group is read of each record; the parser
 * skips the rest.
 */
export function createSoapAdapter(options: PeopleOptions): Adapter {
  const { register, source } = options;
  return {
    register,
    prepare: (selection) =>
      selection.kind === 'root'
        ? prepareRoots(selection, register, source)
        : prepareEntities(selection, register, source),
    read: async (call) => {
      const wants = call.groups.map((group) =>
        group.keys === undefined ? rootWants(group, register) : entityWants(group, register),
      );
      const answer = await askPeople([...new Set(wants.flat().map(({ key }) => key))], call, options);
      const groups = call.groups.map((group, place) => readGroup(wants[place] ?? [], answer, group.keys === undefined));
      return {
        groups: groups.map((group) => group.answer),
        receivedBeyondGrant: answer.hasOthers || groups.some(({ beyond }) => beyond),
      };
    },
    close: async () => options.client.close(),
  };
}

function prepareRoots(selection: FetchSelection, register: string, source: SoapSource): PreparedRoots {
  const roots = selection.fields.map((field) => {
    const argument = ownMember(source.roots, field.name);
    if (argument === undefined) throw new Error(`source.yaml of ${register} has no root field ${field.name}`);
    return { field, argument, ...prepareRecord(source, field.type, field.fields) };
  });
  return { register, roots };
}

function prepareEntities(selection: FetchSelection, register: string, source: SoapSource): PreparedEntities {
  const names = [...new Set(selection.fields.map(({ parentType }) => parentType))];
  const types = names.map((type) => {
    const key = ownMember(source.types, type)?.key;
    if (key === undefined) throw new Error(`source.yaml of ${register} has no key of ${type}`);
    return [
      type,
      {
        key,
        ...prepareRecord(
          source,
          type,
          selection.fields.filter(({ parentType }) => parentType === type),
        ),
      },
    ] as const;
  });
  return { register, types: new Map(types) };
}

function prepareRecord(source: SoapSource, type: string, fields: readonly SelectedField[]): PreparedRecord {
  return { wanted: compileWanted(source, type, fields), read: compileRecord(source.types, type, fields).read };
}

function rootWants({ prepared, variables }: CallGroup, register: string): readonly Want[] {
  return (prepared as PreparedRoots).roots.map((root) => {
    const key = root.field.argumentsFrom?.(variables)[root.argument];
    if (typeof key !== 'string') throw new RegisterFailure(register, 'key_type');
    return { key, of: root, responseKey: root.field.responseKey };
  });
}

function entityWants({ prepared, keys = [] }: CallGroup, register: string): readonly Want[] {
  return keys.map((representation) => {
    const type = (prepared as PreparedEntities).types.get(String(representation['__typename']));
    const key = type && representation[type.key];
    if (type === undefined || typeof key !== 'string') throw new RegisterFailure(register, 'key_type');
    return { key, of: type };
  });
}

/** For roots, the wants make one record by response key. For entities, each makes one record. */
function readGroup(wants: readonly Want[], answer: PeopleAnswer, isRoot: boolean): GroupRead {
  const read = new Map(
    [...new Set(wants.map(({ of }) => of))].map((of) => [
      of,
      answer.read(of.wanted, new Set(wants.filter((want) => want.of === of).map(({ key }) => key))),
    ]),
  );
  const errors: GroupAnswer['errors'][number][] = [];
  const records = wants.map(({ key, of, responseKey }, place) => {
    const record = read.get(of)?.records.get(key);
    const above: ResponsePath = responseKey === undefined ? [place] : [0, responseKey];
    return record === undefined
      ? null
      : of.read(record, (path, reason) => errors.push({ path: [...above, ...path], reason }));
  });
  return {
    answer: { records: isRoot ? [rootRecord(wants, records)] : records, errors },
    beyond: [...read.values()].some(({ beyond }) => beyond),
  };
}

function rootRecord(wants: readonly Want[], records: GroupAnswer['records']): Record<string, unknown> {
  const root = bareObject();
  wants.forEach(({ responseKey = '' }, place) => {
    root[responseKey] = records[place] ?? null;
  });
  return root;
}
