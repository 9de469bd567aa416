import { ActionIcon, CopyButton, TextInput, Tooltip } from '@mantine/core'
import { useWords } from '../data/language'
import { Icon } from '../parts/icons'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'

/** An invitation to be copied and sent. */
export function CopyLink({ url }: { url: string }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  return (
    <TextInput
      label={words.linkTitle}
      description={words.linkNote}
      readOnly
      value={url}
      onFocus={(event) => event.currentTarget.select()}
      rightSection={
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? shell.copied : shell.copy}>
              <ActionIcon variant="light" aria-label={copied ? shell.copied : shell.copy} onClick={copy}>
                <Icon name={copied ? 'check' : 'copy'} size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      }
    />
  )
}
