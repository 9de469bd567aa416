import { type Command, InvalidArgumentError, Option } from 'commander'
import { formats } from '../core/import/formats'
import type { ImportPhase } from '../core/import/import-options'
import { importOrders } from '../core/import/import-orders'
import type { FileRefusal, ImportResult } from '../core/import/import-result'
import type { RefusalKind } from '../core/import/refusals'
import { ensureCoupons } from '../core/programme/starter'
import { type CliContext, CommandFailure } from './context'
import type { Progress } from './progress'

const PHASES: Readonly<Record<ImportPhase, string>> = {
  fingerprint: 'looking at the file …',
  waiting: 'another import is running; waiting for it …',
  resuming: 'finishing an import that was interrupted …',
  reading: 'reading …',
  orders: 'writing members, products and orders …',
  points: 'matching refunds, recording points and tiers …',
}

const REASONS: Readonly<Record<RefusalKind, string>> = {
  'wrong-column-count': 'not as many columns as the header',
  'bad-quoting': 'a quote that is never closed, or text beside a quoted field',
  'invalid-encoding': 'not UTF-8; save the file as UTF-8',
  'line-too-long': 'longer than 1 MB',
  'missing-order-id': 'no order id',
  'missing-sku': 'no SKU',
  'id-too-long': 'an id of more than 200 characters',
  'control-characters': 'a NUL character',
  'bad-quantity': 'the quantity is no whole number other than 0',
  'absurd-quantity': 'a quantity of more than a million',
  'bad-price': 'the price is no decimal number',
  'negative-price': 'a negative price',
  'absurd-price': 'a price of more than ten million',
  'bad-date': 'the date is not readable, or not in the calendar',
  'absurd-date': 'a date before 1990 or in the future',
  'bad-kind': 'the kind is neither sale nor refund, or does not fit refundsOrderId',
  'sign-against-kind': 'a cancellation with a positive quantity',
  'bad-currency': 'the currency is no code of three letters',
  'other-currency': "not the programme's currency",
  'order-of-several-members': 'lines of one order name several members',
  'order-of-several-kinds': 'lines of one order are sales and refunds',
  'order-changed': 'the order is there already, with other content',
  'member-of-another-source': 'the member belongs to another source',
  'absurd-total': 'the total is too large',
}

interface ImportFlags {
  format?: string
  currency?: string
  timeZone?: string
}

/** `import FILE`: loads orders. */
export function registerImport(program: Command, context: CliContext): void {
  const format = new Option('--format <name>', 'layout of the file; told from its header when absent')
  program
    .command('import')
    .description('load orders from a CSV file (also .gz): members, products, orders, refunds, points and tiers')
    .argument('<file>', 'the file to load')
    .addOption(format.choices(formats.map(({ name }) => name)))
    .option('--currency <code>', 'currency of the amounts, where the file does not say (ISO 4217)', currencyCode)
    .option('--time-zone <name>', 'where times without an offset are, such as Asia/Shanghai', timeZoneName)
    .addHelpText('after', HELP)
    .action(async (path: string, flags: ImportFlags) => {
      const startedAt = performance.now()
      const database = await context.database()
      const shown = showProgress(context)
      const outcome = await importOrders(database, { path, ...flags, at: context.clock(), ...shown.listeners })
        .catch((cause: Error) => {
          throw new CommandFailure(`${path} was not imported`, { code: 'not-imported' }, { cause })
        })
        .finally(() => shown.stop())
      if (!outcome.ok) throw new CommandFailure(whyNot(path, outcome), outcome)
      const seconds = Math.round(performance.now() - startedAt) / 1000
      const { isRepeat, isResumed, result } = outcome
      if (isResumed) context.say(`${path} was imported in part before; the rest is done now`)
      if (isRepeat) context.say(`${path} was imported before; nothing was changed (${seconds} s)`)
      else summarise(context, result, seconds)
      const starters = await database.tx((tx) => ensureCoupons(tx, { at: context.clock() }))
      if (starters > 0)
        context.say(`there was nothing to spend points on: added ${starters} coupons to start with (see "programme")`)
      const added = isRepeat ? { orders: 0, members: 0, products: 0 } : result.added
      context.json({ ...result, added, alreadyImported: isRepeat, resumed: isResumed, seconds })
    })
}

