import { type Block, type Inline, parseMarkdown } from './markdown'

/** Markdown as HTML for the card renderer, which takes nothing else. Every text and attribute is escaped. */
export function markdownToHtml(source: string): string {
  return parseMarkdown(source).map(blockHtml).join('')
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return `<p>${inlineHtml(block.children)}</p>`
    case 'heading':
      return `<p><strong>${inlineHtml(block.children)}</strong></p>`
    case 'code-block':
      return `<pre><code>${escaped(block.text)}</code></pre>`
    case 'list': {
      const items = block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')
      return block.ordered ? `<ol start="${block.start}">${items}</ol>` : `<ul>${items}</ul>`
    }
  }
}

function inlineHtml(children: readonly Inline[]): string {
  return children.map(nodeHtml).join('')
}

function nodeHtml(node: Inline): string {
  switch (node.type) {
    case 'text':
      return escaped(node.text)
    case 'break':
      return '<br>'
    case 'code':
      return `<code>${escaped(node.text)}</code>`
    case 'strong':
      return `<strong>${inlineHtml(node.children)}</strong>`
    case 'emphasis':
      return `<em>${inlineHtml(node.children)}</em>`
    case 'link':
      return `<a href="${escaped(node.href)}" target="_blank" rel="noopener noreferrer nofollow">${inlineHtml(node.children)}</a>`
  }
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)
}
