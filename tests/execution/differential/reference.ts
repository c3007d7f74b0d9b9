import { buildSchema, execute, isObjectType, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Model } from './model.js';
import { mergedSdl } from './sdl.js';
import { rootsOf } from './services.js';
import { nodeOf, noteOf, valueOf, type Arguments, type Referred } from './world.js';

/** Slow and obvious: one schema of everything, each field resolved where it stands, by graphql-js. */
export class Reference {
  readonly schema: GraphQLSchema;

  constructor(model: Model) {
    this.schema = buildSchema(mergedSdl(model));
    const roots = rootsOf(model, () => true);
    for (const field of Object.values(this.schema.getQueryType()?.getFields() ?? {})) field.resolve = field.name === 'anyNode' ? (_, { id }) => nodeOf(model, String(id)) : (roots?.[field.name] as never);
    for (const entity of model.entities) {
      const type = this.schema.getType(entity.name);
      if (!isObjectType(type)) throw new Error(`${entity.name} is no type`);
      const note = type.getFields()['note'];
      if (note) note.resolve = ({ id }: Referred) => noteOf(model, id);
      for (const field of entity.fields) {
        const declared = type.getFields()[field.name];
        if (declared) declared.resolve = (source: Referred, given: Arguments) => valueOf(model, entity, source.id, field, given);
      }
    }
  }

  async ask(text: string, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult> {
    return execute({ schema: this.schema, document: parse(text), variableValues: variables });
  }
}
