import type { OperationDescription, RegisterDescription, Said, YamlObject } from './description.js';
import { DocumentFault } from './reader.js';
import { registerFiles, type RegisterFiles } from './write/files.js';
import type { TakenNames } from './write/plan.js';
import { planRegister } from './write/plan-register.js';

export interface WriteRequest {
  /** Name of the register that is written. */
  readonly register: string;
  /** `--operation`, by name or alias. Empty: nothing is written, all are listed. */
  readonly operations: readonly string[];
  readonly personal: ReadonlySet<string>;
  /** Names that the other registers have. */
  readonly taken: TakenNames;
}

/** An operation in the list that the command prints. */
export interface ListedOperation {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The operation of the document, where this is one kind of question of several. */
  readonly of?: string | undefined;
  readonly title?: string | undefined;
  readonly place: string;
  readonly state: 'ready' | 'example' | 'refused';
  /** Why an example is needed, or why it is refused. */
  readonly why?: string | undefined;
}

/** What `register new` made of a document. */
export interface Described {
  readonly title?: string | undefined;
  readonly settings: YamlObject;
  /** Those that were named; all if none was. */
  readonly operations: readonly ListedOperation[];
  /** Undefined if no operation was named, or none of those can be written. */
  readonly files?: RegisterFiles | undefined;
  readonly said: readonly Said[];
}

/** Writes what the chosen operations need. Throws {@link DocumentFault} for a name that the document does not have. */
export function describe(description: RegisterDescription, request: WriteRequest): Described {
  const chosen = chosenOf(description.operations, request.operations);
  const listed = chosen.map(listedOf);
  const written = chosen.filter((_, index) => listed[index]?.state === 'ready');
  const { title, settings, said } = description;
  const base = { title, settings, operations: listed };
  if (request.operations.length === 0 || written.length === 0) return { ...base, files: undefined, said };
  const plan = planRegister({ ...request, description, operations: written });
  return { ...base, files: registerFiles(plan), said: withoutRepeated([...said, ...plan.said]) };
}

/** Several operations may meet the same place. */
function withoutRepeated(said: readonly Said[]): readonly Said[] {
  return [...new Map(said.map((one) => [`${one.place} ${one.message}`, one])).values()];
}

function chosenOf(
  operations: readonly OperationDescription[],
  names: readonly string[],
): readonly OperationDescription[] {
  if (names.length === 0) return operations;
  const chosen = names.flatMap((wanted) => {
    const found = operations.filter(
      ({ name, aliases = [], of = [] }) => name === wanted || aliases.includes(wanted) || of.includes(wanted),
    );
    if (found.length > 0) return found;
    const all = [...new Set(operations.map(({ name, of }) => of?.[0] ?? name))].join(', ');
    throw new DocumentFault('#', `there is no operation "${wanted}". There are ${all}`);
  });
  return [...new Set(chosen)];
}

function listedOf({
  name,
  aliases = [],
  of,
  title,
  place,
  refused,
  needsExample,
}: OperationDescription): ListedOperation {
  const state = refused !== undefined ? 'refused' : needsExample !== undefined ? 'example' : 'ready';
  return { name, aliases, of: of?.[0], title, place, state, why: refused ?? needsExample };
}
