import { render } from 'preact'
import '../page/page.css'
import { readLocale, writeLocale } from '../page/page-locale'
import './mailbox.css'
import { MailboxPage } from './mailbox-page'

const locale = readLocale()
writeLocale(locale)
const place = document.getElementById('page')
if (place) render(<MailboxPage startLocale={locale} />, place)
