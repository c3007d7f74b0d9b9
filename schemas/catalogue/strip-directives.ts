import { visit, type DirectiveNode, type DocumentNode } from 'graphql';
import { textArgument } from './directive-arguments.js';
import { GOVERNANCE_URL, governanceNames } from './governance-names.js';

/** The enum of `@category(sensitivity:)`, for a register's SDL that contains the definitions. */
const SENSITIVITY = 'Sensitivity';

/** Returns the SDL without the governance directives, their definitions and their import, so that composition and the public schema never see them. */
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
