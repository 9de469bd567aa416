import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, Modal } from '@mantine/core'

const regulars: MantineColorsTuple = [
  '#e9f6f1',
  '#d4ebe2',
  '#a8d8c6',
  '#78c5a9',
  '#4fb08f',
  '#239474',
  '#0e7a63',
  '#0b6b57',
  '#085645',
  '#044234',
]
const dark: MantineColorsTuple = [
  '#edf2ef',
  '#ccd6d1',
  '#a3afa9',
  '#7f8b85',
  '#3b4641',
  '#2a332f',
  '#1d2421',
  '#161c19',
  '#111614',
  '#0c100e',
]

export const theme = createTheme({
  primaryColor: 'regulars',
  primaryShade: { light: 7, dark: 6 },
  colors: { regulars, dark },
  defaultRadius: 'md',
  fontFamily: 'var(--font)',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The page itself never scrolls; locking it would write styles past the content security policy.
    Modal: Modal.extend({
      // A dialog's head is not the head of the page.
      defaultProps: {
        lockScroll: false,
        centered: true,
        radius: 'lg',
        attributes: { header: { role: 'presentation' } },
      },
    }),
  },
})

/** Mantine's colours of page and text are those of the console's own style sheet. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-default-border': 'var(--field-line)',
    '--mantine-color-error': 'var(--danger)',
    '--input-placeholder-color': 'var(--muted)',
  }
  return { variables: {}, light: shared, dark: shared }
}
