/** @type {import('jest').Config} */
module.exports = {
  // Modules are loaded once a worker and not once a file (decision 15).
  testEnvironment: '<rootDir>/test/support/shared-environment.cjs',
  runtime: '<rootDir>/test/support/shared-runtime.cjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 30_000,
  // One more than the two cores of CI: tests that wait for a browser or a database leave a core to others.
  maxWorkers: 3,
  // A large process on a busy machine takes longer to end than the half second that jest gives it. What a test left open stays open.
  workerGracefulExitTimeout: 10_000,
}
