import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Each layer imports itself and the layers below it; the engine runs with no framework, database or network client.
const order = ['data', 'language', 'engine', 'catalog'];
const bannedExternalImports = ['@nestjs/*', '@prisma/*', 'bullmq', 'ioredis', '@grpc/*', 'pg', 'fastify'];
const core = order.map((layer, i) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: order.slice(0, i + 1).map((l) => `layer:${l}`),
  bannedExternalImports,
}));
const depConstraints = [
  ...core,
  { sourceTag: 'layer:contract', onlyDependOnLibsWithTags: ['layer:data', 'layer:contract'] },
  {
    sourceTag: 'layer:adapter',
    onlyDependOnLibsWithTags: ['layer:data', 'layer:language', 'layer:engine', 'layer:contract', 'layer:adapter'],
  },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: [...order, 'contract', 'adapter'].map((l) => `layer:${l}`) },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/generated/**',
      '**/.nx/**',
      '**/.data/**',
      '**/node_modules/**',
      'e2e/conformance/**',
      'e2e/seed-http/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx },
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: ['@supercap/alerting/testing', '@supercap/dataflow/testing', '@supercap/storage/testing'],
          depConstraints,
        },
      ],
    },
  },
  {
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['tools/**', 'e2e/**'], rules: { 'no-console': 'off' } },
);
