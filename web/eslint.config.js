import hooks from 'eslint-plugin-react-hooks';
import lingui from 'eslint-plugin-lingui';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist', 'node_modules', 'src/locales', 'generated', 'test-results', 'playwright-report'] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs'] }, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: hooks.configs.recommended.rules,
  },
  {
    // What a person reads goes through the catalogues.
    files: ['src/**/*.tsx'],
    ignores: ['**/*.test.tsx', 'src/components/icon.tsx'],
    plugins: { lingui },
    rules: {
      'lingui/no-unlocalized-strings': [
        'error',
        {
          ignore: ['^(?![A-Z].*\\s|[A-Z][a-z]+$).*$', '^[A-Z_0-9]+$', '^\\S+$'],
          ignoreNames: ['className', 'key', 'type', 'to', 'href', 'role', 'style', 'd', 'viewBox', 'method', { regex: { pattern: '^(data-|aria-live|aria-current|on[A-Z])' } }],
          ignoreFunctions: ['Error', 'api.*', '*.get', '*.set', '*.has', 'console.*'],
        },
      ],
    },
  },
  {
    // Features stand side by side.
    files: ['src/features/**/*.{ts,tsx}'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^\\.\\./\\.\\./features/|^\\.\\./(session|chat|status|tasks|models|users|settings)/', message: 'Features never import each other.' }] }] },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'e2e/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked },
);
