import type { ComponentChildren } from 'preact'
import { type Block, type Inline, parseMarkdown } from '../model/markdown'
import type { ChatWords } from '../words'
import { CopyableCode } from './copyable-code'

/** A message's Markdown as elements. Text stays text; only known marks become elements. */
export function Markdown({ source, words }: { source: string; words: ChatWords }) {
  return <div class="markdown">{parseMarkdown(source).map((block, index) => blockElement(block, index, words))}</div>
}

function blockElement(block: Block, key: number, words: ChatWords) {
  switch (block.type) {
    case 'paragraph':
      return (
        <p key={key} dir="auto">
          {inlines(block.children, words)}
        </p>
      )
    case 'heading':
      return (
        <p key={key} dir="auto">
          <strong>{inlines(block.children, words)}</strong>
        </p>
      )
    case 'code-block':
      return (
        <pre key={key}>
          <code>{block.text}</code>
        </pre>
      )
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index} dir="auto">
          {inlines(item, words)}
        </li>
      ))
      return block.ordered ? (
        <ol key={key} start={block.start}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      )
    }
  }
}

function inlines(children: readonly Inline[], words: ChatWords): ComponentChildren {
  return children.map((child, index) => inlineElement(child, index, words))
}

function inlineElement(node: Inline, key: number, words: ChatWords): ComponentChildren {
  switch (node.type) {
    case 'text':
      return node.text
    case 'break':
      return <br key={key} />
    case 'code':
      return <CopyableCode key={key} text={node.text} words={words} />
    case 'strong':
      return <strong key={key}>{inlines(node.children, words)}</strong>
    case 'emphasis':
      return <em key={key}>{inlines(node.children, words)}</em>
    case 'link':
      return (
        <a key={key} href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {inlines(node.children, words)}
        </a>
      )
  }
}
