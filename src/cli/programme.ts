import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { programmeFile } from '../core/programme/file'
import { putProgramme } from '../core/programme/put'
import { readProgramme } from '../core/programme/read'
import { type CliContext, CommandFailure } from './context'

/** `programme`: shows the merchant, the tiers and the coupons; `programme put FILE` changes them. */
export function registerProgramme(program: Command, context: CliContext): void {
  const command = program
    .command('programme')
    .description("the merchant's name, time zone and rules, the tiers, and the coupons that points can be spent on")
  command
    .command('show', { isDefault: true })
    .description('show it as JSON, in the shape in which "put" takes it')
    .action(async () => {
      const programme = await readProgramme(await context.database())
      context.table(
        [
          { title: 'coupon', value: (row) => row.id },
          { title: 'name', value: (row) => row.name.en },
          { title: 'points', value: (row) => row.costPoints },
          { title: 'stock', value: (row) => row.stock },
          { title: 'until', value: (row) => row.endsAt?.slice(0, 10) },
        ],
        programme.coupons ?? [],
      )
      context.json(programme)
    })
  command
    .command('put')
    .description('change or add what the file names; what it does not name stays')
    .argument(
      '<file>',
      'JSON: {merchant?, tiers?, coupons?}, as "programme" shows it (docs/recipes/set-up-a-programme.md)',
    )
    .action(async (file: string) => {
      const programme = read(file)
      const database = await context.database()
      const result = await database.tx(async (tx) => {
        const outcome = await putProgramme(tx, { programme, at: context.clock() })
        // Thrown, so that what was written before the refusal is rolled back.
        if (!outcome.ok) throw new CommandFailure(`${file} was not taken: ${outcome.detail}`, outcome)
        return outcome
      })
      context.say(
        `${result.merchant ? 'the merchant, ' : ''}${result.tiers} tiers and ${result.coupons} coupons are set`,
      )
      context.json(result)
    })
}

function read(file: string) {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be read as JSON: ${(cause as Error).message}`, { code: 'not-json' })
  }
  const parsed = programmeFile.safeParse(content)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`)
  throw new CommandFailure(`${file} was not taken:\n${problems.join('\n')}`, {
    code: 'not-a-programme',
    problems: problems.map((problem) => problem.trim()),
  })
}
