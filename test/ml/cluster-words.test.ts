import { describeClusters } from '../../src/ml/cluster-words'

const money = (amount: number) => `£${Math.round(amount / 100)}`
const cluster = (deviations: Record<string, number>, centre: Record<string, number> = {}) => ({
  deviations: { recencyDays: 0, orders: 0, spend: 0, ...deviations },
  centre: { recencyDays: 30, orders: 4, spend: 20_000, ...centre },
})

describe('clusters in words', () => {
  test('are named by what is notable about their centre, in both languages', () => {
    const [best, gone, middle, returners] = describeClusters(
      [
        cluster({ recencyDays: -1, orders: 1.2, spend: 0.9 }, { recencyDays: 6, orders: 10, spend: 405_192 }),
        cluster({ recencyDays: 1, orders: -0.8, spend: -0.5 }, { recencyDays: 121, orders: 1 }),
        cluster({ spend: 0.34 }),
        cluster({ returnsShare: 2 }, { returnsShare: 0.34 }),
      ],
      money,
    )
    expect(best?.name).toEqual({ en: 'Recent, frequent, high spend', zh: '近期有购买、购买频繁、消费高' })
    expect(best?.words).toEqual({
      en: 'Typically 6 days since the last order, 10 orders, £4052 spent in all.',
      zh: '通常距上次下单 6 天，下单 10 次，累计消费 £4052。',
    })
    expect(best?.strategy.en).toContain('Thank them')
    expect(gone?.name.en).toBe('Long away, few orders, low spend')
    expect(gone?.words.en).toContain('1 order,')
    expect(gone?.strategy.en).toContain('reminder')
    expect(middle?.name).toEqual({ en: 'Average in everything', zh: '各方面居中' })
    expect(returners?.name.en).toBe('Many returns')
    expect(returners?.words).toEqual({
      en: expect.stringContaining('34 % of it sent back'),
      zh: expect.stringContaining('退货占 34%'),
    })
  })

  test('what is rare and not found here is not spoken of', () => {
    const [described] = describeClusters([cluster({}, { returnsShare: 0.004, consultations: 0 })], money)
    expect(described?.words.en).not.toMatch(/sent back|question/)
  })

  test('no two have the same name: the figure in which they differ most tells them apart', () => {
    const described = describeClusters(
      [
        cluster({ orders: 1, spend: 0.1 }, { spend: 20_000 }),
        cluster({ orders: 1, spend: -0.3 }, { spend: 12_000 }),
        cluster({ spend: -1 }),
      ],
      money,
    )
    expect(described.map(({ name }) => name.en)).toEqual([
      'Frequent (£200 spent in all)',
      'Frequent (£120 spent in all)',
      'Low spend',
    ])
    expect(described[0]?.name.zh).toBe('购买频繁（累计消费 £200）')
  })

  test('who left and is dearest is to be won back first', () => {
    const [lost] = describeClusters([cluster({ recencyDays: 0.8, spend: 1, returnsShare: 1 })], money)
    expect(lost?.strategy).toEqual({
      en: expect.stringContaining('Win them back'),
      zh: expect.stringContaining('争取回流'),
    })
  })

  test('every text is there in both languages, and no Chinese in the English', () => {
    const sides = ['recencyDays', 'orders', 'spend', 'returnsShare', 'pointsShare', 'consultations']
    for (const axis of sides) {
      for (const side of [-1, 1]) {
        const [described] = describeClusters([cluster({ [axis]: side }, { [axis]: 0.5 })], money)
        for (const text of [described!.name, described!.words, described!.strategy]) {
          expect(text.en).not.toMatch(/\p{Script=Han}/u)
          expect(text.zh).toMatch(/\p{Script=Han}/u)
        }
      }
    }
  })
})
