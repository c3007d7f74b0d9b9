/**
 * ESLint rule: a test without an assertion cannot fail, and looks like one that guards something.
 *
 * A test asserts if its function, or a function of the same file that it calls, calls `expect` or one of
 * `functions`: names of imported functions that throw when something does not hold.
 */
const ASSERTIONS = ['expect', 'assert'];
const TESTS = ['it', 'specify'];

export default {
  meta: {
    type: 'problem',
    messages: { none: 'This test asserts nothing: it always passes. Add an assertion that can fail.' },
    schema: [
      {
        type: 'object',
        properties: { functions: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const { sourceCode } = context;
    const names = new Set([...ASSERTIONS, ...(context.options[0]?.functions ?? [])]);

    /** True if this node calls an assertion, or a function of the file that does. */
    const asserts = (node, seen = new Set()) => {
      if (seen.has(node)) return false;
      seen.add(node);
      if (node.type === 'CallExpression' && calls(node, seen)) return true;
      return childrenOf(node).some((child) => asserts(child, seen));
    };
    const calls = ({ callee }, seen) => {
      const name = rootOf(callee);
      if (name === undefined) return false;
      if (names.has(name.name) || names.has(lastOf(callee))) return true;
      const definition = definitionOf(name);
      return definition !== undefined && asserts(definition, seen);
    };
    const childrenOf = (node) =>
      (sourceCode.visitorKeys[node.type] ?? []).flatMap((key) => [node[key]].flat()).filter((child) => child?.type);

    /** The function or the object of this file that a name stands for. */
    const definitionOf = (name) => {
      let scope = sourceCode.getScope(name);
      while (scope !== null && !scope.set.has(name.name)) scope = scope.upper;
      const [definition] = scope?.set.get(name.name)?.defs ?? [];
      if (definition?.type === 'FunctionName') return definition.node;
      return definition?.type === 'Variable' ? (definition.node.init ?? undefined) : undefined;
    };

    return {
      CallExpression(node) {
        const test = node.callee.type === 'MemberExpression' ? node.callee.object : node.callee;
        if (test.type !== 'Identifier' || !TESTS.includes(test.name)) return;
        const body = node.arguments.at(-1);
        if (node.arguments.length > 1 && body !== undefined && !assertsBody(body))
          context.report({ node: test, messageId: 'none' });
      },
    };

    /** The last argument is the test, or the name of a function that is one, or a call that makes one. */
    function assertsBody(body) {
      if (body.type !== 'Identifier') return asserts(body);
      const definition = definitionOf(body);
      return names.has(body.name) || (definition !== undefined && asserts(definition));
    }
  },
};

/** `expect` of `expect(a).to.equal(b)`, `fc` of `fc.assert(...)`. */
function rootOf(node) {
  let at = node;
  while (at.type !== 'Identifier') {
    if (at.type === 'MemberExpression') at = at.object;
    else if (at.type === 'CallExpression') at = at.callee;
    else if (at.type === 'TSNonNullExpression' || at.type === 'AwaitExpression') at = at.expression ?? at.argument;
    else return undefined;
  }
  return at;
}

/** `assert` of `fc.assert(...)`. */
function lastOf(node) {
  return node.type === 'MemberExpression' && node.property.type === 'Identifier' ? node.property.name : undefined;
}
