export const en = {
  which: 'Which language would you like? 您想使用哪种语言？',
  hint: 'I speak English and Chinese. 我会说英文和中文。',
  done: "All right, let's continue in English.",
}

export type Words = typeof en
