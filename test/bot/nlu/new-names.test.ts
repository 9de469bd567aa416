import { createRecogniser } from '../../../src/bot/nlu/recogniser'
import { useDatabase } from '../../support/database'

const { current } = useDatabase()

const sku = (name: string, recogniser: ReturnType<typeof createRecogniser>) =>
  recogniser.recognise(name, { locale: 'en' }).entities.products[0]?.sku

test('what came into the catalogue after the start is known by its name after a refresh, in either language', async () => {
  const db = current()
  const recogniser = createRecogniser({ utterances: { en: [], zh: [] } })
  await recogniser.refresh?.(db)
  expect(sku('do you have a copper samovar', recogniser)).toBeUndefined()
  await db.sql`insert into product (sku, source, name_en, name_zh, price_minor)
    values ('S1', 'test', 'Copper samovar', '铜制茶炊', 4900)`
  await recogniser.refresh?.(db)
  expect(sku('do you have a copper samovar', recogniser)).toBe('S1')
  expect(sku('有没有铜制茶炊', recogniser)).toBe('S1')
  await db.sql`update product set name_en = 'Brass kettle' where sku = 'S1'`
  await recogniser.refresh?.(db)
  expect(sku('do you have a copper samovar', recogniser)).toBeUndefined()
  expect(sku('a brass kettle please', recogniser)).toBe('S1')
})
