import { render } from 'preact'
import '../page/page.css'
import { readLocale, writeLocale } from '../page/page-locale'
import './campaigns.css'
import { ManagerPages } from './manager-pages'

const locale = readLocale()
writeLocale(locale)
const place = document.getElementById('page')
if (place) render(<ManagerPages startLocale={locale} />, place)
