import type { Command } from 'commander'
import type { EventRefusal } from '../core/events/event'
import { EVENT_COLUMNS, type EventImport, importEvents } from '../core/events/import-events'
import { type CliContext, CommandFailure } from './context'

const REASONS: Readonly<Record<EventRefusal, string>> = {
  'missing-id': 'no eventId',
  'id-too-long': 'an id of more than 200 characters',
  'missing-member': 'no memberId',
  'bad-kind': 'the kind is neither click, view nor review',
  'bad-rating': 'a review needs a rating from 1 to 5, the others have none',
  'bad-date': 'the time is not ISO 8601 with an offset, such as 2026-10-01T09:30:00+08:00',
  'absurd-date': 'a time before 1990 or in the future',
  'unknown-member': 'no member has this id; import the orders first',
  changed: 'the event is there already, with other content',
}

/** `events FILE`: loads what members do besides buying. */
export function registerEvents(program: Command, context: CliContext): void {
  program
    .command('events')
    .description(
      'load clicks, views and reviews of members from a CSV file (also .gz); segments are told apart by them',
    )
    .argument('<file>', 'the file to load')
    .addHelpText('after', HELP)
    .action(async (path: string) => {
      const startedAt = performance.now()
      const database = await context.database()
      let bar: ReturnType<CliContext['progress']> | undefined
      const onBytes = (bytes: number, of: number) => {
        bar ??= context.progress({ label: 'reading', total: of })
        bar.update(bytes)
      }
      const outcome = await importEvents(database, { path, at: context.clock(), onBytes })
        .catch((cause: Error) => {
          throw new CommandFailure(
            `${path} could not be read to its end; what was read is kept`,
            { code: 'cannot-read' },
            { cause },
          )
        })
        .finally(() => bar?.stop())
      if (!outcome.ok) {
        const found = outcome.code === 'not-csv' ? outcome.problem : `found: ${outcome.found.join(', ').slice(0, 300)}`
        throw new CommandFailure(
          `${path} is no file of events\n${found}\ncolumns: ${EVENT_COLUMNS.join(', ')}`,
          outcome,
        )
      }
      summarise(context, outcome.result)
      context.json({ ...outcome.result, seconds: Math.round(performance.now() - startedAt) / 1000 })
    })
}

const HELP = `
Columns: eventId, memberId, kind (click, view, review), at (ISO 8601 with an offset); also sku, and rating (1 to 5) of reviews.
The same events again change nothing.

Example:
  regulars events clicks.csv.gz`

function summarise(context: CliContext, { rows, recorded, alreadyThere, refused, refusedByKind }: EventImport): void {
  const count = (value: number) => value.toLocaleString('en')
  context.say(`read ${count(rows)} rows: ${count(recorded)} events recorded, ${count(alreadyThere)} were there already`)
  if (refused === 0) return
  context.say(`${count(refused)} rows were not taken:`)
  const kinds = Object.entries(refusedByKind) as [EventRefusal, { rows: number; lines: number[] }][]
  context.table(
    [
      { title: 'kind', value: ([kind]) => kind },
      { title: 'rows', value: ([, { rows: of }]) => of },
      { title: 'lines', value: ([, { rows: of, lines }]) => `${lines.join(', ')}${of > lines.length ? ' …' : ''}` },
      { title: 'why', value: ([kind]) => REASONS[kind] },
    ],
    kinds,
  )
}
