import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'

const root = import.meta.dirname
const outDir = path.join(root, '../../dist/web')
const empty = path.join(root, 'shared/empty.ts')

/**
 * Three builds by one command: the pages (modules with hashed names); the console, which shares files with the chat but may
 * not change how that one is cut into chunks; and `widget.js`, the one script that a shop's page loads: a classic script
 * under a lasting name, so it may not share a chunk with anything.
 */
export default defineConfig({
  root,
  base: './',
  publicDir: path.join(root, 'public'),
  resolve: {
    alias: [
      // The Direct Line client brings along what every browser of the last years has, and a transport we do not use.
      { find: 'core-js/features/promise', replacement: empty },
      { find: 'url-search-params-polyfill', replacement: empty },
      { find: './directLineStreaming', replacement: path.join(root, 'shared/no-streaming.ts') },
    ],
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'ssr') await builder.build(environment)
      }
      packFiles()
    },
  },
  environments: {
    client: {
      build: {
        outDir,
        emptyOutDir: true,
        target: 'es2022',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        rolldownOptions: {
          input: ['index.html', 'mailbox.html', 'chat.html', 'campaigns.html'].map((page) => path.join(root, page)),
        },
      },
    },
    console: {
      consumer: 'client',
      build: {
        outDir,
        emptyOutDir: false,
        copyPublicDir: false,
        target: 'es2022',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 900,
        rolldownOptions: {
          input: path.join(root, 'console.html'),
          // The component kit marks each of its files for servers that draw pages, of which we are none.
          onLog(level, log, tell) {
            if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log)
          },
        },
      },
    },
    widget: {
      consumer: 'client',
      build: {
        outDir,
        emptyOutDir: false,
        copyPublicDir: false,
        target: 'es2022',
        rolldownOptions: {
          input: path.join(root, 'loader/widget.ts'),
          output: { format: 'iife', entryFileNames: 'widget.js' },
        },
      },
    },
  },
})

/** Packs scripts and styles once, so that the server need not for each who asks. */
function packFiles(): void {
  for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(outDir, name)
    if (/\.(js|css)$/.test(name) && statSync(file).isFile()) {
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
    }
  }
}
