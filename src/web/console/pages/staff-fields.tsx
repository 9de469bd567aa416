import { Checkbox, Group, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import type { Role } from '../../../core/staff/role'
import type { StaffRow } from '../../../http/api/console/types'
import type { Locale } from '../../shared/locale'
import { useWords } from '../data/language'
import { roles } from '../data/roles'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'

/** What an administrator decides about somebody. */
export type StaffValues = Pick<StaffRow, 'role' | 'capacity' | 'languages' | 'topics' | 'tiers' | 'team'>

export const newStaff: StaffValues = {
  role: 'agent',
  capacity: 4,
  languages: ['en', 'zh'],
  topics: [],
  tiers: [],
  team: null,
}

/** The fields of somebody's role and skills. */
export function StaffFields(props: { values: StaffValues; onChange: (values: StaffValues) => void }) {
  const { values, onChange } = props
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label={words.role}
          allowDeselect={false}
          value={values.role}
          onChange={(role) => onChange({ ...values, role: role as Role })}
          data={roles.map((value) => ({ value, label: shell.roles[value] }))}
        />
        <NumberInput
          label={words.capacityNote}
          min={0}
          max={50}
          allowDecimal={false}
          clampBehavior="strict"
          value={values.capacity}
          onChange={(capacity) => onChange({ ...values, capacity: Number(capacity) })}
        />
      </Group>
      <Checkbox.Group
        label={words.language}
        value={[...values.languages]}
        onChange={(languages) => onChange({ ...values, languages: languages as Locale[] })}
      >
        <Group mt={8}>
          <Checkbox value="en" label={shell.languages.en} />
          <Checkbox value="zh" label={shell.languages.zh} />
        </Group>
      </Checkbox.Group>
      <TextInput
        label={words.team}
        maxLength={40}
        value={values.team ?? ''}
        onChange={(event) => onChange({ ...values, team: event.currentTarget.value.trimStart() || null })}
      />
      <Group grow align="flex-start">
        <TagsInput
          label={words.topics}
          placeholder={values.topics.length === 0 ? words.anyOf : undefined}
          value={[...values.topics]}
          onChange={(topics) => onChange({ ...values, topics })}
        />
        <TagsInput
          label={words.tiers}
          placeholder={values.tiers.length === 0 ? words.anyOf : undefined}
          value={[...values.tiers]}
          onChange={(tiers) => onChange({ ...values, tiers })}
        />
      </Group>
    </>
  )
}
