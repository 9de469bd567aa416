import { chance, createRandom, integer, type Random } from '../src/ml/random'

const SEED = 'import-lines'
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n'
/** Shares of UCI's Online Retail: lines a member, lines an invoice, guests' invoices, cancellations. */
const LINES_PER_MEMBER = 124
const LINES_PER_INVOICE = 21
const GUEST_SHARE = 0.25
const REFUND_SHARE = 0.15
const PRODUCTS = 4_000
const DAYS = 373
const START = Date.UTC(2010, 11, 1, 8)
const WORDS = [
  'WHITE',
  'HEART',
  'LANTERN',
  'RED',
  'SET OF 6',
  'T-LIGHT',
  'HOLDER',
  'BAG',
  'VINTAGE',
  'CAKE',
  'TIN',
  'METAL',
  'SIGN',
]

interface Article {
  sku: string
  name: string
  price: string
}

interface Bought {
  article: Article
  quantity: number
}

/** `rows` made-up lines in the layout and with the proportions of online-retail, in pieces; the same each time. */
export function* onlineRetailLines(rows: number): Generator<string> {
  const random = createRandom(SEED)
  const articles = Array.from({ length: PRODUCTS }, (_, index) => articleOf(random, index))
  const members = Math.max(1, Math.round(rows / LINES_PER_MEMBER))
  const invoices = rows / LINES_PER_INVOICE
  const lastBought = new Map<number, Bought>()
  let text = HEADER
  let left = rows
  for (let invoice = 0; left > 0; invoice++) {
    const date = new Date(START + Math.floor((Math.min(1, invoice / invoices) * DAYS * 1440 + (invoice % 60)) * 60_000))
    const placedAt = date.toISOString().slice(0, 19).replace('T', ' ')
    const member = chance(random, GUEST_SHARE) ? undefined : integer(random, 0, members - 1)
    const tail = `${member === undefined ? '' : `${12_000 + member}.0`},United Kingdom\n`
    const before = member === undefined ? undefined : lastBought.get(member)
    if (before && chance(random, REFUND_SHARE)) {
      text += lineOf(`C${500_000 + invoice}`, { ...before, quantity: -before.quantity }, placedAt, tail)
      left -= 1
      continue
    }
    for (let lines = Math.min(left, integer(random, 1, 2 * LINES_PER_INVOICE)); lines > 0; lines--) {
      const bought = { article: pick(random, articles), quantity: integer(random, 1, 24) }
      if (member !== undefined) lastBought.set(member, bought)
      text += lineOf(String(500_000 + invoice), bought, placedAt, tail)
      left -= 1
    }
    if (text.length > 1 << 18) {
      yield text
      text = ''
    }
  }
  yield text
}

function lineOf(invoice: string, { article, quantity }: Bought, placedAt: string, tail: string): string {
  return `${invoice},${article.sku},${article.name},${quantity},${placedAt},${article.price},${tail}`
}

function articleOf(random: Random, index: number): Article {
  const words = [0, 1, 2, 3].map(() => WORDS[integer(random, 0, WORDS.length - 1)])
  const name = `${words.join(' ')} ${index}`
  const quoted = chance(random, 0.01) ? `"${name}, BOXED"` : name
  return { sku: String(20_000 + index), name: quoted, price: `${integer(random, 0, 12)}.${integer(random, 10, 99)}` }
}

/** Some articles sell far more than others. */
function pick(random: Random, articles: readonly Article[]): Article {
  const article = articles[Math.floor(articles.length * random.next() ** 2)]
  if (!article) throw new Error('no articles to pick from')
  return article
}
