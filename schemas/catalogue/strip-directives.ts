import { visit, type DirectiveNode, type DocumentNode } from 'graphql';
import { textArgument } from './directive-arguments.js';
import { GOVERNANCE_URL, governanceNames } from './governance-names.js';

/** The enum of `@category(sensitivity:)`, should a register's SDL carry the definitions. */
const SENSITIVITY = 'Sensitivity';

/** The SDL without governance: directives, their definitions and their import go, so that nothing of them reaches composition or the public schema. */
export function stripGovernance(document: DocumentNode): DocumentNode {
  const names = new Set(Object.values(governanceNames(document)).flatMap((set) => [...set]));
  return visit(document, {
    Directive: (node) => (names.has(node.name.value) || isImport(node) ? null : undefined),
    SchemaExtension: { leave: (node) => (node.directives?.length || node.operationTypes?.length ? undefined : null) },
    DirectiveDefinition: (node) => (names.has(node.name.value) ? null : undefined),
    EnumTypeDefinition: (node) => (node.name.value === SENSITIVITY ? null : undefined),
  });
}

function isImport(directive: DirectiveNode): boolean {
  return directive.name.value === 'link' && (textArgument(directive, 'url')?.startsWith(GOVERNANCE_URL) ?? false);
}
