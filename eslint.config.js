import tseslint from 'typescript-eslint';
import testAsserts from './scripts/lint/test-asserts.mjs';

/** Names under which a second test for plain objects used to be written; the one definition is in schemas/objects.ts. */
const PLAIN_OBJECT_TEST = '/^(isObject|isRecord|isPlainObject|isDataObject)$/';
const SECOND_PLAIN_OBJECT_TEST = [
  `FunctionDeclaration[id.name=${PLAIN_OBJECT_TEST}]`,
  `VariableDeclarator[id.name=${PLAIN_OBJECT_TEST}][init.type=/^(ArrowFunctionExpression|FunctionExpression)$/]`,
].map((selector) => ({ selector, message: 'Import isObject from schemas/objects.ts.' }));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.tereze/', 'docs/clients/', 'gateway/web/assets/', '**/*.cjs'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 500 }],
      'max-depth': ['error', 4],
      complexity: ['error', 16],
    },
  },
  {
    files: ['**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SECOND_PLAIN_OBJECT_TEST] },
  },
  {
    files: ['schemas/**/*.ts', 'policies/**/*.ts', 'monitoring/**/*.ts', 'adapters/**/*.ts', 'gateway/**/*.ts'],
    ignores: ['gateway/compose/clock.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...SECOND_PLAIN_OBJECT_TEST,
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Take the time from the Clock port.',
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Take the time from the Clock port.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Take randomness from the Random port.',
        },
      ],
    },
  },
  {
    files: ['tests/**/*.ts'],
    plugins: { local: { rules: { 'test-asserts': testAsserts } } },
    rules: {
      'local/test-asserts': ['error', { functions: ['rejection'] }],
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      complexity: 'off',
    },
  },
  {
    files: ['gateway/cli/**/*.ts', 'demo/**/*.ts', 'bench/**/*.ts', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
);
