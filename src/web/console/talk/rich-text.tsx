import { Fragment, type ReactNode } from 'react'
import { type Block, type Inline, parseMarkdown } from '../../chat/model/markdown'

/** Markdown of the bot as elements. Text stays text: only marks that are known become elements. */
export function RichText({ source }: { source: string }) {
  return (
    <div className="rich" dir="auto">
      {parseMarkdown(source).map((block, index) => (
        <Fragment key={index}>{blockElement(block)}</Fragment>
      ))}
    </div>
  )
}

function blockElement(block: Block): ReactNode {
  switch (block.type) {
    case 'paragraph':
      return <p>{inlines(block.children)}</p>
    case 'heading':
      return (
        <p>
          <strong>{inlines(block.children)}</strong>
        </p>
      )
    case 'code-block':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      )
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}>{inlines(item)}</li>)
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>
    }
  }
}

function inlines(children: readonly Inline[]): ReactNode {
  return children.map((child, index) => <Fragment key={index}>{inlineElement(child)}</Fragment>)
}

function inlineElement(node: Inline): ReactNode {
  switch (node.type) {
    case 'text':
      return node.text
    case 'break':
      return <br />
    case 'code':
      return <code>{node.text}</code>
    case 'strong':
      return <strong>{inlines(node.children)}</strong>
    case 'emphasis':
      return <em>{inlines(node.children)}</em>
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {inlines(node.children)}
        </a>
      )
  }
}
