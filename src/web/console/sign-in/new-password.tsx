import { PasswordInput } from '@mantine/core'
import { useWords } from '../data/language'
import { signInWords } from '../words/sign-in'

export const passwordLengthMin = 12

/** A field for a password that is being chosen. */
export function NewPassword(props: { label: string; note?: string; value: string; onChange: (text: string) => void }) {
  const { label, note, value, onChange } = props
  const words = useWords(signInWords)
  const isShort = value !== '' && value.length < passwordLengthMin
  return (
    <PasswordInput
      label={label}
      description={note ?? words.passwordNote}
      error={isShort ? words.tooShort : undefined}
      required
      withAsterisk={false}
      minLength={passwordLengthMin}
      autoComplete="new-password"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
