/** One column of a table for people. Numbers are set to the right. */
export interface Column<Row> {
  title: string
  value(row: Row): string | number | null | undefined
}

/** Plain text with aligned columns; null and undefined show as a dash. Ends with a line break. */
export function renderTable<Row extends object>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => column.value(row)))
  const texts = cells.map((line) => line.map((cell) => (cell === null || cell === undefined ? '–' : String(cell))))
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...texts.map((line) => displayWidth(line[index] ?? ''))),
  )
  const isNumeric = columns.map((_, index) => cells.some((line) => typeof line[index] === 'number'))
  const render = (line: readonly string[]) =>
    line
      .map((text, index) => pad(text, { width: widths[index] ?? 0, toTheRight: isNumeric[index] === true }))
      .join('  ')
      .trimEnd()
  const head = render(columns.map((column) => column.title))
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return `${[head, rule, ...texts.map(render)].join('\n')}\n`
}

function pad(text: string, { width, toTheRight }: { width: number; toTheRight: boolean }): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return toTheRight ? space + text : text + space
}

/** Columns on a terminal: Chinese characters and full-width forms take two. */
function displayWidth(text: string): number {
  let width = 0
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character) ? 2 : 1
  return width
}
