import type { Words } from './replies.en'

export const zh: Words = {
  sorry: '不好意思没帮上忙。请用自己的话说说您的需求，或者我帮您转人工客服。',
  person: '转人工客服',
  help: '你能做什么？',
}