const HELP = `
Formats:
  online-retail  InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID (UCI Online Retail);
                 an invoice that starts with C cancels
  orders         orderId, memberId, placedAt, sku, quantity, unitPrice; also productName, category, currency,
                 kind, refundsOrderId, email, memberName (see docs/recipes/import-orders.md)

The same file again changes nothing, and so does the same order in another file. After an interruption run it again: what
was done is not done twice.

Examples:
  regulars import orders.csv
  regulars import online_retail.csv.gz --format online-retail
  regulars import bestellungen.csv --currency EUR --time-zone Europe/Berlin`

function showProgress(context: CliContext) {
  let bar: Progress | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    stop,
    listeners: {
      onPhase(phase: ImportPhase, file?: { bytes: number }) {
        stop()
        if (phase === 'reading' && file)
          bar = context.progress({ label: 'reading', total: file.bytes, show: megabytes })
        else if (phase !== 'fingerprint') context.say(PHASES[phase])
      },
      onBytes: (bytes: number) => bar?.update(bytes),
      onBatch(done: number, batches: number) {
        bar ??= context.progress({ label: 'refunds, points, tiers', total: batches })
        bar.update(done)
      },
    },
  }
}

function summarise(context: CliContext, result: ImportResult, seconds: number): void {
  const { added, refunds, points, alreadyThere, refused, refusedByKind } = result
  const count = (value: number) => value.toLocaleString('en')
  const rowsPerSecond = count(Math.round(result.rows / Math.max(seconds, 0.001)))
  context.say(`read ${count(result.rows)} rows in ${seconds} s (${rowsPerSecond} rows/s)`)
  context.say(`added ${count(added.orders)} orders, ${count(added.members)} members, ${count(added.products)} products`)
  if (alreadyThere > 0) context.say(`${count(alreadyThere)} orders were there already and stay as they were`)
  context.say(`${count(result.guestLines)} rows without a customer are in no member's account`)
  const unmatched = `${count(refunds.linesWithoutSale)} of their ${count(refunds.lines)} lines give back nothing that was sold`
  context.say(`${count(refunds.orders)} refunds by members; ${unmatched}`)
  context.say(`${count(points.earned)} points earned, ${count(points.takenBack)} taken back by refunds`)
  context.say(`${count(result.tierMoves)} members changed tier`)
  if (refused === 0) return
  context.say(`${count(refused)} rows were not taken:`)
  const kinds = Object.entries(refusedByKind) as [RefusalKind, { rows: number; lines: number[] }][]
  context.table(
    [
      { title: 'kind', value: ([kind]) => kind },
      { title: 'rows', value: ([, { rows }]) => rows },
      { title: 'lines', value: ([, { rows, lines }]) => `${lines.join(', ')}${rows > lines.length ? ' …' : ''}` },
      { title: 'why', value: ([kind]) => REASONS[kind] },
    ],
    kinds,
  )
}

function whyNot(path: string, refusal: FileRefusal): string {
  switch (refusal.code) {
    case 'empty-file':
      return `${path} is empty, or no text in UTF-8; needed: a header and orders`
    case 'missing-columns':
      return [
        `${path} is not of format ${refusal.format}: it has no column ${refusal.missing.join(', ')}`,
        `found: ${shorten(refusal.found)}`,
        `needed: ${refusal.needed.join(', ')}`,
      ].join('\n')
    case 'unknown-format':
      return [
        refusal.found[0]?.startsWith('PK')
          ? `${path} is a spreadsheet or an archive; export it as CSV`
          : `${path} has a header of no known format`,
        `found: ${shorten(refusal.found)}`,
        ...refusal.allowed.map(({ format, columns }) => `needed for ${format}: ${columns.join(', ')}`),
      ].join('\n')
    case 'other-currency':
      return `${path} is in ${refusal.given}, but the programme's currency is ${refusal.programme}; one programme has one currency`
  }
}

const FOUND_LENGTH_MAX = 300

function shorten(found: readonly string[]): string {
  // A file that is no CSV at all may have anything in its first line, also what would upset a terminal.
  const text = found.join(', ').replace(/\p{C}/gu, '?')
  return text.length > FOUND_LENGTH_MAX ? `${text.slice(0, FOUND_LENGTH_MAX)} …` : text
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

function currencyCode(text: string): string {
  const code = text.toUpperCase()
  if (Intl.supportedValuesOf('currency').includes(code)) return code
  throw new InvalidArgumentError('Needed: a currency by its three letters, such as GBP, EUR, CNY.')
}

function timeZoneName(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return text
  } catch {
    throw new InvalidArgumentError('Needed: a time zone by its IANA name, such as Europe/London or Asia/Shanghai.')
  }
}
