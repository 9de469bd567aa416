import { render } from 'preact'
import '../page/page.css'
import { readLocale, writeLocale } from '../page/page-locale'
import { embedWidget } from './embed'
import { readChosen, tokenFor, writeChosen } from './members'
import './shop.css'
import { ShopPage } from './shop-page'

const locale = readLocale()
writeLocale(locale)

async function begin(): Promise<void> {
  const chosen = readChosen()
  const place = document.getElementById('page')
  if (place) render(<ShopPage startLocale={locale} startChosen={chosen} />, place)
  try {
    embedWidget({ token: chosen ? await tokenFor(chosen) : undefined, locale })
  } catch (error) {
    // The customer is gone with an earlier demo's data.
    console.warn('the chosen customer has no token', error)
    writeChosen(undefined)
    embedWidget({ token: undefined, locale })
  }
}

void begin()
