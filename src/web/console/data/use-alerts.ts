import { useCallback } from 'react'
import { askPermission, chime } from './alerts'
import { useSwitch } from './use-kept'

/** Sound and notifications as one switch. Turned on by a press, which is what browsers want before either. */
export function useAlerts(): { isOn: boolean; toggle: () => Promise<void> } {
  const [isLoud, setLoud] = useSwitch('sound', false)
  const [isNotified, setNotified] = useSwitch('notify', false)
  const isOn = isLoud || isNotified
  const toggle = useCallback(async () => {
    setLoud(!isOn)
    if (isOn) return setNotified(false)
    chime()
    setNotified((await askPermission()) === 'granted')
  }, [isOn, setLoud, setNotified])
  return { isOn, toggle }
}
