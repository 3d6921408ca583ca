import { defineConfig } from 'oxlint';
import { layerOverrides } from './scripts/lint/layer-overrides.ts';
import { portOverrides } from './scripts/lint/port-overrides.ts';

export default defineConfig({
  plugins: [
    'eslint',
    'typescript',
    'unicorn',
    'oxc',
    'import',
    'react',
    'jsx-a11y',
    'promise',
    'vitest',
  ],
  categories: { correctness: 'error' },
  options: {
    typeAware: true,
    denyWarnings: true,
    reportUnusedDisableDirectives: 'error',
  },
  ignorePatterns: ['out/**', 'dist/**', 'node_modules/**', 'resources/**', 'tests/fixtures/**'],
  rules: {
    eqeqeq: 'error',
    'max-lines': ['error', { max: 500 }],
    'no-console': 'off',
    'no-param-reassign': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'import/no-self-import': 'error',
    'typescript/await-thenable': 'error',
    'typescript/consistent-type-imports': [
      'error',
      // `import('…').Type` would slip past the layer rules.
      { prefer: 'type-imports', disallowTypeAnnotations: true },
    ],
    'typescript/no-deprecated': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'typescript/unbound-method': 'off',
    'react/rules-of-hooks': 'error',
    'react/exhaustive-deps': 'error',
    'react/no-danger': 'error',
    'react/react-in-jsx-scope': 'off',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'vitest/no-focused-tests': 'error',
    // A helper may hold the expectation, and journeys use Playwright's.
    'vitest/expect-expect': 'off',
    'vitest/valid-expect': 'off',
    'vitest/valid-title': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/require-mock-type-parameters': 'off',
  },
  overrides: [
    ...layerOverrides,
    ...portOverrides,
    {
      // Their tools ask for a default export.
      files: ['*.config.ts', 'scripts/reporters/*.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      files: ['src/shared/**', 'src/main/**', 'src/server/**', 'src/renderer/**', 'src/preload/**'],
      rules: { 'no-console': 'error' },
    },
  ],
});
