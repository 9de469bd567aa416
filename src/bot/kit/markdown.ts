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

/**
 * Plain text of a person, of any number of lines, as Markdown that shows it as it was typed: nothing in it becomes a
 * heading, a list, a link or HTML.
 */
export function plainAsMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeMarkdown(line).replace(/^=/, '\\=').replace(/^• /, '•\u00a0'))
    .join('\n')
    .replace(/\n(?=[^\n])/g, '  \n')
    .replace(/\n {2}\n/g, '\n\n')
}

/** A Markdown list numbered from `first`. */
export function numberedList(lines: readonly string[], first = 1): string {
  return lines.map((line, index) => `${first + index}. ${line}`).join('\n')
}
