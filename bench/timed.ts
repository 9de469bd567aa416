/** Does something, and says how long it took by the clock and of this process's CPU, which others on the machine change little. */
export function timed<Result>(work: () => Result): { result: Result; seconds: number; cpuSeconds: number } {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const result = work()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { result, seconds, cpuSeconds: (user + system) / 1e6 }
}
