import { type Block, type Inline, parseMarkdown } from '../../chat/model/markdown'

/** The words of a Markdown text in one line, without its marks: for lists. */
export function plainText(source: string): string {
  return parseMarkdown(source).map(blockText).join(' ').trim()
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.children)
    case 'code-block':
      return block.text
    case 'list':
      return block.items.map(inlineText).join(', ')
  }
}

function inlineText(children: readonly Inline[]): string {
  return children
    .map((node) => ('children' in node ? inlineText(node.children) : node.type === 'break' ? ' ' : node.text))
    .join('')
}
