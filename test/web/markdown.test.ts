import * as fc from 'fast-check'
import { type Block, type Inline, parseInline, parseMarkdown, safeHref } from '../../src/web/chat/model/markdown'
import { markdownToHtml } from '../../src/web/chat/model/markdown-html'

const text = (value: string): Inline => ({ type: 'text', text: value })

describe('parseInline', () => {
  test.each<[string, readonly Inline[]]>([
    ['plain', [text('plain')]],
    [
      'You have **1,284 points**.',
      [text('You have '), { type: 'strong', children: [text('1,284 points')] }, text('.')],
    ],
    // CommonMark would leave these stars standing: the closing ones stand between two signs that are no spaces.
    ['您有**120 积分**。', [text('您有'), { type: 'strong', children: [text('120 积分')] }, text('。')]],
    [
      '*so* and _so_',
      [{ type: 'emphasis', children: [text('so')] }, text(' and '), { type: 'emphasis', children: [text('so')] }],
    ],
    [
      '**bold *and* slanted**',
      [{ type: 'strong', children: [text('bold '), { type: 'emphasis', children: [text('and')] }, text(' slanted')] }],
    ],
    ['snake_case_name and 2*3*4', [text('snake_case_name and 2*3*4')]],
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['**never closed', [text('**never closed')]],
    ['Code `KTL-**1**`', [text('Code '), { type: 'code', text: 'KTL-**1**' }]],
    ['\\*not\\* \\[so\\]', [text('*not* [so]')]],
    // What a person typed, as the server hands it on: it shows as it was typed.
    ['\\<b\\>a\\</b\\> & \\~b https:\\/\\/c.example &amp;lt;', [text('<b>a</b> & ~b https://c.example &lt;')]],
    ['one\ntwo', [text('one'), { type: 'break' }, text('two')]],
    ['[terms](https://a.example/t)', [{ type: 'link', href: 'https://a.example/t', children: [text('terms')] }]],
    [
      '见https://a.example/t。',
      [text('见'), { type: 'link', href: 'https://a.example/t', children: [text('https://a.example/t')] }, text('。')],
    ],
    [
      '(https://a.example/t).',
      [text('('), { type: 'link', href: 'https://a.example/t', children: [text('https://a.example/t')] }, text(').')],
    ],
    ['[no](javascript:alert(1))', [text('[no](javascript:alert(1))')]],
  ])('%s', (source, expected) => {
    expect(parseInline(source)).toEqual(expected)
  })
})

describe('parseMarkdown', () => {
  test.each<[string, string, readonly Block[]]>([
    [
      'paragraphs',
      'one\n\ntwo',
      [
        { type: 'paragraph', children: [text('one')] },
        { type: 'paragraph', children: [text('two')] },
      ],
    ],
    [
      'a list right after its lead, with blank lines and a second line',
      'Pick:\n1. One\n\n2. Two\n   more\n\nEnd',
      [
        { type: 'paragraph', children: [text('Pick:')] },
        {
          type: 'list',
          ordered: true,
          start: 1,
          items: [[text('One')], [text('Two'), { type: 'break' }, text('more')]],
        },
        { type: 'paragraph', children: [text('End')] },
      ],
    ],
    [
      'bullets',
      '- a\n* b\n• c',
      [{ type: 'list', ordered: false, start: 1, items: [[text('a')], [text('b')], [text('c')]] }],
    ],
    ['a list that goes on counting', '3. Three', [{ type: 'list', ordered: true, start: 3, items: [[text('Three')]] }]],
    ['a heading', '## Hello', [{ type: 'heading', children: [text('Hello')] }]],
    ['code', '```\n<b>\n```', [{ type: 'code-block', text: '<b>' }]],
    ['a price is no list', '1.50 is the price', [{ type: 'paragraph', children: [text('1.50 is the price')] }]],
  ])('%s', (_name, source, expected) => {
    expect(parseMarkdown(source)).toEqual(expected)
  })

  test('ten thousand unclosed marks take no time worth speaking of', () => {
    for (const mark of ['*', '**', '[', '`', '_', '[a](', 'http', '\\', '- ', '1. ']) {
      const startedAt = performance.now()
      parseMarkdown(mark.repeat(10_000))
      expect(performance.now() - startedAt).toBeLessThan(1_000)
    }
  })
})

describe('safeHref', () => {
  test.each(['https://shop.example/a?b=c', 'http://shop.example/', 'mailto:help@shop.example'])(
    'lets %s through',
    (address) => {
      expect(safeHref(address)).toBe(address)
    },
  )

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://shop.example/1',
    '//evil.example',
    '/relative',
    'https://bank.example@evil.example/',
    'https://',
    '',
  ])('refuses %j', (address) => {
    expect(safeHref(address)).toBeUndefined()
  })
})

describe('markdownToHtml', () => {
  test.each([
    ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['<img src=x onerror=alert(1)>', '<p>&lt;img src=x onerror=alert(1)&gt;</p>'],
    [
      '[x](https://a.example/"onmouseover="alert(1))',
      '<p><a href="https://a.example/%22onmouseover=%22alert(1" target="_blank" rel="noopener noreferrer nofollow">x</a>)</p>',
    ],
    ['`</code><b>`', '<p><code>&lt;/code&gt;&lt;b&gt;</code></p>'],
    ['**a & b**', '<p><strong>a &amp; b</strong></p>'],
  ])('%s', (source, expected) => {
    expect(markdownToHtml(source)).toBe(expected)
  })

  test('whatever is written, no tag or attribute appears but our own', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '[',
      '](',
      ')',
      '*',
      '**',
      '`',
      '\n',
      '- ',
      '1. ',
      '# ',
      'javascript:',
      'https://a.example/',
      'onerror=',
      'img',
      ' ',
      '\\',
      '😀',
      '积分',
    )
    const ours =
      /<(?:\/?(?:p|strong|em|code|pre|ul|li|ol)|br|ol start="\d+"|a href="(?:https?:\/\/|mailto:)[^"<>]*" target="_blank" rel="noopener noreferrer nofollow"|\/a)>/g
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const left = markdownToHtml(parts.join('')).replace(ours, '')
        expect(left).not.toMatch(/[<>"']/)
      }),
      { numRuns: 2_000, seed: 20_261_122 },
    )
  })
})
