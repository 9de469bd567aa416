import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { CsvReader } from '../../../src/core/import/csv-reader'

interface Read {
  header: string[]
  records: [line: number, ...fields: string[]][]
  faults: [line: number, fault: string][]
}

function read(content: string | Buffer, pieceBytes = Number.POSITIVE_INFINITY): Read {
  const bytes = Buffer.from(content)
  const result: Read = { header: [], records: [], faults: [] }
  const reader = new CsvReader({
    onHeader: (fields) => result.header.push(...fields),
    onRecord: (fields, line) => {
      result.records.push([line, ...Array.from({ length: fields.count }, (_, column) => fields.text(column))])
    },
    onFault: (fault, line) => result.faults.push([line, fault]),
  })
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    reader.push(bytes.subarray(from, Math.min(bytes.length, from + pieceBytes)))
  }
  reader.end()
  return result
}

describe('a file is read into records with line numbers', () => {
  const cases: { name: string; content: string | Buffer; records?: Read['records']; faults?: Read['faults'] }[] = [
    {
      name: 'plain lines',
      content: 'a,b\n1,2\n3,4\n',
      records: [
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    },
    { name: 'no line break at the end', content: 'a,b\n1,2', records: [[2, '1', '2']] },
    { name: 'CRLF', content: 'a,b\r\n1,2\r\n', records: [[2, '1', '2']] },
    {
      name: 'a text that ends in a carriage return, and the same without',
      content: 'a,b\n1,x\r\r\n1,x\r\n',
      records: [
        [2, '1', 'x\r'],
        [3, '1', 'x'],
      ],
    },
    { name: 'a byte order mark', content: '\ufeffa,b\n1,2\n', records: [[2, '1', '2']] },
    { name: 'semicolons', content: 'a;b\n1,5;2\n', records: [[2, '1,5', '2']] },
    { name: 'tabs', content: 'a\tb\n1\t2\n', records: [[2, '1', '2']] },
    { name: 'empty fields', content: 'a,b\n,\n', records: [[2, '', '']] },
    {
      name: 'empty lines between',
      content: 'a,b\n\n1,2\n\n\n3,4\n',
      records: [
        [3, '1', '2'],
        [6, '3', '4'],
      ],
    },
    { name: 'quotes', content: 'a,b\n"1,5",2\n', records: [[2, '1,5', '2']] },
    { name: 'doubled quotes', content: 'a,b\n"7"" SINGLE",2\n', records: [[2, '7" SINGLE', '2']] },
    {
      name: 'the same letters with quotes, without, and with a doubled one',
      content: 'a,b\n"x,y",1\nx,y\n"x,y",1\n"x,y""",1\n"x",1\n"x,y",1\n',
      records: [
        [2, 'x,y', '1'],
        [3, 'x', 'y'],
        [4, 'x,y', '1'],
        [5, 'x,y"', '1'],
        [6, 'x', '1'],
        [7, 'x,y', '1'],
      ],
    },
    {
      name: 'quotes at the end of lines, and carriage returns in them',
      content: 'a,b\r\n1,"2"\r\n1,"2"\n"1\r","2"\r\n1,"2"\r3\r\n',
      records: [
        [2, '1', '2'],
        [3, '1', '2'],
        [4, '1\r', '2'],
      ],
      faults: [[5, 'bad-quoting']],
    },
    { name: 'an empty quoted field', content: 'a,b\n"",""\n', records: [[2, '', '']] },
    { name: 'a lone inch mark in a plain field', content: 'a,b\n7" SINGLE,2\n', records: [[2, '7" SINGLE', '2']] },
    {
      name: 'line breaks in quotes',
      content: 'a,b\n"1\n\n1",2\n3,4\n',
      records: [
        [2, '1\n\n1', '2'],
        [5, '3', '4'],
      ],
    },
    { name: 'Chinese', content: 'a,b\n茶,壶\n', records: [[2, '茶', '壶']] },
    {
      name: 'too few and too many fields',
      content: 'a,b\n1\n1,2,3\n4,5\n',
      records: [[4, '4', '5']],
      faults: [
        [2, 'wrong-column-count'],
        [3, 'wrong-column-count'],
      ],
    },
    {
      name: 'text beside quotes',
      content: 'a,b\n"1"x,2\n3,4\n',
      records: [[3, '3', '4']],
      faults: [[2, 'bad-quoting']],
    },
    {
      name: 'a quote never closed costs its line only',
      content: 'a,b\n"1,2\n3,4\n5,6\n',
      records: [
        [3, '3', '4'],
        [4, '5', '6'],
      ],
      faults: [[2, 'bad-quoting']],
    },
    {
      name: 'a quote that the next quoted line would close',
      content: 'a,b\n"1,2\n3,4\n"5",6\n',
      records: [
        [3, '3', '4'],
        [4, '5', '6'],
      ],
      faults: [[2, 'bad-quoting']],
    },
    {
      name: 'one bad quote after another',
      content: 'a,b\n"1,2\n"3,4\n5,6\n',
      records: [[4, '5', '6']],
      faults: [
        [2, 'bad-quoting'],
        [3, 'bad-quoting'],
      ],
    },
    {
      name: 'Latin-1 among UTF-8',
      content: Buffer.concat([Buffer.from('a,b\n£1,2\n'), Buffer.from([0xa3]), Buffer.from('3,4\n茶,6\n')]),
      records: [
        [2, '£1', '2'],
        [4, '茶', '6'],
      ],
      faults: [[3, 'invalid-encoding']],
    },
    {
      name: 'an unreadable line within open quotes',
      content: Buffer.concat([Buffer.from('a,b\n"1,2\n3,4\n'), Buffer.from([0xa3, 10]), Buffer.from('5,6\n"7",8\n')]),
      records: [
        [3, '3', '4'],
        [5, '5', '6'],
        [6, '7', '8'],
      ],
      faults: [
        [2, 'bad-quoting'],
        [4, 'invalid-encoding'],
      ],
    },
    { name: 'NUL', content: 'a,b\n1\0,2\n3,4\n', records: [[3, '3', '4']], faults: [[2, 'control-characters']] },
    { name: 'nothing', content: '' },
    { name: 'a header only', content: 'a,b\n' },
  ]

  test.each(cases)('$name', ({ content, records = [], faults = [] }) => {
    const result = read(content)
    expect({ records: result.records, faults: result.faults }).toEqual({ records, faults })
  })

  test.each(cases)('$name, in pieces of one and of three bytes', ({ content, records = [], faults = [] }) => {
    for (const pieceBytes of [1, 3]) {
      const result = read(content, pieceBytes)
      expect({ records: result.records, faults: result.faults }).toEqual({ records, faults })
    }
  })
})

test('a quote that is never closed is given up after 50 lines, and what follows is read', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `${index},x`)
  const { records, faults } = read(`a,b\n"open,x\n${lines.join('\n')}\n`)
  expect(faults).toEqual([[2, 'bad-quoting']])
  expect(records.map(([, first]) => first)).toEqual(lines.map((_, index) => String(index)))
})

