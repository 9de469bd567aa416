import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'prisma/config'

// Nothing here needs Prisma's native schema engine (the client is generated and migrations are applied without it), but
// its commands refuse to start when the engine is neither there nor downloadable. Any existing file satisfies them.
const engines = path.join(__dirname, 'node_modules', '@prisma', 'engines')
const hasNativeEngine = existsSync(engines) && readdirSync(engines).some((name) => name.startsWith('schema-engine-'))
if (!hasNativeEngine && !process.env.PRISMA_SCHEMA_ENGINE_BINARY) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY = process.execPath
}

export default defineConfig({
  schema: path.join('prisma', 'schema.prisma'),
  migrations: { path: path.join('prisma', 'migrations') },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/regulars' },
})
