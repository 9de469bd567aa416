import { Kbd, Modal } from '@mantine/core'
import { useWords } from '../data/language'
import { shellWords } from '../words/shell'
import { shortcutWords } from '../words/shortcuts'

const DESK = [
  [['n'], 'next'],
  [['j'], 'down'],
  [['k'], 'up'],
  [['r'], 'reply'],
  [['i'], 'note'],
  [['t'], 'transfer'],
  [['b'], 'bot'],
  [['e'], 'close'],
  [['?'], 'help'],
] as const
const WRITING = [
  [['Enter'], 'send'],
  [['Shift', 'Enter'], 'newLine'],
  [['Ctrl / ⌘', 'K'], 'canned'],
  [['/'], 'cannedSlash'],
  [['Esc'], 'leave'],
] as const

/** Every shortcut there is. */
export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const words = useWords(shortcutWords)
  const shell = useWords(shellWords)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.title}
      size="lg"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <div className="shortcuts">
        {([['everywhere', DESK] as const, ['writing', WRITING] as const] as const).map(([title, list]) => (
          <section key={title}>
            <h3>{words[title]}</h3>
            <dl>
              {list.map(([keys, what]) => (
                <div key={what}>
                  <dt>{words[what]}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="fine">{words.note1}</p>
    </Modal>
  )
}
