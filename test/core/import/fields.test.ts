import fc from 'fast-check'
import {
  amountMinor,
  minorDigitsOf,
  parseIsoInstant,
  parsePrice,
  parseQuantity,
  parseSpreadsheetInstant,
} from '../../../src/core/import/fields'

const LATEST = '2026-11-24 00:00:00'

test.each([
  ['6', 6],
  ['-6', -6],
  ['+6', 6],
  [' 6 ', 6],
  ['6.0', 6],
  ['80995', 80_995],
  ['1000000', 1_000_000],
  ['1000001', 'absurd-quantity'],
  ['-9999999999999999999', 'absurd-quantity'],
  ['0', 'bad-quantity'],
  ['', 'bad-quantity'],
  [' ', 'bad-quantity'],
  ['6.5', 'bad-quantity'],
  ['1e3', 'bad-quantity'],
  ['0x10', 'bad-quantity'],
  ['six', 'bad-quantity'],
  ['NaN', 'bad-quantity'],
  ['Infinity', 'bad-quantity'],
])('quantity %j is %j', (text, expected) => {
  expect(parseQuantity(text)).toBe(expected)
})

test.each([
  ['2.55', 2, 255],
  ['2.1', 2, 210],
  ['2', 2, 200],
  ['.5', 2, 50],
  ['5.', 2, 500],
  ['0', 2, 0],
  ['0.001', 2, 0],
  ['0.005', 2, 1],
  ['1.005', 2, 101],
  ['2.5499999999999998', 2, 255],
  ['8142.75', 2, 814_275],
  ['1200', 0, 1200],
  ['1200.4', 0, 1200],
  ['1.234', 3, 1234],
  ['-0', 2, 0],
  ['-2.55', 2, 'negative-price'],
  ['99999999', 2, 'absurd-price'],
  ['9999999999999999', 2, 'absurd-price'],
  ['', 2, 'bad-price'],
  ['.', 2, 'bad-price'],
  ['2,55', 2, 'bad-price'],
  ['£2.55', 2, 'bad-price'],
  ['1e3', 2, 'bad-price'],
  ['two', 2, 'bad-price'],
])('price %j with %i minor digits is %j', (text, digits, expected) => {
  const price = parsePrice(text, digits)
  expect(typeof price === 'string' ? price : price.unitMinor).toBe(expected)
})

test('property: prices of two decimals are exact, and so is what they amount to', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999_999 }),
      fc.integer({ min: -80_995, max: 80_995 }),
      (minor, quantity) => {
        const price = parsePrice(`${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`, 2)
        if (typeof price === 'string') throw new Error(price)
        expect(price.unitMinor).toBe(minor)
        expect(BigInt(amountMinor(quantity, price, 2))).toBe(BigInt(quantity) * BigInt(minor))
      },
    ),
  )
})

test.each([
  [1, '0.001', 0],
  [1000, '0.001', 100],
  [5, '0.001', 1],
  [-5, '0.001', -1],
  [3, '1.3333', 400],
  [999_999, '1.3333', 133_329_867],
])('%i times %s amounts to %i: rounded once, not for each piece', (quantity, text, expected) => {
  const price = parsePrice(text, 2)
  if (typeof price === 'string') throw new Error(price)
  expect(amountMinor(quantity, price, 2)).toBe(expected)
})

test.each([
  ['2010-12-01 08:26:00', '2010-12-01 08:26:00'],
  ['2010-12-01T08:26', '2010-12-01 08:26:00'],
  ['2010-12-01', '2010-12-01 00:00:00'],
  ['2010-12-01T08:26:00Z', '2010-12-01 08:26:00Z'],
  ['2010-12-01T08:26:00.123Z', '2010-12-01 08:26:00Z'],
  ['2010-12-01T08:26:00+08:00', '2010-12-01 00:26:00Z'],
  ['2010-12-01T08:26:00-0530', '2010-12-01 13:56:00Z'],
  ['2012-02-29', '2012-02-29 00:00:00'],
  ['2011-02-29', 'bad-date'],
  ['2011-02-31', 'bad-date'],
  ['2011-13-01', 'bad-date'],
  ['2011-12-00', 'bad-date'],
  ['2011-12-01 24:00', 'bad-date'],
  ['2011-12-01 10:60', 'bad-date'],
  ['01.12.2010', 'bad-date'],
  ['yesterday', 'bad-date'],
  ['', 'bad-date'],
  ['1989-12-31', 'absurd-date'],
  ['0001-01-01', 'absurd-date'],
  ['2026-11-25', 'absurd-date'],
  ['9999-12-31', 'absurd-date'],
])('instant %j is %j', (text, expected) => {
  expect(parseIsoInstant(text, LATEST)).toBe(expected)
})

test.each([
  ['12/1/2010 8:26', '2010-12-01 08:26:00'],
  ['2/30/2011 8:26', 'bad-date'],
  ['13/1/2010 8:26', 'bad-date'],
  ['2010-12-01 08:26:00', '2010-12-01 08:26:00'],
])("a spreadsheet's instant %j is %j", (text, expected) => {
  expect(parseSpreadsheetInstant(text, LATEST)).toBe(expected)
})

test('minor digits follow the currency', () => {
  expect(['GBP', 'JPY', 'KWD', 'pounds'].map(minorDigitsOf)).toEqual([2, 0, 3, undefined])
})
