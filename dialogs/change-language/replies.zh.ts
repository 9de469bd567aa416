import type { Words } from './replies.en'

export const zh: Words = {
  which: '您想使用哪种语言？Which language would you like?',
  hint: '我会说中文和英文。I speak Chinese and English.',
  done: '好的，接下来我们用中文。',
}
