import { type FormEvent, useState } from 'react'
import { post } from '../data/ask'
import { useLocale } from '../data/language'
import { refusalIn } from '../words/refusals'

/** Sends a form: whether it is under way, and in words why it was refused. */
export function useSubmit(onDone: () => void) {
  const locale = useLocale()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const submit = async (path: string, body: object): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    const answer = await post(path, body)
    setBusy(false)
    if (answer.ok) onDone()
    else setProblem(refusalIn(locale, answer))
  }
  const onSubmit =
    (path: string, body: () => object) =>
    (event: FormEvent): void => {
      event.preventDefault()
      void submit(path, body())
    }
  return { busy, problem, submit, onSubmit }
}
