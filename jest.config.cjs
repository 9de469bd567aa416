/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.m?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Packages that ship as ES modules only; jest loads CommonJS.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|pg-boss|non-error|serialize-error|croner|node-cron|openid-client|oauth4webapi|oauth2-mock-server|is-plain-obj)/)',
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 30_000,
  maxWorkers: 2,
  // A large process on a busy machine takes longer to end than the half second that jest gives it. What a test left open stays open.
  workerGracefulExitTimeout: 10_000,
}
