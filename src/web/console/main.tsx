import { MantineProvider } from '@mantine/core'
import '@mantine/core/styles.layer.css'
import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.layer.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { readLocale } from '../page/page-locale'
import { App } from './app'
import './styles/base.css'
import './styles/shell.css'
import './styles/lists.css'
import './styles/talk.css'
import './styles/composer.css'
import './styles/member.css'
import './styles/pages.css'
import './styles/sign-in.css'
import { cssVariables, theme } from './theme'

/** What lets the styles in that are made while the page runs; each answer of the server has its own. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

const place = document.getElementById('page')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Notifications position="top-center" />
        <App startLocale={readLocale()} />
      </MantineProvider>
    </StrictMode>,
  )
}
