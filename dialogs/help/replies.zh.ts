import type { Words } from './replies.en'

export const zh: Words = {
  intro: '我可以帮您办这些事。回复编号、名称，或者直接用自己的话说：',
  always: '随时可以说：**取消**——跳过当前问题；**转人工**——联系我们的同事；**English**——切换到英文。',
}
