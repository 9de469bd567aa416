import type { Command } from 'commander'
import { readMerchant } from '../core/merchant'
import { writeMoney } from '../core/segments/money'
import { readSegments, type Segment, type Segments, type StrategicSegment } from '../core/segments/read'
import { STRATEGY_CHARACTERS_MAX, setStrategy } from '../core/segments/strategy'
import { type CliContext, CommandFailure } from './context'
import type { Column } from './table'

/** `segments`: who belongs together; `segments strategy CODE` writes down what to do about them. */
export function registerSegments(program: Command, context: CliContext): void {
  const command = program
    .command('segments')
    .description('who belongs together: RFM groups, clusters and life-cycle stages, with size, spend and strategy')
  command
    .command('show', { isDefault: true })
    .description('show them all; "train" and "score" bring them up to date')
    .action(async () => {
      const db = await context.database()
      const segments = await readSegments(db)
      const { currency } = await readMerchant(db)
      if (segments.members === 0) context.say('nobody is scored yet; "regulars score" does it')
      else show(context, segments, currency)
      context.json(segments)
    })
  command
    .command('strategy')
    .description('write down what to do about a group or a cluster, in both languages')
    .argument('<code>', 'code of the group or cluster, as "segments" shows it')
    .requiredOption('--en <text>', 'the strategy in English')
    .requiredOption('--zh <text>', 'the same in Chinese')
    .addHelpText(
      'after',
      '\nExample:\n  regulars segments strategy at-risk --en "Call the ten best of them" --zh "致电其中最重要的十位"',
    )
    .action(async (code: string, texts: { en: string; zh: string }) => {
      const db = await context.database()
      const outcome = await setStrategy(db, { code, texts, at: context.clock() })
      if (!outcome.ok) throw new CommandFailure(refusal(code, outcome), outcome)
      context.say(`the strategy for ${code} is set`)
      context.json({ code, strategy: { en: texts.en.trim(), zh: texts.zh.trim() } })
    })
}

function refusal(code: string, outcome: Extract<Awaited<ReturnType<typeof setStrategy>>, { ok: false }>): string {
  switch (outcome.code) {
    case 'unknown-segment':
      return `there is no group or cluster "${code}"; there are ${outcome.known.join(', ')}`
    case 'text-empty':
      return 'a strategy needs words in both languages'
    case 'text-too-long':
      return `a strategy has up to ${STRATEGY_CHARACTERS_MAX} characters`
  }
}

function show(context: CliContext, { groups, clusters, stages }: Segments, currency: string): void {
  const size: Column<Segment>[] = [
    { title: 'members', value: (row) => row.members },
    { title: 'share', value: (row) => percent(row.share) },
    { title: 'spent', value: (row) => writeMoney(row.spendMinor, currency) },
    { title: 'of all', value: (row) => percent(row.spendShare) },
  ]
  const called = (title: string): Column<Segment>[] => [
    { title, value: (row) => row.code },
    { title: 'name', value: (row) => `${row.name.en} · ${row.name.zh}` },
  ]
  context.table([...called('group'), ...size], groups)
  context.say('')
  if (clusters.length > 0) context.table([...called('cluster'), ...size], clusters)
  else context.say('clusters: not trained yet, or not enough members for it; "regulars train" says what is missing')
  context.say('')
  context.table([...called('stage'), ...size], stages)
  for (const segment of [...groups, ...clusters]) if (segment.members > 0) context.say(inWords(segment))
}

function inWords({ code, words, strategy, editedAt }: StrategicSegment): string {
  const edited = editedAt === null ? '' : ` (yours, ${editedAt.toISOString().slice(0, 10)})`
  return `\n${code}: ${words.en} ${words.zh}\n  → ${strategy.en}${edited}\n  → ${strategy.zh}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
