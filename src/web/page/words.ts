import type { Locale } from '../shared/locale'

interface PageWords {
  readonly shopName: string
  readonly demo: string
  readonly demoMeans: string
  readonly pages: string
  readonly shop: string
  readonly mailbox: string
  readonly console: string
  readonly otherLanguage: string
}

/** Words that the demo's pages share. */
export const pageWords: Readonly<Record<Locale, PageWords>> = {
  en: {
    shopName: 'Kettlewick Tea & Home',
    demo: 'Demo mode.',
    demoMeans: 'This shop and its customers are made up, and only this computer can reach it.',
    pages: 'Pages',
    shop: 'Back to the shop',
    mailbox: 'Demo mailbox',
    console: 'Support desk',
    otherLanguage: '中文',
  },
  zh: {
    shopName: '壶光茶居',
    demo: '演示模式：',
    demoMeans: '店铺和顾客均为虚构，且只有本机可以访问。',
    pages: '页面',
    shop: '返回店铺',
    mailbox: '演示邮箱',
    console: '客服工作台',
    otherLanguage: 'English',
  },
}
