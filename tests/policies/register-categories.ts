import { readdirSync, readFileSync } from 'node:fs';
import { parse, visit, type DirectiveNode } from 'graphql';
import type { Sensitivity } from '../../schemas/vocabulary.js';

const REGISTERS = 'schemas/registers';

/** Every category that the registers' own schemas declare, with its sensitivity. */
export function registerCategories(): Map<string, { sensitivity: Sensitivity }> {
  const categories = new Map<string, { sensitivity: Sensitivity }>();
  for (const register of readdirSync(REGISTERS)) {
    visit(parse(readFileSync(`${REGISTERS}/${register}/schema.graphql`, 'utf8')), {
      Directive: (directive) => {
        const name = argument(directive, 'name');
        if (directive.name.value === 'category' && name !== undefined) {
          categories.set(name, { sensitivity: (argument(directive, 'sensitivity') ?? 'PERSONAL') as Sensitivity });
        }
      },
    });
  }
  return categories;
}

function argument(directive: DirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((one) => one.name.value === name)?.value;
  return value?.kind === 'StringValue' || value?.kind === 'EnumValue' ? value.value : undefined;
}