test('a line of more than a megabyte is reported once and skipped, in small memory', () => {
  const long = 'x'.repeat(3_000_000)
  const { records, faults } = read(`a,b\n1,2\n${long},2\n3,4\n`, 64 * 1024)
  expect(faults).toEqual([[3, 'line-too-long']])
  expect(records).toEqual([
    [2, '1', '2'],
    [4, '3', '4'],
  ])
})

test('property: what RFC 4180 can write is read as csv-parse reads it, cut into pieces anywhere', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '茶', '£'), maxLength: 6 })
  const field = fc.record({ text: fc.oneof(text, fc.constantFrom('a', 'a,b', '茶')), isQuoted: fc.boolean() })
  const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  const write = ({ text, isQuoted }: { text: string; isQuoted: boolean }) =>
    isQuoted || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (table, pieceBytes) => {
      const text = ['x,y,z', ...table.map((row) => row.map(write).join(','))].join('\n')
      const expected = parse(text, { from: 2, relax_column_count: true }) as string[][]
      const { records, faults } = read(text, pieceBytes)
      expect(faults).toEqual([])
      expect(records.map(([, ...fields]) => fields)).toEqual(expected)
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('property: one line of garbage never costs another line', () => {
  const garbage = fc.string({ unit: fc.constantFrom('"', 'a', ',', ' '), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(garbage, fc.integer({ min: 0, max: 5 }), (line, at) => {
      const good = Array.from({ length: 6 }, (_, index) => `${index},y${index}`)
      const lines = ['a,b', ...good.slice(0, at), line, ...good.slice(at)]
      const { records } = read(lines.join('\n'))
      for (const [index] of good.entries())
        expect(records.map(([, ...fields]) => fields.join())).toContain(`${index},y${index}`)
    }),
    { numRuns: 300, seed: 7 },
  )
})
