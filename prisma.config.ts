import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only commands that look at a database need it; `prisma generate` does not.
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://127.0.0.1:5432/supercap' },
});
