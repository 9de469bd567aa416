/** Text from data (a product's name, a person's name) made safe to stand in Markdown: it shows as it is, on one line. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\\`*_[\]<>|~#]/g, '\\$&')
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/^(\d+)([.)])/, '$1\\$2')
      .replace(/^([-+>])/, '\\$1')
      // A bare address in a name must not become a link.
      .replace(/:\/\//g, ':\\/\\/')
  )
}

/** A Markdown list numbered from `first`. */
export function numberedList(lines: readonly string[], first = 1): string {
  return lines.map((line, index) => `${first + index}. ${line}`).join('\n')
}
