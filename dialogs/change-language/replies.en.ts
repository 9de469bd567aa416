export const en = {
  which: 'I speak English and Chinese. Which would you like? 我会说英文和中文，您想用哪种？',
  hint: 'I speak English and Chinese. 我会说英文和中文。',
  done: "All right, let's continue in English.",
}

export type Words = typeof en
