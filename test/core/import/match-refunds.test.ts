import fc from 'fast-check'
import { type LineMatch, matchRefunds, type ReturnedLine, type SoldLine } from '../../../src/core/import/match-refunds'

/** "order@day: quantity x price", one a line; the line number is the place in the list. */
function sold(...lines: string[]): SoldLine[] {
  return lines.map((text, index) => ({ ...parse(text), lineNo: index + 1, quantityLeft: parse(text).quantity }))
}

function returned(...lines: string[]): ReturnedLine[] {
  return lines.map((text, index) => ({ ...parse(text), lineNo: index + 1, saleOrderId: parse(text).of }))
}

function parse(text: string) {
  const [, order, day, quantity, price, of] = /^(\d+)@(\d+): (\d+)x(\d+)(?: of (\d+))?$/.exec(text) ?? []
  return {
    orderId: Number(order),
    placedAtMs: Number(day),
    quantity: Number(quantity),
    unitPriceMinor: Number(price),
    of: of === undefined ? null : Number(of),
  }
}

const shown = (matches: LineMatch[]) =>
  matches.map(
    (match) => `${match.refundOrderId} gives back ${match.quantity} of ${match.saleOrderId} for ${match.amountMinor}`,
  )

describe('a refund gives back', () => {
  const cases: { name: string; sold: string[]; returned: string[]; expected: string[] }[] = [
    {
      name: 'what was sold',
      sold: ['1@1: 6x255'],
      returned: ['9@2: 6x255'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    { name: 'a part', sold: ['1@1: 6x255'], returned: ['9@2: 2x255'], expected: ['9 gives back 2 of 1 for 510'] },
    {
      name: 'the latest sale before it',
      sold: ['1@1: 6x255', '2@3: 6x255', '3@5: 6x255'],
      returned: ['9@4: 6x255'],
      expected: ['9 gives back 6 of 2 for 1530'],
    },
    {
      name: 'an older sale at the same price before a later one at another',
      sold: ['1@1: 6x255', '2@3: 6x299'],
      returned: ['9@4: 6x255'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    {
      name: 'one sale that has enough before two that have not',
      sold: ['1@1: 6x255', '2@3: 3x255'],
      returned: ['9@4: 6x255'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    {
      name: 'several sales when none has enough',
      sold: ['1@1: 4x255', '2@3: 3x255'],
      returned: ['9@4: 6x255'],
      expected: ['9 gives back 3 of 2 for 765', '9 gives back 3 of 1 for 765'],
    },
    {
      name: 'at the lower of both prices',
      sold: ['1@1: 6x255'],
      returned: ['9@2: 6x299', '10@3: 6x100'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    {
      name: 'less when less was paid back',
      sold: ['1@1: 6x255'],
      returned: ['9@2: 6x100'],
      expected: ['9 gives back 6 of 1 for 600'],
    },
    {
      name: 'nothing twice',
      sold: ['1@1: 6x255'],
      returned: ['9@2: 6x255', '10@3: 6x255'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    {
      name: 'no more than is left',
      sold: ['1@1: 6x255'],
      returned: ['9@2: 4x255', '10@3: 4x255'],
      expected: ['9 gives back 4 of 1 for 1020', '10 gives back 2 of 1 for 510'],
    },
    { name: 'nothing that was sold later', sold: ['1@3: 6x255'], returned: ['9@2: 6x255'], expected: [] },
    {
      name: 'what was sold at the same instant',
      sold: ['1@2: 6x255'],
      returned: ['9@2: 6x255'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    {
      name: 'the sale it names',
      sold: ['1@1: 6x255', '2@3: 6x255'],
      returned: ['9@4: 6x255 of 1'],
      expected: ['9 gives back 6 of 1 for 1530'],
    },
    {
      name: 'nothing but of the sale it names',
      sold: ['1@1: 2x255', '2@3: 6x255'],
      returned: ['9@4: 6x255 of 1'],
      expected: ['9 gives back 2 of 1 for 510'],
    },
    { name: 'nothing where nothing was sold', sold: [], returned: ['9@4: 6x255'], expected: [] },
    {
      name: 'in the order of time, whatever the order of lines',
      sold: ['1@1: 6x255'],
      returned: ['9@3: 6x255', '10@2: 6x255'],
      expected: ['10 gives back 6 of 1 for 1530'],
    },
  ]

  test.each(cases)('$name', (given) => {
    expect(shown(matchRefunds(sold(...given.sold), returned(...given.returned)))).toEqual(given.expected)
  })
})

test('property: never more than was sold or given back, never before the sale, and nothing left over on both sides', () => {
  const line = fc.record({
    day: fc.integer({ min: 1, max: 6 }),
    quantity: fc.integer({ min: 1, max: 5 }),
    price: fc.constantFrom(100, 200),
  })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.array(line, { maxLength: 6 }), (sales, refunds) => {
      const soldLines = sold(
        ...sales.map(({ day, quantity, price }, index) => `${index + 1}@${day}: ${quantity}x${price}`),
      )
      const returnedLines = returned(
        ...refunds.map(({ day, quantity, price }, index) => `${index + 100}@${day}: ${quantity}x${price}`),
      )
      const matches = matchRefunds(soldLines, returnedLines)
      const sum = (of: (match: LineMatch) => boolean) =>
        matches.filter(of).reduce((total, { quantity }) => total + quantity, 0)
      for (const [index, sale] of sales.entries()) {
        const given = sum(({ saleOrderId }) => saleOrderId === index + 1)
        expect(given).toBeLessThanOrEqual(sale.quantity)
        expect(soldLines[index]?.quantityLeft).toBe(sale.quantity - given)
      }
      for (const [index, refund] of refunds.entries()) {
        const given = sum(({ refundOrderId }) => refundOrderId === index + 100)
        expect(given).toBeLessThanOrEqual(refund.quantity)
        const couldGiveMore = soldLines.some((sale) => sale.quantityLeft > 0 && sale.placedAtMs <= refund.day)
        if (given < refund.quantity) expect(couldGiveMore).toBe(false)
      }
      for (const { saleOrderId, refundOrderId, quantity } of matches) {
        expect(sales[saleOrderId - 1]?.day).toBeLessThanOrEqual(refunds[refundOrderId - 100]?.day ?? 0)
        expect(quantity).toBeGreaterThan(0)
      }
    }),
    { seed: 11, numRuns: 500 },
  )
})
