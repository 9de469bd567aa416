import type { Words } from './replies.en'

export const zh: Words = {
  which: '我会说中文和英文，您想用哪种？I speak Chinese and English. Which would you like?',
  hint: '我会说中文和英文。I speak Chinese and English.',
  done: '好的，接下来我们用中文。',
}
