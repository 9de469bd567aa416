/** Whether the browser lets us show notifications; `unknown` where it has none. */
export type Permission = NotificationPermission | 'unknown'

export function notificationPermission(): Permission {
  return 'Notification' in window ? Notification.permission : 'unknown'
}

/** Asks the person once whether notifications may be shown. */
export async function askPermission(): Promise<Permission> {
  return 'Notification' in window ? Notification.requestPermission() : 'unknown'
}

/** Shows a notification while the page is in the background. A press on it brings the page up. */
export function notify(title: string, body: string, onPress: () => void): void {
  if (notificationPermission() !== 'granted' || document.visibilityState === 'visible') return
  try {
    const shown = new Notification(title, { body, icon: './favicon.svg', tag: title })
    shown.addEventListener('click', () => {
      window.focus()
      onPress()
      shown.close()
    })
  } catch (error) {
    // On phones notifications are a service worker's business.
    console.debug('no notification', error)
  }
}

let audio: AudioContext | undefined

/** Two short tones. Browsers stay silent until the person has pressed something on the page. */
export function chime(): void {
  audio ??= new AudioContext()
  const startsAt = audio.currentTime
  for (const [index, frequency] of [660, 880].entries()) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    const at = startsAt + index * 0.13
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0.0001, at)
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.18)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.2)
  }
}
