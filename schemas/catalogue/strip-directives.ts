import { Kind, visit, type DocumentNode } from 'graphql';
import { GOVERNANCE_URL, governanceNames, textArgument } from './governance-names.js';

/** The SDL without governance: directives, their definitions and their import go, so that nothing of them reaches composition or the public schema. */
export function stripGovernance(document: DocumentNode): DocumentNode {
  const names = new Set<string>(Object.values(governanceNames(document)));
  return visit(document, {
    Directive: (node) => {
      const isOurs = names.has(node.name.value) || (node.name.value === 'link' && textArgument(node, 'url')?.startsWith(GOVERNANCE_URL));
      return isOurs ? null : undefined;
    },
    DirectiveDefinition: (node) => (names.has(node.name.value) ? null : undefined),
    EnumTypeDefinition: (node) => (node.name.value === 'Sensitivity' && node.kind === Kind.ENUM_TYPE_DEFINITION ? null : undefined),
  });
}
