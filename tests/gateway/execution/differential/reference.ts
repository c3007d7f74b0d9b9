import {
  buildSchema,
  execute,
  GraphQLList,
  GraphQLNonNull,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { answeredScalar } from './leaves.js';
import { isLeafType as isLeaf, LEAVES_OF_THINGS, type EntityModel, type FieldModel, type Model } from './model.js';
import { categoryOf, mergedSdl } from './sdl.js';
import { rootsOf } from './services.js';
import {
  computed,
  fieldOf,
  homesOf,
  isGranted,
  isProtected,
  nodeOf,
  noteOf,
  valueOf,
  type Arguments,
  type Referred,
} from './world.js';

/** Slow and obvious: one schema of everything, each field resolved where it stands, by graphql-js. */
export class Reference {
  readonly schema: GraphQLSchema;

  constructor(model: Model) {
    this.schema = buildSchema(mergedSdl(model));
    const roots = rootsOf(model, () => true);
    for (const field of Object.values(this.schema.getQueryType()?.getFields() ?? {})) {
      const root: GraphQLFieldResolver<unknown, unknown, Arguments> | undefined =
        field.name === 'anyNode' ? (_, { id }) => nodeOf(model, String(id)) : roots?.[field.name];
      field.resolve = (...asked) => withoutProtected(model, root?.(...asked));
    }
    for (const [name, leaf] of LEAVES_OF_THINGS) {
      const type = this.schema.getType(name);
      const field = isObjectType(type) ? type.getFields()[leaf] : undefined;
      if (field) field.type = strict(field.type);
    }
    for (const entity of model.entities) {
      const type = this.schema.getType(entity.name);
      if (!isObjectType(type)) throw new Error(`${entity.name} is no type`);
      const note = type.getFields()['note'];
      if (note) note.resolve = ({ id }: Referred) => shownNote(model, id);
      for (const field of entity.fields) {
        const declared = type.getFields()[field.name];
        if (declared)
          declared.resolve = (source: Referred, given: Arguments) => shown(model, entity, source.id, field, given);
        if (declared && field.kind.is === 'value') declared.type = strict(declared.type);
      }
    }
  }

  async ask(text: string, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult> {
    return execute({ schema: this.schema, document: parse(text), variableValues: variables });
  }
}

/** Returns a type of which the leaves are completed as the table of samples says. */
function strict(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? new GraphQLNonNull(strictNullable(type.ofType)) : strictNullable(type);
}

type Nullable = Exclude<GraphQLOutputType, GraphQLNonNull<never>>;

function strictNullable(type: Nullable): Nullable {
  if (isListType(type)) return new GraphQLList(strict(type.ofType));
  return isLeafType(type) ? answeredScalar(type.name) : type;
}

/** The value, or an error where it is withheld. */
function shown(model: Model, entity: EntityModel, id: string, field: FieldModel, given: Arguments): unknown {
  if (model.governed && isWithheld(model, entity, id, field)) throw new Error('withheld');
  return seen(model, entity, id, field, given);
}

/** The value as it is where protected people are not there. */
function seen(model: Model, entity: EntityModel, id: string, field: FieldModel, given: Arguments): unknown {
  const { kind } = field;
  if (kind.is === 'computed')
    return computed(entity, kind.from, ({ name, given: fixed }) =>
      seen(model, entity, id, fieldOf(entity, name), fixed),
    );
  const value = valueOf(model, entity, id, field, given);
  if (kind.is === 'value' && !isLeaf(kind.type)) return withoutHomes(value, homesOf(model));
  return kind.is === 'link' || kind.is === 'abstract' ? withoutProtected(model, value) : value;
}

/** A detail that tells the home of a protected person is null, and left out of a list. */
function withoutHomes(value: unknown, homes: readonly string[]): unknown {
  const isHome = (one: unknown): boolean =>
    typeof one === 'object' && one !== null && homes.includes((one as { place: string }).place);
  if (Array.isArray(value)) return value.filter((one) => !isHome(one)).map((one) => withoutHomes(one, homes));
  if (isHome(value)) return null;
  if (typeof value !== 'object' || value === null || !('inner' in value)) return value;
  return { ...value, inner: withoutHomes(value.inner, homes) };
}

/** A person who is protected is null, and left out of a list. */
function withoutProtected(model: Model, value: unknown): unknown {
  const isGone = (person: unknown): boolean =>
    typeof person === 'object' &&
    person !== null &&
    !Array.isArray(person) &&
    isProtected(model, (person as Referred).id);
  if (Array.isArray(value))
    return value.filter((person) => !isGone(person)).map((person) => withoutProtected(model, person));
  return isGone(value) ? null : value;
}

function shownNote(model: Model, id: string): string | null {
  if (model.governed && !isGranted(model, id, categoryOf(model, 'Node', 'note'))) throw new Error('withheld');
  return noteOf(model, id);
}

/** A field by its own category; one that is computed by what it is computed of; a link also by the category of each person that it leads to. */
function isWithheld(model: Model, entity: EntityModel, id: string, field: FieldModel): boolean {
  const category = categoryOf(model, entity.name, field.name);
  if (!isGranted(model, id, category)) return true;
  const { kind } = field;
  if (kind.is === 'computed') return kind.from.some(({ name }) => isWithheld(model, entity, id, fieldOf(entity, name)));
  if (kind.is !== 'link' && kind.is !== 'abstract') return false;
  const found = valueOf(model, entity, id, field, {});
  return [found]
    .flat(2)
    .some(
      (person) =>
        person !== null &&
        !isProtected(model, (person as Referred).id) &&
        !isGranted(model, (person as Referred).id, category),
    );
}
